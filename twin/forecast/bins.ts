/**
 * Time cut into equal bins, and delays as shares per bin. What happens in a bin is taken to be
 * spread evenly over it; a delay then moves each part of it by its own time, so that mean delays
 * are kept exactly, whatever the width of a bin.
 */
import { assert } from "../../engine/assert.ts";
import type { Ticks } from "../../engine/time.ts";

export interface Bins {
  /** Width of a bin, ticks, not always whole. */
  readonly step: number;
  readonly count: number;
}

/** Places inside a bin at which a cdf is read. */
const PLACES = 8;

/** The tail of a delay that is cut off. */
const SHARE_DROPPED = 1e-6;

/** Mean of a function of time over each bin. */
export function meansOver(of: (at: Ticks) => number, { step, count }: Bins): Float64Array {
  return Float64Array.from({ length: count }, (_, bin) => {
    let sum = 0;
    for (let place = 0; place < PLACES; place += 1)
      sum += of((bin + (place + 0.5) / PLACES) * step);
    return sum / PLACES;
  });
}

/**
 * The share of what happens in one bin that, delayed, comes 0, 1, 2 … bins later; as long as the
 * delay needs and `bins` allow.
 */
export function delayShares(cdf: (delay: Ticks) => number, { step, count }: Bins): Float64Array {
  const shares: number[] = [];
  let before = 0;
  for (let bin = 0; bin < count && before < 1 - SHARE_DROPPED; bin += 1) {
    let mean = 0;
    for (let place = 0; place < PLACES; place += 1)
      mean += cdf((bin + (place + 0.5) / PLACES) * step) / PLACES;
    assert(mean >= before - 1e-12, "a cdf never falls");
    shares.push(mean - before);
    before = mean;
  }
  return Float64Array.from(shares);
}

/** What comes out in each bin of what goes in, every part delayed on its own. */
export function delayed(input: Float64Array, shares: Float64Array): Float64Array {
  const output = new Float64Array(input.length);
  for (let bin = 0; bin < input.length; bin += 1) scatter(output, bin, input[bin], shares);
  return output;
}

/** Adds `amount` of one bin to the bins in which its delayed parts come; what comes later is lost. */
export function scatter(
  output: Float64Array,
  bin: number,
  amount: number,
  shares: Float64Array,
): void {
  if (amount === 0) return;
  const last = Math.min(shares.length, output.length - bin);
  for (let later = 0; later < last; later += 1) output[bin + later] += amount * shares[later];
}

/** Sums of `width` bins each; the last sum may be of fewer. */
export function sumsOf(values: Float64Array, width: number): Float64Array {
  const sums = new Float64Array(Math.ceil(values.length / width));
  for (let bin = 0; bin < values.length; bin += 1) sums[Math.floor(bin / width)] += values[bin];
  return sums;
}

/** Mean over a window of bins that ends with each bin; the first windows are shorter, and as if longer. */
export function runningMeans(values: Float64Array, window: number): Float64Array {
  let sum = 0;
  return values.map((value, bin) => {
    sum += value - (bin >= window ? values[bin - window] : 0);
    return Math.max(0, sum) / window;
  });
}

export function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The first bin with the greatest value. */
export function peakOf(values: Float64Array): number {
  assert(values.length > 0, "a peak is of something");
  let peak = 0;
  for (let bin = 1; bin < values.length; bin += 1) if (values[bin] > values[peak]) peak = bin;
  return peak;
}
