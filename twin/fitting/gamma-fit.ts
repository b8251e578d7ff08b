/**
 * The gamma distribution fitted to positive measurements by maximum likelihood. It is a candidate for
 * values and lengths; delays of a scenario are of the families that `families.ts` has.
 */
import { log } from "../../engine/elementary.ts";
import { gammaDistribution } from "../../engine/gamma-distribution.ts";
import { digamma, logGamma, trigamma } from "../../engine/special-functions.ts";
import type { FittedLaw, PositiveSample } from "./families.ts";

const STEPS_MAX = 50;
const PRECISION = 1e-12;
/** Measurements that hardly vary have a greater one than any that is told apart. */
const SHAPE_MAX = 1e6;

/**
 * The shape k solves ln k - digamma(k) = ln(mean) - mean of the logarithms, by Newton's method from
 * Minka's first guess (Estimating a Gamma distribution, 2002); mean and shape are orthogonal, so that
 * their errors are mean / sqrt(k n) and 1 / sqrt(n (trigamma(k) - 1 / k)).
 */
export function fitGamma({ values, logMean }: PositiveSample): FittedLaw {
  const size = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / size;
  const apart = Math.max(log(mean) - logMean, 1 / (2 * SHAPE_MAX));
  let shape = (3 - apart + Math.sqrt((apart - 3) * (apart - 3) + 24 * apart)) / (12 * apart);
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const off = log(shape) - digamma(shape) - apart;
    const next = Math.max(shape / 2, shape - off / (1 / shape - trigamma(shape)));
    const moved = Math.abs(next - shape);
    shape = next;
    if (moved < PRECISION * shape) break;
  }
  const root = Math.sqrt(size);
  return {
    parameters: {
      mean: { value: mean, error: mean / Math.sqrt(shape) / root },
      shape: { value: shape, error: 1 / Math.sqrt(trigamma(shape) - 1 / shape) / root },
    },
    distribution: gammaDistribution({ mean, shape }),
    logLikelihood:
      size * ((shape - 1) * logMean - shape - shape * log(mean / shape) - logGamma(shape)),
  };
}
