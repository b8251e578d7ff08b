/**
 * Counts per interval of time in bounded memory, for times in any order: intervals begin at whole
 * multiples of their length since 1970 and are joined to longer ones when there are too many.
 */

/** Lengths in seconds, each a multiple of the one before: a second to a week. */
const LENGTHS = [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400, 604_800] as const;
const SECOND = 1_000;

export class IntervalCounts {
  readonly #most: number;
  #place = 0;
  #counts = new Map<number, number>();
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  /** At most so many intervals between the first and the last. */
  constructor(most = 1_000_000) {
    this.#most = most;
  }

  /** Seconds. */
  get every(): number {
    return LENGTHS[this.#place] ?? 1;
  }

  /** `at` in milliseconds since 1970. */
  add(at: number, count = 1): void {
    const interval = Math.floor(at / (this.every * SECOND));
    this.#first = Math.min(this.#first, interval);
    this.#last = Math.max(this.#last, interval);
    this.#counts.set(interval, (this.#counts.get(interval) ?? 0) + count);
    while (this.#last - this.#first >= this.#most && this.#place < LENGTHS.length - 1) this.#join();
  }

  /** Milliseconds since 1970 at which the first interval begins; null where nothing was counted. */
  get from(): number | null {
    return this.#counts.size === 0 ? null : this.#first * this.every * SECOND;
  }

  /** From the first interval to the last, those without a count too. */
  get counts(): Float64Array {
    if (this.#counts.size === 0) return new Float64Array(0);
    const counts = new Float64Array(this.#last - this.#first + 1);
    for (const [interval, count] of this.#counts) counts[interval - this.#first] = count;
    return counts;
  }

  #join(): void {
    const before = this.every;
    this.#place += 1;
    const factor = this.every / before;
    const joined = new Map<number, number>();
    for (const [interval, count] of this.#counts) {
      const wider = Math.floor(interval / factor);
      joined.set(wider, (joined.get(wider) ?? 0) + count);
    }
    this.#counts = joined;
    this.#first = Math.floor(this.#first / factor);
    this.#last = Math.floor(this.#last / factor);
  }
}
