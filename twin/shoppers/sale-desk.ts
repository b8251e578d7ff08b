/**
 * What a shopper asks of the store, as the shopper model sees it. The answers come back through
 * {@link SaleAnswers}, at once or after the virtual time that the store's program takes; behind it
 * stands the real engine (twin/adapters).
 */
import type { Ticks } from "../../engine/time.ts";

/** Answers that a shopper can tell apart. */
export const ACCEPTED = 0;
export const SOLD_OUT = 1;
export const LIMIT_REACHED = 2;
export const SALE_CLOSED = 3;
export const DECLINED = 4;
/** Charged or not: the store will find out and write to the shopper. */
export const IN_DOUBT = 5;
/** The units went back on sale before the shopper paid. */
export const HOLD_EXPIRED = 6;
/** The store could not say yes or no. */
export const UNAVAILABLE = 7;
/** No payment network would charge: an outage or time-outs; nothing was taken. */
export const PAYMENT_UNAVAILABLE = 8;
/** The discount code is not valid (any more) for this order; nothing was taken. */
export const CODE_REFUSED = 9;
/** A code that was guessed is a live one. Of no use even so: it is somebody else's. */
export const CODE_GUESSED = 10;
export type SaleAnswer = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

export interface SaleDesk {
  /** A line for the session's cart; answered by `onCart`. */
  addToCart(request: SaleRequest, item: number, units: number): void;
  /** Holds the cart's units while the shopper types; answered by `onCheckout`. */
  startCheckout(request: SaleRequest): void;
  /** Places the order. `card` counts the cards tried in this session; answered by `onOrder`. */
  placeOrder(request: SaleRequest, card: number): void;
  /** The items that the session has put into its cart, each once. */
  articlesOf(request: SaleRequest): readonly number[];
}

/** Who is behind a request that no shopper makes; see `twin/bots`. */
export interface Guise {
  readonly answers: SaleAnswers;
  readonly network: string;
  readonly person: string;
  /** A discount code to try, well-formed or not. */
  readonly guess?: string;
}

export interface SaleRequest {
  /** The session's row; it stands for the session until the answer has come. */
  readonly session: number;
  readonly shopper: number;
  readonly invited: boolean;
  readonly guise?: Guise;
}

export interface SaleAnswers {
  /** `value`: what the cart is worth now, minor units. */
  onCart(session: number, answer: SaleAnswer, value: number): void;
  onCheckout(session: number, answer: SaleAnswer): void;
  onOrder(session: number, answer: SaleAnswer): void;
  /** In place of any of these: the store would not hear of it, and says when to come back. */
  onLimited(session: number, retryAfter: Ticks): void;
}
