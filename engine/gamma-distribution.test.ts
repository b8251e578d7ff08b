import { describe, expect, it } from "vitest";
import { exponential } from "./distribution.ts";
import { gammaDistribution, gammaDraw } from "./gamma-distribution.ts";
import { RandomStream } from "./random.ts";

const DRAWS = 20_000;

function momentsOf(values: readonly number[]): {
  readonly mean: number;
  readonly variance: number;
} {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, variance: squares / (values.length - 1) };
}

describe("the gamma distribution", () => {
  it.each([0.3, 1, 7.5])("of shape %d is drawn with it as mean and variance", (shape) => {
    const random = new RandomStream("counts/1", "gamma");
    const found = momentsOf(Array.from({ length: DRAWS }, () => gammaDraw(shape, random)));
    expect(Math.abs(found.mean - shape)).toBeLessThan(4 * Math.sqrt(shape / DRAWS));
    expect(found.variance / shape).toBeCloseTo(1, 0);
  });

  it("of shape 1 is exponential", () => {
    const [one, other] = [gammaDistribution({ mean: 12, shape: 1 }), exponential({ mean: 12 })];
    for (const x of [0, 0.5, 3, 12, 40, 200]) {
      expect(one.cdf(x)).toBeCloseTo(other.cdf(x), 12);
      expect(one.limitedMean(x)).toBeCloseTo(other.limitedMean(x), 10);
    }
    expect(one.limitedMean(Number.POSITIVE_INFINITY)).toBe(12);
  });

  it.each([0.4, 2.5, 30])("of shape %d has the draws of its own curve", (shape) => {
    const distribution = gammaDistribution({ mean: 50, shape });
    const random = new RandomStream("gamma/1", "draws");
    const values = Array.from({ length: DRAWS }, () => distribution.sample(random)).sort(
      (one, other) => one - other,
    );
    const distances = values.map((value, place) =>
      Math.abs(distribution.cdf(value) - (place + 0.5) / DRAWS),
    );
    // The 1 % point of the Kolmogorov-Smirnov distance.
    expect(Math.max(...distances)).toBeLessThan(1.63 / Math.sqrt(DRAWS));
    const limited = values.reduce((sum, value) => sum + Math.min(value, 40), 0) / DRAWS;
    expect(Math.abs(distribution.limitedMean(40) / limited - 1)).toBeLessThan(0.03);
  });

  it("is drawn the same by an entity and a purpose, whenever it is asked", () => {
    const distribution = gammaDistribution({ mean: 3, shape: 2 });
    const drawn = () => distribution.at(new RandomStream("gamma/1", "keyed"), 7, 2);
    expect(drawn()).toBe(drawn());
    expect(distribution.whole(new RandomStream("gamma/1", "whole")) % 1).toBe(0);
  });

  it("is refused without a positive mean and shape", () => {
    expect(() => gammaDistribution({ mean: 0, shape: 1 })).toThrow("mean");
    expect(() => gammaDistribution({ mean: 1, shape: Number.NaN })).toThrow("shape");
  });
});
