/** Draws of counts: how many come in an interval of which the mean is known. */
import { exp } from "../../engine/elementary.ts";
import type { RandomStream } from "../../engine/random.ts";

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
