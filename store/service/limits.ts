/**
 * The limit that stands before every step of the sale: two look-ups in memory, before the catalog,
 * the stock or a ledger is asked. A store without limits does not come here at all, and a limiter
 * that cannot answer turns nobody away: it guards the sale, it is not the sale.
 */
import { Effect, Either, Utils } from "effect";
import type { TooManyRequests } from "../core/checkout.ts";
import type { Bucket, RateLimit, TakeAnswer } from "../core/rate-limit.ts";
import type { LimitedStep } from "../core/sale-event.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import type { Steps } from "./program.ts";
import type { StorePorts } from "./store-ports.ts";

/** How often a shopper, and a block of addresses, may ask for a step of the sale. */
export interface RequestLimits {
  readonly perShopper: RateLimit | null;
  readonly perNetwork: RateLimit | null;
}

interface Asking {
  readonly shopper: string;
  readonly network?: string;
}

const ALLOWED: TakeAnswer = { _tag: "Allowed" };

/** Why the request goes no further, or null. */
export function* limitOf(
  ports: StorePorts,
  limits: RequestLimits,
  { shopper, network }: Asking,
  { step, now }: { readonly step: LimitedStep; readonly now: number },
): Steps<TooManyRequests | null, PortUnavailable> {
  const { perShopper, perNetwork } = limits;
  const buckets: Bucket[] = [];
  if (perShopper !== null) buckets.push({ key: `shopper ${shopper}`, limit: perShopper });
  if (perNetwork !== null && network !== undefined) {
    buckets.push({ key: `network ${network}`, limit: perNetwork });
  }
  if (buckets.length === 0) return null;
  const answer = yield* orAllowed(ports.rateLimiter.take({ buckets, cost: 1, now }));
  if (answer._tag === "Allowed") return null;
  const { retryAfterMillis } = answer;
  const by = answer.key.startsWith("network ") ? "network" : "shopper";
  // A raid that knocks a thousand times a second is one line of the log until it is let in again.
  if (answer.first) {
    const told = { at: now, shopper, step, by, network: network ?? null } as const;
    yield* ports.saleLog.append({ kind: "RequestLimited", ...told });
  }
  return { _tag: "TooManyRequests", by, retryAfterMillis };
}

/** The limiter's answer; one that cannot answer turns nobody away. */
export function* orAllowed(
  take: Effect.Effect<TakeAnswer, PortUnavailable>,
): Steps<TakeAnswer, PortUnavailable> {
  const steps = take[Symbol.iterator]();
  let next = steps.next();
  while (next.done !== true) {
    const answer = yield* Effect.either(Utils.yieldWrapGet(next.value));
    if (Either.isLeft(answer)) return ALLOWED;
    next = steps.next(answer.right);
  }
  return next.value;
}
