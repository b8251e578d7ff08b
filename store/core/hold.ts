/**
 * What is asked of the stock and what it answers. A hold keeps units of several SKUs for one
 * shopper until a time; every time it is taken (or taken again) it gets a new epoch, larger than
 * every epoch before it in the same ledger, and each (hold, epoch) ends exactly once. Whoever
 * acts on a hold names the epoch, so a node that slept past the end of its hold cannot act on it.
 *
 * Times are milliseconds since 1970-01-01T00:00Z; units are whole and positive.
 */

/** Units of one SKU. */
export interface StockLine {
  readonly sku: string;
  readonly units: number;
}

/** One kind of item as the stock knows it. */
export interface StockItem {
  readonly sku: string;
  readonly units: number;
  /** The most units that one shopper may hold and have bought, over all sessions; null is no limit. */
  readonly limitPerShopper: number | null;
  /**
   * The most units that one person may hold for orders and have bought, whatever the number of
   * shoppers that they come as; null, or nothing, is no limit.
   */
  readonly limitPerPerson?: number | null;
}

export interface HoldRequest {
  /**
   * The identifier of the hold to be. Asked again with the same shopper and units while the hold
   * lives, the answer is the same; anything else under a known identifier is `HoldExists`.
   */
  readonly hold: string;
  readonly shopper: string;
  /** The block of addresses that the request came from, where that is known and limited. */
  readonly network?: string;
  /** May name a SKU more than once: units are summed per SKU before anything is checked. */
  readonly lines: readonly StockLine[];
  /** Whom the units are claimed for in the same step; nothing, or nobody, claims none. */
  readonly person?: Person;
  readonly now: number;
  readonly expiresAt: number;
}

/**
 * What a buyer is known by besides the name of a shopper: the payment instrument, the delivery
 * address. Whoever shares one of them counts as the same person. Units that are claimed for a
 * person count for that person until the hold ends without a sale.
 */
export type Person = readonly string[];

export interface Held {
  readonly _tag: "Held";
  readonly hold: string;
  readonly epoch: number;
  readonly expiresAt: number;
  /** Summed per SKU, in the order in which the request first named each. */
  readonly lines: readonly StockLine[];
  /**
   * Why the units are held but are not claimed for the person that the request named; nothing
   * where they are. Whoever asked gives the hold back, or has it claimed for another.
   */
  readonly unclaimed?: PersonLimitReached;
}

/** Nothing was held, because of this SKU. */
export interface SoldOut {
  readonly _tag: "SoldOut";
  readonly sku: string;
  readonly available: number;
}

/** Nothing was held: with these units the shopper would hold and have bought more than the limit. */
export interface LimitReached {
  readonly _tag: "LimitReached";
  readonly sku: string;
  readonly limit: number;
  /** Units that the shopper holds or has bought already. */
  readonly counted: number;
}

/** Nothing was held: this shopper or network holds too much, or let too much lapse. */
export interface TooManyHolds {
  readonly _tag: "TooManyHolds";
  readonly by: "shopper" | "network" | "lapses";
  readonly retryAfterMillis: number;
}

/** Nothing is claimed: with these units the person would have more than the limit. */
export interface PersonLimitReached {
  readonly _tag: "PersonLimitReached";
  readonly sku: string;
  readonly limit: number;
  /** Units that the person holds for other orders or has bought already. */
  readonly counted: number;
}

export interface UnknownSku {
  readonly _tag: "UnknownSku";
  readonly sku: string;
}

export interface HoldExists {
  readonly _tag: "HoldExists";
  readonly hold: string;
}

export type HoldAnswer = Held | SoldOut | LimitReached | TooManyHolds | UnknownSku | HoldExists;

/** How one epoch of a hold ended. */
export type HoldEnd = "released" | "expired" | "sold";

/** A hold that has just ended, with what it held. */
export interface EndedHold {
  readonly hold: string;
  readonly epoch: number;
  readonly shopper: string;
  readonly lines: readonly StockLine[];
}

export interface HoldReference {
  readonly hold: string;
  readonly epoch: number;
}

export interface Released extends EndedHold {
  readonly _tag: "Released";
}

/** The hold (this very epoch of it) had ended before; nothing was changed. */
export interface AlreadyEnded {
  readonly _tag: "AlreadyEnded";
  readonly end: HoldEnd;
}

/** The hold was taken again since; whoever asked acts on a past that is over (fencing). */
export interface StaleEpoch {
  readonly _tag: "StaleEpoch";
  readonly epoch: number;
}

export interface UnknownHold {
  readonly _tag: "UnknownHold";
}

