/** What a metric is: its name, its unit and which way is better. `metrics.ts` lists them all. */

/** `money` is integer minor units of the scenario's currency, `ms` milliseconds, `share` 0 to 1. */
export type MetricUnit = "count" | "money" | "ms" | "share" | "hours";

export interface Metric {
  readonly name: string;
  readonly unit: MetricUnit;
  /** Which way is better for the shop; null where neither is. */
  readonly better: "more" | "less" | null;
  readonly description: string;
  /** Belongs to a part of the world that a scenario may leave out; it is then not measured. */
  readonly ofPart: boolean;
}

export function metric(
  name: string,
  unit: MetricUnit,
  better: Metric["better"],
  description: string,
): Metric {
  return { name, unit, better, description, ofPart: false };
}

/** A metric of a part that a scenario may leave out. */
export function metricOfPart(
  name: string,
  unit: MetricUnit,
  better: Metric["better"],
  description: string,
): Metric {
  return { ...metric(name, unit, better, description), ofPart: true };
}
