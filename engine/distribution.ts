/**
 * Probability distributions as values: each can be drawn from a random stream, knows its mean and
 * its cumulative share, and its mean below a limit. A unit is whatever the caller's numbers are in.
 *
 * A cap sets a greater draw *to* the cap, as TPC-W does with its think times; it does not draw
 * again, so the cap itself has a positive probability.
 */
import { assert } from "./assert.ts";
import { exp, log, pow, sin } from "./elementary.ts";
import { interpolate } from "./interpolate.ts";
import { nearestWhole } from "./nearest-whole.ts";
import type { RandomStream } from "./random.ts";
import { gamma, normalCdf } from "./special-functions.ts";

export interface Distribution {
  /** The next draw of the stream, from wherever the stream stands. */
  sample(random: RandomStream): number;
  /**
   * The next draw to the nearest whole number, for what counts in whole ticks. A whole number of up
   * to 31 bits goes from function to function in a register; a fraction is put on the heap each time.
   */
  whole(random: RandomStream): number;
  /**
   * The draw that belongs to an entity and a purpose: the same however often and whenever it is
   * asked.
   */
  at(random: RandomStream, entity: number, purpose?: number): number;
  /** The expected value; infinite where the tail is that heavy. */
  readonly mean: number;
  /** The share of draws at or below x. */
  cdf(x: number): number;
  /**
   * E[min(X, limit)], the mean if draws were capped at the limit (the actuaries' limited expected
   * value).
   */
  limitedMean(limit: number): number;
}

/** Parts that one mixture may have, and points that one empirical curve may have. */
export const DISTRIBUTION_PARTS_MAX = 10_000;

/**
 * The smallest uniform draw that a logarithm is asked of: half of the coarsest stream's spacing.
 */
const SMALLEST_UNIFORM = 1 / 2 ** 33;

interface Parts {
  sample(random: RandomStream): number;
  /** Where it is not simply the rounded `sample`: the same numbers, faster. */
  whole?(random: RandomStream): number;
  cdf(x: number): number;
  limitedMean(limit: number): number;
}

/** Completes a distribution: the keyed draw, and the mean as the limited mean without a limit. */
function distribution(
  parts: Parts,
  mean = parts.limitedMean(Number.POSITIVE_INFINITY),
): Distribution {
  const { sample, cdf, limitedMean } = parts;
  return {
    sample,
    whole: parts.whole ?? ((random) => nearestWhole(sample(random))),
    at: (random, entity, purpose) => sample(random.at(entity, purpose)),
    mean,
    cdf,
    limitedMean,
  };
}

/** Always the same value. */
export function constant(options: { readonly value: number }): Distribution {
  const { value } = options;
  assert(Number.isFinite(value), "a constant is a finite number");
  return distribution({
    sample: () => value,
    cdf: (x) => (x >= value ? 1 : 0),
    limitedMean: (limit) => Math.min(value, limit),
  });
}

/** Any value from `low` to `high`, all equally likely. */
export function uniform(options: { readonly low: number; readonly high: number }): Distribution {
  const { low, high } = options;
  assert(low < high, "a uniform distribution has a range");
  const width = high - low;
  return distribution({
    sample: (random) => low + width * random.next(),
    cdf: (x) => Math.min(1, Math.max(0, (x - low) / width)),
    limitedMean: (limit) => {
      if (limit <= low) return limit;
      if (limit >= high) return (low + high) / 2;
      const below = (limit - low) / width;
      return below * ((low + limit) / 2) + (1 - below) * limit;
    },
  });
}

/** Exponential with the given mean. Mean exact, capped too: mean * (1 - exp(-cap / mean)). */
export function exponential(options: {
  readonly mean: number;
  readonly cap?: number;
}): Distribution {
  const { mean, cap } = options;
  assertPositive(mean, "the mean of an exponential distribution");
  const whole = distribution({
    sample: (random) => mean * random.exponential(),
    whole: (random) => nearestWhole(mean * random.exponential()),
    cdf: (x) => (x <= 0 ? 0 : 1 - exp(-x / mean)),
    limitedMean: (limit) => (limit <= 0 ? limit : mean * (1 - exp(-limit / mean))),
  });
  return cappedAt(whole, cap);
}

