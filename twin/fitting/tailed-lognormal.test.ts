import { describe, expect, it } from "vitest";
import { lognormal, paretoTail } from "../../engine/distribution.ts";
import { RandomStream } from "../../engine/random.ts";
import { PositiveSample } from "./families.ts";
import { fitTail, TAIL_SIZE_MIN } from "./pareto-tail-fit.ts";
import { rankFits } from "./ranking.ts";
import { fitTailed } from "./tailed-lognormal.ts";

/** Order values with many small orders and a few great ones; 7 % of them in the tail. */
const known = { median: 300, sigma: 0.8, threshold: 1_000, alpha: 1.4 };
const { median, sigma, threshold, alpha } = known;
const values = paretoTail({ body: lognormal({ median, sigma }), threshold, alpha });

function drawn(size: number, seed: string): PositiveSample {
  const random = new RandomStream(seed, "tail");
  return new PositiveSample(Array.from({ length: size }, () => values.sample(random)));
}

describe("a Pareto tail", () => {
  it("has the exponent that it was drawn with, and starts where it does", () => {
    for (const seed of ["a", "b", "c", "d"]) {
      const tail = fitTail(drawn(20_000, seed));
      expect(Math.abs((tail?.alpha ?? 0) - alpha)).toBeLessThan(4 * (tail?.error ?? 0));
      expect(tail?.threshold).toBeGreaterThan(0.9 * threshold);
      expect(tail?.size).toBeGreaterThanOrEqual(TAIL_SIZE_MIN);
    }
  });

  it("is not looked for in a handful of measurements", () => {
    expect(fitTail(drawn(60, "few"))).toBeNull();
  });
});

describe("a lognormal with a Pareto tail", () => {
  it("has the body that it was drawn with, told where the tail starts", () => {
    for (const seed of ["a", "b", "c", "d"]) {
      const sample = drawn(4_000, seed);
      const size = sample.values.filter((value) => value > threshold).length;
      const tail = { threshold, size, alpha, error: 0.1, distance: 0 };
      const { parameters } = fitTailed(sample, tail);
      for (const name of ["median", "sigma"] as const) {
        const { value, error } = parameters[name];
        expect(Math.abs(value - known[name]), `${name} of ${seed}`).toBeLessThan(4 * error);
      }
    }
  });

  it("has the body within 3 % where the start of the tail is found too", () => {
    for (const seed of ["a", "b", "c", "d"]) {
      const sample = drawn(20_000, seed);
      const tail = fitTail(sample);
      if (tail === null) throw new Error("no tail was found");
      const { parameters } = fitTailed(sample, tail);
      expect(Math.abs(parameters.median.value / median - 1)).toBeLessThan(0.03);
      expect(Math.abs(parameters.sigma.value / sigma - 1)).toBeLessThan(0.03);
    }
  });

  it("is the first of the candidates for its own draws, and fits them", () => {
    for (const seed of ["a", "b", "c"]) {
      const ranking = rankFits(drawn(10_000, seed).values, { tail: true });
      if ("why" in ranking) throw new Error(ranking.why);
      expect(ranking.candidates[0]?.kind).toBe("lognormal with a Pareto tail");
      expect(ranking.chosen).toBe(ranking.candidates[0]);
    }
  });

  it("has the likelihood of its own curve", () => {
    const sample = drawn(2_000, "likelihood");
    const tail = fitTail(sample);
    if (tail === null) throw new Error("no tail was found");
    const { distribution, logLikelihood } = fitTailed(sample, tail);
    let total = 0;
    for (const value of sample.values) {
      const step = 1e-4 * value;
      // The density jumps at the threshold: on either side its own slope.
      const from = value >= tail.threshold ? value : value - step;
      const to = value >= tail.threshold ? value + step : value;
      total += Math.log((distribution.cdf(to) - distribution.cdf(from)) / step);
    }
    expect(logLikelihood).toBeGreaterThan(total - 1.5);
    expect(logLikelihood).toBeLessThan(total + 1.5);
  });

  it("stays a number where the body lies far below the tail and hardly varies", () => {
    const body = Array.from({ length: 200 }, (_none, index) => 1 + index * 1e-9);
    const far = Array.from({ length: 60 }, (_none, index) => 1e6 + index * 1e4);
    const sample = new PositiveSample([...body, ...far]);
    const tail = { threshold: 1e6, alpha: 2, error: 0.3, size: 60, distance: 0 };
    const { parameters, logLikelihood } = fitTailed(sample, tail);
    expect(Number.isFinite(logLikelihood)).toBe(true);
    expect(Number.isFinite(parameters.sigma.value)).toBe(true);
  });
});
