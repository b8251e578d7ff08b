import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { HOUR, MILLISECOND, MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import { fleetSpec, LANDING } from "../fleet/fleet.fixture.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { AlarmedSpec } from "../scenario/scenario.ts";
import { Autoscaler } from "./autoscaler.ts";
import type { TargetTrackingSpec } from "./target-tracking.ts";

const spec: TargetTrackingSpec = {
  kind: "target-tracking",
  target: 0.5,
  period: MINUTE,
  metricDelay: 30 * SECOND,
  datapointsHigh: 3,
  datapointsLow: 15,
  lowShare: 0.9,
  instanceWarmUp: 2 * MINUTE,
};

interface Step {
  readonly minute: number;
  readonly did: string;
  readonly desired: number;
}

/**
 * A fleet of two instances of two cores under a load given in requests per second, each of 50 ms
 * of CPU; so `perSecond` / 20 cores are at work. Arrivals are evenly spaced: no chance anywhere.
 */
function rehearsed(
  perSecond: (at: Ticks) => number,
  until: Ticks,
  change: Partial<AlarmedSpec> = {},
) {
  const simulation = new Simulation({ seed: "autoscaler" });
  const fleetOptions = { instances: 2, cores: 2, backlog: 400 };
  const fleetWith = fleetSpec({ ...fleetOptions, fleet: { min: 2, max: 20 } });
  const fleet = new Fleet(simulation, fleetWith, () => {});
  const steps: Step[] = [];
  /** How many instances each datapoint covers, by the minute at which it was known. */
  const covered = new Map<number, number>();
  const scaler = new Autoscaler(simulation, {
    spec: { ...spec, ...change } as AlarmedSpec,
    fleet: fleetWith,
    lifecycle: fleet.lifecycle,
    onDecision: (decision, datapoint) => {
      covered.set(simulation.now / MINUTE, datapoint.instances);
      if (decision.kind === "stay") return;
      const minute = simulation.now / MINUTE;
      steps.push({ minute, did: decision.kind, desired: decision.desired });
    },
  });
  let request = 0;
  const arrive = simulation.defineEvent("test.arrival", () => {
    // Rows come back into use long after the request that had them before is answered.
    fleet.submit(request % 100_000, LANDING, request, 1);
    request += 1;
    simulation.scheduleAfter(Math.round(SECOND / perSecond(simulation.now)), arrive, 0);
  });
  simulation.schedule(0, arrive, 0);
  simulation.run({ until });
  return { simulation, fleet, scaler, steps, covered };
}

describe("an autoscaler on a fleet", () => {
  /**
   * Two instances, four cores. Until 10 min: 30/s, 1.5 cores, 37.5 %: below 45 %, but with two
   * instances nothing can go. From 10 min: 64/s, 3.2 cores, 80 %.
   *
   * - The periods that end at 11, 12 and 13 min are above the target; the third is known at 13.5
   *   min: ceil(2 * 0.8 / 0.5) = ceil(3.2) = 4 wanted. Two are ordered.
   * - They boot 97 s and start 60 s: they serve at 13 min 30 s + 157 s = 16 min 7 s, and count in
   *   the metric from 18 min 7 s, so in the periods from that of 19-20 min on.
   * - Known at 14.5, 15.5 and 16.5 min: still 80 %, 4 wanted: nothing changes. From 16 min 7 s on
   *   the two old ones carry 40 %: below 45 %, no AlarmHigh. The load is 3.2 cores of 8.
   * - AlarmLow stands when 15 datapoints in a row are below 45 %. The period 16-17 is the first
   *   (7 s at 80 %, the rest at about 40 %: some 44.7 %), 30-31 the fifteenth, known at 31.5 min:
   *   4 - 4 * 0.4 / 0.5 = 0.8, rounded down: none goes.
   * - From 40 min: 20/s, 1 core of 8, 12.5 %. The period 40-41 is known at 41.5 min: AlarmLow has
   *   stood all the time, 4 - 4 * 0.125 / 0.5 = 3 may go, the bound of 2 holds two.
   */
  it("takes the steps that were worked out by hand", () => {
    const load = (at: Ticks) => (at < 10 * MINUTE ? 30 : at < 40 * MINUTE ? 64 : 20);
    const { steps, scaler, fleet, simulation, covered } = rehearsed(load, HOUR);
    expect(steps).toEqual([
      { minute: 13.5, did: "out", desired: 4 },
      { minute: 41.5, did: "in", desired: 2 },
    ]);
    expect(scaler).toMatchObject({ scaleOuts: 1, scaleIns: 1 });
    // Warm at 18 min 7 s, the new ones are not in the period 18-19 but in 19-20, known at 20.5 min.
    expect([18.5, 19.5, 20.5].map((minute) => covered.get(minute))).toEqual([2, 2, 4]);
    // Two instances for an hour, and two more from 13.5 to 41.5 min, when both happen to be idle.
    const hours = fleet.figures.instanceHours(simulation.now);
    expect(hours).toBeCloseTo(2 + (2 * 28) / 60, 4);
  });

  /**
   * Simple scaling, two more at a time, cooldown 2 min, an alarm of one datapoint. Two instances at
   * 80 %: known at 1.5 min, 4 wanted; they serve at 1 min 30 s + 157 s = 4 min 7 s, so the change is
   * over there and the cooldown at 6 min 7 s. From 4 min on 150/s, 7.5 cores of 8: at 6.5 min the
   * next two are ordered.
   */
  it("waits for its change and its cooldown where scaling is simple", () => {
    const load = (at: Ticks) => (at < 4 * MINUTE ? 64 : 150);
    const simple: AlarmedSpec = {
      ...{ kind: "simple", adjustment: "change", high: 0.6, low: 0.1, minimum: 1, out: 2, in: 1 },
      ...{ period: MINUTE, metricDelay: 30 * SECOND, datapointsHigh: 1, datapointsLow: 15 },
      ...{ instanceWarmUp: 0, cooldown: 2 * MINUTE },
    };
    const { steps } = rehearsed(load, 8 * MINUTE, simple);
    expect(steps).toEqual([
      { minute: 1.5, did: "out", desired: 4 },
      { minute: 6.5, did: "out", desired: 6 },
    ]);
  });

  it("takes the step for the distance from the threshold where scaling is by steps", () => {
    const by: AlarmedSpec = {
      ...{ kind: "step", adjustment: "change", high: 0.5, low: 0.1, minimum: 1 },
      ...{ period: MINUTE, metricDelay: 30 * SECOND, datapointsHigh: 1, datapointsLow: 15 },
      out: [
        { from: 0, to: 0.2, by: 1 },
        { from: 0.2, to: null, by: 5 },
      ],
      in: [{ from: 0, to: null, by: 1 }],
      instanceWarmUp: 2 * MINUTE,
    };
    const { steps } = rehearsed((at) => (at < MINUTE ? 50 : 60), 3 * MINUTE, by);
    // Known at 1.5 min: 62.5 %, one more, 3. Known at 2.5 min: 75 %, the two that are warm and 5.
    expect(steps).toEqual([
      { minute: 1.5, did: "out", desired: 3 },
      { minute: 2.5, did: "out", desired: 7 },
    ]);
  });

  it("acts only when the metric has arrived", () => {
    const { steps } = rehearsed(() => 64, 12 * MINUTE, { metricDelay: 4 * MINUTE });
    // Periods end at 1, 2 and 3 min; the third is known at 7 min.
    expect(steps).toEqual([{ minute: 7, did: "out", desired: 4 }]);
  });

  it("takes a quarter of an hour with metrics of five minutes, as in 2011", () => {
    const { steps } = rehearsed(() => 64, 16 * MINUTE, { period: 5 * MINUTE, metricDelay: 0 });
    expect(steps).toEqual([{ minute: 15, did: "out", desired: 4 }]);
  });

  it("orders more while the first are still warming up when the load has grown", () => {
    // Four cores do 80/s: at 78/s 97.5 %, and it can measure no more than that.
    const load = (at: Ticks) => (at < 4 * MINUTE ? 56 : 78);
    const { steps } = rehearsed(load, 7 * MINUTE);
    // Known at 3.5 min: 2 * 0.7 / 0.5 = 2.8, so 3. At 4.5 the same; at 5.5: 2 * 0.975 / 0.5 = 3.9.
    expect(steps).toEqual([
      { minute: 3.5, did: "out", desired: 3 },
      { minute: 5.5, did: "out", desired: 4 },
    ]);
  });

  it("does not take the idleness of a crashed fleet for a lack of load too early", () => {
    const simulation = new Simulation({ seed: "autoscaler" });
    const fleetWith = fleetSpec({ instances: 4, fleet: { min: 1 } });
    const fleet = new Fleet(simulation, fleetWith, () => {});
    const scaler = new Autoscaler(simulation, {
      spec,
      fleet: fleetWith,
      lifecycle: fleet.lifecycle,
    });
    fleet.submit(0, LANDING, 0, 1);
    for (let row = 0; row < 4; row += 1) fleet.lifecycle.crash(row);
    simulation.run({ until: 15 * MINUTE + 29 * SECOND });
    expect(scaler.scaleIns).toBe(0);
    // A machine whose application restarts reports that it is idle: after 15 datapoints that counts.
    simulation.run({ until: 15 * MINUTE + 31 * SECOND });
    expect(scaler.scaleIns).toBe(1);
    expect(fleet.lifecycle.desired).toBe(1);
  });

  it("measures utilisation exactly", () => {
    const simulation = new Simulation({ seed: "autoscaler" });
    const fleetWith = fleetSpec({ instances: 1, cores: 2, demand: { cpu: 45 * SECOND } });
    const fleet = new Fleet(simulation, fleetWith, () => {});
    const seen: number[] = [];
    new Autoscaler(simulation, {
      spec,
      fleet: fleetWith,
      lifecycle: fleet.lifecycle,
      onDecision: (_decision, datapoint) => seen.push(datapoint.utilisation),
    });
    // One core from 0 to 45 s, then both from 50 s to 95 s: 65 of 120 core-seconds, then 70.
    const submit = simulation.defineEvent("test.submit", (row) =>
      fleet.submit(row, LANDING, row, 1),
    );
    for (const [row, at] of [0, 50, 50].entries()) simulation.schedule(at * SECOND, submit, row);
    simulation.run({ until: 3 * MINUTE + MILLISECOND });
    expect(seen).toEqual([65 / 120, 70 / 120]);
  });
});
