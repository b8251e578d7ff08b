/**
 * What a replay yields: the recorded course beside the simulated one, series by series and figure
 * by figure, and beside both what a change would have brought. Nothing in it depends on the machine
 * or the clock.
 */
import { meanInterval } from "../../engine/statistics/interval.ts";
import { MILLISECOND, type Ticks } from "../../engine/time.ts";
import { bounded, NOTHING } from "../experiments/figures.ts";
import type { BrokenInvariant, Estimate } from "../result.ts";
import {
  type FigureGoal,
  figureAgreement,
  type SeriesAgreement,
  seriesAgreement,
} from "./agreement.ts";
import {
  countsPer,
  type Frame,
  figuresOf,
  intervalOf,
  type OrderFigures,
  type Orders,
  revenuePer,
} from "./order-course.ts";
import { type Course, type Playing, slotsOf, spanOf } from "./recorded-course.ts";
import type { VisitBasis } from "./recorded-visits.ts";
import type { Replayed } from "./replay-run.ts";

/** Whether the visits are the recorded ones, or drawn anew from what was fitted to them. */
export type ReplayProcess = "recorded" | "fitted";

export interface ReplayFigure {
  readonly metric: keyof OrderFigures;
  readonly recorded: number;
  readonly simulated: Estimate;
  /** With the change; null where there is none. */
  readonly changed: Estimate | null;
  /** Simulated minus recorded, relative where the goal is; null where there is nothing to compare. */
  readonly difference: number | null;
  /** How far it may be off, and whether that is relative. */
  readonly goal: FigureGoal | null;
  readonly met: boolean | null;
  readonly mark: number | null;
}

export interface ReplaySeries {
  readonly recorded: readonly number[];
  /** Means over the seeds. */
  readonly simulated: readonly number[];
  readonly changed: readonly number[] | null;
  readonly agreement: SeriesAgreement;
}

export interface ReplayResult {
  readonly schemaVersion: 1;
  readonly verb: "replay";
  readonly recording: string;
  readonly version: string;
  readonly process: ReplayProcess;
  readonly basis: VisitBasis;
  readonly currency: string;
  /** When the recording began, ISO 8601 in UTC; `lasts` in milliseconds. */
  readonly from: string;
  readonly lasts: number;
  readonly visits: number;
  /** Of the recording's shoppers, the part that was replayed. */
  readonly share: number;
  readonly playing: Playing;
  readonly seeds: readonly string[];
  readonly digest: readonly string[];
  readonly changes: readonly string[];
  readonly figures: readonly ReplayFigure[];
  /** Milliseconds of an interval. */
  readonly every: number;
  readonly series: Readonly<Record<string, ReplaySeries>>;
  /** The mean of all marks. */
  readonly mark: number;
  readonly broken: readonly (BrokenInvariant & { readonly seed: string })[];
  readonly events: number;
  readonly repeat: string;
  readonly exit: { readonly code: number; readonly reason: string };
}

/** What a figure may be off by before it is said to be. */
const GOALS: Readonly<Record<keyof OrderFigures, FigureGoal>> = {
  orders: { off: 0.03, relative: true },
  revenue: { off: 0.05, relative: true },
  "order.value.mean": { off: 0.05, relative: true },
  "orders.perInterval.peak": { off: 0.15, relative: true },
  "orders.halfAt": { off: 0.02, relative: false },
  "orders.lastOverFirst": { off: 0.15, relative: true },
  "orders.dispersion{minute}": { off: 0.25, relative: true },
  "orders.dispersion{slot}": { off: 0.25, relative: true },
  "buyers.single": { off: 0.03, relative: false },
  "orders.perBuyer": { off: 0.05, relative: true },
};

export interface ReplayQuestion {
  readonly recording: string;
  readonly version: string;
  readonly process: ReplayProcess;
  readonly course: Course;
  readonly playing: Playing;
  /** Null for an interval that suits the length of the recording. */
  readonly every: Ticks | null;
  readonly seeds: readonly string[];
  readonly changes: readonly string[];
  readonly currency: string;
  readonly repeat: string;
}

