import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limitProblem } from "../../store/core/rate-limit.ts";
import { rateLimit } from "./store-limits.ts";

describe("a rate of the scenario as a limit of the store", () => {
  it.each([
    [20, { tokens: 20, everyMillis: 1_000 }],
    [30 / 60, { tokens: 30, everyMillis: 60_000 }],
    [7 / 3_600, { tokens: 7, everyMillis: 3_600_000 }],
    [5 / 86_400, { tokens: 5, everyMillis: 86_400_000 }],
  ])("of %f a second is exact", (rate, expected) => {
    expect(rateLimit({ rate, burst: 9 })).toEqual({ ...expected, burst: 9 });
  });

  it("is within half a percent of any rate that a file may give, and can be counted", () => {
    const rates = fc.double({ min: 1 / 3_600, max: 1_000_000, noNaN: true });
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 1_000_000 }), (rate, burst) => {
        const limit = rateLimit({ rate, burst });
        expect(limitProblem(limit)).toBeNull();
        const again = (limit.tokens * 1_000) / limit.everyMillis;
        expect(Math.abs(again - rate) / rate).toBeLessThan(0.005);
      }),
    );
  });
});
