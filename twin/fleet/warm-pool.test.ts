import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { HOUR, SECOND } from "../../engine/time.ts";
import type { WarmPoolSpec } from "../scenario/scenario.ts";
import { fleetSpec } from "./fleet.fixture.ts";
import { Fleet } from "./fleet.ts";

/** Two instances and a pool; a new instance boots 97 s and warms up 60 s, a pooled one starts in 20 s. */
function pooled(change: Partial<WarmPoolSpec>, max = 100) {
  const simulation = new Simulation({ seed: "pool" });
  const start = { kind: "constant", value: 20 * SECOND } as const;
  const warmPool = { prepared: 6, min: 0, state: "stopped", start, ...change } as const;
  const fleet = new Fleet(
    simulation,
    fleetSpec({ instances: 2, fleet: { warmPool, max } }),
    () => {},
  );
  const { lifecycle, figures } = fleet;
  const at = (seconds: number) => {
    simulation.run({ until: seconds * SECOND });
    return {
      serving: lifecycle.balancer.count,
      paid: figures.instances.value,
      asleep: figures.asleep.value,
    };
  };
  return { simulation, lifecycle, figures, at };
}

describe("a warm pool", () => {
  it("holds what is prepared beyond the fleet, asleep, before the sale", () => {
    const { at, lifecycle } = pooled({});
    expect(at(1)).toEqual({ serving: 2, paid: 2, asleep: 4 });
    expect(lifecycle.held).toBe(2);
  });

  /**
   * Six prepared: two serve, four sleep. At 10 s eight are wanted: the four start and serve at 30 s,
   * two are new and serve at 10 s + 157 s. The pool is then empty, for the fleet has what is
   * prepared and more.
   */
  it("starts in seconds what a new instance takes minutes for", () => {
    const { at, lifecycle } = pooled({});
    at(10);
    lifecycle.resize(8);
    expect(at(29)).toEqual({ serving: 2, paid: 8, asleep: 0 });
    expect(at(30)).toEqual({ serving: 6, paid: 8, asleep: 0 });
    expect(at(166).serving).toBe(6);
    expect(at(167)).toEqual({ serving: 8, paid: 8, asleep: 0 });
  });

  /**
   * From eight to three at 200 s: five go, and three are prepared anew: they boot, warm up and
   * fall asleep at 357 s, and cost as any other until then.
   */
  it("is filled again when the fleet shrinks", () => {
    const { at, lifecycle } = pooled({});
    lifecycle.resize(8);
    at(200);
    lifecycle.resize(3);
    expect(at(356)).toEqual({ serving: 3, paid: 6, asleep: 0 });
    expect(at(357)).toEqual({ serving: 3, paid: 3, asleep: 3 });
  });

  it("keeps its minimum, however large the fleet is", () => {
    const { at, lifecycle } = pooled({ prepared: 0, min: 2 });
    expect(at(1).asleep).toBe(2);
    lifecycle.resize(4);
    // Two were called; two new ones boot for the pool, and are not taken before they are ready.
    lifecycle.resize(5);
    expect(at(100)).toEqual({ serving: 4, paid: 7, asleep: 0 });
    expect(at(158)).toEqual({ serving: 5, paid: 5, asleep: 2 });
  });

  it("costs in full where it runs", () => {
    const { at, simulation, figures } = pooled({ state: "running" });
    expect(at(3_600)).toEqual({ serving: 2, paid: 6, asleep: 0 });
    expect(figures.instanceHours(simulation.now)).toBeCloseTo(6, 9);
    expect(figures.asleepHours(simulation.now)).toBe(0);
  });

  it("is counted in hours of sleep where it does not", () => {
    const { at, simulation, figures } = pooled({});
    at(3_600);
    expect(simulation.now).toBe(HOUR);
    expect(figures.instanceHours(simulation.now)).toBeCloseTo(2, 9);
    expect(figures.asleepHours(simulation.now)).toBeCloseTo(4, 9);
  });

  it("does not count as coming: the fleet is settled while the pool is filled", () => {
    const { at, lifecycle } = pooled({});
    lifecycle.resize(6);
    expect(lifecycle.settledFor).toBeNull();
    at(20);
    lifecycle.resize(5);
    at(60);
    expect(lifecycle.settledFor).toBe(40 * SECOND);
  });
});
