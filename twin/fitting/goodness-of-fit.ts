/**
 * How well a distribution fits measurements: the greatest distance between the two cumulative
 * curves (Kolmogorov and Smirnov), their distance with the weight on the tails (Anderson and
 * Darling), and the quantiles of both side by side.
 */
import type { Distribution } from "../../engine/distribution.ts";
import { log } from "../../engine/elementary.ts";

/** Two quantiles of the same share, in the measurements' unit. */
export interface QuantilePair {
  readonly share: number;
  readonly measured: number;
  readonly fitted: number;
}

/**
 * Greatest distance of the cdf to the measurements' step curve, 0 to 1. Ties are one step.
 * `sorted` is ascending.
 */
export function kolmogorovSmirnov(sorted: Float64Array, cdf: (x: number) => number): number {
  const size = sorted.length;
  let distance = 0;
  for (let index = 0; index < size; ) {
    const value = sorted[index] ?? 0;
    let after = index + 1;
    while (after < size && sorted[after] === value) after += 1;
    const share = cdf(value);
    distance = Math.max(distance, Math.abs(share - index / size), Math.abs(after / size - share));
    index = after;
  }
  return distance;
}

/** Greatest distance between the step curves of two ascending samples, 0 to 1. */
export function kolmogorovSmirnovOfTwo(first: Float64Array, second: Float64Array): number {
  let distance = 0;
  let one = 0;
  let other = 0;
  while (one < first.length && other < second.length) {
    const value = Math.min(first[one] ?? 0, second[other] ?? 0);
    while (one < first.length && (first[one] ?? 0) <= value) one += 1;
    while (other < second.length && (second[other] ?? 0) <= value) other += 1;
    distance = Math.max(distance, Math.abs(one / first.length - other / second.length));
  }
  return distance;
}

/** Shares so near to 0 and 1 are not told apart: no single measurement decides by rounding. */
const EDGE = 1e-12;

/**
 * A-squared = -n - sum((2i - 1)(ln F(x_i) + ln(1 - F(x_(n+1-i)))))/n (Anderson and Darling, JASA
 * 49, 1954). 2.49 is its 5 % point for a distribution that was known before; a fitted one has a
 * smaller one.
 */
export function andersonDarling(sorted: Float64Array, cdf: (x: number) => number): number {
  const size = sorted.length;
  const shares = sorted.map((value) => Math.min(1 - EDGE, Math.max(EDGE, cdf(value))));
  let total = 0;
  for (let index = 0; index < size; index += 1) {
    const below = shares[index] ?? EDGE;
    const above = shares[size - 1 - index] ?? EDGE;
    total += (2 * index + 1) * (log(below) + log(1 - above));
  }
  return -size - total / size;
}

/** The value that a share of the ascending measurements stays at or below. */
export function sampleQuantile(sorted: Float64Array, share: number): number {
  const place = Math.ceil(share * sorted.length) - 1;
  return sorted[Math.min(sorted.length - 1, Math.max(0, place))] ?? 0;
}

/** The shares of the picture: the body in tenths, and both tails. */
const PICTURED = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999];

/** The quantile picture: points on the diagonal where the fit is right. */
export function quantilePairs(
  sorted: Float64Array,
  distribution: Distribution,
): readonly QuantilePair[] {
  return PICTURED.filter((share) => share * (1 - share) * sorted.length >= 1).map((share) => ({
    share,
    measured: sampleQuantile(sorted, share),
    fitted: quantile(distribution, share, sorted),
  }));
}

const HALVINGS = 100;

/** By bisection on the cdf, from what was measured outwards. */
function quantile({ cdf }: Distribution, share: number, sorted: Float64Array): number {
  let low = 0;
  let high = sorted[sorted.length - 1] ?? 1;
  while (cdf(high) < share && high < Number.MAX_SAFE_INTEGER) high *= 2;
  for (let step = 0; step < HALVINGS && high - low > 1e-12 * high; step += 1) {
    const middle = (low + high) / 2;
    if (cdf(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
