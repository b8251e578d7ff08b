/**
 * What the sandbox does with a charge: the card's token decides where it names an outcome, and a
 * seeded share of the other cards is declined. The same seed and key always meet the same luck.
 */
import { assert } from "../../core/assert.ts";
import { spreadOf } from "../../core/spread.ts";

/** What becomes of one request for a charge under a key that is new. */
export type SandboxOutcome =
  | "capture"
  | "declineHard"
  | "declineSoft"
  /** A soft decline: the bank wants to see the cardholder, and the sandbox plays no bank. */
  | "askForAuthentication"
  /** Captures and says nothing. */
  | "captureInSilence"
  /** Captures nothing and says nothing. */
  | "loseInSilence"
  /** An answer that says nothing about the charge: captured nothing, or captured. */
  | "failBefore"
  | "failAfter"
  /** An answer that promises that nothing was captured. */
  | "refuseToProcess";

/** The test cards. Any other token is a card that the bank accepts. */
export const SANDBOX_CARDS: ReadonlyMap<string, SandboxOutcome> = new Map([
  ["card-ok", "capture"],
  ["card-declined", "declineHard"],
  ["card-insufficient", "declineSoft"],
  ["card-3ds", "askForAuthentication"],
  ["card-timeout", "captureInSilence"],
  ["card-lost-before", "loseInSilence"],
  ["card-error", "failBefore"],
  ["card-error-after", "failAfter"],
  ["card-unavailable", "refuseToProcess"],
]);

export interface SandboxBehaviour {
  readonly seed: string;
  /** Share of the cards without an outcome of their own that are declined, 0 to 1. */
  readonly declineShare: number;
  /** How long an answer is kept back; drawn evenly between the two. */
  readonly latencyMillis: { readonly from: number; readonly to: number };
}

export const SANDBOX_BEHAVIOUR: SandboxBehaviour = {
  seed: "sandbox",
  declineShare: 0,
  latencyMillis: { from: 0, to: 0 },
};

/** Longer than any time limit that a store can sensibly have. */
const LATENCY_MILLIS_MAX = 600_000;

/** What is wrong with a behaviour in plain words, or null. */
export function sandboxBehaviourProblem(behaviour: SandboxBehaviour): string | null {
  const { declineShare, latencyMillis: latency } = behaviour;
  if (!(declineShare >= 0 && declineShare <= 1)) return "the share of declines is from 0 to 1";
  if (!(latency.from >= 0 && latency.from <= latency.to)) return "a latency's range has an order";
  if (latency.to > LATENCY_MILLIS_MAX) return `a latency is up to ${LATENCY_MILLIS_MAX} ms`;
  return null;
}

export function outcomeOf(
  behaviour: SandboxBehaviour,
  { key, token }: { readonly key: string; readonly token: string },
): SandboxOutcome {
  const named = SANDBOX_CARDS.get(token);
  if (named !== undefined) return named;
  const declined = spreadOf(`decline ${behaviour.seed} ${key}`) < behaviour.declineShare;
  return declined ? "declineSoft" : "capture";
}

/** Whole milliseconds for which the answer under this key is kept back. */
export function latencyMillisOf({ seed, latencyMillis }: SandboxBehaviour, key: string): number {
  const { from, to } = latencyMillis;
  if (to === 0) return 0;
  const millis = Math.round(from + spreadOf(`latency ${seed} ${key}`) * (to - from));
  assert(millis >= from && millis <= to, "a latency lies in its range");
  return millis;
}
