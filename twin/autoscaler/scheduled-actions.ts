/**
 * Scheduled actions: new bounds and a new size of the fleet at set times, whatever the load is.
 * They stand beside a policy that follows the load: an action that raises `min` holds the fleet up
 * against it, and one that sets `desired` alone is a push that the policy may take back. An action
 * comes late by a draw of its own ("usually seconds, up to 2 min"; parameters.md section 3.3).
 */
import { assert } from "../../engine/assert.ts";
import type { Simulation } from "../../engine/simulation.ts";
import { distributionOf } from "../distributions.ts";
import type { Lifecycle } from "../fleet/lifecycle.ts";
import type { ScheduledAction, ScheduleSpec } from "../scenario/scenario.ts";

/** Bounds and size of a fleet. */
export interface FleetSize {
  readonly desired: number;
  readonly min: number;
  readonly max: number;
}

/** The bounds and the size after an action: a bound that it names moves the other along. */
export function sizeAfter(action: ScheduledAction, size: FleetSize): FleetSize {
  const max = action.max ?? Math.max(size.max, action.min ?? 0);
  const min = Math.min(action.min ?? size.min, max);
  const desired = Math.min(max, Math.max(min, action.desired ?? size.desired));
  assert(min >= 1 && min <= max, "a fleet's bounds are in order");
  return { desired, min, max };
}

/** Puts every action on the clock; without any, it leaves no trace. */
export function scheduleActions(
  simulation: Simulation,
  options: {
    readonly schedule: ScheduleSpec;
    readonly lifecycle: Lifecycle;
    /** Told of every change, with the number of instances wanted before. */
    readonly onChange?: (desired: number, before: number) => void;
  },
): void {
  const { schedule, lifecycle, onChange } = options;
  if (schedule.actions.length === 0) return;
  const delay = distributionOf(schedule.delay);
  const draws = simulation.random("autoscaler.scheduled");
  const due = simulation.defineEvent("autoscaler.scheduled", (index) => {
    const { desired, min, max } = sizeAfter(schedule.actions[index], lifecycle);
    const before = lifecycle.desired;
    lifecycle.rebound({ min, max });
    lifecycle.resize(desired);
    if (lifecycle.desired !== before) onChange?.(lifecycle.desired, before);
  });
  for (const [index, { at }] of schedule.actions.entries()) {
    simulation.schedule(at + Math.round(delay.at(draws, index, 0)), due, index);
  }
}
