import { describe, expect, it } from "vitest";
import {
  type Distribution,
  empirical,
  exponential,
  logLogistic,
  lognormal,
  mixture,
  weibull,
} from "../../engine/distribution.ts";
import { gammaDistribution } from "../../engine/gamma-distribution.ts";
import { RandomStream } from "../../engine/random.ts";
import { FAMILIES, type Family } from "./families.ts";
import { sampleQuantile } from "./goodness-of-fit.ts";
import { measuredCurve } from "./measured-curve.ts";
import { distanceAllowed, type Ranking, rankFits } from "./ranking.ts";

const KINDS = [...FAMILIES, "gamma"] as const;
const TRUE_ONES: Readonly<Record<Family | "gamma", Distribution>> = {
  gamma: gammaDistribution({ mean: 40, shape: 4 }),
  exponential: exponential({ mean: 12 }),
  weibull: weibull({ median: 90, shape: 0.7 }),
  "log-logistic": logLogistic({ median: 34, shape: 1.3 }),
  lognormal: lognormal({ median: 300, sigma: 0.85 }),
};

function draws(distribution: Distribution, size: number, seed: string): Float64Array {
  const random = new RandomStream(seed, "ranking");
  return Float64Array.from({ length: size }, () => distribution.sample(random));
}

function ranked(values: Float64Array): Ranking {
  const ranking = rankFits(values);
  if ("why" in ranking) throw new Error(ranking.why);
  return ranking;
}

describe.each(KINDS)("measurements of a %s", (family) => {
  it("are told from it in some 5 % of cases, as the critical distance says", () => {
    let refused = 0;
    const samples = 400;
    for (let seed = 0; seed < samples; seed += 1) {
      const { candidates } = ranked(draws(TRUE_ONES[family], 100, `${seed}`));
      if (candidates.find(({ kind }) => kind === family)?.fits === false) refused += 1;
    }
    expect(refused / samples).toBeGreaterThan(0.03);
    expect(refused / samples).toBeLessThan(0.08);
  });

  it("are its own most of the time, where there are 2,000 of them", () => {
    let own = 0;
    for (let seed = 0; seed < 20; seed += 1) {
      const { candidates, chosen } = ranked(draws(TRUE_ONES[family], 2_000, `${seed}`));
      const first = candidates.find(({ fits }) => fits);
      expect(chosen?.aic).toBeLessThanOrEqual((first?.aic ?? 0) + 2);
      if (chosen?.kind === family) own += 1;
    }
    // A Weibull of shape 1 is an exponential, and has to be told from it by more than chance.
    expect(own).toBeGreaterThanOrEqual(18);
  });
});

describe("measurements of no family", () => {
  const two = mixture({
    parts: [
      { weight: 1, of: lognormal({ median: 5, sigma: 0.3 }) },
      { weight: 1, of: lognormal({ median: 5_000, sigma: 0.3 }) },
    ],
  });

  it("stand for themselves, by their curve", () => {
    const values = draws(two, 3_000, "two");
    const { chosen, curve, distribution } = ranked(values);
    expect(chosen).toBeNull();
    expect(curve).not.toBeNull();
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(distribution.mean / mean).toBeCloseTo(1, 6);
    const sorted = values.slice().sort();
    for (const share of [0.1, 0.25, 0.5, 0.75, 0.9, 0.99])
      expect(Math.abs(distribution.cdf(sampleQuantile(sorted, share)) - share)).toBeLessThan(1e-3);
  });

  it("keep their upper tail in the curve", () => {
    const heavy = draws(logLogistic({ median: 20, shape: 1.2 }), 20_000, "heavy").sort();
    const curve = empirical({ points: measuredCurve(heavy) });
    const again = draws(curve, 20_000, "again").sort();
    const mean = heavy.reduce((sum, value) => sum + value, 0) / heavy.length;
    expect(curve.mean / mean).toBeCloseTo(1, 6);
    for (const share of [0.99, 0.995, 0.999]) {
      const quantile = sampleQuantile(heavy, share);
      expect(1 - curve.cdf(quantile)).toBeGreaterThan((1 - share) * 0.9);
      expect(1 - curve.cdf(quantile)).toBeLessThan((1 - share) * 1.1);
      expect(sampleQuantile(again, share) / quantile).toBeGreaterThan(0.6);
      expect(sampleQuantile(again, share) / quantile).toBeLessThan(1.6);
    }
  });

  it("keep the share of a value that many of them have", () => {
    const tens = [
      ...Array.from({ length: 600 }, () => 10),
      ...Array.from({ length: 400 }, (_, i) => 11 + i),
    ];
    const curve = empirical({ points: measuredCurve(Float64Array.from(tens).sort()) });
    expect(curve.cdf(10)).toBeCloseTo(0.6, 12);
    expect(curve.cdf(9.999)).toBe(0);
    const middle = [...tens, ...Array.from({ length: 1_000 }, (_, i) => 1 + i / 200)];
    const risen = empirical({ points: measuredCurve(Float64Array.from(middle).sort()) });
    expect(risen.cdf(10) - risen.cdf(9.99)).toBeCloseTo(0.3, 3);
    const mean = middle.reduce((sum, value) => sum + value, 0) / middle.length;
    expect(risen.mean).toBeCloseTo(mean, 4);
  });
});

describe("no conclusion is drawn", () => {
  const good = Array.from({ length: 40 }, (_, index) => index + 1);

  it.each([
    ["too few", good.slice(0, 29), "29 measurements are too few: 30 are needed"],
    ["none", [], "0 measurements are too few: 30 are needed"],
    ["all the same", good.map(() => 7), "all are the same, 7"],
    ["a zero", [...good, 0], "not all are greater than 0"],
    ["a negative", [...good, -1], "not all are greater than 0"],
    ["no number", [...good, Number.NaN], "not all are finite numbers"],
    ["infinity", [...good, Number.POSITIVE_INFINITY], "not all are finite numbers"],
  ])("from %s", (_case, values, why) => {
    expect(rankFits(values)).toEqual({ size: values.length, why });
  });
});

describe("the distance that is allowed", () => {
  it("falls with the number of measurements, down to one that nobody would see", () => {
    for (const family of FAMILIES) {
      expect(distanceAllowed(family, 100)).toBeGreaterThan(distanceAllowed(family, 400));
      expect(distanceAllowed(family, 1_000_000)).toBe(0.03);
    }
  });
});
