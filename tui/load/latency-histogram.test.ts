import { createHistogram } from "node:perf_hooks";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LatencyHistogram } from "./latency-histogram.ts";

const SHARES = [0.01, 0.5, 0.9, 0.99, 0.999];
const micros = fc.array(fc.integer({ min: 1, max: 2 ** 31 }), { minLength: 1, maxLength: 200 });

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value / 1_000);
  return histogram;
}

describe("a histogram of latencies", () => {
  it("has the quantiles of the values to three digits", () => {
    fc.assert(
      fc.property(micros, (values) => {
        const histogram = histogramOf(values);
        const sorted = [...values].sort((one, other) => one - other);
        for (const share of SHARES) {
          const exact = sorted[Math.max(1, Math.ceil(share * values.length)) - 1] as number;
          const off = Math.abs(histogram.quantileMillis(share) * 1_000 - exact);
          expect(off).toBeLessThanOrEqual(exact / 1_024);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("agrees with HdrHistogram's own, as Node has it", () => {
    const theirs = createHistogram({ figures: 3 });
    const ours = new LatencyHistogram();
    for (let value = 1; value < 3_000_000; value = Math.ceil(value * 1.0005)) {
      theirs.record(value);
      ours.record(value / 1_000);
    }
    for (const share of SHARES) {
      const ratio = (ours.quantileMillis(share) * 1_000) / theirs.percentile(share * 100);
      expect(Math.abs(ratio - 1)).toBeLessThan(0.002);
    }
    // Theirs is of buckets, ours of the values.
    expect(Math.abs((ours.meanMillis * 1_000) / theirs.mean - 1)).toBeLessThan(0.001);
  });

  it("adds up over processes to the one of a single process", () => {
    fc.assert(
      fc.property(micros, micros, (one, other) => {
        const merged = LatencyHistogram.of(JSON.parse(JSON.stringify(histogramOf(one))));
        merged.add(histogramOf(other));
        expect(merged.toJSON()).toEqual(histogramOf([...one, ...other]).toJSON());
      }),
      { numRuns: 50 },
    );
  });
});
