/**
 * The score of predictions that were made before the measurement: how far each figure is off,
 * beside how far repeats of the same load are apart, and how many measurements lie inside the
 * intervals that were told with the predictions.
 */
import { log } from "../../engine/elementary.ts";
import { FIGURES, type FigureName } from "./capacity-profile.ts";
import type { CellForecast, Figure, Forecast, ForecastDecisions } from "./cell-forecast.ts";
import type { CellKind, RouteName } from "./load-cell.ts";

/** One run of a cell, in the unit of the reference. */
export interface CellMeasurement {
  readonly figures: readonly Figure[];
  readonly decisions: ForecastDecisions;
  readonly openMost: number;
  readonly recovery: number;
  readonly scalesAt: number | null;
  /** Share of the machine that others used beside it. */
  readonly foreign: number;
}

export interface MeasuredCell {
  readonly name: string;
  readonly kind: CellKind;
  readonly requests: number;
  readonly forecast: CellForecast;
  readonly runs: readonly CellMeasurement[];
}

/** A figure of a cell, as predicted and as measured. */
export interface FigureScore {
  readonly name: FigureName;
  readonly route: RouteName | null;
  readonly predicted: number;
  readonly low: number;
  readonly high: number;
  /** The middle one of the repeats. */
  readonly measured: number;
  /** Predicted over measured, less 1; above 0 where too much was predicted. */
  readonly error: number;
  /** The middle one of the relative differences between two repeats. */
  readonly floor: number;
  /** Runs inside the interval, and runs. */
  readonly inside: number;
  readonly runs: number;
}

export interface CellScore {
  readonly cell: MeasuredCell;
  readonly scores: readonly FigureScore[];
  /** Whether every run sold, declined and refused what was predicted. */
  readonly sameDecisions: boolean;
}

/** The score of one kind of figure over all cells. */
export interface FigureSummary {
  readonly name: FigureName;
  readonly figures: number;
  /** Middle and largest absolute error, and the same of what each figure is off beyond its own floor. */
  readonly error: number;
  readonly worst: number;
  readonly floor: number;
  readonly beyondFloor: number;
  readonly worstBeyondFloor: number;
  /** Share of the runs inside the 90 % intervals. */
  readonly coverage: number;
  /** The bound for `beyondFloor`; null where none was set. */
  readonly goal: number | null;
}

/** Median errors beyond the machine's floor that are held to be good. */
export const GOALS: Readonly<Record<FigureName, number | null>> = {
  throughput: 0.03,
  utilisation: null,
  mean: 0.06,
  p50: null,
  p95: 0.08,
  p99: 0.09,
};
export const WORST_GOAL = 0.2;
export const COVERAGE_GOAL = { from: 0.85, to: 0.95 };

/** A run beside which others used more of the machine than this says little of the store. */
export const FOREIGN_MAX = 0.08;

/** Those that others have not disturbed; all of them where there is no other. */
export function undisturbed<Run extends { readonly foreign: number }>(
  runs: readonly Run[],
): readonly Run[] {
  const quiet = runs.filter(({ foreign }) => foreign <= FOREIGN_MAX);
  return quiet.length > 0 ? quiet : runs;
}

/** Times are those of the runs that were not disturbed; decisions have to be right in all. */
export function scoreCell(cell: MeasuredCell): CellScore {
  const timed = undisturbed(cell.runs);
  const scores = cell.forecast.figures.flatMap((forecast): FigureScore[] => {
    const measured = timed.flatMap(({ figures }) => {
      const same = figures.find((one) => isSame(one, forecast));
      return same === undefined || !(same.value > 0) ? [] : [same.value];
    });
    return measured.length === 0 ? [] : [scoreFigure(forecast, measured)];
  });
  const { decisions } = cell.forecast;
  const sameDecisions = cell.runs.every((run) =>
    (["sold", "declined", "refused"] as const).every(
      (kind) => run.decisions[kind] === decisions[kind],
    ),
  );
  return { cell, scores, sameDecisions };
}

function scoreFigure(forecast: Forecast, values: readonly number[]): FigureScore {
  const { name, route, value: predicted, low, high } = forecast;
  const measured = middleOf(values);
  const apart = values.flatMap((one, place) =>
    values.slice(place + 1).map((other) => Math.abs(log(one / other))),
  );
  return {
    name,
    route,
    predicted,
    low,
    high,
    measured,
    error: predicted / measured - 1,
    floor: apart.length === 0 ? 0 : middleOf(apart),
    inside: values.filter((value) => value >= low && value <= high).length,
    runs: values.length,
  };
}

/** By kind of figure; `of` says which figures count. */
export function summaries(
  cells: readonly CellScore[],
  of: (score: FigureScore) => boolean = () => true,
): readonly FigureSummary[] {
  return FIGURES.flatMap((name): FigureSummary[] => {
    const scores = cells
      .flatMap((cell) => cell.scores)
      .filter((score) => score.name === name && of(score));
    if (scores.length === 0) return [];
    const errors = scores.map(({ error }) => Math.abs(error));
    const floor = middleOf(scores.map((score) => score.floor));
    const beyond = scores.map(({ error, floor: own }) => Math.max(0, Math.abs(error) - own));
    const runs = scores.reduce((sum, score) => sum + score.runs, 0);
    return [
      {
        name,
        figures: scores.length,
        error: middleOf(errors),
        worst: Math.max(...errors),
        floor,
        beyondFloor: middleOf(beyond),
        worstBeyondFloor: Math.max(...beyond),
        coverage: scores.reduce((sum, { inside }) => sum + inside, 0) / runs,
        goal: GOALS[name],
      },
    ];
  });
}

/** Sentences that say which goal was missed; none where all were met. */
export function missesOf(cells: readonly CellScore[]): readonly string[] {
  const misses: string[] = [];
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  for (const summary of summaries(cells)) {
    const { name, goal, beyondFloor, worstBeyondFloor } = summary;
    if (goal === null) continue;
    if (beyondFloor > goal) {
      misses.push(
        `${name}: ${percent(beyondFloor)} beyond the floor; the goal is ${percent(goal)}`,
      );
    }
    if (worstBeyondFloor > WORST_GOAL) {
      misses.push(
        `${name}: the worst is ${percent(worstBeyondFloor)} beyond the floor; the goal is ${percent(WORST_GOAL)}`,
      );
    }
  }
  const covered = coverageOf(cells);
  if (covered < COVERAGE_GOAL.from || covered > COVERAGE_GOAL.to) {
    misses.push(`the 90 % intervals hold ${percent(covered)} of the measurements`);
  }
  const unlike = cells.filter(({ sameDecisions }) => !sameDecisions);
  if (unlike.length > 0) {
    const names = unlike.map(({ cell }) => cell.name).join(", ");
    misses.push(`orders sold, declined and refused are not as predicted in: ${names}`);
  }
  return misses;
}

/** Share of all runs of all figures that lie inside their intervals. */
export function coverageOf(cells: readonly CellScore[]): number {
  const scores = cells.flatMap((cell) => cell.scores);
  const runs = scores.reduce((sum, score) => sum + score.runs, 0);
  return runs === 0 ? 0 : scores.reduce((sum, { inside }) => sum + inside, 0) / runs;
}

function isSame(one: Figure, other: Figure): boolean {
  return one.name === other.name && one.route === other.route;
}

function middleOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const last = sorted.length - 1;
  return (sorted[Math.floor(last / 2)] + sorted[Math.ceil(last / 2)]) / 2;
}
