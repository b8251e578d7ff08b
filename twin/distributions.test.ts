import { describe, expect, it } from "vitest";
import { distributionOf } from "./distributions.ts";
import type { DistributionSpec } from "./scenario/scenario.ts";

describe("a scenario's distributions", () => {
  it("have the median that the scenario names", () => {
    const specs: DistributionSpec[] = [
      { kind: "lognormal", median: 34, sigma: 1.1 },
      { kind: "log-logistic", median: 34, shape: 0.671 },
      { kind: "weibull", median: 34, shape: 0.8 },
    ];
    for (const spec of specs) expect(distributionOf(spec).cdf(34)).toBeCloseTo(0.5, 12);
  });

  it("have the mean that follows from their parameters", () => {
    expect(distributionOf({ kind: "constant", value: 7 }).mean).toBe(7);
    expect(distributionOf({ kind: "exponential", mean: 7 }).mean).toBe(7);
    // Think time: lognormal with the median 34 s and sigma 1.1 has a mean of 62.3 s.
    const think = distributionOf({ kind: "lognormal", median: 34, sigma: 1.1 });
    expect(think.mean).toBeCloseTo(62.263, 3);
    // TPC-W: values above 70 s are set to 70 s, and the mean of 7 s becomes 6.9997 s.
    expect(distributionOf({ kind: "exponential", mean: 7, cap: 70 }).mean).toBeCloseTo(6.9997, 4);
  });

  it("mix by weight, whatever the weights add up to", () => {
    const mixed = distributionOf({
      kind: "mixture",
      parts: [
        { weight: 19, of: { kind: "constant", value: 10 } },
        {
          weight: 1,
          of: { kind: "mixture", parts: [{ weight: 1, of: { kind: "constant", value: 50 } }] },
        },
      ],
    });
    expect(mixed.mean).toBeCloseTo(12, 12);
    expect(mixed.cdf(10)).toBeCloseTo(0.95, 12);
  });

  it("are constant where a lognormal has no spread", () => {
    const still = distributionOf({ kind: "lognormal", median: 34, sigma: 0, cap: 30 });
    expect(still.mean).toBe(30);
    expect(still.cdf(29.999)).toBe(0);
  });
});
