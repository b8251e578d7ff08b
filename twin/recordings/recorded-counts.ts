/**
 * A table of counts per interval, metric by metric, for rows in any order. In bounded memory: of
 * more rows than a million, rows are put together to longer intervals.
 */

import { fillGaps } from "./count-gaps.ts";
import { type CountedIntervals, LENGTHS, type Sorted, withoutStrays } from "./interval-counts.ts";
import type { RecordedFact } from "./recorded-fact.ts";
import { tellingMetric } from "./telling-metric.ts";

const ROWS_MAX = 1_000_000;
const METRICS_MAX = 100;

/** Rows of one metric; `every` is the length they were put together to, milliseconds. */
interface Rows {
  counts: Map<number, number>;
  every: number | null;
}

export interface TellingCounts extends CountedIntervals {
  readonly metric: string;
  /** Rows that were left out: far away from all others in time. */
  readonly strayed: number;
  /** Intervals without a row that were taken to be like those beside them. */
  readonly filled: number;
}

export class RecordedCounts {
  readonly #most: number;
  readonly #metrics = new Map<string, Rows>();

  /** At most so many rows of a metric are kept apart. */
  constructor(most = ROWS_MAX) {
    this.#most = most;
  }

  take({ at, metric, value }: RecordedFact): void {
    if (at === null || metric === null || value === null) return;
    const known = this.#metrics.get(metric) ?? { counts: new Map<number, number>(), every: null };
    if (this.#metrics.size >= METRICS_MAX && !this.#metrics.has(metric)) return;
    this.#metrics.set(metric, known);
    const { counts, every } = known;
    const when = every === null ? at : Math.floor(at / every) * every;
    counts.set(when, (counts.get(when) ?? 0) + value);
    if (counts.size > this.#most) this.#joinRows(known);
  }

  get metrics(): readonly string[] {
    return [...this.#metrics.keys()];
  }

  total(metric: string): number {
    let sum = 0;
    for (const value of this.#metrics.get(metric)?.counts.values() ?? []) sum += value;
    return sum;
  }

  /**
   * Of the metric that says when somebody came; null where nothing of the kind was counted. Where
   * `fill` is false, nothing came in an interval without a row.
   */
  telling(fill = true): TellingCounts | null {
    const metric = tellingMetric(this.metrics);
    const rows = metric === null ? undefined : this.#metrics.get(metric);
    if (metric === null || rows === undefined) return null;
    const sorted = [...rows.counts].sort(([one], [other]) => one - other);
    const step = rows.every ?? stepOf(sorted);
    const { kept, strayed } = keptOf(sorted, step);
    const from = kept[0]?.[0] ?? 0;
    const size = Math.round(((kept.at(-1)?.[0] ?? from) - from) / step) + 1;
    const together = Math.ceil(size / this.#most);
    const counts = new Float64Array(Math.ceil(size / together)).fill(fill ? Number.NaN : 0);
    for (const [at, value] of kept) {
      const place = Math.floor(Math.round((at - from) / step) / together);
      const known = counts[place] ?? Number.NaN;
      counts[place] = (Number.isNaN(known) ? 0 : known) + value;
    }
    const filled = fillGaps(counts);
    return { metric, counts, every: (step * together) / 1_000, from, strayed, filled };
  }

  #joinRows(rows: Rows): void {
    while (rows.counts.size > this.#most / 2) {
      const longer = LENGTHS.find((seconds) => seconds * 1_000 > (rows.every ?? 0));
      if (longer === undefined) return;
      rows.every = longer * 1_000;
      const joined = new Map<number, number>();
      for (const [at, value] of rows.counts) {
        const when = Math.floor(at / rows.every) * rows.every;
        joined.set(when, (joined.get(when) ?? 0) + value);
      }
      rows.counts = joined;
    }
  }
}

/**
 * Milliseconds between two rows: what most have, for a day of 23 hours is none of them; where none is
 * that of most the shortest, and a second where there is but one row.
 */
export function stepOf(sorted: readonly (readonly [at: number, value: number])[]): number {
  const often = new Map<number, number>();
  let shortest = Number.POSITIVE_INFINITY;
  for (let index = 1; index < sorted.length; index += 1) {
    const step = (sorted[index]?.[0] ?? 0) - (sorted[index - 1]?.[0] ?? 0);
    if (step <= 0) continue;
    often.set(step, (often.get(step) ?? 0) + 1);
    shortest = Math.min(shortest, step);
  }
  for (const [step, times] of often) if (times * 2 > sorted.length) return step;
  return Number.isFinite(shortest) ? shortest : 1_000;
}

const DAY_MILLIS = 86_400_000;

/** Each row weighs the same: one with much is no less a stray. */
function keptOf(sorted: Sorted, step: number): { readonly kept: Sorted; readonly strayed: number } {
  const rows = sorted.map(([at]) => [Math.floor(at / step), 1] as const);
  const { first, last } = withoutStrays(rows, DAY_MILLIS / step);
  const kept = sorted.slice(first, last + 1);
  return { kept, strayed: sorted.length - kept.length };
}
