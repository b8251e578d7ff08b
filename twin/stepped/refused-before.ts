/**
 * Which of the changes that are known before a rehearsal could not be made when its time comes, as
 * far as the plan alone tells. What depends on the course of the sale is told on the way.
 */
import type { Ticks } from "../../engine/time.ts";
import { canMove, duesOf, movedDues } from "../email/sender.ts";
import { wavesOf } from "../email/waves.ts";
import type { FaultSpec, PlanSpec } from "../scenario/scenario.ts";
import { writeDuration } from "../scenario/units.ts";
import { faultRefusal } from "./fault-refusal.ts";
import type { Intervention } from "./intervention.ts";

export interface RefusedChange {
  readonly intervention: Intervention;
  /** A plain sentence without its stop. */
  readonly why: string;
}

/** The first in time; null where each can be made. */
export function refusedBefore(
  interventions: readonly Intervention[],
  { world, launch }: PlanSpec,
): RefusedChange | null {
  let faults: readonly FaultSpec[] = world.faults;
  let dues: readonly (readonly Ticks[])[] = wavesOf(world.audience, launch).map((wave) =>
    duesOf(wave.launch),
  );
  for (const intervention of [...interventions].sort((one, other) => one.at - other.at)) {
    const { at: now, kind } = intervention;
    if (kind === "fault") {
      const why = faultRefusal(intervention, { spec: world, others: faults });
      if (why !== null) return { intervention, why };
      faults = [...faults, intervention.fault];
    }
    if (kind === "batch-gap") {
      const { every } = intervention;
      if (!dues.some((one) => canMove(one, now))) return { intervention, why: noneLeft(dues) };
      dues = dues.map((one) => movedDues(one, { now, every }));
    }
  }
  return null;
}

function noneLeft(dues: readonly (readonly Ticks[])[]): string {
  if (dues.every(({ length }) => length === 1)) return "the mailing goes out in one batch";
  return `no batch is left then: the last begins at +${writeDuration(Math.max(...dues.flat()))}`;
}
