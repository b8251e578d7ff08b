/**
 * A quantile of a histogram of cumulative buckets, as PromQL's `histogram_quantile` finds it
 * (https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile): within
 * the bucket of the rank by a straight line, the first bucket begins at 0, and what lies in the
 * last one, which has no upper bound, is told as that bucket's lower bound.
 */

export interface CumulativeBucket {
  /** The upper bound that its values keep; infinite for the last one. */
  readonly bound: number;
  /** Values at or below it. */
  readonly count: number;
}

/** `share` from 0 to 1, the bounds rising; null where nothing was counted or no last one is there. */
export function histogramQuantile(
  share: number,
  buckets: readonly CumulativeBucket[],
): number | null {
  const last = buckets.at(-1);
  if (last === undefined || last.bound !== Infinity || !(last.count > 0)) return null;
  const rank = share * last.count;
  const place = buckets.findIndex(({ count }) => count >= rank);
  if (place === buckets.length - 1) return buckets.at(-2)?.bound ?? null;
  const { bound, count } = buckets[place] as CumulativeBucket;
  if (place === 0 && bound <= 0) return bound;
  const below = place === 0 ? { bound: 0, count: 0 } : (buckets[place - 1] as CumulativeBucket);
  if (count === below.count) return bound;
  return below.bound + ((bound - below.bound) * (rank - below.count)) / (count - below.count);
}