/** `simulated` and `changed` have one place a seed; `changed` none where nothing is changed. */
export function replayResult(
  question: ReplayQuestion,
  simulated: readonly Replayed[],
  changed: readonly Replayed[],
): ReplayResult {
  const { course } = question;
  const frame = frameOf(course, question.every);
  const recorded = ordersOf(course);
  const figures = figuresBeside(recorded, simulated, changed, frame);
  const series = seriesBeside(recorded, simulated, changed, frame);
  const all = [...simulated, ...changed];
  const broken = all.flatMap(({ rehearsal: { seed, broken } }) =>
    broken.map((one) => ({ ...one, seed })),
  );
  const marks = [
    ...figures.flatMap(({ mark }) => mark ?? []),
    ...Object.values(series).map(({ agreement }) => agreement.mark),
  ];
  return {
    schemaVersion: 1,
    verb: "replay",
    recording: question.recording,
    version: question.version,
    process: question.process,
    basis: course.basis,
    currency: question.currency,
    from: new Date(course.startsAt).toISOString(),
    lasts: Math.round(frame.span / MILLISECOND),
    visits: course.at.length,
    share: course.share,
    playing: question.playing,
    seeds: question.seeds,
    digest: simulated.map(({ rehearsal }) => rehearsal.digest),
    changes: question.changes,
    figures,
    every: frame.every / MILLISECOND,
    series,
    mark: rounded(marks.reduce((sum, mark) => sum + mark, 0) / marks.length),
    broken,
    events: all.reduce((sum, { rehearsal }) => sum + rehearsal.events, 0),
    repeat: question.repeat,
    exit: exitOf(figures, broken.length),
  };
}

/** Each course is seen in its own time, in intervals of one length. */
function frameOf(course: Course, every: Ticks | null): Frame {
  const span = spanOf(course);
  return { span, every: every ?? intervalOf(span), slots: slotsOf(course) };
}

function ordersOf({ at, totals, firstVisit }: Course): Orders {
  return { at, totals, buyers: firstVisit };
}

function figuresBeside(
  recorded: Orders,
  simulated: readonly Replayed[],
  changed: readonly Replayed[],
  frame: Frame,
): readonly ReplayFigure[] {
  const was = figuresOf(recorded, frame);
  const figures = ({ orders, course }: Replayed) => figuresOf(orders, frameOf(course, frame.every));
  const found = simulated.map(figures);
  const other = changed.map(figures);
  const metrics = Object.keys(GOALS) as (keyof OrderFigures)[];
  return metrics.flatMap((metric) => {
    const estimate = estimateOf(found.map((figures) => figures[metric]));
    const goal = GOALS[metric];
    const agreement = figureAgreement(was[metric], estimate.mean, goal);
    if (Number.isNaN(was[metric]) && estimate.n === 0) return [];
    return {
      metric,
      recorded: rounded(was[metric]),
      simulated: estimate,
      changed: other.length === 0 ? null : estimateOf(other.map((figures) => figures[metric])),
      difference: agreement === null ? null : rounded(agreement.difference),
      goal: agreement === null ? null : goal,
      met: agreement?.met ?? null,
      mark: agreement === null ? null : rounded(agreement.mark),
    };
  });
}

function estimateOf(values: readonly number[]): Estimate {
  const measured = values.filter(Number.isFinite);
  if (measured.length === 0) return NOTHING;
  const { mean, low, high, n } = bounded(meanInterval(measured));
  return { mean: rounded(mean), low: rounded(low), high: rounded(high), n };
}

function seriesBeside(
  recorded: Orders,
  simulated: readonly Replayed[],
  changed: readonly Replayed[],
  { every, span }: Frame,
): Readonly<Record<string, ReplaySeries>> {
  const beside = (of: typeof countsPer): ReplaySeries => {
    const was = of(recorded, every, span);
    const found = simulated.map(({ orders }) => of(orders, every, span));
    const other = changed.map(({ orders }) => of(orders, every, span));
    return {
      recorded: [...was],
      simulated: meanOf(found),
      changed: other.length === 0 ? null : meanOf(other),
      agreement: roundedAgreement(seriesAgreement(was, found, { counts: of === countsPer })),
    };
  };
  const orders = beside(countsPer);
  const valued = recorded.totals[0] !== undefined && !Number.isNaN(recorded.totals[0]);
  return valued ? { orders, revenue: beside(revenuePer) } : { orders };
}

function meanOf(all: readonly Float64Array[]): readonly number[] {
  const length = all[0]?.length ?? 0;
  return Array.from({ length }, (_, index) => {
    const sum = all.reduce((total, one) => total + (one[index] ?? 0), 0);
    return rounded(sum / all.length);
  });
}

function roundedAgreement(agreement: SeriesAgreement): SeriesAgreement {
  const entries = Object.entries(agreement).map(([key, value]) => [
    key,
    value === null ? null : rounded(value),
  ]);
  return Object.fromEntries(entries) as SeriesAgreement;
}

/** Six decimals are more than any of these says. */
function rounded(value: number): number {
  return Math.round(value * 1_000_000) / 1_000_000;
}

/** 1 where an invariant broke, 4 where a figure is further off than its goal. */
function exitOf(figures: readonly ReplayFigure[], broken: number): ReplayResult["exit"] {
  if (broken > 0) return { code: 1, reason: `${broken} invariants of the store did not hold` };
  const off = figures.filter(({ met }) => met === false).map(({ metric }) => metric);
  if (off.length === 0) return { code: 0, reason: "every figure is within its goal" };
  return { code: 4, reason: `further off than the goal: ${off.join(", ")}` };
}
