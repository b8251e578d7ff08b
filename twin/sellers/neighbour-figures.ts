/**
 * How the other sellers on the same servers fare: their pages, their errors, and their latency
 * before the sale's rush may begin and from then on. What the rush does to them is the distance
 * of the two 95th percentiles.
 */
import { Histogram } from "../../engine/statistics/histogram.ts";
import type { Ticks } from "../../engine/time.ts";

export class NeighbourFigures {
  /** Pages asked for. */
  pages = 0;
  /** Refused or lost. */
  errors = 0;
  readonly #opensAt: Ticks;
  readonly #before = new Histogram();
  readonly #since = new Histogram();
  readonly #interval = new Histogram();

  /** `opensAt`: the first mail or the opening of the sale, whichever comes first. */
  constructor(opensAt: Ticks) {
    this.#opensAt = opensAt;
  }

  /** A page came at `now`, `latency` after it was asked for. */
  record(now: Ticks, latency: Ticks): void {
    (now < this.#opensAt ? this.#before : this.#since).record(latency);
    this.#interval.record(latency);
  }

  /** Of all pages; not a number where none came. */
  latency(share: number): Ticks {
    const all = new Histogram();
    all.merge(this.#before);
    all.merge(this.#since);
    return all.quantile(share);
  }

  /**
   * By how much the 95th percentile since the opening lies above the one before it, as a share of
   * that; below 0 where it is lower, not a number where one of the two has no page.
   */
  get moved(): number {
    return this.#since.quantile(0.95) / this.#before.quantile(0.95) - 1;
  }

  /** The 95th percentile of what came since this was asked last; not a number where nothing did. */
  takeInterval(): Ticks {
    const latency = this.#interval.quantile(0.95);
    this.#interval.clear();
    return latency;
  }
}
