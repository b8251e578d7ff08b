import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SECOND } from "./time.ts";
import { TokenBucket } from "./token-bucket.ts";

describe("a token bucket", () => {
  it("starts full, gives its burst at once, then as fast as tokens come back", () => {
    const bucket = new TokenBucket({ perSecond: 2, burst: 3 });
    expect([1, 2, 3, 4].map(() => bucket.take(0))).toEqual([true, true, true, false]);
    expect(bucket.wait(0)).toBe(SECOND / 2);
    expect(bucket.take(SECOND / 2 - 1)).toBe(false);
    expect(bucket.take(SECOND / 2)).toBe(true);
    expect(bucket.level(SECOND)).toBe(1);
  });

  it("never holds more than its burst, however long it rests", () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 5 });
    expect(bucket.take(1_000 * SECOND, 5)).toBe(true);
    expect(bucket.take(1_000 * SECOND, 1)).toBe(false);
  });

  it("says exactly how long to wait: not a tick less, not a tick more", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1e5, noNaN: true }),
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.tuple(fc.nat(1e6), fc.integer({ min: 1, max: 100 })), { maxLength: 20 }),
        (perSecond, burst, requests) => {
          const bucket = new TokenBucket({ perSecond, burst });
          let now = 0;
          for (const [gap, wanted] of requests) {
            now += gap;
            const amount = Math.min(wanted, burst);
            const wait = bucket.wait(now, amount);
            if (wait > 0) expect(bucket.take(now + wait - 1, amount)).toBe(false);
            expect(bucket.take(now + wait, amount)).toBe(true);
            now += wait;
          }
        },
      ),
      { seed: 1 },
    );
  });

  it("lets through no more than burst plus rate times time", () => {
    const bucket = new TokenBucket({ perSecond: 8, burst: 4 });
    let taken = 0;
    for (let at = 0; at <= 10 * SECOND; at += 1_000) if (bucket.take(at)) taken += 1;
    expect(taken).toBe(4 + 80);
  });

  it("is not asked for more than it can ever hold", () => {
    expect(() => new TokenBucket({ perSecond: 1, burst: 1 }).wait(0, 2)).toThrow("can hold");
  });
});
