/**
 * What a handful of replications can say about a figure: confidence intervals for means, for paired
 * differences and for probabilities. Nothing is read from a table: quantiles are computed.
 */
import { assert } from "../assert.ts";
import { normalQuantile, studentCdf, studentQuantile } from "../special-functions.ts";

/**
 * A mean with the bounds that hold it with the asked confidence. `n` is how many values it stands
 * on.
 */
export interface MeanInterval {
  readonly mean: number;
  /** Minus infinity for a single value: one replication bounds nothing. */
  readonly low: number;
  /** Infinity for a single value. */
  readonly high: number;
  readonly n: number;
}

/**
 * The interval of a difference, and how sure it is that the difference is not zero (1 - p,
 * two-sided).
 */
export interface DifferenceInterval extends MeanInterval {
  readonly sure: number;
}

/** A share of successes with its bounds, all from 0 to 1. */
export interface ShareInterval {
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/**
 * The mean of independent values with its Student-t interval (Student 1908): mean -+ t * s /
 * sqrt(n).
 */
export function meanInterval(values: readonly number[], confidence = 0.95): MeanInterval {
  assert(values.length > 0, "an interval stands on at least one value");
  assertConfidence(confidence);
  const n = values.length;
  const mean = meanOf(values);
  if (n === 1) return { mean, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, n };
  const standardError = Math.sqrt(varianceOf(values, mean) / n);
  if (standardError === 0) return { mean, low: mean, high: mean, n };
  const half = studentQuantile((1 + confidence) / 2, n - 1) * standardError;
  return { mean, low: mean - half, high: mean + half, n };
}

/**
 * The mean of a[i] - b[i] with its interval, where both values of a pair come from the same seed:
 * common random numbers make the difference far less noisy than either value. `sure` is 1 minus the
 * two-sided p value of the paired t test; it is 0 for one pair, and for pairs that do not differ at
 * all.
 */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
  confidence = 0.95,
): DifferenceInterval {
  assert(a.length === b.length, "a paired difference has as many values on either side");
  const differences = a.map((value, index) => value - b[index]);
  const interval = meanInterval(differences, confidence);
  return { ...interval, sure: sureness(differences, interval.mean) };
}

/** 1 - p of the two-sided t test that the mean of the differences is not zero. */
function sureness(differences: readonly number[], mean: number): number {
  const n = differences.length;
  if (n === 1 || mean === 0) return 0;
  const standardError = Math.sqrt(varianceOf(differences, mean) / n);
  if (standardError === 0) return 1;
  return 2 * studentCdf(Math.abs(mean) / standardError, n - 1) - 1;
}

/**
 * A probability from `successes` in `trials` by Wilson's score interval (JASA 22, 1927), which
 * stays inside [0, 1] and says something sensible about 0 of n.
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  confidence = 0.95,
): ShareInterval {
  assert(trials > 0, "a share stands on at least one trial");
  assert(successes >= 0 && successes <= trials, "successes lie between none and all trials");
  assertConfidence(confidence);
  const z = normalQuantile((1 + confidence) / 2);
  const share = successes / trials;
  const spread = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  const middle = share + (z * z) / (2 * trials);
  const scale = 1 + (z * z) / trials;
  const low = successes === 0 ? 0 : Math.max(0, (middle - spread) / scale);
  const high = successes === trials ? 1 : Math.min(1, (middle + spread) / scale);
  return { share, low, high, n: trials };
}

/** The arithmetic mean. */
function meanOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) {
    assert(Number.isFinite(value), "an interval stands on finite values");
    sum += value;
  }
  const mean = sum / values.length;
  assert(Number.isFinite(mean), "the sum of the values is finite");
  // Rounding may put the mean of equal values one bit beside them; the second pass takes that out.
  let rest = 0;
  for (const value of values) rest += value - mean;
  return mean + rest / values.length;
}

/** The unbiased variance around a mean that is already known, from at least two values. */
function varianceOf(values: readonly number[], mean: number): number {
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return squares / (values.length - 1);
}

function assertConfidence(confidence: number): void {
  assert(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1");
}
