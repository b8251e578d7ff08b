/**
 * Two plans over the course of the sale, as charts show them: means over the seeds with the band
 * around them, or the paired difference. Means and bands are those of the result; what is summed up
 * or taken from one another here is so seed by seed, before any mean.
 */
import { SECOND } from "../../engine/time.ts";
import { bandKind, spreadOf } from "../../twin/experiments/bands.ts";
import type { MetricUnit } from "../../twin/metric.ts";
import { SERIES_INTERVAL } from "../../twin/metrics.ts";
import type { PlanResult, Rehearsal, RunResult, SeriesBands } from "../../twin/result.ts";
import { clockOf, momentText, timeMarks } from "../report/axis.ts";
import { focusOf } from "../report/chart-data.ts";

/** A comparison with the rehearsals that it stands on, each plan's in the order of the seeds. */
export interface Compared {
  readonly result: RunResult;
  readonly first: string;
  readonly second: string;
  readonly ofFirst: readonly Rehearsal[];
  readonly ofSecond: readonly Rehearsal[];
}

export interface ChartLine {
  /** One per interval; not a number where nothing was measured. */
  readonly values: readonly number[];
  readonly band: { readonly low: readonly number[]; readonly high: readonly number[] } | null;
}

export interface ComparisonChart {
  /** The pane that it stands in. */
  readonly pane: "crowd" | "orders" | "latency" | "instances";
  readonly title: string;
  readonly unit: MetricUnit;
  readonly logarithmic: boolean;
  /** Of the first plan and the second, or of the first minus the second alone. */
  readonly lines: readonly ChartLine[];
}

export const CHART_PANES = ["crowd", "orders", "latency", "instances"] as const;

interface ChartKind extends Omit<ComparisonChart, "lines"> {
  readonly series: string;
  readonly summedUp: boolean;
}

const kindsOf = (crowd: "queue.length" | "shoppers.concurrent"): readonly ChartKind[] => [
  {
    pane: "crowd",
    title: crowd === "queue.length" ? "Shoppers waiting" : "Shoppers at once",
    unit: "count",
    logarithmic: false,
    series: crowd,
    summedUp: false,
  },
  {
    pane: "orders",
    title: "Orders so far",
    unit: "count",
    logarithmic: false,
    series: "orders",
    summedUp: true,
  },
  {
    pane: "latency",
    title: "p95 latency",
    unit: "ms",
    logarithmic: true,
    series: "latency.p95",
    summedUp: false,
  },
  {
    pane: "instances",
    title: "Instances",
    unit: "count",
    logarithmic: false,
    series: "instances",
    summedUp: false,
  },
];

/**
 * The four charts of the part of the sale in which most happens, as the report's large ones are;
 * `difference` shows the first minus the second, seed by seed.
 */
export function comparisonCharts(
  compared: Compared,
  { difference }: { readonly difference: boolean },
): readonly ComparisonChart[] {
  const whole = wholeCharts(compared, difference);
  const { from, to } = shownPart(compared, intervalsOf(whole));
  const part = (values: readonly number[]) => values.slice(from, to);
  return whole.map((chart) => ({
    ...chart,
    lines: chart.lines.map(({ values, band }) => ({
      values: part(values),
      band: band === null ? null : { low: part(band.low), high: part(band.high) },
    })),
  }));
}

/** From which interval to before which the charts go: all, or the part in which most happens. */
function shownPart({ result, first, second }: Compared, intervals: number) {
  const marks = [first, second].map((plan) => result.plans[plan]?.marks ?? null);
  const focus = focusOf(marks, { from: 0, to: intervals * MILLIS }, MILLIS);
  return focus === null
    ? { from: 0, to: intervals }
    : { from: focus.from / MILLIS, to: focus.to / MILLIS };
}

/** Intervals that the sale has in the series of the result. */
function lengthOf({ result, first, second }: Compared): number {
  const rows = [first, second].flatMap((plan) => Object.values(result.plans[plan]?.series ?? {}));
  return Math.max(1, ...rows.map((row) => (Array.isArray(row) ? row.length : 0)));
}

