/**
 * The order as the ledger keeps it, and everything that a shopper can be told about it.
 * Plain data: the order machine says which state may follow which, the services say when.
 * Money is integer minor units of the order's currency, times are epoch milliseconds.
 */

import type {
  LimitReached,
  PersonLimitReached,
  SoldOut,
  TooManyHolds,
  UnknownSku,
} from "./hold.ts";
import type { OrderDiscount } from "./promotion.ts";
import type { CodeRefusal } from "./promotion-book.ts";

/** Where an order stands; `order.machine.ts` draws the ways between the states. */
export type OrderState =
  | "placed"
  | "authorising"
  | "inDoubt"
  | "authorised"
  | "confirmed"
  | "declined"
  | "cancelled"
  | "expired"
  | "refunding"
  | "refunded";

export interface OrderLine {
  readonly sku: string;
  readonly units: number;
  /** Price of one unit as the shopper was shown it, minor units. */
  readonly unitPrice: number;
}

/** A charge that a gateway says it captured. */
export interface Charge {
  readonly gateway: string;
  /** The idempotency key under which the gateway was asked. */
  readonly key: string;
  /** The gateway's own name for the charge. */
  readonly reference: string;
}

export interface Order {
  readonly id: string;
  readonly shopper: string;
  /** The shopper's idempotency key; (shopper, key) names at most one order. */
  readonly key: string;
  /** What was asked under the key; another body under the same key has another fingerprint. */
  readonly fingerprint: string;
  /** The hold that keeps the units of this order; a hold serves at most one order. */
  readonly hold: string;
  /** The epoch of the hold that the store acts on; null until the hold is taken. */
  readonly epoch: number | null;
  /** When that epoch lapses; 0 until the hold is taken. */
  readonly holdUntil: number;
  /** At most one line per SKU. */
  readonly lines: readonly OrderLine[];
  /** Sum of units times unit price over the lines less the discount, minor units. */
  readonly total: number;
  /** What codes take off; null where the order has none. */
  readonly discount: OrderDiscount | null;
  /** ISO 4217. */
  readonly currency: string;
  /** What the gateway knows the card by; never a card number. */
  readonly paymentToken: string;
  /**
   * What the buyer is known by besides the name of a shopper: a mark of the payment instrument, of
   * the delivery address. Empty where nothing is known. Marks only; never a number or a street.
   */
  readonly person: readonly string[];
  readonly placedAt: number;
  readonly state: OrderState;
  /** 0 when placed, one more with every change written. */
  readonly revision: number;
  readonly changedAt: number;
  /** The gateway that was asked last, null before the first call. */
  readonly gateway: string | null;
  /** Calls begun at gateways so far. */
  readonly attempts: number;
  readonly charge: Charge | null;
  /** Set in the step that ends the order, and then returned to every repetition of the request. */
  readonly answer: FinalAnswer | null;
}

/**
 * One row of the payment ledger. An attempt is written before the gateway is called and moves no
 * money; a capture moves `amount` from the shopper to the shop, a refund moves it back.
 */
export interface PaymentRow {
  readonly kind: "attempt" | "capture" | "refund";
  readonly order: string;
  readonly gateway: string;
  readonly key: string;
  /** Minor units, above zero. */
  readonly amount: number;
  readonly currency: string;
  /** The gateway's reference; empty for an attempt. */
  readonly reference: string;
  readonly at: number;
}

/** A change to write: applies only where the order still is in `from` at `revision`. */
export interface OrderChange {
  readonly order: string;
  readonly from: OrderState;
  readonly to: OrderState;
  readonly revision: number;
  readonly at: number;
  readonly held?: { readonly epoch: number; readonly until: number };
  readonly gateway?: string;
  readonly charge?: Charge;
  readonly payment?: PaymentRow;
  readonly answer?: FinalAnswer;
}

/** Answers that end an order; they are kept with it and repeated word for word. */
export type FinalAnswer =
  | Confirmed
  | Declined
  | SoldOut
  | LimitReached
  | PersonLimitReached
  | TooManyHolds
  | UnknownSku
  | HoldExpired
  | PaymentUnavailable
  | Refunded
  | Interrupted
  | CodeRefusal;

export interface Confirmed {
  readonly _tag: "Confirmed";
  readonly order: string;
  readonly total: number;
  readonly currency: string;
}
/** The card was refused. After a soft decline another try or another card may pass. */
export interface Declined {
  readonly _tag: "Declined";
  readonly order: string;
  readonly kind: "soft" | "hard";
  readonly reason: string;
}
/** The hold lapsed and its units were not to be had again; nothing was charged. */
export interface HoldExpired {
  readonly _tag: "HoldExpired";
  readonly order: string;
}
/** No gateway could be reached; it is certain that nothing was charged. */
export interface PaymentUnavailable {
  readonly _tag: "PaymentUnavailable";
  readonly order: string;
}
/** The charge was made after the units had gone; it was returned in full. */
export interface Refunded {
  readonly _tag: "Refunded";
  readonly order: string;
  readonly total: number;
  readonly currency: string;
}
/** The store stopped before anything was charged; the order was undone. */
export interface Interrupted {
  readonly _tag: "Interrupted";
  readonly order: string;
}

/** Copies the order with the change applied; the ledger has compared state and revision before. */
export function changed(order: Order, change: OrderChange): Order {
  return {
    id: order.id,
    shopper: order.shopper,
    key: order.key,
    fingerprint: order.fingerprint,
    hold: order.hold,
    epoch: change.held?.epoch ?? order.epoch,
    holdUntil: change.held?.until ?? order.holdUntil,
    lines: order.lines,
    total: order.total,
    discount: order.discount,
    currency: order.currency,
    paymentToken: order.paymentToken,
    person: order.person,
    placedAt: order.placedAt,
    state: change.to,
    revision: order.revision + 1,
    changedAt: change.at,
    gateway: change.gateway ?? order.gateway,
    attempts: order.attempts + (change.payment?.kind === "attempt" ? 1 : 0),
    charge: change.charge ?? order.charge,
    answer: change.answer ?? order.answer,
  };
}
