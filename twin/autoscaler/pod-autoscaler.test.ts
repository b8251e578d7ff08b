import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { SECOND, type Ticks } from "../../engine/time.ts";
import { fleetSpec, LANDING } from "../fleet/fleet.fixture.ts";
import { Fleet } from "../fleet/fleet.ts";
import { PodAutoscaler } from "./pod-autoscaler.ts";
import type { PodAutoscalerSpec } from "./replica-calculator.ts";

const spec: PodAutoscalerSpec = {
  kind: "hpa",
  inFlight: 0,
  target: 0.5,
  tolerance: 0.1,
  sync: 15 * SECOND,
  period: 15 * SECOND,
  metricDelay: 0,
  initialization: 300 * SECOND,
  readinessDelay: 30 * SECOND,
  up: { window: 0, policies: [{ unit: "pods", by: 4, every: 15 * SECOND }] },
  down: {
    window: 300 * SECOND,
    policies: [{ unit: "percent", by: 100, every: 15 * SECOND }],
  },
};

/** Two pods of two cores under evenly spaced requests of 50 ms of CPU each. */
function rehearsed(perSecond: (at: Ticks) => number, until: Ticks) {
  const simulation = new Simulation({ seed: "hpa" });
  const fleetWith = fleetSpec({ instances: 2, backlog: 400, fleet: { min: 2, max: 20 } });
  const fleet = new Fleet(simulation, fleetWith, () => {});
  const { lifecycle } = fleet;
  const changes: (readonly [number, number])[] = [];
  new PodAutoscaler(simulation, {
    spec,
    fleet: fleetWith,
    lifecycle,
    onChange: (desired) => changes.push([simulation.now / SECOND, desired]),
  });
  let request = 0;
  const arrive = simulation.defineEvent("test.arrival", () => {
    fleet.submit(request % 100_000, LANDING, request, 1);
    request += 1;
    simulation.scheduleAfter(Math.round(SECOND / perSecond(simulation.now)), arrive, 0);
  });
  simulation.schedule(0, arrive, 0);
  simulation.run({ until });
  return changes;
}

describe("a pod autoscaler on a fleet", () => {
  /**
   * 64/s, 3.2 cores of 4: 80 %. The window 0-15 s is read at 30 s: 2 * 0.8 / 0.5 = 3.2, so 4. The
   * two new ones boot 97 s and start 60 s, so they serve at 187 s; until their first whole window,
   * 195-210 s, read at 225 s, they are not ready: counted as idle they turn the ratio, and nothing
   * is done. From 225 s on all four are at 40 %: 4 * 0.4 / 0.5 = 3.2, so 4.
   *
   * From 400 s 16/s, 0.8 of 8 cores. The window 390-405 s is a third of that: 30 %, and asks at
   * 420 s for 4 * 0.3 / 0.5 = 2.4, so 3; those after it, at 10 %, for 1. The last 4 was asked for
   * at 405 s, so 3 at 705 s, and after the 3 of 420 s the bound of 2 at 720 s.
   */
  it("takes the steps that were worked out by hand", () => {
    const changes = rehearsed((at) => (at < 400 * SECOND ? 64 : 16), 900 * SECOND);
    expect(changes).toEqual([
      [30, 4],
      [705, 3],
      [720, 2],
    ]);
  });
});
