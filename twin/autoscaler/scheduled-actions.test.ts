import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { MINUTE, SECOND } from "../../engine/time.ts";
import { fleetSpec } from "../fleet/fleet.fixture.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { ScheduledAction } from "../scenario/scenario.ts";
import { scheduleActions, sizeAfter } from "./scheduled-actions.ts";

function action(change: Partial<ScheduledAction>): ScheduledAction {
  return { at: 0, desired: null, min: null, max: null, ...change };
}

describe("a scheduled action", () => {
  const size = { desired: 10, min: 4, max: 20 };

  it("changes what it names and keeps the rest", () => {
    expect(sizeAfter(action({ desired: 15 }), size)).toEqual({ ...size, desired: 15 });
    expect(sizeAfter(action({ min: 12 }), size)).toEqual({ desired: 12, min: 12, max: 20 });
    expect(sizeAfter(action({ max: 8 }), size)).toEqual({ desired: 8, min: 4, max: 8 });
  });

  it("moves the bound that it does not name along, so that they stay in order", () => {
    expect(sizeAfter(action({ min: 30 }), size)).toEqual({ desired: 30, min: 30, max: 30 });
    expect(sizeAfter(action({ max: 2 }), size)).toEqual({ desired: 2, min: 2, max: 2 });
  });

  it("never leaves the bounds with its size", () => {
    expect(sizeAfter(action({ desired: 100 }), size).desired).toBe(20);
    expect(sizeAfter(action({ desired: 1 }), size).desired).toBe(4);
  });
});

describe("a schedule", () => {
  /**
   * Two instances. At 5 min and 10 s of delay six are wanted: four are ordered, boot 97 s and warm
   * up 60 s, and serve at 5 min 10 s + 157 s = 7 min 47 s. At 20 min 10 s three are wanted: of six
   * idle ones three go at once.
   */
  it("is carried out at its times", () => {
    const simulation = new Simulation({ seed: "scheduled" });
    const fleet = new Fleet(simulation, fleetSpec({ instances: 2 }), () => {});
    const { lifecycle } = fleet;
    const schedule = {
      actions: [
        action({ at: 5 * MINUTE, desired: 6, min: 6 }),
        action({ at: 20 * MINUTE, desired: 3, min: 3 }),
      ],
      delay: { kind: "constant", value: 10 * SECOND },
    } as const;
    scheduleActions(simulation, { schedule, lifecycle });
    const serving: (readonly [number, number, number])[] = [];
    for (const at of [309, 311, 466, 468, 1_209, 1_211]) {
      simulation.run({ until: at * SECOND });
      serving.push([at, lifecycle.desired, lifecycle.balancer.count]);
    }
    expect(serving).toEqual([
      [309, 2, 2],
      [311, 6, 2],
      [466, 6, 2],
      [468, 6, 6],
      [1_209, 6, 6],
      [1_211, 3, 3],
    ]);
    // What follows the load cannot undo a bound.
    lifecycle.resize(1);
    expect(lifecycle.desired).toBe(3);
  });
});