function wholeCharts(compared: Compared, difference: boolean): readonly ComparisonChart[] {
  const all = [...compared.ofFirst, ...compared.ofSecond];
  const queues = all.some(({ series }) => (series["queue.length"] ?? []).some((one) => one > 0));
  return kindsOf(queues ? "queue.length" : "shoppers.concurrent").map(
    ({ series, summedUp, ...kind }) => {
      const { first, second, ofFirst, ofSecond, result } = compared;
      const rows = (rehearsals: readonly Rehearsal[]) =>
        rehearsals.map((one) => rowOf(one, series, summedUp));
      if (difference) {
        const lines = [lineOf(pairedRows(compared, series, summedUp), summedUp)];
        return { ...kind, logarithmic: false, lines };
      }
      const lines = summedUp
        ? [lineOf(rows(ofFirst), true), lineOf(rows(ofSecond), true)]
        : [plainLine(result.plans[first], series), plainLine(result.plans[second], series)];
      return { ...kind, lines };
    },
  );
}

function rowOf({ series }: Rehearsal, name: string, summedUp: boolean): readonly number[] {
  const values = series[name] ?? [];
  if (!summedUp) return values;
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

function pairedRows(
  { ofFirst, ofSecond }: Compared,
  series: string,
  summedUp: boolean,
): readonly (readonly number[])[] {
  const bySeed = new Map(ofSecond.map((one) => [one.seed, one]));
  return ofFirst.flatMap((one) => {
    const other = bySeed.get(one.seed);
    if (other === undefined) return [];
    const [mine, theirs] = [one, other].map((of) => rowOf(of, series, summedUp));
    const length = Math.max(mine?.length ?? 0, theirs?.length ?? 0);
    const at = (row: readonly number[] | undefined, index: number) =>
      row?.[index] ?? (summedUp ? (row?.at(-1) ?? 0) : 0);
    return [Array.from({ length }, (_, index) => at(mine, index) - at(theirs, index))];
  });
}

function plainLine(plan: PlanResult | undefined, series: string): ChartLine {
  const values = plan?.series[series];
  const low = plan?.bands?.low[series];
  const high = plan?.bands?.high[series];
  const band = low === undefined || high === undefined ? null : { low, high };
  return { values: Array.isArray(values) ? values : [], band };
}

/** A row that ends early had nothing more to count: a sum stays what it is, a count is nothing. */
function lineOf(all: readonly (readonly number[])[], summedUp: boolean): ChartLine {
  const length = Math.max(0, ...all.map((row) => row.length));
  const rows = all.map((row) => {
    const rest = summedUp ? (row.at(-1) ?? 0) : 0;
    return Array.from({ length }, (_, index) => row[index] ?? rest);
  });
  const values = Array.from({ length }, (_, index) => {
    const measured = rows.map((row) => row[index] ?? 0).filter(Number.isFinite);
    const sum = measured.reduce((total, one) => total + one, 0);
    return measured.length === 0 ? Number.NaN : sum / measured.length;
  });
  return { values, band: spreadOf(rows) };
}

/** How the bands were taken, for the border of a chart. */
export function bandWords({ ofFirst, ofSecond }: Compared): string {
  const seeds = Math.min(ofFirst.length, ofSecond.length);
  if (seeds < 2) return "one seed, no band";
  const words: Readonly<Record<SeriesBands["of"], string>> = {
    percentiles: "band 5–95 %",
    extremes: "band min–max",
  };
  return `${words[bandKind(seeds)]} of ${seeds}`;
}

/** Intervals of the course, those after the sale's end included. */
export function intervalsOf(charts: readonly ComparisonChart[]): number {
  return Math.max(1, ...charts.flatMap(({ lines }) => lines.map(({ values }) => values.length)));
}

const MILLIS = (SERIES_INTERVAL / SECOND) * 1_000;

/** When an interval of the charts begins, by the sale's own clock. */
export function intervalTime(compared: Compared, interval: number): string {
  const { result, first } = compared;
  const { from } = shownPart(compared, lengthOf(compared));
  return momentText((from + interval) * MILLIS, clockOf(result.plans[first]?.marks?.starts));
}

/** Times below a chart of so many intervals and columns, as shares of its width. */
export function chartTimes(
  compared: Compared,
  intervals: number,
  columns: number,
): readonly { readonly at: number; readonly text: string }[] {
  const { result, first } = compared;
  const clock = clockOf(result.plans[first]?.marks?.starts);
  const begins = shownPart(compared, lengthOf(compared)).from * MILLIS;
  const length = Math.max(1, intervals - 1) * MILLIS;
  const most = Math.max(1, Math.floor(columns / CELLS_PER_TIME));
  const span = { from: begins, to: begins + length };
  return timeMarks(span, clock, most).map(({ at, text }) => ({
    at: (at - begins) / length,
    text,
  }));
}

const CELLS_PER_TIME = 11;
