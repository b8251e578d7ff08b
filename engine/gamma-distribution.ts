/** The gamma distribution, and draws of it. */
import { assert } from "./assert.ts";
import type { Distribution } from "./distribution.ts";
import { exp, log } from "./elementary.ts";
import { nearestWhole } from "./nearest-whole.ts";
import type { RandomStream } from "./random.ts";
import { normalQuantile, upperGammaShare } from "./special-functions.ts";

/**
 * Gamma by its mean and its shape; the coefficient of variation is 1 over the root of the shape. Mean
 * exact, limited too: with k the shape and s = mean / k, mean P(k + 1, x / s) + x Q(k, x / s).
 */
export function gammaDistribution({
  mean,
  shape,
}: {
  readonly mean: number;
  readonly shape: number;
}): Distribution {
  assert(
    mean > 0 && Number.isFinite(mean),
    "the mean of a gamma distribution is a positive number",
  );
  assert(shape > 0 && Number.isFinite(shape), "its shape is a positive number");
  const scale = mean / shape;
  const sample = (random: RandomStream) => scale * gammaDraw(shape, random);
  return {
    sample,
    whole: (random) => nearestWhole(sample(random)),
    at: (random, entity, purpose) => sample(random.at(entity, purpose)),
    mean,
    cdf: (x) => 1 - upperGammaShare(shape, x / scale),
    limitedMean: (limit) => {
      if (limit <= 0) return limit;
      if (limit === Number.POSITIVE_INFINITY) return mean;
      const x = limit / scale;
      return mean * (1 - upperGammaShare(shape + 1, x)) + limit * upperGammaShare(shape, x);
    },
  };
}

/** A draw of the gamma distribution with this shape and scale 1 (Marsaglia and Tsang 2000). */
export function gammaDraw(shape: number, random: RandomStream): number {
  if (shape < 1) {
    const smaller = exp(log(open(random)) / shape);
    return gammaDraw(shape + 1, random) * smaller;
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = normalQuantile(open(random));
    const root = 1 + c * normal;
    if (root <= 0) continue;
    const cubed = root * root * root;
    if (log(open(random)) < 0.5 * normal * normal + d - d * cubed + d * log(cubed))
      return d * cubed;
  }
}

/** Half of the distance between two draws of the coarsest stream. */
const HALF_STEP = 1 / 17_179_869_184;

/** Never 0, and never 1. */
function open(random: RandomStream): number {
  return Math.min(1 - HALF_STEP, random.next() + HALF_STEP);
}
