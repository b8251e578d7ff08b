import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limitProblem, type RateLimit, RateLimiter } from "./rate-limit.ts";

const limits = fc.record({
  tokens: fc.integer({ min: 1, max: 50 }),
  everyMillis: fc.integer({ min: 1, max: 5_000 }),
  burst: fc.integer({ min: 1, max: 30 }),
});
/** Steps of time with requests between them. */
const visits = fc.array(fc.nat({ max: 2_000 }), { minLength: 1, maxLength: 120 });

function timesOf(gaps: readonly number[]): number[] {
  let now = 1_700_000_000_000;
  return gaps.map((gap) => {
    now += gap;
    return now;
  });
}

function taker(limit: RateLimit, limiter = new RateLimiter()) {
  return (now: number, key = "ann") => limiter.take({ buckets: [{ key, limit }], cost: 1, now });
}

describe("a rate limit", () => {
  it("never lets more through within any time than a burst and what came meanwhile", () => {
    fc.assert(
      fc.property(limits, visits, (limit, gaps) => {
        const take = taker(limit);
        const let_ = timesOf(gaps).filter((now) => take(now)._tag === "Allowed");
        for (let from = 0; from < let_.length; from += 1) {
          for (let to = from; to < let_.length; to += 1) {
            const within = ((let_[to] ?? 0) - (let_[from] ?? 0)) * limit.tokens;
            const came = Math.floor(within / limit.everyMillis);
            expect(to - from + 1).toBeLessThanOrEqual(limit.burst + came);
          }
        }
      }),
    );
  });

  it("tells the exact wait: one millisecond less is too soon, the wait itself is enough", () => {
    fc.assert(
      fc.property(limits, visits, (limit, gaps) => {
        const take = taker(limit);
        for (const now of timesOf(gaps)) {
          const answer = take(now);
          if (answer._tag === "Allowed") continue;
          const wait = answer.retryAfterMillis;
          expect(wait).toBeGreaterThan(0);
          if (wait > 1) expect(take(now + wait - 1)._tag).toBe("Limited");
          expect(take(now + wait)._tag).toBe("Allowed");
          return;
        }
      }),
    );
  });

  it("gives every token over a long time: exact, with nothing lost to rounding", () => {
    const limit = { tokens: 3, everyMillis: 1_000, burst: 1 };
    const take = taker(limit);
    let allowed = 0;
    for (let now = 0; now < 100_000; now += 1) if (take(now)._tag === "Allowed") allowed += 1;
    // One every 334 ms: whole milliseconds are the clock's grain, not the bucket's.
    expect(allowed).toBe(Math.ceil(100_000 / 334));
    const dense = taker({ tokens: 3, everyMillis: 1_000, burst: 10 });
    let given = 0;
    for (let now = 0; now < 100_000; now += 1) if (dense(now)._tag === "Allowed") given += 1;
    expect(given).toBe(10 + Math.floor((99_999 * 3) / 1_000));
  });

  it("answers the same whether full buckets are dropped or kept", () => {
    const keys = fc.array(fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 12 })), { maxLength: 200 });
    fc.assert(
      fc.property(limits, keys, (limit, asked) => {
        const limiter = new RateLimiter({ bucketsMax: 1_000 });
        const shared = taker(limit, limiter);
        const alone = new Map<string, ReturnType<typeof taker>>();
        let now = 0;
        for (const [gap, who] of asked) {
          now += gap;
          const own = alone.get(`${who}`) ?? taker(limit);
          alone.set(`${who}`, own);
          expect(shared(now, `${who}`)._tag).toBe(own(now, `${who}`)._tag);
        }
        expect(limiter.forgotten).toBe(0);
      }),
    );
  });

  it("keeps no more buckets than it may, and drops full ones before others", () => {
    const limit = { tokens: 1, everyMillis: 1_000, burst: 2 };
    const limiter = new RateLimiter({ bucketsMax: 100 });
    const take = taker(limit, limiter);
    for (let index = 0; index < 10_000; index += 1) take(index * 50, `early ${index}`);
    // A bucket is full again after a second, in which twenty others came.
    expect(limiter.size).toBeLessThan(50);
    expect(limiter.forgotten).toBe(0);
    for (let index = 0; index < 1_000; index += 1) take(600_000, `raid ${index}`);
    expect(limiter.size).toBeLessThanOrEqual(100);
    expect(limiter.forgotten).toBeGreaterThan(0);
  });

  it("names what cannot be counted", () => {
    expect(limitProblem({ tokens: 1, everyMillis: 1_000, burst: 1 })).toBeNull();
    expect(limitProblem({ tokens: 0.5, everyMillis: 1_000, burst: 1 })).toMatch(/whole/u);
    expect(limitProblem({ tokens: 1, everyMillis: 2 ** 40, burst: 2 ** 20 })).toMatch(/too long/u);
  });
});
