/**
 * Whether counts per interval scatter as independent arrivals do (Poisson: the variance is the
 * mean) or more, at several lengths of the interval.
 */
import { assert } from "../../engine/assert.ts";
import { pow } from "../../engine/elementary.ts";
import { normalQuantile } from "../../engine/special-functions.ts";
import { square } from "./square.ts";

export interface CountDispersion {
  /** Intervals of the counts that were joined into one. */
  readonly joined: number;
  /** Variance over mean, around each group's own mean. */
  readonly ratio: number;
  /** 95 % interval of the ratio, for independent intervals. */
  readonly low: number;
  readonly high: number;
  readonly degreesOfFreedom: number;
  readonly verdict: "Poisson" | "over-dispersed" | "under-dispersed" | "too little to tell";
}

/** Fewer degrees of freedom leave a ratio open by more than a half to either side. */
export const DEGREES_MIN = 30;
/** A ratio this near to 1 is Poisson to a planner, however sure it is that it is not 1. */
export const RATIO_UNSEEN = 0.1;

/**
 * Dispersion of the counts of each group (say, a day), for each number of intervals to join. What
 * is left over at a group's end is not counted. The sum of (count - mean)^2 / mean over all groups
 * is chi-squared if the arrivals are Poisson at a level of the group's own (Fisher's index of
 * dispersion; Cox and Lewis, The Statistical Analysis of Series of Events, 1966, section 6.3).
 */
export function countDispersion(
  groups: readonly ArrayLike<number>[],
  lengths: readonly number[],
): readonly CountDispersion[] {
  return lengths.map((joined) => {
    assert(Number.isSafeInteger(joined) && joined > 0, "a whole number of intervals is joined");
    let sum = 0;
    let degreesOfFreedom = 0;
    for (const group of groups) {
      const counts = join(group, joined);
      const mean = counts.reduce((total, count) => total + count, 0) / counts.length;
      if (counts.length < 2 || mean === 0) continue;
      for (const count of counts) sum += square(count - mean) / mean;
      degreesOfFreedom += counts.length - 1;
    }
    return judged(joined, sum, degreesOfFreedom);
  });
}

function join(counts: ArrayLike<number>, joined: number): Float64Array {
  const sums = new Float64Array(Math.floor(counts.length / joined));
  for (let index = 0; index < sums.length * joined; index += 1) {
    const count = counts[index] ?? 0;
    assert(count >= 0 && Number.isFinite(count), "a count is not negative");
    sums[Math.floor(index / joined)] += count;
  }
  return sums;
}

function judged(joined: number, sum: number, degreesOfFreedom: number): CountDispersion {
  if (degreesOfFreedom < DEGREES_MIN) {
    const ratio = degreesOfFreedom === 0 ? Number.NaN : sum / degreesOfFreedom;
    const open = { low: 0, high: Number.POSITIVE_INFINITY };
    return { joined, ratio, ...open, degreesOfFreedom, verdict: "too little to tell" };
  }
  const ratio = sum / degreesOfFreedom;
  const low = sum / chiSquaredQuantile(0.975, degreesOfFreedom);
  const high = sum / chiSquaredQuantile(0.025, degreesOfFreedom);
  return { joined, ratio, low, high, degreesOfFreedom, verdict: verdictOf({ ratio, low, high }) };
}

export function verdictOf({
  ratio,
  low,
  high,
}: Pick<CountDispersion, "ratio" | "low" | "high">): CountDispersion["verdict"] {
  if (Math.abs(ratio - 1) <= RATIO_UNSEEN || (low <= 1 && high >= 1)) return "Poisson";
  return ratio > 1 ? "over-dispersed" : "under-dispersed";
}

/** Wilson and Hilferty, PNAS 17, 1931: within 0.1 % from 30 degrees of freedom on. */
export function chiSquaredQuantile(share: number, degreesOfFreedom: number): number {
  const part = 2 / (9 * degreesOfFreedom);
  return degreesOfFreedom * pow(1 - part + normalQuantile(share) * Math.sqrt(part), 3);
}