/**
 * Lognormal by its median and the standard deviation of its logarithm. Mean exact, capped too
 * (with Phi the normal cdf: median e^(s^2/2) Phi(z - s) + cap Phi(-z), z = ln(cap / median) / s).
 */
export function lognormal(options: {
  readonly median: number;
  readonly sigma: number;
  readonly cap?: number;
}): Distribution {
  const { median, sigma, cap } = options;
  assertPositive(median, "the median of a lognormal distribution");
  assertPositive(sigma, "the sigma of a lognormal distribution");
  const mean = median * exp((sigma * sigma) / 2);
  const whole = distribution({
    sample: (random) => median * exp(sigma * random.normal()),
    whole: (random) => nearestWhole(median * exp(sigma * random.normal())),
    cdf: (x) => (x <= 0 ? 0 : normalCdf(log(x / median) / sigma)),
    limitedMean: (limit) => {
      if (limit <= 0) return limit;
      if (limit === Number.POSITIVE_INFINITY) return mean;
      const z = log(limit / median) / sigma;
      return mean * normalCdf(z - sigma) + limit * normalCdf(-z);
    },
  });
  return cappedAt(whole, cap);
}

/** Lognormal by its mean and its coefficient of variation (before the cap). */
export function lognormalFromMean(options: {
  readonly mean: number;
  readonly cv: number;
  readonly cap?: number;
}): Distribution {
  const { mean, cv, ...rest } = options;
  assertPositive(mean, "the mean of a lognormal distribution");
  assertPositive(cv, "the coefficient of variation of a lognormal distribution");
  const sigma = Math.sqrt(log(1 + cv * cv));
  return lognormal({ median: mean / Math.sqrt(1 + cv * cv), sigma, ...rest });
}

/**
 * Log-logistic: F(x) = 1 / (1 + (x / median)^-shape), the family of the click delays of Bonfrer &
 * Dreze (Marketing Science 28(2), 2009). Mean exact without a cap (infinite for a shape up to 1);
 * capped by numeric integration, to a relative 1e-9.
 */
export function logLogistic(options: {
  readonly median: number;
  readonly shape: number;
  readonly cap?: number;
}): Distribution {
  const { median, shape, cap } = options;
  assertPositive(median, "the median of a log-logistic distribution");
  assertPositive(shape, "the shape of a log-logistic distribution");
  const inverseShape = 1 / shape;
  const angle = Math.PI / shape;
  const mean = shape > 1 ? (median * angle) / sin(angle) : Number.POSITIVE_INFINITY;
  const cdf = (x: number): number => (x <= 0 ? 0 : 1 / (1 + pow(x / median, -shape)));
  const whole = distribution(
    {
      sample: (random) => {
        const share = random.next() || SMALLEST_UNIFORM;
        return median * exp(inverseShape * log(share / (1 - share)));
      },
      cdf,
      limitedMean: (limit) =>
        limit === Number.POSITIVE_INFINITY ? mean : limitedMeanByIntegration(cdf, limit),
    },
    mean,
  );
  return cappedAt(whole, cap);
}

/**
 * Weibull: F(x) = 1 - exp(-(x / scale)^shape), by its scale or its median (scale *
 * ln(2)^(1/shape)). Mean exact without a cap (scale * Gamma(1 + 1/shape)); capped by numeric
 * integration, to a relative 1e-9.
 */
