/** Draws of counts: how many come in an interval of which the mean is known. */
import { exp, log } from "../../engine/elementary.ts";
import type { RandomStream } from "../../engine/random.ts";
import { normalQuantile } from "../../engine/special-functions.ts";

/** Counts of larger means are drawn in parts, so that no product of draws becomes 0. */
const MEAN_MAX = 500;

/** A Poisson count, by the product of uniform draws (Knuth, The Art of Computer Programming 2, 3.4.1). */
export function poissonDraw(mean: number, random: RandomStream): number {
  let count = 0;
  for (let left = mean; left > 0; left -= MEAN_MAX) {
    const limit = exp(-Math.min(left, MEAN_MAX));
    for (let product = random.next(); product > limit; product *= random.next()) count += 1;
  }
  return count;
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
