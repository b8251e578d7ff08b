/**
 * Recorded beside simulated, and beside both what a change would have brought: figure by figure and
 * series by series. Of recorded orders their course is compared, of recorded visits what they asked
 * for.
 */
import { meanInterval } from "../../engine/statistics/interval.ts";
import type { Ticks } from "../../engine/time.ts";
import { bounded, NOTHING } from "../experiments/figures.ts";
import { SERIES_INTERVAL } from "../metrics.ts";
import type { Estimate } from "../result.ts";
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
  revenuePer,
} from "./order-course.ts";
import { type Course, isOfOrders, slotsOf, spanOf } from "./recorded-course.ts";
import type { Replayed } from "./replay-run.ts";

export interface ReplayFigure {
  readonly metric: string;
  /** Not a number where it was not recorded. */
  readonly recorded: number;
  readonly simulated: Estimate;
  /** With the change; null where there is none. */
  readonly changed: Estimate | null;
  /** Simulated minus recorded, relative where the goal is; null where there is nothing to compare. */
  readonly difference: number | null;
  /** How far it may be off, and whether that is relative. */
  readonly goal: FigureGoal | null;
  readonly met: boolean | null;
  /**
   * True where it is met only because one more draw of the fitted process would be as far off: the
   * recording lies in the 90 % prediction interval of the seeds.
   */
  readonly byChance: boolean;
  readonly mark: number | null;
}

export interface ReplaySeries {
  readonly recorded: readonly number[];
  /** Means over the seeds. */
  readonly simulated: readonly number[];
  readonly changed: readonly number[] | null;
  readonly agreement: SeriesAgreement;
}

export interface Beside {
  /** Length of an interval of the series. */
  readonly every: Ticks;
  readonly figures: readonly ReplayFigure[];
  readonly series: Readonly<Record<string, ReplaySeries>>;
}

/** What is compared. */
export interface ReplayedCourse {
  readonly course: Course;
  /** One a seed. */
  readonly simulated: readonly Replayed[];
  /** One a seed, or none. */
  readonly changed: readonly Replayed[];
  /** Whether the visits were drawn from a fit. */
  readonly drawn: boolean;
}

