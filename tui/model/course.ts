/** A rehearsal as it is looked at: what a screen was told of it so far, put together. */
import { HOUR, type Ticks } from "../../engine/time.ts";
import type { Batch } from "../../twin/email/mailing.ts";
import type { Rehearsal } from "../../twin/result.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import type { Intervention } from "../../twin/stepped/intervention.ts";
import type { Happening, Sample, Snapshot } from "../../twin/stepped/snapshot.ts";
import type { Speed, SteppedState, SteppedUpdate } from "../worker/stepped-client.ts";
import { firstSpan } from "./scenario-preview.ts";

export interface Course {
  readonly state: SteppedState;
  readonly speed: Speed;
  /** Null until it was looked at for the first time. */
  readonly snapshot: Snapshot | null;
  readonly samples: readonly Sample[];
  /** In the order of their times; the oldest are forgotten beyond {@link HAPPENINGS_MAX}. */
  readonly happenings: readonly Happening[];
  readonly batches: readonly Batch[];
  readonly interventions: readonly Intervention[];
  readonly undoes: Intervention | null;
  readonly redoes: Intervention | null;
  readonly eventsPerSecond: number;
  /** The most that was seen at once, of what a goal may bound. */
  readonly most: { readonly shoppers: number; readonly queue: number; readonly instances: number };
  /** At the end of the sale. */
  readonly rehearsal: Rehearsal | null;
}

export const HAPPENINGS_MAX = 5_000;

const NOTHING_SEEN = { shoppers: 0, queue: 0, instances: 0 };

export const UNSEEN: Course = {
  state: "paused",
  speed: 60,
  snapshot: null,
  samples: [],
  happenings: [],
  batches: [],
  interventions: [],
  undoes: null,
  redoes: null,
  eventsPerSecond: 0,
  most: NOTHING_SEEN,
  rehearsal: null,
};

/** Before the first figures have come it is about to play, whatever it was told. */
export function stateWord({ state, snapshot }: Course): string {
  return snapshot === null ? "starting" : state;
}

export function afterUpdate(before: Course, update: SteppedUpdate): Course {
  const { glimpse, anew, state, interventions, undoes, redoes, eventsPerSecond } = update;
  const { snapshot, batches, rehearsal } = glimpse;
  const kept = anew ? UNSEEN : before;
  return {
    state,
    // The speed that was chosen last is the screen's own; a paused rehearsal has none.
    speed: before.speed,
    snapshot,
    samples: [...kept.samples, ...glimpse.samples],
    happenings: [...kept.happenings, ...glimpse.happenings].slice(-HAPPENINGS_MAX),
    batches,
    interventions,
    undoes,
    redoes,
    eventsPerSecond,
    most: mostOf(kept.most, [
      ...glimpse.samples,
      { ...snapshot, instances: snapshot.instances.serving },
    ]),
    rehearsal,
  };
}

function mostOf(before: Course["most"], seen: readonly Course["most"][]): Course["most"] {
  return seen.reduce(
    (most, { shoppers, queue, instances }) => ({
      shoppers: Math.max(most.shoppers, shoppers),
      queue: Math.max(most.queue, queue),
      instances: Math.max(most.instances, instances),
    }),
    before,
  );
}

/**
 * The part of the sale that charts and time line show: all of it, and of one that goes on for days
 * as much as has passed, doubled whenever it is full.
 */
export function shownSpan(plan: PlanSpec, now: Ticks): Ticks {
  const { lasts } = plan.world;
  let span = firstSpan(plan);
  while (span < now && span < lasts) span *= 2;
  return Math.min(span, lasts);
}

/** How far a rehearsal goes in a second, from slow to fast. */
export const SPEEDS: readonly Speed[] = [1, 10, 60, 600, 3_600, "max"];

export function speedText(speed: Speed): string {
  return speed === "max" ? "max" : `×${speed}`;
}

/** A sale longer than this is played faster from the start. */
const LONG_SALE: Ticks = 4 * HOUR;

/** The one that was chosen last, as `speedText` writes it; else one that suits the sale. */
export function firstSpeed(chosen: string | null, { world }: PlanSpec): Speed {
  const known = SPEEDS.find((speed) => speedText(speed) === chosen);
  return known ?? (world.lasts > LONG_SALE ? 600 : 60);
}

/** The next faster or slower one; the same at the end of the list. */
export function speedBeside(speed: Speed, by: 1 | -1): Speed {
  const place = SPEEDS.indexOf(speed);
  return SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, place + by))] ?? speed;
}

export type MarkKind = "batch" | "fault" | "change" | "own";

/** A moment worth going to. */
export interface Mark {
  readonly at: Ticks;
  readonly kind: MarkKind;
}

/** Of batches, faults, changes and the planner's own marks, in the order of their times. */
export function marksOf(course: Course, plan: PlanSpec, own: readonly Ticks[]): readonly Mark[] {
  const faults = course.interventions.flatMap((one) =>
    one.kind === "fault" ? [one.fault.at] : [],
  );
  const changes = course.interventions.flatMap((one) => (one.kind === "fault" ? [] : [one.at]));
  const marks: readonly Mark[] = [
    ...course.batches.map(({ due }) => ({ at: due, kind: "batch" as const })),
    ...[...plan.world.faults.map(({ at }) => at), ...faults].map((at) => ({
      at,
      kind: "fault" as const,
    })),
    ...changes.map((at) => ({ at, kind: "change" as const })),
    ...own.map((at) => ({ at, kind: "own" as const })),
  ];
  return [...marks].sort((one, other) => one.at - other.at);
}

/** The next mark after a time, or the last one before it; null where there is none. */
export function markBeside(marks: readonly Mark[], now: Ticks, by: 1 | -1): Ticks | null {
  const times = marks.map(({ at }) => at);
  const found = by > 0 ? times.find((at) => at > now) : times.findLast((at) => at < now);
  return found ?? null;
}
