/**
 * One launch plan against another with common random numbers: the same seed draws the same
 * shoppers in both, so the differences are paired by seed and most of the chance cancels.
 */
import { pairedDifference } from "../../engine/statistics/interval.ts";
import { METRICS } from "../metrics.ts";
import type { Comparison, Difference, Rehearsal, RunResult } from "../result.ts";
import { bounded, metricNames, metricOf, NOTHING, type RehearsedPlan } from "./figures.ts";

/**
 * The first plan minus the second as `differences`; where there are more plans, the first against
 * each of the others as `comparisons`. Nothing where there is one plan or no pair was finished.
 */
export function comparisonsOf(
  rehearsed: readonly RehearsedPlan[],
): Pick<RunResult, "differences" | "comparisons"> {
  const [first, ...others] = rehearsed;
  if (first === undefined) return {};
  const comparisons = others.flatMap((other): Comparison[] => {
    const differences = differencesOf(first, other);
    return differences === null
      ? []
      : [{ first: first.plan.name, second: other.plan.name, differences }];
  });
  const [leading] = comparisons;
  if (leading === undefined) return {};
  return others.length === 1
    ? { differences: leading.differences }
    : { differences: leading.differences, comparisons };
}

function differencesOf(
  first: RehearsedPlan,
  second: RehearsedPlan,
): Record<string, Difference> | null {
  const pairs = pairsOf(first, second);
  if (pairs.length === 0) return null;
  const differences: Record<string, Difference> = {};
  for (const name of metricNames(pairs.map(([one]) => one))) {
    const measured = pairs
      .map(([one, other]) => [metricOf(one, name), metricOf(other, name)] as const)
      .filter((pair) => pair.every(Number.isFinite));
    differences[name] = differenceOf(name, measured, [first.plan.name, second.plan.name]);
  }
  return differences;
}

/** The difference over the pairs in which both plans measured the metric. */
function differenceOf(
  metric: string,
  pairs: readonly (readonly [number, number])[],
  [first, second]: readonly [string, string],
): Difference {
  if (pairs.length === 0) return { ...NOTHING, better: null, sure: 0 };
  const paired = pairedDifference(
    pairs.map(([one]) => one),
    pairs.map(([, other]) => other),
  );
  const better = betterPlan(metric, paired.mean, first, second);
  return { ...bounded(paired), better, sure: paired.sure };
}

/** Rehearsals of both plans with the same seed; a seed that only one of them finished is left out. */
function pairsOf(
  first: RehearsedPlan,
  second: RehearsedPlan,
): readonly (readonly [Rehearsal, Rehearsal])[] {
  const bySeed = new Map(second.rehearsals.map((one) => [one.seed, one]));
  return first.rehearsals.flatMap((one) => {
    const other = bySeed.get(one.seed);
    return other === undefined ? [] : [[one, other] as const];
  });
}

const BETTER = new Map(METRICS.map((metric) => [metric.name, metric.better]));

function betterPlan(
  metric: string,
  difference: number,
  first: string,
  second: string,
): string | null {
  const better = BETTER.get(metric) ?? null;
  if (better === null || difference === 0) return null;
  return difference > 0 === (better === "more") ? first : second;
}
