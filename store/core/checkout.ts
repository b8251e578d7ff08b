/**
 * The rules of checking out: what a shopper may ask, what the same request means the second time,
 * and what can be answered. Plain functions; the services bring the facts and do the steps.
 */
import type { CartLimits } from "./cart.ts";
import type { LimitReached, SoldOut, TooManyHolds, UnknownSku } from "./hold.ts";
import type { FinalAnswer, Order, OrderLine } from "./order.ts";
import type { BelowFloor, NotStackable } from "./promotion.ts";
import type { CodeRefusal } from "./promotion-book.ts";
import type { SalePhase } from "./sale.ts";

/** A stored cart, or lines that the shopper buys at once; either names the prices that were shown. */
export type Items = { readonly cart: string } | { readonly lines: readonly OrderLine[] };

export interface StartCheckoutRequest {
  readonly shopper: string;
  /** The block of addresses that the request came from; nothing where it is not known. */
  readonly network?: string;
  readonly items: Items;
  /** True for a shopper with an early-access link. */
  readonly invited: boolean;
  /** Discount codes as the shopper typed them; the total is what is left after them. */
  readonly codes?: readonly string[];
}

export interface PlaceOrderRequest extends StartCheckoutRequest {
  /** Names this request: the shopper repeats it under the same key and gets the same answer. */
  readonly key: string;
  readonly paymentToken: string;
  /** Marks of the payment instrument and the delivery address: one person, however many shoppers. */
  readonly person?: readonly string[];
  /** The hold that `startCheckout` gave; without one the units are held in the same step. */
  readonly hold?: string;
  /** Hears the name of the order once this very request has placed it, and nothing otherwise. */
  readonly placed?: (order: string) => void;
}

/** Units are held until `expiresAt`; placing the order with this hold charges `total`. */
export interface CheckoutStarted {
  readonly _tag: "CheckoutStarted";
  readonly hold: string;
  readonly expiresAt: number;
  readonly lines: readonly OrderLine[];
  /** What is to pay, codes taken off; their discount is promised when the order is placed. */
  readonly total: number;
  /** What the codes take off, minor units. */
  readonly discount: number;
  readonly currency: string;
}
/** The sale admits nobody now, or not this shopper yet. */
export interface SaleNotOpen {
  readonly _tag: "SaleNotOpen";
  readonly phase: SalePhase;
}
/** The shopper, or the network they came from, asks too often; nothing was done for this request. */
export interface TooManyRequests {
  readonly _tag: "TooManyRequests";
  readonly by: "shopper" | "network";
  readonly retryAfterMillis: number;
}
/** A price is not the one the shopper was shown; asked again with this one, the order goes on. */
export interface PriceChanged {
  readonly _tag: "PriceChanged";
  readonly sku: string;
  readonly shown: number;
  readonly current: number;
}
export interface ItemsRefused {
  readonly _tag: "ItemsRefused";
  readonly reason: string;
}
/** The hold that was named is not this shopper's, keeps other units, or serves another order. */
export interface HoldMismatch {
  readonly _tag: "HoldMismatch";
  readonly hold: string;
}
/** The same request is being worked on. */
export interface InFlight {
  readonly _tag: "InFlight";
  readonly order: string;
}
/** The shopper used the key for another request before. */
export interface KeyReused {
  readonly _tag: "KeyReused";
}
/** A gateway did not say whether it charged; the order will be settled, and the same key asks how. */
export interface PaymentInDoubt {
  readonly _tag: "PaymentInDoubt";
  readonly order: string;
}
/** The charge was made after the units had gone, and is on its way back. */
export interface RefundPending {
  readonly _tag: "RefundPending";
  readonly order: string;
}

/** Answers from before an order exists: nothing was done, and nothing is kept. */
export type Refusal =
  | TooManyRequests
  | SaleNotOpen
  | PriceChanged
  | ItemsRefused
  | UnknownSku
  | HoldMismatch
  | DiscountRefusal;
/** Why a code is not valid for these items and this shopper; it can be used elsewhere still. */
export type DiscountRefusal = CodeRefusal | BelowFloor | NotStackable;
/** Answers of an order that has not ended; the same key gets the final one later. */
export type Unfinished = InFlight | PaymentInDoubt | RefundPending;
export type PlaceOrderAnswer = FinalAnswer | Refusal | Unfinished | KeyReused;
export type StartCheckoutAnswer = CheckoutStarted | SoldOut | LimitReached | TooManyHolds | Refusal;

