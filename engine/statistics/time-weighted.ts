/**
 * The mean of a quantity over time: each value counts for as long as it stood. An update costs a
 * multiplication and two additions, so that it can stand in the hottest path.
 */
import { assert } from "../assert.ts";
import type { Ticks } from "../time.ts";

/**
 * A piecewise constant quantity (shoppers in the shop, busy cores) with its mean, peak and last
 * value.
 */
export class TimeWeighted {
  /** The value that stands now. */
  value: number;
  /** The greatest value that ever stood, the first included. */
  peak: number;
  /** When the peak was reached first. */
  peakAt: Ticks;
  /** The smallest value that ever stood. */
  lowest: number;
  private readonly start: Ticks;
  private changedAt: Ticks;
  private area = 0;

  constructor(start: Ticks, value = 0) {
    assert(Number.isSafeInteger(start), "a statistic starts at a whole tick");
    assert(Number.isFinite(value), "a time-weighted value is finite");
    this.start = start;
    this.changedAt = start;
    this.value = value;
    this.peak = value;
    this.peakAt = start;
    this.lowest = value;
  }

  /** From `now` on the value stands; calls come in order of time. */
  update(now: Ticks, value: number): void {
    assert(now >= this.changedAt, "a time-weighted value is updated in order of time");
    this.area += this.value * (now - this.changedAt);
    this.changedAt = now;
    this.value = value;
    if (value > this.peak) {
      this.peak = value;
      this.peakAt = now;
    }
    if (value < this.lowest) this.lowest = value;
  }

  /** Changes the value by an amount, as an entity comes or goes. */
  add(now: Ticks, amount: number): void {
    this.update(now, this.value + amount);
  }

  /** The integral of the value from the start to `now`, in value times ticks. */
  integral(now: Ticks): number {
    assert(now >= this.changedAt, "an integral reaches at least to the last update");
    return this.area + this.value * (now - this.changedAt);
  }

  /** The mean from the start to `now`; the value itself where no time has passed. */
  mean(now: Ticks): number {
    const integral = this.integral(now);
    return now === this.start ? this.value : integral / (now - this.start);
  }
}