export type ReleaseAnswer = Released | AlreadyEnded | StaleEpoch | UnknownHold;

export interface ReacquireRequest extends HoldReference {
  /** Nobody takes another shopper's hold: to anyone else it is an `UnknownHold`. */
  readonly shopper: string;
  /** Whom the units are claimed for in the same step, if they are held after it. */
  readonly person?: Person;
  readonly now: number;
  readonly expiresAt: number;
}

/** `Held` with a new epoch where the hold had lapsed; a live hold keeps its epoch and its end. */
export type ReacquireAnswer =
  | Held
  | SoldOut
  | LimitReached
  | PersonLimitReached
  | AlreadyEnded
  | StaleEpoch
  | UnknownHold;

export interface SellRequest extends HoldReference {
  readonly order: string;
  readonly now: number;
  /**
   * Where the hold has lapsed: true takes its units again from what is available, in the same
   * step and within the shopper's limit (who has paid gets the units if any are left).
   */
  readonly honour: boolean;
}

/** Serial numbers `first` to `first + units - 1` of a SKU, each given to one sold unit ever. */
export interface SerialRange {
  readonly sku: string;
  readonly first: number;
  readonly units: number;
}

export interface Sold {
  readonly _tag: "Sold";
  readonly hold: string;
  /** The epoch that was sold; a new one where a lapsed hold was honoured. */
  readonly epoch: number;
  readonly order: string;
  readonly lines: readonly StockLine[];
  readonly serials: readonly SerialRange[];
  /** True where the hold had lapsed and was honoured. */
  readonly honoured: boolean;
  /** True where this order had bought this hold before: the same answer, nothing changed. */
  readonly repeated: boolean;
}

/**
 * The time of the hold was over before the sale, and it was not, or could not be, honoured.
 * Nothing was changed: a hold that is due and not yet swept stays for the sweep.
 */
export interface HoldLapsed {
  readonly _tag: "HoldLapsed";
  readonly end: "released" | "expired";
  /** The SKU that is sold out, or whose limit is reached, where honouring it failed for that. */
  readonly sku: string | null;
}

/** Another order has bought this hold. */
export interface SoldToOther {
  readonly _tag: "SoldToOther";
  readonly order: string;
}

export type SellAnswer = Sold | HoldLapsed | SoldToOther | StaleEpoch | UnknownHold;

/** Units were added, set aside, put back or written off; the level after it. */
export interface StockMoved {
  readonly _tag: "StockMoved";
  readonly available: number;
  readonly quarantined: number;
}

/** A new SKU is in the stock, with its first units on sale. */
export interface StockOpened {
  readonly _tag: "StockOpened";
  readonly level: StockLevel;
}

/** The stock knows the SKU; its units and limits stay as they are. */
export interface SkuKnown {
  readonly _tag: "SkuKnown";
  readonly level: StockLevel;
}

/** Fewer units are there than were to be moved; nothing was changed. */
export interface TooFew {
  readonly _tag: "TooFew";
  readonly there: number;
}

export interface WriteOffRequest extends StockLine {
  readonly from: "available" | "quarantined";
}

/** The state of one SKU; `initial + restocked - writtenOff = available + held + sold + quarantined`. */
export interface StockLevel {
  readonly sku: string;
  readonly initial: number;
  readonly restocked: number;
  readonly writtenOff: number;
  readonly available: number;
  readonly held: number;
  readonly sold: number;
  readonly quarantined: number;
  readonly limitPerShopper: number | null;
  readonly limitPerPerson: number | null;
}

/** A hold as the audit reads it. */
export interface HoldRecord extends EndedHold {
  /** Whom an order claimed it for; empty before that. */
  readonly person: Person;
  readonly state: "live" | HoldEnd;
  readonly takenAt: number;
  readonly expiresAt: number;
  /** When this epoch ended, or null while it lives. */
  readonly endedAt: number | null;
  readonly order: string | null;
  readonly serials: readonly SerialRange[];
}

/** Lives of holds (a hold and an epoch) since the ledger began, the forgotten ones included. */
export interface HoldTotals {
  readonly taken: number;
  readonly released: number;
  readonly expired: number;
  readonly sold: number;
  readonly live: number;
  /** Released and expired ones that the ledger no longer remembers. */
  readonly forgotten: number;
}

/** Everything that an audit needs, read at one moment. */
export interface StockSnapshot {
  readonly levels: readonly StockLevel[];
  /** Live and sold holds, and the released and expired ones that the ledger still remembers. */
  readonly holds: readonly HoldRecord[];
  readonly totals: HoldTotals;
}
