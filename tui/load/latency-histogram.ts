/**
 * Latencies in whole microseconds, kept in the buckets of HdrHistogram (Tene): every value is told
 * apart to three digits, whatever its size. Histograms of several processes add up to the one that
 * a single process would have kept, value for value.
 */
/// <reference types="node" />

/** Values below 2^11 are kept one by one; above, 2^10 buckets to a doubling: within 1/1024. */
const EXACT_BITS = 11;
const BUCKETS_PER_DOUBLING = 2 ** (EXACT_BITS - 1);
const DOUBLINGS = 32 - EXACT_BITS;
const BUCKETS = 2 ** EXACT_BITS + DOUBLINGS * BUCKETS_PER_DOUBLING;
/** Longer ones count as this: 71 minutes. */
const MICROS_MAX = 2 ** 32 - 1;

/** A histogram as it goes from process to process: pairs of bucket and count, in order. */
export interface HistogramRecord {
  readonly buckets: readonly (readonly [bucket: number, count: number])[];
  readonly sumMicros: number;
  readonly maxMicros: number;
}

export class LatencyHistogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #max = 0;

  static of({ buckets, sumMicros, maxMicros }: HistogramRecord): LatencyHistogram {
    const histogram = new LatencyHistogram();
    for (const [bucket, count] of buckets) {
      histogram.#counts[bucket] = count;
      histogram.#count += count;
    }
    histogram.#sum = sumMicros;
    histogram.#max = maxMicros;
    return histogram;
  }

  /** Counts a time in milliseconds; one below zero counts as zero. */
  record(millis: number): void {
    const micros = Math.min(MICROS_MAX, Math.max(0, Math.round(millis * 1_000)));
    const bucket = bucketOf(micros);
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#count += 1;
    this.#sum += micros;
    if (micros > this.#max) this.#max = micros;
  }

  add(other: LatencyHistogram): void {
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const theirs = other.#counts[bucket] as number;
      if (theirs > 0) this.#counts[bucket] = (this.#counts[bucket] as number) + theirs;
    }
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#max = Math.max(this.#max, other.#max);
  }

  get count(): number {
    return this.#count;
  }

  /** The exact mean in milliseconds; NaN where nothing is recorded. */
  get meanMillis(): number {
    return this.#sum / this.#count / 1_000;
  }

  /** The longest in milliseconds; NaN where nothing is recorded. */
  get maxMillis(): number {
    return this.#count === 0 ? Number.NaN : this.#max / 1_000;
  }

  /** The value of rank ceil(share * count), milliseconds; NaN where nothing is recorded. */
  quantileMillis(share: number): number {
    if (this.#count === 0) return Number.NaN;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    if (rank >= this.#count) return this.maxMillis;
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += this.#counts[bucket] as number;
      if (seen >= rank) return Math.min(this.#max, middleOf(bucket)) / 1_000;
    }
    return this.maxMillis;
  }

  toJSON(): HistogramRecord {
    const buckets: [number, number][] = [];
    this.#counts.forEach((count, bucket) => {
      if (count > 0) buckets.push([bucket, count]);
    });
    return { buckets, sumMicros: this.#sum, maxMicros: this.#max };
  }
}

function bucketOf(micros: number): number {
  if (micros < 2 ** EXACT_BITS) return micros;
  const doubling = 32 - EXACT_BITS - Math.clz32(micros);
  return doubling * BUCKETS_PER_DOUBLING + (micros >>> doubling);
}

/** The middle of a bucket, microseconds. */
function middleOf(bucket: number): number {
  if (bucket < 2 ** EXACT_BITS) return bucket;
  const doubling = Math.floor(bucket / BUCKETS_PER_DOUBLING) - 1;
  const lowest = (bucket - doubling * BUCKETS_PER_DOUBLING) * 2 ** doubling;
  return lowest + (2 ** doubling - 1) / 2;
}
