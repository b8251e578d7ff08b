/**
 * Families of distributions fitted to positive measurements by maximum likelihood: what each
 * family's best member is, how likely the measurements are under it, and how far off its
 * parameters may be.
 */
import { assert } from "../../engine/assert.ts";
import {
  type Distribution,
  exponential,
  logLogistic,
  lognormal,
  weibull,
} from "../../engine/distribution.ts";
import { exp, log, pow } from "../../engine/elementary.ts";
import { square } from "./square.ts";

export const FAMILIES = ["exponential", "weibull", "log-logistic", "lognormal"] as const;
export type Family = (typeof FAMILIES)[number];

export interface FittedParameter {
  readonly value: number;
  /** Standard error, from the Fisher information at the fit. */
  readonly error: number;
}

/** The likeliest member of a family. */
export interface FittedLaw {
  readonly parameters: Readonly<Record<string, FittedParameter>>;
  readonly distribution: Distribution;
  /** Natural logarithm of the density at all measurements. */
  readonly logLikelihood: number;
}

/** Its parameters are named as in a scenario file: mean; median, shape; median, sigma. */
export interface FittedFamily extends FittedLaw {
  readonly family: Family;
}

/**
 * Positive measurements, in ascending order, of which not all are the same. A family whose best
 * member does not exist for them is not there.
 */
export class PositiveSample {
  readonly values: Float64Array;
  readonly logs: Float64Array;
  readonly logMean: number;
  /** Standard deviation of the logarithms, with n in the denominator. */
  readonly logDeviation: number;

  constructor(values: Iterable<number>) {
    this.values = Float64Array.from(values).sort();
    assert(this.values.length > 1, "a fit has measurements");
    assert((this.values[0] ?? 0) > 0, "what is fitted is positive");
    this.logs = this.values.map(log);
    this.logMean = mean(this.logs);
    this.logDeviation = Math.sqrt(mean(this.logs.map((value) => square(value - this.logMean))));
    assert(this.logDeviation > 0, "what is fitted varies");
  }
}

export function fitFamily(family: Family, sample: PositiveSample): FittedFamily {
  switch (family) {
    case "exponential":
      return fitExponential(sample);
    case "weibull":
      return fitWeibull(sample);
    case "log-logistic":
      return fitLogLogistic(sample);
    case "lognormal":
      return fitLognormal(sample);
  }
}

function fitExponential({ values }: PositiveSample): FittedFamily {
  const average = mean(values);
  return {
    family: "exponential",
    parameters: { mean: { value: average, error: average / Math.sqrt(values.length) } },
    distribution: exponential({ mean: average }),
    logLikelihood: -values.length * (log(average) + 1),
  };
}

function fitLognormal({ values, logMean, logDeviation }: PositiveSample): FittedFamily {
  const size = values.length;
  const median = exp(logMean);
  const error = logDeviation / Math.sqrt(size);
  return {
    family: "lognormal",
    parameters: {
      median: { value: median, error: median * error },
      sigma: { value: logDeviation, error: error / Math.SQRT2 },
    },
    distribution: lognormal({ median, sigma: logDeviation }),
    logLikelihood: -size * (logMean + log(logDeviation) + (log(2 * Math.PI) + 1) / 2),
  };
}

/** A tenth of the last digit that any report shows. */
const PRECISION = 1e-10;
const STEPS_MAX = 200;
const PI_SQUARED = Math.PI * Math.PI;

/**
 * The logarithms are logistic; location and scale by Fisher scoring, whose information matrix is
 * diagonal: 1/(3 s^2) and (3 + pi^2)/(9 s^2) for one measurement (Johnson, Kotz and Balakrishnan,
 * Continuous Univariate Distributions 2, section 23.10).
 */
function fitLogLogistic({ logs, logMean, logDeviation }: PositiveSample): FittedFamily {
  const size = logs.length;
  let location = logMean;
  let scale = (logDeviation * Math.sqrt(3)) / Math.PI;
  for (let step = 0; step < STEPS_MAX; step += 1) {
    let tilt = 0;
    let spread = 0;
    for (const value of logs) {
      const z = (value - location) / scale;
      const tangent = 1 - 2 / (exp(z) + 1);
      tilt += tangent;
      spread += z * tangent;
    }
    const along = 3 * scale * (tilt / size);
    const wider = ((9 * scale) / (3 + PI_SQUARED)) * (spread / size - 1);
    location += along;
    scale = Math.max(scale + wider, scale / 2);
    if (Math.abs(along) + Math.abs(wider) < PRECISION * scale) break;
  }
  const shape = 1 / scale;
  const median = exp(location);
  const root = Math.sqrt(size);
  return {
    family: "log-logistic",
    parameters: {
      median: { value: median, error: (median * scale * Math.sqrt(3)) / root },
      shape: { value: shape, error: (shape * 3) / Math.sqrt(3 + PI_SQUARED) / root },
    },
    distribution: logLogistic({ median, shape }),
    logLikelihood: sum(logs, (value) => {
      const z = (value - location) / scale;
      return z - log(scale) - 2 * softPlus(z) - value;
    }),
  };
}

/**
 * The shape solves sum(x^k ln x)/sum(x^k) - 1/k = mean(ln x), whose left side rises with k, by
 * bisection. Errors of the shape k and of the scale, 0.780 k and 1.053 scale/k over the root of n:
 * Lawless, Statistical Models and Methods for Lifetime Data, 2nd edition, section 5.2.
 */
function fitWeibull({ values, logs, logMean }: PositiveSample): FittedFamily {
  const size = values.length;
  const top = logs[size - 1] ?? 0;
  /** Of x^k over the greatest x^k, so that nothing overflows. */
  const powers = (shape: number) => {
    let total = 0;
    let weighted = 0;
    for (const value of logs) {
      const power = exp(shape * (value - top));
      total += power;
      weighted += power * value;
    }
    return { total, weighted };
  };
  let low = 1e-3;
  let high = 1e3;
  for (let step = 0; step < STEPS_MAX && high - low > PRECISION * low; step += 1) {
    const shape = Math.sqrt(low * high);
    const { total, weighted } = powers(shape);
    if (weighted / total - 1 / shape < logMean) low = shape;
    else high = shape;
  }
  const shape = Math.sqrt(low * high);
  const logScale = top + log(powers(shape).total / size) / shape;
  const scale = exp(logScale);
  const toMedian = pow(Math.LN2, 1 / shape);
  const root = Math.sqrt(size);
  return {
    family: "weibull",
    parameters: {
      median: { value: scale * toMedian, error: (1.053 * scale * toMedian) / (shape * root) },
      shape: { value: shape, error: (0.78 * shape) / root },
    },
    distribution: weibull({ scale, shape }),
    logLikelihood: sum(logs, (value) => {
      const z = shape * (value - logScale);
      return log(shape) + z - value - exp(z);
    }),
  };
}

/** ln(1 + e^z), for z of any size. */
function softPlus(z: number): number {
  return Math.max(z, 0) + log(1 + exp(-Math.abs(z)));
}

function sum(values: Float64Array, of: (value: number) => number): number {
  let total = 0;
  for (const value of values) total += of(value);
  return total;
}

function mean(values: Float64Array): number {
  return sum(values, (value) => value) / values.length;
}
