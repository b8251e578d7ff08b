/**
 * What the model of offers asks of the store. The answers come at once or after the virtual time
 * that the store's program takes; behind it stands the real engine (twin/adapters).
 */
import type { ShopperFacts, Trigger } from "../../store/core/promotion.ts";

/** In place of an offer: nothing fits, the budget is spent, or the shopper has had it. */
export const NO_OFFER = -1;

export interface OfferAsk {
  /** The session's row, or null for a shopper who has left. */
  readonly session: number | null;
  readonly shopper: number;
  readonly trigger: Trigger;
  readonly facts: ShopperFacts;
}

export interface TakenOffer {
  readonly shopper: number;
  /** Its place in the scenario's list. */
  readonly offer: number;
  readonly code: string;
  /** True where the shopper would not have bought without it. */
  readonly won: boolean;
}

export interface OfferDesk {
  /** Whether every code of every offer of the trigger is given out: asking brings nothing more. */
  isSpent(trigger: Trigger): boolean;
  /** Answers with the place of a new offer in the scenario's list and its code, or with NO_OFFER. */
  ask(ask: OfferAsk, answer: (offer: number, code: string) => void): void;
  /** The shopper goes by a code that they were offered: it is named with their next orders. */
  take(taken: TakenOffer): void;
  /** The shopper leaves a cart that they may come back to. */
  leaveCart(session: number, shopper: number): void;
  /** The shopper is back, in another session, at the cart that they left. */
  comeBack(session: number, shopper: number): void;
}
