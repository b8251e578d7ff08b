import { describe, expect, it } from "vitest";
import { exponential, uniform } from "../../engine/distribution.ts";
import { RandomStream } from "../../engine/random.ts";
import {
  andersonDarling,
  kolmogorovSmirnov,
  kolmogorovSmirnovOfTwo,
  quantilePairs,
  sampleQuantile,
} from "./goodness-of-fit.ts";

const even = Float64Array.from({ length: 100 }, (_none, index) => (index + 0.5) / 100);
const { cdf } = uniform({ low: 0, high: 1 });

describe("the distance of measurements to a curve", () => {
  it("is half a step where they lie in the middle of each", () => {
    expect(kolmogorovSmirnov(even, cdf)).toBeCloseTo(0.005, 12);
  });

  it("is the shift where all are shifted", () => {
    expect(kolmogorovSmirnov(even, (x) => cdf(x - 0.2))).toBeCloseTo(0.205, 12);
  });

  it("counts measurements that are the same as one step", () => {
    expect(kolmogorovSmirnov(Float64Array.of(0.5, 0.5, 0.5, 0.5), cdf)).toBeCloseTo(0.5, 12);
  });

  it("exceeds 1.358 over the root of n in 5 % of samples of the curve itself", () => {
    const random = new RandomStream("distance", "uniform");
    let exceeded = 0;
    let exceededInTails = 0;
    for (let sample = 0; sample < 1_000; sample += 1) {
      const values = Float64Array.from({ length: 200 }, () => random.next()).sort();
      if (kolmogorovSmirnov(values, cdf) > 1.358 / Math.sqrt(200)) exceeded += 1;
      if (andersonDarling(values, cdf) > 2.492) exceededInTails += 1;
    }
    expect(exceeded / 1_000).toBeGreaterThan(0.03);
    expect(exceeded / 1_000).toBeLessThan(0.07);
    expect(exceededInTails / 1_000).toBeGreaterThan(0.03);
    expect(exceededInTails / 1_000).toBeLessThan(0.07);
  });

  it("stays a number where a measurement is impossible under the curve", () => {
    expect(andersonDarling(Float64Array.of(-1, 0.5, 2), cdf)).toBeGreaterThan(10);
    expect(Number.isFinite(andersonDarling(Float64Array.of(-1, 0.5, 2), cdf))).toBe(true);
  });
});

describe("the distance of two samples", () => {
  it("is 0 for the same, 1 for two apart, and the same both ways", () => {
    const far = even.map((value) => value + 5);
    expect(kolmogorovSmirnovOfTwo(even, even)).toBe(0);
    expect(kolmogorovSmirnovOfTwo(even, far)).toBe(1);
    expect(kolmogorovSmirnovOfTwo(far, even)).toBe(1);
    expect(kolmogorovSmirnovOfTwo(Float64Array.of(1, 1, 2), Float64Array.of(1, 2, 2))).toBeCloseTo(
      1 / 3,
      12,
    );
  });
});

describe("quantiles", () => {
  it("of a sample are the value that the share stays at or below", () => {
    const values = Float64Array.of(10, 20, 30, 40);
    expect([0, 0.25, 0.26, 0.5, 1].map((share) => sampleQuantile(values, share))).toEqual([
      10, 10, 20, 20, 40,
    ]);
  });

  it("of the fit are those of its curve, for shares that the sample can tell", () => {
    const fit = exponential({ mean: 5 });
    const pairs = quantilePairs(even, fit);
    expect(pairs.map(({ share }) => share)).not.toContain(0.999);
    for (const { share, fitted } of pairs) expect(fit.cdf(fitted)).toBeCloseTo(share, 9);
  });
});
