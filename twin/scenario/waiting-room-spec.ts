/** The waiting room of a world in the twin's own units. */
import type { Ticks } from "../../engine/time.ts";
import type { Tier } from "../../store/core/tier.ts";
import type { DistributionSpec } from "./scenario.ts";

export interface LaneSpec {
  /** The lane bears the name of the lowest tier that stands in it. */
  readonly name: Tier;
  readonly tiers: readonly Tier[];
  readonly share: number;
  readonly opensAt: Ticks | null;
}

export interface WaitingRoomSpec {
  /** Shoppers inside at once; null is no limit. */
  readonly capacity: number | null;
  /** Shoppers let in per second; null is no limit. */
  readonly rate: number | null;
  readonly from: Ticks | null;
  /** Shoppers inside from whom on it holds anybody back. */
  readonly above: number;
  /** From the one that comes first. */
  readonly lanes: readonly LaneSpec[];
  readonly pass: Ticks;
  readonly session: Ticks;
  readonly poll: Ticks;
  readonly placeKept: Ticks;
  readonly patience: DistributionSpec;
  readonly noShow: number;
  readonly reload: number;
  /** Null where the limits stand as they are. */
  readonly adaptive: {
    /** The fewest shoppers inside that it goes down to. */
    readonly least: number;
    readonly target: Ticks;
    readonly interval: Ticks;
  } | null;
}
