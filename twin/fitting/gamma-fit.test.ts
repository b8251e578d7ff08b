import { describe, expect, it } from "vitest";
import { gammaDistribution } from "../../engine/gamma-distribution.ts";
import { RandomStream } from "../../engine/random.ts";
import { PositiveSample } from "./families.ts";
import { fitGamma } from "./gamma-fit.ts";

function drawn(shape: number, size: number, seed: string): PositiveSample {
  const random = new RandomStream(seed, "gamma-fit");
  const distribution = gammaDistribution({ mean: 80, shape });
  return new PositiveSample(Array.from({ length: size }, () => distribution.sample(random)));
}

describe("a fitted gamma distribution", () => {
  it.each([0.5, 1, 6, 90])("of shape %d has the parameters of its measurements", (shape) => {
    const { mean, shape: found } = fitGamma(drawn(shape, 4_000, "parameters")).parameters;
    expect(Math.abs((mean?.value ?? 0) - 80)).toBeLessThan(4 * (mean?.error ?? 0));
    expect(Math.abs((found?.value ?? 0) - shape)).toBeLessThan(4 * (found?.error ?? 0));
  });

  it("has errors that hold what they say: 1.96 of them cover some 95 %", () => {
    let covered = 0;
    for (let seed = 0; seed < 200; seed += 1) {
      const { shape } = fitGamma(drawn(3, 200, `${seed}`)).parameters;
      const off = Math.abs((shape?.value ?? 0) - 3) / (shape?.error ?? 1);
      if (off < 1.96) covered += 1;
    }
    expect(covered).toBeGreaterThanOrEqual(180);
    expect(covered).toBeLessThanOrEqual(198);
  });

  it("has the likelihood of its own curve, and a step to any side is less likely", () => {
    const sample = drawn(2.5, 200, "likelihood");
    const { parameters, distribution, logLikelihood } = fitGamma(sample);
    const logDensity = ({ cdf }: typeof distribution) =>
      sample.values.reduce((sum, value) => {
        const step = 1e-4 * value;
        return sum + Math.log((cdf(value + step) - cdf(value - step)) / (2 * step));
      }, 0);
    expect(logLikelihood).toBeCloseTo(logDensity(distribution), 2);
    const [mean = 0, shape = 0] = [parameters.mean?.value, parameters.shape?.value];
    for (const factor of [0.97, 1.03]) {
      for (const beside of [
        { mean: mean * factor, shape },
        { mean, shape: shape * factor },
      ])
        expect(logDensity(gammaDistribution(beside))).toBeLessThan(logLikelihood);
    }
  });

  it("of measurements that hardly differ is as narrow as can be told", () => {
    const values = Array.from({ length: 100 }, (_, index) => 1_000 + index * 1e-5);
    const { shape } = fitGamma(new PositiveSample(values)).parameters;
    expect(shape?.value).toBeGreaterThan(1e5);
    expect(Number.isFinite(shape?.error)).toBe(true);
  });
});
