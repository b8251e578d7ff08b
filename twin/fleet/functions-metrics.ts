/** The metrics of a shop on functions, and their figures. */
import { type Metric, metricOfPart } from "../metric.ts";
import type { Functions } from "./functions.ts";

export const FUNCTIONS_METRICS: readonly Metric[] = [
  metricOfPart("functions.coldStarts", "count", "less", "Environments that started for a request"),
  metricOfPart(
    "functions.concurrent.peak",
    "count",
    "less",
    "Most requests in functions at once; 0 where instances serve",
  ),
  metricOfPart("cost{functions}", "money", "less", "Of the cost, what functions came to"),
];

/** `cost` in minor units. */
export function functionsFigures(functions: Functions, cost: number): Record<string, number> {
  return {
    "functions.coldStarts": functions.coldStarts,
    "functions.concurrent.peak": functions.concurrentPeak,
    "cost{functions}": cost,
  };
}
