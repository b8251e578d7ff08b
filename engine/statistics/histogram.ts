/**
 * A quantile sketch in the manner of HdrHistogram: 64 buckets to a doubling, so that a quantile is
 * within 1/128 (0.79 %) of a recorded value of that rank. The bucket is read off the bits of the
 * double (its exponent and its six leading fraction bits): no logarithm, no search, no allocation.
 */
import { assert } from "../assert.ts";

/** Fraction bits that choose the bucket; the relative error is 2^-(bits + 1). */
const FRACTION_BITS = 6;
/** Bits of a double's high word below the leading fraction bits. */
const SHIFT = 20 - FRACTION_BITS;

/** The greatest relative distance between a quantile and the recorded value of that rank. */
export const HISTOGRAM_RELATIVE_ERROR = 1 / 128;

const BITS = new Float64Array(1);
const WORDS = new Uint32Array(BITS.buffer);
BITS[0] = 1;
/** Which of the two words holds sign and exponent, by the byte order of this processor. */
const HIGH_WORD = WORDS[1] === 0 ? 0 : 1;

/** The range that is told apart; what lies outside counts in the first or the last bucket. */
export interface HistogramOptions {
  /** Values below it (zero, above all) are one bucket. A power of two, 1 where nothing is said. */
  readonly lowest?: number;
  /**
   * Values from it on are one bucket. A power of two, 2^43 (101 days in ticks) where nothing is
   * said.
   */
  readonly highest?: number;
}

/**
 * Counts of non-negative values (latencies in ticks, sizes) with quantiles, exact mean, smallest
 * and greatest.
 */
export class Histogram {
  private readonly counts: Float64Array;
  /** Bucket number of `lowest` if buckets were counted from the smallest double. */
  private readonly offset: number;
  private readonly lowest: number;
  private readonly last: number;
  private recorded = 0;
  private sum = 0;
  private smallest = Number.POSITIVE_INFINITY;
  private greatest = Number.NEGATIVE_INFINITY;

  constructor(options: HistogramOptions = {}) {
    const lowest = options.lowest ?? 1;
    const highest = options.highest ?? 2 ** 43;
    assert(
      isPowerOfTwo(lowest) && isPowerOfTwo(highest),
      "a histogram's range ends at powers of two",
    );
    assert(lowest < highest, "a histogram's range is not empty");
    this.lowest = lowest;
    this.offset = rawBucket(lowest) - 1;
    this.last = rawBucket(highest) - this.offset;
    this.counts = new Float64Array(this.last + 1);
  }

  /** Counts one value. */
  record(value: number): void {
    assert(value >= 0 && value < Infinity, "a histogram records finite, non-negative numbers");
    this.counts[this.bucketOf(value)] += 1;
    this.recorded += 1;
    this.sum += value;
    if (value < this.smallest) this.smallest = value;
    if (value > this.greatest) this.greatest = value;
  }

  /**
   * The value of rank ceil(p * count), the smallest for p = 0 and the greatest for p = 1 exactly,
   * others within {@link HISTOGRAM_RELATIVE_ERROR} while they lie inside the range; NaN where
   * nothing is recorded.
   */
  quantile(p: number): number {
    assert(p >= 0 && p <= 1, "a quantile is asked for a share from 0 to 1");
    if (this.recorded === 0) return Number.NaN;
    if (p === 0) return this.smallest;
    const rank = Math.max(1, Math.ceil(p * this.recorded));
    if (rank >= this.recorded) return this.greatest;
    let seen = 0;
    for (let bucket = this.firstUsed; bucket <= this.lastUsed; bucket++) {
      seen += this.counts[bucket];
      if (seen >= rank) return this.clamp(this.middleOf(bucket));
    }
    assert(false, "the buckets of a histogram hold every recorded value");
  }

  /** Adds what another histogram of the same range has counted. */
  merge(other: Histogram): void {
    assert(
      other.offset === this.offset && other.last === this.last,
      "merged histograms have the same range",
    );
    if (other.recorded === 0) return;
    const end = other.lastUsed;
    for (let bucket = other.firstUsed; bucket <= end; bucket++) {
      this.counts[bucket] += other.counts[bucket];
    }
    this.recorded += other.recorded;
    this.sum += other.sum;
    this.smallest = Math.min(this.smallest, other.smallest);
    this.greatest = Math.max(this.greatest, other.greatest);
  }

  /** Forgets what was recorded; its buckets are used again, which costs less than new ones. */
  clear(): void {
    if (this.recorded === 0) return;
    this.counts.fill(0, this.firstUsed, this.lastUsed + 1);
    this.recorded = 0;
    this.sum = 0;
    this.smallest = Number.POSITIVE_INFINITY;
    this.greatest = Number.NEGATIVE_INFINITY;
  }

  /** How many values are recorded. */
  get count(): number {
    return this.recorded;
  }

  /** The exact mean; NaN where nothing is recorded. */
  get mean(): number {
    return this.sum / this.recorded;
  }

  /** The exact sum of the recorded values. */
  get total(): number {
    return this.sum;
  }

  /** The smallest value; NaN where nothing is recorded. */
  get min(): number {
    return this.recorded === 0 ? Number.NaN : this.smallest;
  }

  /** The greatest value; NaN where nothing is recorded. */
  get max(): number {
    return this.recorded === 0 ? Number.NaN : this.greatest;
  }

  /** The bucket of the smallest value: those before it are empty. Something is recorded. */
  private get firstUsed(): number {
    return this.bucketOf(this.smallest);
  }

  /** The bucket of the greatest value: those after it are empty. Something is recorded. */
  private get lastUsed(): number {
    return this.bucketOf(this.greatest);
  }

  private bucketOf(value: number): number {
    if (value < this.lowest) return 0;
    const bucket = rawBucket(value) - this.offset;
    return Math.min(bucket, this.last);
  }

  /** The middle of a bucket; the outer two stand for everything beyond the range. */
  private middleOf(bucket: number): number {
    if (bucket === 0) return this.lowest / 2;
    return (lowerBound(bucket + this.offset) + lowerBound(bucket + this.offset + 1)) / 2;
  }

  private clamp(value: number): number {
    return Math.min(this.greatest, Math.max(this.smallest, value));
  }
}

/** Exponent and leading fraction bits of a non-negative double as one number that grows with it. */
function rawBucket(value: number): number {
  BITS[0] = value;
  return WORDS[HIGH_WORD] >>> SHIFT;
}

/** The smallest double whose {@link rawBucket} is the given one. */
function lowerBound(raw: number): number {
  WORDS[HIGH_WORD] = raw << SHIFT;
  WORDS[1 - HIGH_WORD] = 0;
  return BITS[0];
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && lowerBound(rawBucket(value) & ~((1 << FRACTION_BITS) - 1)) === value;
}