const STATUS: Readonly<Record<PlaceOrderAnswer["_tag"] | "CheckoutStarted", number>> = {
  Confirmed: 201,
  CheckoutStarted: 201,
  PaymentInDoubt: 202,
  RefundPending: 202,
  ItemsRefused: 400,
  Declined: 402,
  SaleNotOpen: 403,
  NotYours: 403,
  UnknownSku: 404,
  HoldMismatch: 404,
  CodeUnknown: 404,
  InFlight: 409,
  SoldOut: 409,
  LimitReached: 409,
  PersonLimitReached: 409,
  PriceChanged: 409,
  Refunded: 409,
  CodeSpent: 409,
  BudgetSpent: 409,
  HoldExpired: 410,
  CodeExpired: 410,
  KeyReused: 422,
  BelowFloor: 422,
  NotStackable: 422,
  TooManyTries: 429,
  TooManyHolds: 429,
  TooManyRequests: 429,
  Interrupted: 503,
  PaymentUnavailable: 503,
};

/** What the answer means in HTTP. */
export function statusOf(answer: PlaceOrderAnswer | CheckoutStarted): number {
  return STATUS[answer._tag];
}

/** Two requests are the same request where this text is the same; the prices shown belong to it. */
export function fingerprintOf(request: PlaceOrderRequest): string {
  const { items, hold, paymentToken, person = [], codes = [] } = request;
  const asked = "cart" in items ? `cart ${sized(items.cart)}` : linesText(items.lines);
  const held = hold === undefined ? "none" : sized(hold);
  const parts = [asked, "hold", held, "card", sized(paymentToken)];
  if (person.length > 0) parts.push("person", ...person.map(sized));
  if (codes.length > 0) parts.push("codes", String(codes.length), ...codes.map(sized));
  // Joined to one text: an order keeps it for good, and the parts of a template would stay with it.
  return parts.join(" ");
}

/** A text behind its length, so that nothing in it can be taken for what follows it. */
function sized(text: string): string {
  return `${text.length}:${text}`;
}

function linesText(lines: readonly OrderLine[]): string {
  const each = lines.map(({ sku, units, unitPrice }) => `${sized(sku)} ${units} ${unitPrice}`);
  return `lines ${each.length} ${each.join(" ")}`;
}

/** What the second request under a key is told, given the order that the first one placed. */
export function repetitionOf(
  order: Order,
  fingerprint: string,
): FinalAnswer | Unfinished | KeyReused {
  if (order.fingerprint !== fingerprint) return { _tag: "KeyReused" };
  return standingOf(order);
}

/** What can be said of an order as it stands. */
export function standingOf(order: Order): FinalAnswer | Unfinished {
  if (order.answer !== null) return order.answer;
  if (order.state === "inDoubt") return { _tag: "PaymentInDoubt", order: order.id };
  if (order.state === "refunding") return { _tag: "RefundPending", order: order.id };
  return { _tag: "InFlight", order: order.id };
}

/** Lines with one line per SKU, or why they cannot be bought. A SKU named twice is summed first. */
export function mergedLines(
  lines: readonly OrderLine[],
  limits: CartLimits,
): readonly OrderLine[] | ItemsRefused {
  if (lines.length === 0) return { _tag: "ItemsRefused", reason: "there is nothing to buy" };
  if (lines.length > limits.linesMax) {
    return { _tag: "ItemsRefused", reason: `more than ${limits.linesMax} lines` };
  }
  // At most `linesMax` of them: a search along the list is cheaper than a map.
  const merged: OrderLine[] = [];
  for (const line of lines) {
    if (!Number.isSafeInteger(line.units) || line.units < 1) {
      return { _tag: "ItemsRefused", reason: `${line.sku}: units must be a whole number above 0` };
    }
    const position = merged.findIndex((other) => other.sku === line.sku);
    const before = position < 0 ? undefined : merged[position];
    if (before !== undefined && before.unitPrice !== line.unitPrice) {
      return { _tag: "ItemsRefused", reason: `${line.sku}: named twice at different prices` };
    }
    const units = line.units + (before?.units ?? 0);
    if (units > limits.unitsPerLineMax) {
      return {
        _tag: "ItemsRefused",
        reason: `${line.sku}: more than ${limits.unitsPerLineMax} units`,
      };
    }
    const sum = { sku: line.sku, units, unitPrice: line.unitPrice };
    if (position < 0) merged.push(sum);
    else merged[position] = sum;
  }
  // An order keeps its lines for good, so without the room that a list has to grow.
  return merged.slice();
}
