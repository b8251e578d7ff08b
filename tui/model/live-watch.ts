/** All that is known of a live store at one moment, as the screen and the verb are given it. */
import type { Rehearsed } from "./forecast-watch.ts";
import type { FiringAlert, RuleStanding, SaleFacts } from "./live-answers.ts";
import type { LiveFigures } from "./live-history.ts";
import type { LiveSaleLog } from "./live-sale-log.ts";

export type LiveConnection =
  | { readonly kind: "connecting" }
  /** `at`: when it last answered; milliseconds since 1970. */
  | { readonly kind: "up"; readonly at: number }
  | {
      readonly kind: "away";
      /** When it was first found away. */
      readonly since: number;
      /** How often it has been asked since. */
      readonly tries: number;
      /** Why, in plain words without a full stop. */
      readonly reason: string;
      /** True where no later try will change that by itself. */
      readonly isWrongTarget: boolean;
    };

export interface LiveWatch {
  readonly target: string;
  /** What the sale was rehearsed to do; null where nobody said. */
  readonly rehearsed: Rehearsed | null;
  readonly connection: LiveConnection;
  /** Null until the store has said it. */
  readonly sale: SaleFacts | null;
  /** The last that are known, also while the store is away. */
  readonly figures: LiveFigures | null;
  /** Those of the last hour, the newest last. */
  readonly points: readonly LiveFigures[];
  readonly rules: readonly RuleStanding[];
  readonly firing: readonly FiringAlert[];
  /** Null where none is followed. */
  readonly saleLog: {
    readonly path: string;
    /** Why it cannot be read now. */
    readonly problem: string | null;
    readonly log: LiveSaleLog;
  } | null;
}
