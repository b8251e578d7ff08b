/** The cards of the sandbox as a buyer chooses among them. */
import { SANDBOX_CARDS } from "../sandbox/sandbox-behaviour.ts";

export interface TestCard {
  /** What the gateway knows the card by. */
  readonly token: string;
  readonly words: string;
}

const WORDS: Readonly<Record<string, string>> = {
  "card-ok": "Pays",
  "card-declined": "Is declined for good (stolen)",
  "card-insufficient": "Is declined this time (no funds)",
  "card-3ds": "Asks for the cardholder, and is declined",
  "card-timeout": "Pays, and the bank's answer is lost",
  "card-lost-before": "Does not pay, and the bank says nothing",
  "card-error": "Fails at the bank before it pays",
  "card-error-after": "Pays, and then fails at the bank",
  "card-unavailable": "Meets a bank that is closed",
};

export const TEST_CARDS: readonly TestCard[] = [...SANDBOX_CARDS.keys()].map((token) => ({
  token,
  words: WORDS[token] ?? token,
}));
