import { describe, expect, it } from "vitest";
import { meanInterval, pairedDifference, wilsonInterval } from "./interval.ts";

describe("the interval of a mean", () => {
  it("is the textbook's: five values, t(4) = 2.776", () => {
    const { mean, low, high, n } = meanInterval([12, 15, 11, 14, 13]);
    expect(mean).toBe(13);
    expect(n).toBe(5);
    const half = (2.7764451051977934 * Math.sqrt(2.5)) / Math.sqrt(5);
    expect(high - mean).toBeCloseTo(half, 10);
    expect(mean - low).toBeCloseTo(half, 10);
  });

  it("is wider where more confidence is asked", () => {
    const values = [1, 2, 3, 4];
    expect(meanInterval(values, 0.99).high).toBeGreaterThan(meanInterval(values, 0.95).high);
  });

  it("bounds nothing from a single value, and is a point for equal ones", () => {
    expect(meanInterval([7])).toEqual({ mean: 7, low: -Infinity, high: Infinity, n: 1 });
    expect(meanInterval([0.1, 0.1, 0.1])).toEqual({ mean: 0.1, low: 0.1, high: 0.1, n: 3 });
  });

  it("holds the true mean in about 95 of 100 samples of ten", () => {
    let state = 12_345;
    const draw = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    let held = 0;
    for (let sample = 0; sample < 2_000; sample++) {
      const values = Array.from({ length: 10 }, () => draw() + draw() + draw() + draw());
      const { low, high } = meanInterval(values);
      if (low <= 2 && high >= 2) held += 1;
    }
    expect(held / 2_000).toBeGreaterThan(0.935);
    expect(held / 2_000).toBeLessThan(0.965);
  });

  it("refuses no values and values that are not numbers", () => {
    expect(() => meanInterval([])).toThrow("at least one value");
    expect(() => meanInterval([1, Number.NaN])).toThrow("finite");
  });
});

describe("a paired difference", () => {
  it("is the textbook's: first minus second, with the p value of the paired t test", () => {
    // Differences 1, 2, 3, 4: mean 2.5, standard error 0.6455, t(3) = 3.873, p = 0.0305.
    const difference = pairedDifference([11, 22, 33, 44], [10, 20, 30, 40]);
    expect(difference.mean).toBe(2.5);
    expect(difference.sure).toBeCloseTo(1 - 0.030466, 5);
    expect(difference.low).toBeGreaterThan(0);
  });

  it("takes the common noise out that hides the difference of two means", () => {
    const noise = [100, 5_000, 20, 900, 12_000];
    const better = noise.map((value, index) => value + 10 + (index % 2));
    expect(meanInterval(better).low).toBeLessThan(meanInterval(noise).high);
    expect(pairedDifference(better, noise).low).toBeGreaterThan(9);
  });

  it("is sure at 95 % exactly where zero is outside the 95 % interval", () => {
    for (const shift of [0.5, 1, 1.5, 2, 2.5, 3]) {
      const a = [1, 3, 0, 2, 4].map((value) => value + shift - 3);
      const { low, high, sure } = pairedDifference(a, [0, 0, 0, 0, 0]);
      expect(low > 0 || high < 0).toBe(sure > 0.95);
    }
  });

  it("is not sure of anything from one pair or from pairs that are equal", () => {
    expect(pairedDifference([1], [2]).sure).toBe(0);
    expect(pairedDifference([1, 2], [1, 2]).sure).toBe(0);
    expect(pairedDifference([2, 3], [1, 2]).sure).toBe(1);
  });

  it("refuses values without a partner", () => {
    expect(() => pairedDifference([1, 2], [1])).toThrow("as many values on either side");
  });
});

describe("Wilson's interval of a share", () => {
  it("is the printed one (Newcombe 1998: 81 of 263 is 0.2553 to 0.3662)", () => {
    const { low, high } = wilsonInterval(81, 263);
    expect(low).toBeCloseTo(0.2553, 4);
    expect(high).toBeCloseTo(0.3662, 4);
  });

  it("is sensible about none and about all (Newcombe 1998: 0 of 20 is 0 to 0.1611)", () => {
    expect(wilsonInterval(0, 20).low).toBe(0);
    expect(wilsonInterval(0, 20).high).toBeCloseTo(0.1611, 4);
    expect(wilsonInterval(20, 20).high).toBe(1);
    expect(wilsonInterval(20, 20).low).toBeCloseTo(1 - 0.1611, 4);
  });
});
