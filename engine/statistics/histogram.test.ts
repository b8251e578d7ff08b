import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HISTOGRAM_RELATIVE_ERROR, Histogram } from "./histogram.ts";

/** The value of rank ceil(p * n) of the sorted values. */
function exactQuantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(p * sorted.length)) - 1];
}

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

const latencies = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 2 ** 42 }), fc.double({ min: 1, max: 1e6, noNaN: true })),
  { minLength: 1, maxLength: 200 },
);

describe("a histogram", () => {
  it("has every quantile within its stated error, which is below one per cent", () => {
    expect(HISTOGRAM_RELATIVE_ERROR).toBeLessThan(0.01);
    fc.assert(
      fc.property(latencies, fc.double({ min: 0, max: 1, noNaN: true }), (values, p) => {
        const exact = exactQuantile(values, p);
        const error = Math.abs(histogramOf(values).quantile(p) - exact) / exact;
        expect(error).toBeLessThanOrEqual(HISTOGRAM_RELATIVE_ERROR);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("has mean, sum, smallest and greatest exactly", () => {
    const histogram = histogramOf([3, 1_000_000, 17]);
    expect(histogram.mean).toBe(1_000_020 / 3);
    expect(histogram.total).toBe(1_000_020);
    expect([histogram.min, histogram.max, histogram.count]).toEqual([3, 1_000_000, 3]);
    expect([histogram.quantile(0), histogram.quantile(1)]).toEqual([3, 1_000_000]);
  });

  it("is the same whether it recorded everything or was merged from parts", () => {
    fc.assert(
      fc.property(latencies, latencies, (left, right) => {
        const merged = histogramOf(left);
        merged.merge(histogramOf(right));
        const whole = histogramOf([...left, ...right]);
        for (const p of [0, 0.1, 0.5, 0.95, 0.999, 1]) {
          expect(merged.quantile(p)).toBe(whole.quantile(p));
        }
        expect(merged.count).toBe(whole.count);
      }),
      { seed: 2 },
    );
  });

  it("is as new once it was cleared", () => {
    fc.assert(
      fc.property(latencies, latencies, (before, after) => {
        const used = histogramOf(before);
        used.clear();
        expect(used).toEqual(new Histogram());
        for (const value of after) used.record(value);
        expect(used).toEqual(histogramOf(after));
      }),
      { seed: 3, numRuns: 10 },
    );
  });

  it("never falls as the share grows", () => {
    const histogram = histogramOf([0, 0, 1, 5, 5, 70, 900, 12_345, 2 ** 50]);
    let before = 0;
    for (let step = 0; step <= 100; step++) {
      const value = histogram.quantile(step / 100);
      expect(value).toBeGreaterThanOrEqual(before);
      before = value;
    }
  });

  it("counts zero and the enormous without losing them", () => {
    const histogram = histogramOf([0, 0, 0, 1e300]);
    expect(histogram.quantile(0.5)).toBeLessThan(1);
    expect(histogram.max).toBe(1e300);
    expect(histogram.count).toBe(4);
  });

  it("says that nothing is known where nothing was recorded", () => {
    const histogram = new Histogram();
    expect([histogram.quantile(0.5), histogram.mean, histogram.max]).toEqual([NaN, NaN, NaN]);
  });

  it("refuses what is no amount, a range without sense, and a stranger to merge", () => {
    const histogram = new Histogram();
    expect(() => histogram.record(-1)).toThrow("finite, non-negative");
    expect(() => histogram.record(Number.NaN)).toThrow("finite, non-negative");
    expect(() => new Histogram({ lowest: 3 })).toThrow("powers of two");
    expect(() => histogram.merge(new Histogram({ highest: 1_024 }))).toThrow("same range");
  });
});
