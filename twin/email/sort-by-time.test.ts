import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderByTime } from "./sort-by-time.ts";

describe("sorting by time", () => {
  it("agrees with a stable comparison sort for any whole times", () => {
    const whole = fc.oneof(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      fc.integer({ min: 0, max: 2 ** 41 }),
    );
    fc.assert(
      fc.property(fc.array(whole, { maxLength: 300 }), (times) => {
        const expected = times.map((_time, row) => row).sort((a, b) => times[a] - times[b]);
        expect([...orderByTime(Float64Array.from(times))]).toEqual(expected);
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it("refuses a time that is not a whole tick", () => {
    expect(() => orderByTime(Float64Array.of(1, 2.5))).toThrow("whole tick");
    expect(() => orderByTime(Float64Array.of(-1))).toThrow("whole tick");
  });
});
