/** The metrics of a database with limits, and their figures. */
import type { Histogram } from "../../engine/statistics/histogram.ts";
import { MILLISECOND } from "../../engine/time.ts";
import { type Metric, metricOfPart } from "../metric.ts";
import type { Database } from "./database.ts";

export const DATABASE_METRICS: readonly Metric[] = [
  metricOfPart("database.wait.p50", "ms", "less", "Median wait for a connection to the database"),
  metricOfPart(
    "database.wait.p95",
    "ms",
    "less",
    "95 % of waits for a connection were within this",
  ),
  metricOfPart(
    "database.row.wait.p95",
    "ms",
    "less",
    "95 % of the waits of checkouts and orders for the stock rows of their articles were within this",
  ),
  metricOfPart(
    "database.connections.peak",
    "count",
    "less",
    "Most connections in use at once; 0 where the database has no limits",
  ),
  metricOfPart(
    "database.timeouts",
    "count",
    "less",
    "Requests that waited for a connection until the wait limit, whoever still waited for them",
  ),
  metricOfPart(
    "errors{database}",
    "count",
    "less",
    "Requests that waited for the database too long",
  ),
  metricOfPart("cost{database}", "money", "less", "Of the cost, what the database came to"),
];

/** `gaveUp`: requests of shoppers that ended in an error of the database; `cost` in minor units. */
export function databaseFigures(
  database: Database,
  { gaveUp, cost }: { readonly gaveUp: number; readonly cost: number },
): Record<string, number> {
  return {
    "database.wait.p50": millis(database.waits, 0.5),
    "database.wait.p95": millis(database.waits, 0.95),
    "database.row.wait.p95": millis(database.rowWaits, 0.95),
    "database.connections.peak": database.inUsePeak,
    "database.timeouts": database.timeouts,
    "errors{database}": gaveUp,
    "cost{database}": cost,
  };
}

/** Not a number where nothing was recorded. */
function millis(histogram: Histogram, share: number): number {
  if (histogram.count === 0) return Number.NaN;
  return Math.round(histogram.quantile(share)) / MILLISECOND;
}
