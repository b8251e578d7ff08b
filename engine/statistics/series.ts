/**
 * A figure per fixed interval of time (orders per minute, shoppers at each sample), in an array
 * whose length is known from the start: the memory of a run does not grow with its events.
 */
import { assert } from "../assert.ts";
import type { Ticks } from "../time.ts";

/** Intervals that one series may have: a year of minutes. */
export const SERIES_LENGTH_MAX = 366 * 24 * 60;

export interface SeriesOptions {
  /** Length of one interval. */
  readonly interval: Ticks;
  /** How many intervals. */
  readonly length: number;
  /** When the first interval begins; 0 where nothing is said. */
  readonly start?: Ticks;
}

/** The greatest figure of a series and the interval that holds it. */
export interface SeriesPeak {
  readonly value: number;
  /** When that interval (or the first of several) begins. */
  readonly at: Ticks;
}

/** Counts, sums or samples by interval. An interval holds its first instant and not its last. */
export class Series {
  readonly interval: Ticks;
  readonly start: Ticks;
  /** One figure per interval. */
  readonly values: Float64Array;
  /** What was added after the last interval: kept apart, never folded into it. */
  beyond = 0;

  constructor(options: SeriesOptions) {
    const { interval, length, start = 0 } = options;
    assert(Number.isSafeInteger(interval) && interval > 0, "a series' interval is whole ticks");
    assert(Number.isInteger(length) && length > 0, "a series has at least one interval");
    assert(length <= SERIES_LENGTH_MAX, `a series has at most ${SERIES_LENGTH_MAX} intervals`);
    this.interval = interval;
    this.start = start;
    this.values = new Float64Array(length);
  }

  get length(): number {
    return this.values.length;
  }

  /** Adds an amount to the interval that holds `at`. */
  add(at: Ticks, amount = 1): void {
    const index = this.indexOf(at);
    if (index < this.values.length) this.values[index] += amount;
    else this.beyond += amount;
  }

  /** Sets the figure of the interval that holds `at`; the last sample of an interval stands. */
  set(at: Ticks, value: number): void {
    const index = this.indexOf(at);
    if (index < this.values.length) this.values[index] = value;
  }

  /** Raises the figure of the interval that holds `at` to at least the value. */
  raise(at: Ticks, value: number): void {
    const index = this.indexOf(at);
    if (index < this.values.length && value > this.values[index]) this.values[index] = value;
  }

  /** The figure of the interval that holds `at`. */
  get(at: Ticks): number {
    const index = this.indexOf(at);
    assert(index < this.values.length, "a series is read inside its range");
    return this.values[index];
  }

  /** The sum over all intervals, without what lies beyond. */
  total(): number {
    let total = 0;
    for (const value of this.values) total += value;
    return total;
  }

  /**
   * The greatest sum of `span` neighbouring intervals, the earliest of equals: the peak of a moving
   * window.
   */
  peak(span = 1): SeriesPeak {
    assert(Number.isInteger(span) && span >= 1, "a window spans at least one interval");
    assert(span <= this.values.length, "a window is not longer than its series");
    let best = 0;
    for (let index = 0; index < span; index++) best += this.values[index];
    let bestIndex = 0;
    let sum = best;
    for (let index = span; index < this.values.length; index++) {
      sum += this.values[index] - this.values[index - span];
      if (sum > best) {
        best = sum;
        bestIndex = index - span + 1;
      }
    }
    return { value: best, at: this.start + bestIndex * this.interval };
  }

  /**
   * The same figures summed over groups of `span` intervals; a last, shorter group counts as one.
   */
  grouped(span: number): Series {
    assert(Number.isInteger(span) && span >= 1, "a group has at least one interval");
    const length = Math.ceil(this.values.length / span);
    const groups = new Series({ interval: this.interval * span, length, start: this.start });
    for (let index = 0; index < this.values.length; index++) {
      groups.values[Math.floor(index / span)] += this.values[index];
    }
    groups.beyond = this.beyond;
    return groups;
  }

  private indexOf(at: Ticks): number {
    assert(at >= this.start, "a series holds nothing from before its start");
    return Math.floor((at - this.start) / this.interval);
  }
}
