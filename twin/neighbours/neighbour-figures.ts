/**
 * How the other sellers on the same servers fare: their pages, their errors, and their latency
 * before the sale's rush may begin and from then on. What the rush does to them is the distance
 * of the two 95th percentiles.
 */
import { Histogram } from "../../engine/statistics/histogram.ts";
import { MILLISECOND, type Ticks } from "../../engine/time.ts";
import { type Metric, metricOfPart } from "../metric.ts";

/** The metrics of a world with other sellers on the same servers. */
export const NEIGHBOUR_METRICS: readonly Metric[] = [
  metricOfPart(
    "sellers.other.pages",
    "count",
    null,
    "Pages that other sellers asked of the servers",
  ),
  metricOfPart(
    "sellers.other.latency.p50",
    "ms",
    "less",
    "Median time of the other sellers' pages",
  ),
  metricOfPart("sellers.other.latency.p95", "ms", "less", "95 % of theirs came within this"),
  metricOfPart(
    "sellers.other.latency.p95.moved",
    "share",
    "less",
    "By how much that lies, from the first mail or the opening on, above what it was before",
  ),
  metricOfPart(
    "sellers.other.errors",
    "count",
    "less",
    "Pages of theirs that were refused or lost",
  ),
  metricOfPart("sellers.other.errors.rate", "share", "less", "Those over all pages of theirs"),
];

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

  /** Their metrics by name. */
  figures(): Record<string, number> {
    const { pages, errors, moved } = this;
    return {
      "sellers.other.pages": pages,
      "sellers.other.latency.p50": Math.round(this.latency(0.5)) / MILLISECOND,
      "sellers.other.latency.p95": Math.round(this.latency(0.95)) / MILLISECOND,
      "sellers.other.latency.p95.moved": moved,
      "sellers.other.errors": errors,
      "sellers.other.errors.rate": pages === 0 ? Number.NaN : errors / pages,
    };
  }

  /** The 95th percentile of what came since this was asked last; not a number where nothing did. */
  takeInterval(): Ticks {
    const latency = this.#interval.quantile(0.95);
    this.#interval.clear();
    return latency;
  }
}
