/** The figures of rehearsals: which metrics there are, and their means with intervals. */
import { assert } from "../../engine/assert.ts";
import { meanInterval } from "../../engine/statistics/interval.ts";
import { METRICS, mayBeUnmeasured } from "../metrics.ts";
import type { Estimate, Rehearsal } from "../result.ts";
import type { PlanSpec } from "../scenario/scenario.ts";

/** A plan with the rehearsals of it that ran to their end, in the order of the seeds. */
export interface RehearsedPlan {
  readonly plan: PlanSpec;
  readonly rehearsals: readonly Rehearsal[];
}

/** The estimate of what no rehearsal measured. */
export const NOTHING: Estimate = { mean: Number.NaN, low: Number.NaN, high: Number.NaN, n: 0 };

/** Every metric's mean over the rehearsals with its interval, in the order of the metrics' list. */
export function estimatesOf(rehearsals: readonly Rehearsal[]): Record<string, Estimate> {
  const estimates: Record<string, Estimate> = {};
  for (const name of metricNames(rehearsals)) {
    const measured = rehearsals.map((one) => metricOf(one, name)).filter(Number.isFinite);
    estimates[name] = measured.length === 0 ? NOTHING : bounded(meanInterval(measured));
  }
  return estimates;
}

/** One value bounds nothing; a result writes it as its own bounds and n = 1 says so, for JSON has no infinity. */
export function bounded({ mean, low, high, n }: Estimate): Estimate {
  return n === 1 ? { mean, low: mean, high: mean, n } : { mean, low, high, n };
}

/** Names that the rehearsals carry: those of the list in its order, then any other by name. */
export function metricNames(rehearsals: readonly Rehearsal[]): readonly string[] {
  const [first] = rehearsals;
  if (first === undefined) return [];
  const listed = METRICS.map((metric) => metric.name).filter((name) => name in first.metrics);
  const known = new Set(listed);
  const others = Object.keys(first.metrics).filter((name) => !known.has(name));
  return [...listed, ...others.sort()];
}

/** One rehearsal's figure: a number, save for one of a few that nothing was measured of. */
export function metricOf(rehearsal: Rehearsal, name: string): number {
  const value = rehearsal.metrics[name];
  assert(value !== undefined, `every rehearsal has ${name}`);
  assert(
    Number.isFinite(value) || (Number.isNaN(value) && mayBeUnmeasured(name)),
    `${name} is a finite number in every rehearsal`,
  );
  return value;
}
