/**
 * What a planner changes while a rehearsal runs, as data: the same plan, seed and interventions
 * give the same bytes, whether an intervention was known from the start or made on the way. Before
 * its tick the rehearsal is the one without it.
 */
import type { Ticks } from "../../engine/time.ts";
import type { FaultSpec } from "../scenario/scenario.ts";

export type Intervention =
  /** Batches that have not begun follow one another at this distance. */
  | { readonly kind: "batch-gap"; readonly at: Ticks; readonly every: Ticks }
  /** Bounds of the fleet: below `min` instances are ordered at once, above `max` none is. */
  | {
      readonly kind: "instances";
      readonly at: Ticks;
      readonly min: number;
      readonly max: number;
    }
  /** Shoppers whom the waiting room lets be inside at once. */
  | { readonly kind: "room-capacity"; readonly at: Ticks; readonly capacity: number }
  /** Something breaks; its own times lie at or after `at`. */
  | { readonly kind: "fault"; readonly at: Ticks; readonly fault: FaultSpec };
