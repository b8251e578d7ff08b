/**
 * A sale of which a few figures were published, set beside rehearsals of its scenario: there is
 * nobody to come again, so the scenario says who comes.
 */

import { METRICS } from "../metrics.ts";
import type { RecordedFact } from "../recordings/recorded-fact.ts";
import type { Estimate } from "../result.ts";
import { sizingOf } from "../scenario/expectation-verdict.ts";
import { minorUnitsPer } from "../scenario/units.ts";
import { type FigureGoal, figureAgreement } from "./agreement.ts";
import { type ReplayFigure, rounded } from "./replay-figures.ts";

export interface PublishedTarget {
  readonly metric: string;
  /** Money in whole units of the currency, shares as ratios, times in milliseconds. */
  readonly value: number;
  /** As the file has it: `5 %` of the value, or so much to either side; null where it says nothing. */
  readonly tolerance: string | null;
}

/** What a published figure may be off by where its file does not say: press figures are rounded. */
const GOAL: FigureGoal = { off: 0.05, relative: true };

/** A fact of a recording as a target; null where it is none. */
export function publishedTarget({
  kind,
  metric,
  value,
  tolerance,
}: RecordedFact): PublishedTarget | null {
  if (kind !== "Target" || metric === null || value === null) return null;
  return { metric, value, tolerance };
}

export interface TargetFacts {
  readonly metrics: Readonly<Record<string, Estimate>>;
  readonly currency: string;
  /** Of the rehearsed world: 1 is full size. */
  readonly scale: number;
}

/** Each target beside what was rehearsed; a tolerance that cannot be read is one of 5 %. */
export function targetFigures(
  targets: readonly PublishedTarget[],
  { metrics, currency, scale }: TargetFacts,
): readonly ReplayFigure[] {
  return targets.flatMap(({ metric, value, tolerance }) => {
    const found = metrics[metric];
    if (found === undefined) return [];
    const unit = METRICS.find(({ name }) => name === metric)?.unit;
    const sizing = sizingOf(metric);
    const size = sizing === "with-shoppers" ? scale : 1;
    const minor = unit === "money" ? minorUnitsPer(currency) : 1;
    const recorded = value * minor * size;
    const goal = goalOf(tolerance, minor * size);
    const isJudged = scale === 1 || sizing !== "not-judged";
    const agreement = isJudged ? figureAgreement(recorded, found.mean, goal) : null;
    return [
      {
        metric,
        recorded: rounded(recorded),
        simulated: found,
        changed: null,
        difference: agreement === null ? null : rounded(agreement.difference),
        goal: agreement === null ? null : goal,
        met: agreement?.met ?? null,
        byChance: false,
        mark: agreement === null || !goal.relative ? null : rounded(agreement.mark),
      },
    ];
  });
}

/** Names of the targets that are no metric of a rehearsal. */
export function unknownTargets(
  targets: readonly PublishedTarget[],
  metrics: Readonly<Record<string, Estimate>>,
): readonly string[] {
  return targets.flatMap(({ metric }) => (metric in metrics ? [] : [metric]));
}

function goalOf(tolerance: string | null, size: number): FigureGoal {
  const [, digits, percent] = /^\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/u.exec(tolerance ?? "") ?? [];
  if (digits === undefined) return GOAL;
  if (percent === "%") return { off: Number(digits) / 100, relative: true };
  return { off: Number(digits) * size, relative: false };
}
