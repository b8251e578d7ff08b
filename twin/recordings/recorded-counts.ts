/** A table of counts per interval, metric by metric, for rows in any order. */

import type { CountedIntervals } from "./interval-counts.ts";
import type { RecordedFact } from "./recorded-fact.ts";
import { tellingMetric } from "./telling-metric.ts";

const ROWS_MAX = 1_000_000;
const METRICS_MAX = 100;

export class RecordedCounts {
  readonly #metrics = new Map<string, Map<number, number>>();

  take({ at, metric, value }: RecordedFact): void {
    if (at === null || metric === null || value === null) return;
    const known = this.#metrics.get(metric) ?? new Map<number, number>();
    if (this.#metrics.size >= METRICS_MAX && !this.#metrics.has(metric)) return;
    this.#metrics.set(metric, known);
    if (known.size < ROWS_MAX || known.has(at)) known.set(at, (known.get(at) ?? 0) + value);
  }

  get metrics(): readonly string[] {
    return [...this.#metrics.keys()];
  }

  total(metric: string): number {
    let sum = 0;
    for (const value of this.#metrics.get(metric)?.values() ?? []) sum += value;
    return sum;
  }

  /** Of the metric that says when somebody came; null where nothing of the kind was counted. */
  get telling(): ({ readonly metric: string } & CountedIntervals) | null {
    const metric = tellingMetric(this.metrics);
    const values = metric === null ? undefined : this.#metrics.get(metric);
    if (metric === null || values === undefined) return null;
    const times = Float64Array.from(values.keys()).sort();
    const from = times[0] ?? 0;
    const step = shortestStep(times);
    const size = Math.floor(((times.at(-1) ?? from) - from) / step) + 1;
    const together = Math.ceil(size / ROWS_MAX);
    const counts = new Float64Array(Math.ceil(size / together));
    for (const [at, value] of values) {
      const interval = Math.floor((at - from) / step / together);
      counts[interval] = (counts[interval] ?? 0) + value;
    }
    return { metric, counts, every: (step * together) / 1_000, from };
  }
}

/** Milliseconds between two rows; a second where there is but one. */
function shortestStep(times: Float64Array): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let index = 1; index < times.length; index += 1)
    shortest = Math.min(shortest, (times[index] ?? 0) - (times[index - 1] ?? 0));
  return Number.isFinite(shortest) ? Math.max(1, shortest) : 1_000;
}