export function besideRecorded(replayed: ReplayedCourse): Beside {
  return isOfOrders(replayed.course) ? ordersBeside(replayed) : visitsBeside(replayed);
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

function ordersBeside(replayed: ReplayedCourse): Beside {
  const { course } = replayed;
  const frame = frameOf(course, null);
  const { every, span } = frame;
  const recorded = { at: course.at, totals: course.totals, buyers: course.firstVisit };
  const was = figuresOf(recorded, frame);
  // Each course is seen in its own time, in intervals of one length.
  const figures = (one: Replayed) => figuresOf(one.orders, frameOf(one.course, every));
  const found = replayed.simulated.map(figures);
  const other = replayed.changed.map(figures);
  const metrics = Object.keys(GOALS) as (keyof OrderFigures)[];
  const orders = seriesBeside(replayed, countsPer(recorded.at, every, span), (one) =>
    countsPer(one.orders.at, every, span),
  );
  const revenue = () =>
    seriesBeside(replayed, revenuePer(recorded, every, span), (one) =>
      revenuePer(one.orders, every, span),
    );
  return {
    every,
    // What was not recorded has no simulated figure either: values that were made up are no news.
    figures: metrics
      .filter((metric) => !Number.isNaN(was[metric]))
      .flatMap((metric) =>
        figureBeside(metric, GOALS[metric], {
          drawn: replayed.drawn,
          recorded: was[metric],
          simulated: found.map((one) => one[metric]),
          changed: other.map((one) => one[metric]),
        }),
      ),
    series: Number.isNaN(was.revenue) ? { orders } : { orders, revenue: revenue() },
  };
}

function frameOf(course: Course, every: Ticks | null): Frame {
  const span = spanOf(course);
  return { span, every: every ?? intervalOf(span, course.at.length), slots: slotsOf(course) };
}

const VISIT_GOALS: Readonly<Record<string, FigureGoal>> = {
  sessions: { off: 0.03, relative: true },
  pages: { off: 0.1, relative: true },
};

/** What a rehearsal says of visits, whatever was recorded of them. */
const VISIT_FIGURES = ["sessions", "pages", "orders", "revenue", "latency.p95"] as const;

/** What was recorded of visits; how they were answered is not judged, for it says how fast another shop was. */
function recordedOfVisits({ at, pagesAt, answers }: Course): ReadonlyMap<string, number> {
  const found = new Map([["sessions", at.length]]);
  if (pagesAt.length > 0) found.set("pages", pagesAt.length);
  if (answers === null) return found;
  const { failedShare, tookBelow } = answers;
  found.set("errors.rate", failedShare);
  if (tookBelow === null) return found;
  for (const share of [50, 95, 99]) found.set(`latency.p${share}`, tookBelow(share / 100));
  return found;
}

/** What the rehearsals measured of visits, at the interval of their series. */
function visitsBeside(replayed: ReplayedCourse): Beside {
  const { course, simulated, changed } = replayed;
  const every = SERIES_INTERVAL;
  const span = spanOf(course);
  const { at: visitsAt, pagesAt } = course;
  const recorded = recordedOfVisits(course);
  const metrics = [...new Set([...VISIT_FIGURES, ...recorded.keys()])];
  const named = (name: string) => (one: Replayed) => {
    const series = one.rehearsal.series[name] ?? [];
    return Float64Array.from({ length: Math.floor(span / every) + 1 }, (_, at) => series[at] ?? 0);
  };
  return {
    every,
    figures: metrics.flatMap((metric) =>
      figureBeside(metric, VISIT_GOALS[metric] ?? null, {
        drawn: replayed.drawn,
        recorded: recorded.get(metric) ?? Number.NaN,
        simulated: simulated.map(({ rehearsal }) => rehearsal.metrics[metric] ?? Number.NaN),
        changed: changed.map(({ rehearsal }) => rehearsal.metrics[metric] ?? Number.NaN),
      }),
    ),
    series: {
      sessions: seriesBeside(replayed, countsPer(visitsAt, every, span), named("sessions")),
      ...(pagesAt.length > 0 && {
        pages: seriesBeside(replayed, countsPer(pagesAt, every, span), named("pages")),
      }),
    },
  };
}

interface Values {
  /** Whether seeds differ because each draws visits of its own. */
  readonly drawn: boolean;
  readonly recorded: number;
  readonly simulated: readonly number[];
  readonly changed: readonly number[];
}

/** Nothing where nothing was recorded nor simulated. */
function figureBeside(
  metric: string,
  goal: FigureGoal | null,
  { recorded, simulated, changed, drawn }: Values,
): readonly ReplayFigure[] {
  const estimate = estimateOf(simulated);
  if (Number.isNaN(recorded) && estimate.n === 0) return [];
  const agreement = goal === null ? null : figureAgreement(recorded, estimate.mean, goal);
  const byChance = agreement?.met === false && drawn && isOneMoreDraw(recorded, simulated);
  return [
    {
      metric,
      recorded: rounded(recorded),
      simulated: estimate,
      changed: changed.length === 0 ? null : estimateOf(changed),
      difference: agreement === null ? null : rounded(agreement.difference),
      goal: agreement === null ? null : goal,
      met: agreement === null ? null : agreement.met || byChance,
      byChance,
      mark: agreement === null ? null : rounded(agreement.mark),
    },
  ];
}

/** Fewer seeds say nothing of how far apart draws are. */
const SEEDS_FOR_CHANCE = 3;

/** mean -+ t s sqrt(1 + 1 / n) holds the next value with 90 %. */
function isOneMoreDraw(recorded: number, simulated: readonly number[]): boolean {
  const values = simulated.filter(Number.isFinite);
  if (values.length < SEEDS_FOR_CHANCE) return false;
  const { mean, high } = meanInterval(values, 0.9);
  return Math.abs(recorded - mean) <= (high - mean) * Math.sqrt(values.length + 1);
}

function estimateOf(values: readonly number[]): Estimate {
  const measured = values.filter(Number.isFinite);
  if (measured.length === 0) return NOTHING;
  const { mean, low, high, n } = bounded(meanInterval(measured));
  return { mean: rounded(mean), low: rounded(low), high: rounded(high), n };
}

function seriesBeside(
  { simulated, changed, drawn }: ReplayedCourse,
  recorded: Float64Array,
  of: (one: Replayed) => Float64Array,
): ReplaySeries {
  const found = simulated.map(of);
  const agreement = seriesAgreement(recorded, found, { drawn });
  return {
    recorded: [...recorded],
    simulated: meanOf(found),
    changed: changed.length === 0 ? null : meanOf(changed.map(of)),
    agreement: Object.fromEntries(
      Object.entries(agreement).map(([key, value]) => [key, rounded(value)]),
    ) as unknown as SeriesAgreement,
  };
}

function meanOf(all: readonly Float64Array[]): readonly number[] {
  const length = all[0]?.length ?? 0;
  return Array.from({ length }, (_, index) => {
    const sum = all.reduce((total, one) => total + (one[index] ?? 0), 0);
    return rounded(sum / all.length);
  });
}

/** Six decimals are more than any of these says. */
export function rounded(value: number): number {
  return Math.round(value * 1_000_000) / 1_000_000;
}
