import { describe, expect, it } from "vitest";
import {
  type Distribution,
  exponential,
  logLogistic,
  lognormal,
  weibull,
} from "../../engine/distribution.ts";
import { RandomStream } from "../../engine/random.ts";
import { FAMILIES, type Family, type FittedFamily, fitFamily, PositiveSample } from "./families.ts";

/** One known member of each family. */
const KNOWN = {
  exponential: { parameters: { mean: 12 }, distribution: exponential({ mean: 12 }) },
  weibull: {
    parameters: { median: 90, shape: 0.8 },
    distribution: weibull({ median: 90, shape: 0.8 }),
  },
  "log-logistic": {
    parameters: { median: 34, shape: 0.671 },
    distribution: logLogistic({ median: 34, shape: 0.671 }),
  },
  lognormal: {
    parameters: { median: 300, sigma: 0.85 },
    distribution: lognormal({ median: 300, sigma: 0.85 }),
  },
} satisfies Record<
  Family,
  { parameters: Readonly<Record<string, number>>; distribution: Distribution }
>;

function drawn(family: Family, size: number, seed: string): PositiveSample {
  const random = new RandomStream(seed, family);
  const { distribution } = KNOWN[family];
  return new PositiveSample(Array.from({ length: size }, () => distribution.sample(random)));
}

/** How many of its own errors each fitted parameter lies off. */
function errorsOff(family: Family, fitted: FittedFamily): ReadonlyMap<string, number> {
  const known = Object.entries(KNOWN[family].parameters);
  expect(Object.keys(fitted.parameters)).toEqual(known.map(([name]) => name));
  return new Map(
    known.map(([name, value]) => {
      const parameter = fitted.parameters[name] ?? { value: Number.NaN, error: Number.NaN };
      return [name, (parameter.value - value) / parameter.error];
    }),
  );
}

describe.each(FAMILIES)("a fitted %s", (family) => {
  it("has the parameters that its measurements were drawn with", () => {
    for (const seed of ["a", "b", "c", "d"]) {
      const fitted = fitFamily(family, drawn(family, 2_000, seed));
      for (const [name, off] of errorsOff(family, fitted))
        expect(Math.abs(off), `${name} of ${seed}`).toBeLessThan(4);
    }
  });

  it("has errors that hold what they say: 1.96 of them cover some 95 %", () => {
    const covered = new Map<string, number>();
    for (let seed = 0; seed < 200; seed += 1)
      for (const [name, off] of errorsOff(family, fitFamily(family, drawn(family, 60, `${seed}`))))
        covered.set(name, (covered.get(name) ?? 0) + (Math.abs(off) < 1.96 ? 1 : 0));
    for (const [name, count] of covered) {
      expect(count, name).toBeGreaterThanOrEqual(180);
      expect(count, name).toBeLessThanOrEqual(198);
    }
  });

  it("has the likelihood of its own curve", () => {
    const sample = drawn(family, 200, "likelihood");
    const { distribution, logLikelihood } = fitFamily(family, sample);
    expect(logLikelihood).toBeCloseTo(logDensityOf(distribution, sample.values), 2);
  });

  it("is the likeliest of its family: a step to any side is less likely", () => {
    const sample = drawn(family, 200, "step");
    const { parameters, logLikelihood } = fitFamily(family, sample);
    const values = Object.fromEntries(
      Object.entries(parameters).map(([name, { value }]) => [name, value]),
    );
    for (const name of Object.keys(values))
      for (const factor of [0.97, 1.03]) {
        const beside = memberOf(family, { ...values, [name]: (values[name] ?? 0) * factor });
        expect(logDensityOf(beside, sample.values)).toBeLessThan(logLikelihood);
      }
  });

  it("follows the unit of the measurements", () => {
    const sample = drawn(family, 100, "unit");
    const inSeconds = fitFamily(family, sample);
    const inMillis = fitFamily(family, new PositiveSample(sample.values.map((x) => x * 1_000)));
    const [scale = "", shape] = Object.keys(inSeconds.parameters);
    const ratio = (name: string) =>
      (inMillis.parameters[name]?.value ?? 0) / (inSeconds.parameters[name]?.value ?? 0);
    expect(ratio(scale)).toBeCloseTo(1_000, 4);
    if (shape !== undefined) expect(ratio(shape)).toBeCloseTo(1, 7);
  });
});

function memberOf(family: Family, values: Readonly<Record<string, number>>): Distribution {
  const { mean = 1, median = 1, shape = 1, sigma = 1 } = values;
  switch (family) {
    case "exponential":
      return exponential({ mean });
    case "weibull":
      return weibull({ median, shape });
    case "log-logistic":
      return logLogistic({ median, shape });
    case "lognormal":
      return lognormal({ median, sigma });
  }
}

/** Sum of the logarithms of the density, by the slope of the cumulative curve. */
function logDensityOf({ cdf }: Distribution, values: Float64Array): number {
  let total = 0;
  for (const value of values) {
    const step = 1e-4 * value;
    total += Math.log((cdf(value + step) - cdf(value - step)) / (2 * step));
  }
  return total;
}