export function weibull(
  options: { readonly shape: number; readonly cap?: number } & (
    | { readonly scale: number }
    | { readonly median: number }
  ),
): Distribution {
  const { shape, cap } = options;
  assertPositive(shape, "the shape of a Weibull distribution");
  const inverseShape = 1 / shape;
  const scale = "scale" in options ? options.scale : options.median / pow(Math.LN2, inverseShape);
  assertPositive(scale, "the scale of a Weibull distribution");
  const mean = scale * gamma(1 + inverseShape);
  const cdf = (x: number): number => (x <= 0 ? 0 : 1 - exp(-pow(x / scale, shape)));
  const whole = distribution(
    {
      sample: (random) => scale * pow(random.exponential(), inverseShape),
      cdf,
      limitedMean: (limit) =>
        limit === Number.POSITIVE_INFINITY ? mean : limitedMeanByIntegration(cdf, limit),
    },
    mean,
  );
  return cappedAt(whole, cap);
}

/**
 * A body with a Pareto tail: a draw of the body up to the threshold stands; one above it is
 * replaced by threshold * U^(-1/alpha). Mean exact where the body's is (infinite for an alpha up to
 * 1).
 */
export function paretoTail(options: {
  readonly body: Distribution;
  readonly threshold: number;
  readonly alpha: number;
  readonly cap?: number;
}): Distribution {
  const { body, threshold, alpha, cap } = options;
  assertPositive(threshold, "the threshold of a Pareto tail");
  assertPositive(alpha, "the alpha of a Pareto tail");
  const tailShare = 1 - body.cdf(threshold);
  const excess = (limit: number): number => paretoExcess(threshold, alpha, limit);
  const whole = distribution({
    sample: (random) => {
      const value = body.sample(random);
      if (value <= threshold) return value;
      return threshold * pow(random.next() || SMALLEST_UNIFORM, -1 / alpha);
    },
    cdf: (x) => (x < threshold ? body.cdf(x) : 1 - tailShare * pow(threshold / x, alpha)),
    limitedMean: (limit) =>
      limit <= threshold
        ? body.limitedMean(limit)
        : body.limitedMean(threshold) + (tailShare > 0 ? tailShare * excess(limit) : 0),
  });
  return cappedAt(whole, cap);
}

/** The integral of (threshold / x)^alpha from the threshold to the limit. */
function paretoExcess(threshold: number, alpha: number, limit: number): number {
  if (limit === Number.POSITIVE_INFINITY) {
    return alpha > 1 ? threshold / (alpha - 1) : Number.POSITIVE_INFINITY;
  }
  if (alpha === 1) return threshold * log(limit / threshold);
  return (threshold / (alpha - 1)) * (1 - pow(limit / threshold, 1 - alpha));
}

/** A point of a measured cumulative curve: the share of draws at or below the value. */
export interface CurvePoint {
  readonly value: number;
  readonly share: number;
}

/**
 * A measured cumulative curve, linear between its points, both coordinates rising, the last share
 * 1. A first share above 0 is the probability of the first value itself. Mean exact.
 */
export function empirical(options: { readonly points: readonly CurvePoint[] }): Distribution {
  const { points } = options;
  assertCurve(points);
  const values = Float64Array.from(points, (point) => point.value);
  const shares = Float64Array.from(points, (point) => point.share);
  return distribution({
    sample: (random) => interpolate(shares, values, random.next()),
    cdf: (x) => (x < values[0] ? 0 : interpolate(values, shares, x)),
    limitedMean: (limit) => {
      let mean = shares[0] * Math.min(limit, values[0]);
      for (let index = 1; index < values.length; index++) {
        const width = values[index] - values[index - 1];
        const mass = shares[index] - shares[index - 1];
        mean += mass * limitedMeanOfSegment(values[index - 1], width, limit);
      }
      return mean;
    },
  });
}

function limitedMeanOfSegment(low: number, width: number, limit: number): number {
  if (limit <= low) return limit;
  if (limit >= low + width) return low + width / 2;
  const below = (limit - low) / width;
  return below * ((low + limit) / 2) + (1 - below) * limit;
}

