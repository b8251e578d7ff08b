/**
 * What a planner changes while a rehearsal runs, as data: the same plan, seed and interventions
 * give the same bytes, whether an intervention was known from the start or made on the way. It
 * takes effect when every other event of its tick has happened; up to there the rehearsal is the
 * one without it.
 */
import type { Ticks } from "../../engine/time.ts";
import type { FaultEffect, FaultSpec } from "../scenario/scenario.ts";

export type Intervention =
  /** Batches that have not begun follow one another at this distance. */
  | { readonly kind: "batch-gap"; readonly at: Ticks; readonly every: Ticks }
  /**
   * Bounds of the fleet: below `min` instances are ordered at once, above `max` none is. Null leaves
   * a bound as it is, unless the other moves it along.
   */
  | {
      readonly kind: "instances";
      readonly at: Ticks;
      readonly min: number | null;
      readonly max: number | null;
    }
  /** Shoppers whom the waiting room lets be inside at once. */
  | { readonly kind: "room-capacity"; readonly at: Ticks; readonly capacity: number }
  /** Something breaks; its own times lie at or after `at`. */
  | { readonly kind: "fault"; readonly at: Ticks; readonly fault: FaultSpec };

/** An intervention without its time, for whoever makes it "now". */
export type Change =
  | { readonly kind: "batch-gap"; readonly every: Ticks }
  | { readonly kind: "instances"; readonly min: number | null; readonly max: number | null }
  | { readonly kind: "room-capacity"; readonly capacity: number }
  /** It begins at once; `lasts` is 0 for what is a matter of a moment (instances-lost). */
  | { readonly kind: "fault"; readonly effect: FaultEffect; readonly lasts: Ticks };

export function interventionOf(change: Change, at: Ticks): Intervention {
  if (change.kind !== "fault") return { ...change, at };
  return { kind: "fault", at, fault: { ...change.effect, at, ends: at + change.lasts } };
}
