import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearestWhole } from "./nearest-whole.ts";

describe("the nearest whole number", () => {
  it("is the one that Math.round finds", () => {
    const amounts = fc.double({ min: -(2 ** 40), max: 2 ** 40, noNaN: true });
    fc.assert(
      fc.property(amounts, (x) => {
        expect(nearestWhole(x)).toBe(Math.round(x) + 0);
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });

  it("is the greater where two are as near, and a whole number itself", () => {
    expect([2.5, -2.5, 0, 7, 2 ** 52 - 1].map(nearestWhole)).toEqual([3, -2, 0, 7, 2 ** 52 - 1]);
  });
});
