/** The contract of the rate limiter: what is given, when it comes back, and all or nothing. */
import { Effect, type Layer } from "effect";
import { expect } from "vitest";
import type { RateLimit, TakeAnswer } from "../core/rate-limit.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { RateLimiter, type RateLimiterService } from "../ports/rate-limiter.ts";
import { type ContractCase, contract } from "./contract.ts";

export function rateLimiterContract(name: string, layer: Layer.Layer<RateLimiter>): void {
  contract(`rate limiter: ${name}`, rateLimiterCases, layer);
}

/** Three tokens a second, at most five at once. */
const LIMIT: RateLimit = { tokens: 3, everyMillis: 1_000, burst: 5 };
/** A wall clock as it stands today, so that an adapter's numbers have room for it. */
const NOW = 1_795_000_000_000;

const take = (limiter: RateLimiterService, key: string, now: number, cost = 1) =>
  limiter.take({ buckets: [{ key, limit: LIMIT }], cost, now: NOW + now });

/** How many of `count` requests at one moment were let through. */
const allowedOf = (limiter: RateLimiterService, key: string, now: number, count: number) =>
  Effect.gen(function* () {
    let allowed = 0;
    for (let index = 0; index < count; index += 1) {
      const answer = yield* take(limiter, key, now);
      if (answer._tag === "Allowed") allowed += 1;
    }
    return allowed;
  });

function waitOf(answer: TakeAnswer): number {
  expect(answer._tag).toBe("Limited");
  return answer._tag === "Limited" ? answer.retryAfterMillis : 0;
}

function limiterCase(
  sentence: string,
  body: (limiter: RateLimiterService) => Effect.Effect<void, PortUnavailable>,
): ContractCase<RateLimiter> {
  return { sentence, program: Effect.flatMap(RateLimiter, body) };
}

export const rateLimiterCases: readonly ContractCase<RateLimiter>[] = [
  limiterCase("a burst is let through at once, and nothing more", (limiter) =>
    Effect.gen(function* () {
      expect(yield* allowedOf(limiter, "ann", 0, 9)).toBe(5);
    }),
  ),
  limiterCase("tokens come one by one, and whoever waits as told gets one", (limiter) =>
    Effect.gen(function* () {
      yield* allowedOf(limiter, "ann", 0, 5);
      const wait = waitOf(yield* take(limiter, "ann", 0));
      expect(wait).toBe(334);
      expect(waitOf(yield* take(limiter, "ann", wait - 1))).toBe(1);
      expect((yield* take(limiter, "ann", wait))._tag).toBe("Allowed");
      expect(yield* allowedOf(limiter, "ann", 1_000, 9)).toBe(2);
    }),
  ),
  limiterCase("a refusal costs nothing", (limiter) =>
    Effect.gen(function* () {
      yield* allowedOf(limiter, "ann", 0, 500);
      expect((yield* take(limiter, "ann", 334))._tag).toBe("Allowed");
    }),
  ),
  limiterCase("an idle bucket is full, and never fuller than a burst", (limiter) =>
    Effect.gen(function* () {
      yield* allowedOf(limiter, "ann", 0, 5);
      expect(yield* allowedOf(limiter, "ann", 3_600_000, 9)).toBe(5);
    }),
  ),
  limiterCase("a dear step takes its cost at once, or nothing", (limiter) =>
    Effect.gen(function* () {
      expect((yield* take(limiter, "ann", 0, 4))._tag).toBe("Allowed");
      expect(waitOf(yield* take(limiter, "ann", 0, 4))).toBe(1_000);
      expect((yield* take(limiter, "ann", 0, 1))._tag).toBe("Allowed");
    }),
  ),
  limiterCase("each key has a bucket of its own", (limiter) =>
    Effect.gen(function* () {
      yield* allowedOf(limiter, "ann", 0, 5);
      expect(yield* allowedOf(limiter, "ben", 0, 9)).toBe(5);
    }),
  ),
  limiterCase("a step takes from all of its buckets or from none", (limiter) =>
    Effect.gen(function* () {
      const both = (shopper: string, now: number) =>
        limiter.take({
          buckets: [
            { key: shopper, limit: LIMIT },
            { key: "block", limit: LIMIT },
          ],
          cost: 1,
          now: NOW + now,
        });
      for (let index = 0; index < 5; index += 1) yield* both(`shopper ${index}`, 0);
      expect(yield* both("ann", 0)).toMatchObject({ _tag: "Limited", key: "block" });
      expect(yield* allowedOf(limiter, "ann", 0, 9)).toBe(5);
    }),
  ),
  limiterCase("only the first refusal since a token says that it is the first", (limiter) =>
    Effect.gen(function* () {
      yield* allowedOf(limiter, "ann", 0, 5);
      expect(yield* take(limiter, "ann", 0)).toMatchObject({ first: true });
      expect(yield* take(limiter, "ann", 1)).toMatchObject({ first: false });
      yield* take(limiter, "ann", 334);
      expect(yield* take(limiter, "ann", 335)).toMatchObject({ first: true });
    }),
  ),
  limiterCase("a clock that is set back gives no token twice", (limiter) =>
    Effect.gen(function* () {
      expect(yield* allowedOf(limiter, "ann", 10_000, 5)).toBe(5);
      expect(yield* allowedOf(limiter, "ann", 0, 5)).toBe(0);
      expect(yield* allowedOf(limiter, "ann", 10_400, 5)).toBe(1);
    }),
  ),
];
