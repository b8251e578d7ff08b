/**
 * Makes an intervention in a world, or says as a plain sentence why it cannot be made. What is
 * refused has changed nothing. Every reason follows from the plan and the state of the world, so an
 * intervention is refused alike whenever it was announced.
 */
import { assert } from "../../engine/assert.ts";
import type { Ticks } from "../../engine/time.ts";
import { sizeAfter } from "../autoscaler/scheduled-actions.ts";
import { INSTANCES_MAX } from "../scenario/checks-scaling.ts";
import { CAPACITY_MAX } from "../scenario/checks-waiting-room.ts";
import type { FaultSpec, WorldSpec } from "../scenario/scenario.ts";
import type { World } from "../world.ts";
import { faultRefusal } from "./fault-refusal.ts";
import type { Intervention } from "./intervention.ts";

/** What a refusal goes by besides the world itself. */
export interface Course {
  readonly world: World;
  readonly spec: WorldSpec;
  /** Of the scenario and of interventions before. */
  readonly faults: readonly FaultSpec[];
}

/** Null where it can be made now. */
export function refusalOf(intervention: Intervention, course: Course): string | null {
  const { spec } = course;
  switch (intervention.kind) {
    case "batch-gap":
      return batchGapRefusal(intervention.every, course);
    case "instances":
      return instancesRefusal(intervention, course);
    case "room-capacity":
      if (course.world.room === null) return "there is no waiting room in this plan";
      return isWhole(intervention.capacity, 1, CAPACITY_MAX)
        ? null
        : `a waiting room lets from 1 to ${CAPACITY_MAX} shoppers be inside`;
    case "fault":
      return faultRefusal(intervention, { spec, others: course.faults });
  }
}

function batchGapRefusal(every: Ticks, { world, spec }: Course): string | null {
  if (!isWhole(every, 0, spec.lasts)) return "a gap is no longer than the sale";
  const { batches, canRegap } = world.visits.mailing;
  if (canRegap) return null;
  return batches.some(({ of }) => of > 1)
    ? "every batch has begun already"
    : "the mailing goes out in one batch";
}

function instancesRefusal(
  { min, max }: { readonly min: number | null; readonly max: number | null },
  { world }: Course,
): string | null {
  if (world.platform.fleet === null)
    return "the shop runs on functions: there are no instances to bound";
  if ([min, max].some((bound) => bound !== null && !isWhole(bound, 1, INSTANCES_MAX)))
    return `a fleet has from 1 to ${INSTANCES_MAX} instances`;
  return min === null || max === null || min <= max
    ? null
    : `at least ${min} and at most ${max} instances cannot both be`;
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}

/** Nothing refuses it. */
export function makeIntervention(intervention: Intervention, { world }: Course): void {
  switch (intervention.kind) {
    case "batch-gap":
      world.visits.mailing.regap(intervention.every);
      return;
    case "instances": {
      const { fleet } = world.platform;
      assert(fleet !== null, "instances that are bounded are there");
      const { lifecycle } = fleet;
      const { min, max, desired } = sizeAfter({ ...intervention, desired: null }, lifecycle);
      lifecycle.rebound({ min, max });
      lifecycle.resize(desired);
      return;
    }
    case "room-capacity":
      assert(world.room !== null, "a waiting room that is resized is there");
      world.room.desk.resize(intervention.capacity);
      return;
    case "fault":
      world.breaks(intervention.fault);
  }
}
