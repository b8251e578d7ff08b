/** Trying again, later and later: the delays of a backoff, and the process that waits them out. */
import { assert } from "./assert.ts";
import type { Behaviour } from "./process.ts";
import type { RandomStream } from "./random.ts";
import type { Ticks } from "./time.ts";

/** Attempts that any policy may ask for. */
export const ATTEMPTS_MAX = 1_000;

export interface BackoffOptions {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Delay before the second attempt. */
  readonly first: Ticks;
  /** What each further delay is multiplied with; 2 where nothing is said. */
  readonly factor?: number;
  /** No delay is longer. */
  readonly cap: Ticks;
  /**
   * Share of a delay that is left to chance: a delay d becomes one between (1 - jitter) d and d.
   */
  readonly jitter?: number;
}

/**
 * The delay before attempt number `attempt` (2 is the first retry), in whole ticks, at least one.
 */
export function backoffDelay(
  options: BackoffOptions,
  attempt: number,
  random: RandomStream,
): Ticks {
  const { first, factor = 2, cap, jitter = 0 } = options;
  assert(attempt >= 2 && attempt <= ATTEMPTS_MAX, "the first attempt has no delay");
  assert(jitter >= 0 && jitter <= 1, "jitter is a share");
  let delay = Math.min(first, cap);
  for (let step = 2; step < attempt && delay < cap; step++) delay = Math.min(cap, delay * factor);
  return Math.max(1, Math.round(delay * (1 - jitter * random.next())));
}

/** The answer of an attempt: it worked, or it may be tried again. */
export type Attempt<T> = { readonly kind: "done"; readonly value: T } | { readonly kind: "failed" };

/** How a retried attempt ended. */
export type Retried<T> =
  | { readonly kind: "done"; readonly value: T; readonly attempts: number }
  | { readonly kind: "gave-up"; readonly attempts: number };

/**
 * A process pattern: `const answer = yield* retried(policy, random, (attempt) => pay(order,
 * attempt));`
 */
export function* retried<T>(
  options: BackoffOptions,
  random: RandomStream,
  attempt: (number: number) => Behaviour<Attempt<T>>,
): Behaviour<Retried<T>> {
  assert(options.attempts >= 1 && options.attempts <= ATTEMPTS_MAX, "attempts are bounded");
  for (let number = 1; number <= options.attempts; number++) {
    if (number > 1) yield backoffDelay(options, number, random);
    const answer = yield* attempt(number);
    if (answer.kind === "done") return { kind: "done", value: answer.value, attempts: number };
  }
  return { kind: "gave-up", attempts: options.attempts };
}
