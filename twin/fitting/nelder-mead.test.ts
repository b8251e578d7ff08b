import { describe, expect, it } from "vitest";
import { inverseCurvature, leastOf } from "./nelder-mead.ts";

describe("the least value of a function", () => {
  it("is found at the bottom of a bowl and of a bent valley", () => {
    const bowl = ([x = 0, y = 0, z = 0]: readonly number[]) =>
      (x - 1) ** 2 + 4 * (y + 2) ** 2 + (z - 3) ** 2 + 1;
    const found = leastOf(bowl, [0, 0, 0]);
    expect(found.value).toBeCloseTo(1, 6);
    for (const [axis, place] of [1, -2, 3].entries())
      expect(found.point[axis]).toBeCloseTo(place, 3);
    const valley = ([x = 0, y = 0]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    expect(leastOf(valley, [-1.2, 1]).point[0]).toBeCloseTo(1, 3);
  });

  it("is not looked for where the function is infinite", () => {
    const edge = ([x = 0]: readonly number[]) => (x < 2 ? Number.POSITIVE_INFINITY : x);
    expect(leastOf(edge, [5]).value).toBeCloseTo(2, 3);
  });
});

describe("the inverse of the curvature", () => {
  it("has the variances of a normal density, correlated numbers too", () => {
    // Precision [[2, 1], [1, 3]]: its inverse has 3/5 and 2/5 on the diagonal.
    const quadratic = ([x = 0, y = 0]: readonly number[]) => x * x + x * y + 1.5 * y * y;
    const [first, second] = inverseCurvature(quadratic, [0, 0]);
    expect(first).toBeCloseTo(0.6, 6);
    expect(second).toBeCloseTo(0.4, 6);
  });

  it("is infinite along a number that nothing depends on", () => {
    expect(inverseCurvature(() => 1, [0])).toEqual([Number.POSITIVE_INFINITY]);
  });
});