function assertCurve(points: readonly CurvePoint[]): void {
  assert(points.length >= 1, "an empirical curve has points");
  assert(
    points.length <= DISTRIBUTION_PARTS_MAX,
    "an empirical curve has a bounded number of points",
  );
  assert(points[0].share >= 0, "the shares of an empirical curve start at or above 0");
  assert(points[points.length - 1].share === 1, "the last share of an empirical curve is 1");
  for (let index = 1; index < points.length; index++) {
    assert(points[index].value > points[index - 1].value, "the values of an empirical curve rise");
    assert(
      points[index].share >= points[index - 1].share,
      "the shares of an empirical curve never fall",
    );
  }
}

/**
 * One of several distributions, chosen by weight (weights need not sum to 1). Mean exact where the
 * parts' are.
 */
export function mixture(options: {
  readonly parts: readonly { readonly weight: number; readonly of: Distribution }[];
}): Distribution {
  const { parts } = options;
  assert(
    parts.length >= 1 && parts.length <= DISTRIBUTION_PARTS_MAX,
    "a mixture has a bounded number of parts",
  );
  const total = parts.reduce((sum, part) => sum + part.weight, 0);
  assertPositive(total, "the sum of a mixture's weights");
  let running = 0;
  const shares = parts.map((part) => {
    assert(part.weight >= 0, "the weight of a mixture's part is not negative");
    running += part.weight / total;
    return running;
  });
  const last = parts.findLastIndex((part) => part.weight > 0);
  const average = (figure: (part: Distribution) => number): number =>
    parts.reduce(
      (sum, part) => (part.weight > 0 ? sum + (part.weight / total) * figure(part.of) : sum),
      0,
    );
  return distribution({
    sample: (random) => {
      const choice = random.next();
      let index = 0;
      while (index < last && choice >= shares[index]) index++;
      return parts[index].of.sample(random);
    },
    cdf: (x) => average((part) => part.cdf(x)),
    limitedMean: (limit) => average((part) => part.limitedMean(limit)),
  });
}

/**
 * A distribution whose greater draws are set to the cap. Mean as exact as the distribution's
 * limited mean.
 */
export function capped(options: { readonly of: Distribution; readonly cap: number }): Distribution {
  const { of, cap } = options;
  assert(!Number.isNaN(cap), "a cap is a number");
  const wholeCap = nearestWhole(cap);
  return distribution({
    sample: (random) => Math.min(of.sample(random), cap),
    whole: (random) => Math.min(of.whole(random), wholeCap),
    cdf: (x) => (x >= cap ? 1 : of.cdf(x)),
    limitedMean: (limit) => of.limitedMean(Math.min(limit, cap)),
  });
}

function cappedAt(of: Distribution, cap: number | undefined): Distribution {
  return cap === undefined ? of : capped({ of, cap });
}

/**
 * Steps of the integration over the logarithm, and how far below the limit (in e-folds) it starts.
 */
const INTEGRATION_STEPS = 8_192;
const INTEGRATION_FOLDS = 44;

/**
 * E[min(X, limit)] = integral of 1 - F from 0 to the limit for a smooth F on the positive numbers:
 * Simpson's rule over ln x, where both families that need it are smooth; below limit * e^-44 the
 * share that is left out is under 1e-19 of the limit.
 */
function limitedMeanByIntegration(cdf: (x: number) => number, limit: number): number {
  if (limit <= 0) return limit;
  const width = INTEGRATION_FOLDS / INTEGRATION_STEPS;
  let sum = 0;
  for (let step = 0; step <= INTEGRATION_STEPS; step++) {
    const x = limit * exp(-width * step);
    const weight = step === 0 || step === INTEGRATION_STEPS ? 1 : step % 2 === 1 ? 4 : 2;
    sum += weight * x * (1 - cdf(x));
  }
  return (sum * width) / 3;
}

function assertPositive(value: number, what: string): void {
  assert(value > 0 && value < Number.POSITIVE_INFINITY, `${what} is a positive number`);
}
