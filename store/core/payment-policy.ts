/**
 * How the store asks for money: how often, after which pause, at which gateway, and what a missing
 * answer means. The rules here decide; the services wait and call. One rule stands above the
 * numbers: while a call may have charged, nobody else is asked, and whoever settles the doubt
 * looks the charge up at the very gateway under the very key.
 */
import { assert } from "./assert.ts";
import type { BreakerLimits } from "./circuit-breaker.ts";

export interface PaymentPolicy {
  /** Calls for one order at one gateway before the next gateway is asked. */
  readonly attemptsPerGateway: number;
  /** After this long without an answer the gateway's adapter gives a call up. */
  readonly timeLimitMillis: number;
  readonly backoff: { readonly initialMillis: number; readonly maxMillis: number };
  /** How often a lost answer is looked up before the order is left in doubt. */
  readonly lookUpsPerLostAnswer: number;
  /** How often a refund is asked for before it is left to the next reconciliation. */
  readonly refundAttempts: number;
  readonly breaker: BreakerLimits;
}

/**
 * Time limit 80 s and backoff from 0.5 s to 5 s: stripe-node's defaults (parameters.md, section 5);
 * three calls there are one call and its two retries. Breaker 5 failures and 30 s: assumed.
 */
export const PAYMENT_POLICY: PaymentPolicy = {
  attemptsPerGateway: 3,
  timeLimitMillis: 80_000,
  backoff: { initialMillis: 500, maxMillis: 5_000 },
  lookUpsPerLostAnswer: 2,
  refundAttempts: 3,
  breaker: { failures: 5, openForMillis: 30_000 },
};

/** No order survives more calls than this at all gateways together, whatever the policy says. */
export const PAYMENT_CALLS_MAX = 100;

/**
 * The pause before the call after the `failures`-th failure in a row, whole milliseconds:
 * max(initial, min(initial * 2^(failures-1), max) * U(0.5, 1)), as stripe-node waits. `jitter` is
 * the draw of that U, from 0 to 1.
 */
export function backoffMillis(policy: PaymentPolicy, failures: number, jitter: number): number {
  assert(failures >= 1 && Number.isInteger(failures), "a pause follows at least one failure");
  assert(jitter >= 0 && jitter <= 1, "jitter is a share");
  const { initialMillis, maxMillis } = policy.backoff;
  let pause = initialMillis;
  for (let doubled = 1; doubled < failures && pause < maxMillis; doubled += 1) pause *= 2;
  const spread = Math.min(pause, maxMillis) * (0.5 + 0.5 * jitter);
  return Math.round(Math.max(initialMillis, spread));
}

/**
 * A draw from 0 (included) to 1 that belongs to this order and call and to nothing else, so that
 * orders spread out and a repeated rehearsal waits the same. FNV-1a over the name, then the
 * finalizer of MurmurHash3 (both public domain).
 */
export function jitterOf(order: string, call: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < order.length; index += 1) {
    hash = Math.imul(hash ^ order.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ call, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 4_294_967_296;
}

/**
 * The gateway to ask next, as its place in the order of preference, or null where none is left:
 * the first that has not used up its calls for this order and whose breaker lets the call pass.
 * `letsPass` is asked for one gateway after the other and not beyond the first yes.
 */
export function gatewayToAsk(
  policy: PaymentPolicy,
  failuresAt: readonly number[],
  letsPass: (gateway: number) => boolean,
): number | null {
  for (let gateway = 0; gateway < failuresAt.length; gateway += 1) {
    if ((failuresAt[gateway] ?? 0) < policy.attemptsPerGateway && letsPass(gateway)) return gateway;
  }
  return null;
}

/**
 * The key under which a gateway is asked for the charge. Every call has its own: the look-up that
 * settles a lost answer closes the key for good, so a call that arrives late charges nothing.
 */
export function chargeKey(order: string, call: number): string {
  assert(call >= 1, "calls are counted from one");
  return `${order}.${call}`;
}

/** The key of the one refund that an order can have. */
export function refundKey(order: string): string {
  return `${order}.refund`;
}

/** Why a policy cannot be used, or null where it can. */
export function policyProblem(policy: PaymentPolicy, gateways: number): string | null {
  if (!(policy.attemptsPerGateway >= 1)) return "attemptsPerGateway must be 1 or more";
  if (policy.attemptsPerGateway * gateways > PAYMENT_CALLS_MAX) {
    return `attemptsPerGateway over all gateways must be ${PAYMENT_CALLS_MAX} or less`;
  }
  if (!(policy.lookUpsPerLostAnswer >= 1)) return "lookUpsPerLostAnswer must be 1 or more";
  if (!(policy.refundAttempts >= 1)) return "refundAttempts must be 1 or more";
  const { initialMillis, maxMillis } = policy.backoff;
  if (!(initialMillis >= 0 && maxMillis >= initialMillis)) {
    return "backoff.maxMillis must be backoff.initialMillis or more, and neither below zero";
  }
  return null;
}
