/**
 * The ledger of units: who holds what until when, and what was sold. Every method is one atomic
 * step, safe under any number of concurrent callers, and never lets a SKU fall below zero.
 */
import { Context, type Effect } from "effect";
import type {
  EndedHold,
  HoldAnswer,
  HoldRecord,
  HoldReference,
  HoldRequest,
  ReacquireAnswer,
  ReacquireRequest,
  ReleaseAnswer,
  SellAnswer,
  SellRequest,
  SkuKnown,
  StockItem,
  StockLevel,
  StockLine,
  StockMoved,
  StockOpened,
  StockSnapshot,
  TooFew,
  UnknownSku,
  WriteOffRequest,
} from "../core/hold.ts";
import type { PortUnavailable } from "./port-unavailable.ts";

export interface ExpiredHolds {
  readonly expired: readonly EndedHold[];
  /** True where more holds are due than the limit let this step expire. */
  readonly more: boolean;
}

export interface StockLedgerService {
  /** Holds every line or none. */
  readonly hold: (request: HoldRequest) => Effect.Effect<HoldAnswer, PortUnavailable>;
  readonly release: (
    request: HoldReference & { readonly now: number },
  ) => Effect.Effect<ReleaseAnswer, PortUnavailable>;
  /** Takes a lapsed hold again, with a new epoch; a hold that is still live is left as it is. */
  readonly reacquire: (
    request: ReacquireRequest,
  ) => Effect.Effect<ReacquireAnswer, PortUnavailable>;
  /** Turns a hold into sold units of one order; asked again for the same order it repeats itself. */
  readonly sell: (request: SellRequest) => Effect.Effect<SellAnswer, PortUnavailable>;
  /** Ends the holds with `expiresAt <= now`, oldest end first, at most `limit` of them. */
  readonly expireDue: (request: {
    readonly now: number;
    readonly limit: number;
  }) => Effect.Effect<ExpiredHolds, PortUnavailable>;
  /** When the next hold is due, or null where none is live. */
  readonly nextExpiry: Effect.Effect<number | null, PortUnavailable>;
  /** Takes a SKU into the stock that it does not know, with its units and limits. */
  readonly open: (item: StockItem) => Effect.Effect<StockOpened | SkuKnown, PortUnavailable>;
  /** New units on sale. */
  readonly restock: (line: StockLine) => Effect.Effect<StockMoved | UnknownSku, PortUnavailable>;
  /** Sets available units aside, for example because they are damaged. */
  readonly quarantine: (
    line: StockLine,
  ) => Effect.Effect<StockMoved | TooFew | UnknownSku, PortUnavailable>;
  /** Puts quarantined units back on sale. */
  readonly readmit: (
    line: StockLine,
  ) => Effect.Effect<StockMoved | TooFew | UnknownSku, PortUnavailable>;
  readonly writeOff: (
    request: WriteOffRequest,
  ) => Effect.Effect<StockMoved | TooFew | UnknownSku, PortUnavailable>;
  /** A hold that is live or still remembered. */
  readonly find: (hold: string) => Effect.Effect<HoldRecord | null, PortUnavailable>;
  readonly level: (sku: string) => Effect.Effect<StockLevel | UnknownSku, PortUnavailable>;
  readonly snapshot: Effect.Effect<StockSnapshot, PortUnavailable>;
}

export class StockLedger extends Context.Tag("store/StockLedger")<
  StockLedger,
  StockLedgerService
>() {}
