/** What a shopper is told who did not get what they asked for, and what can be done about it. */
import { PROBLEM_TITLES } from "../http/problem-titles.ts";
import { spanText } from "./sale-words.ts";

/** A tagged answer with what it says of its reason; the members hang on the tag. */
export interface RefusalAnswer {
  readonly _tag: string;
  readonly sku?: string | null;
  readonly available?: number;
  readonly limit?: number;
  readonly counted?: number;
  readonly retryAfterMillis?: number;
  readonly kind?: string;
  readonly reason?: string;
  readonly phase?: string;
}

/** How items are called, by their SKU. */
export type ItemNames = ReadonlyMap<string, string>;

const SECOND = 1_000;

type Words = (answer: RefusalAnswer, item: string) => string;

const WORDS: Readonly<Record<string, Words>> = {
  SoldOut: ({ available = 0 }, item) =>
    available > 0
      ? `Only ${available} of ${item} are left. Take fewer, and check out again.`
      : `${capital(item)} is sold out. Units that others hold may come back within minutes.`,
  LimitReached: ({ limit = 0, counted = 0 }, item) =>
    `Each shopper gets up to ${limit} of ${item}; you have ${counted} already.`,
  PersonLimitReached: ({ limit = 0 }, item) => `Each person gets up to ${limit} of ${item}.`,
  TooManyHolds: ({ retryAfterMillis = 0 }) =>
    `Too many checkouts are open at once. Try again in ${spanText(retryAfterMillis / SECOND)}.`,
  TooManyRequests: ({ retryAfterMillis = 0 }) =>
    `That was a lot at once. Try again in ${spanText(retryAfterMillis / SECOND)}.`,
  PriceChanged: (_answer, item) =>
    `The price of ${item} has changed. Your cart shows the new one; check out again to go on.`,
  SaleNotOpen: ({ phase }) =>
    phase === "paused"
      ? "The sale is paused for a moment. Your cart is kept; please come back shortly."
      : "The sale is not open for you at this moment. Your cart is kept.",
  HoldMismatch: () => "Your cart has changed since you checked out. Check out again to go on.",
  HoldExpired: () => "Your time to pay was over and the items are gone. Nothing was charged.",
  CodeUnknown: () => "There is no such code. Look for a slip in what you typed.",
  CodeSpent: () => "The code was used before.",
  CodeExpired: () => "The time of the code is over.",
  NotYours: () => "There is no such code. Look for a slip in what you typed.",
  TooManyTries: () => "Too many wrong codes. Go on without one, or try again later.",
  TooManyUnits: ({ limit = 0 }) => `The cart takes up to ${limit} units of one item.`,
  TooManyLines: ({ limit = 0 }) => `The cart takes up to ${limit} different items.`,
  UnitsRefused: () => "Units are a whole number, 1 or more.",
  Declined: ({ kind, reason }) => {
    // The bank wants the cardholder's word, which no charge of ours can bring it.
    if (reason === "authentication_required") {
      const asked = "The bank asks for a confirmation that this shop cannot pass on.";
      return `${asked} Nothing was charged; another card may work.`;
    }
    return kind === "soft"
      ? "The bank did not pass the payment this time. Another try or another card may work."
      : "The bank declined the card. Nothing was charged; another card may work.";
  },
  PaymentUnavailable: () => "No payment could be made just now. Nothing was charged; try again.",
  Interrupted: () => "The order was undone before anything was charged. Please try again.",
  Refunded: () => "The items were gone when the payment arrived. It was returned in full.",
};

export function refusalWords(answer: RefusalAnswer, names: ItemNames): string {
  const { _tag: tag, sku } = answer;
  const item = typeof sku === "string" ? (names.get(sku) ?? "this item") : "this item";
  return WORDS[tag]?.(answer, item) ?? `${PROBLEM_TITLES[tag] ?? "That was not done"}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
