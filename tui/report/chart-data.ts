/**
 * What the charts of a result show: which series carry something, over which time, and the rows of
 * the table behind each. Plain data, for whatever draws it.
 */
import type { MetricUnit } from "../../twin/metric.ts";
import type { PlanMarks, PlanResult, RunResult } from "../../twin/result.ts";
import { parseDuration } from "../../twin/scenario/units.ts";

/** From one moment to another, milliseconds since the start. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface ChartLine {
  readonly plan: string;
  /** The place of the plan in the result, which its colour and dash follow. */
  readonly index: number;
  /** Per interval; not a number where nothing was measured. */
  readonly values: readonly number[];
  readonly low: readonly number[] | null;
  readonly high: readonly number[] | null;
}

export interface Chart {
  /** The name of the series. */
  readonly series: string;
  readonly title: string;
  readonly unit: MetricUnit;
  readonly lines: readonly ChartLine[];
}

export interface ChartSet {
  readonly charts: readonly Chart[];
  /** Length of an interval, milliseconds. */
  readonly every: number;
  readonly whole: Span;
  /** The part in which most happens, where it is a small one of the whole. */
  readonly focus: Span | null;
  readonly marks: readonly (PlanMarks | null)[];
  readonly starts: string | undefined;
}

interface Drawable {
  readonly series: string;
  readonly title: string;
  readonly unit: MetricUnit;
}

/** In the order in which a planner asks for them. */
const DRAWABLE: readonly Drawable[] = [
  { series: "shoppers.concurrent", title: "Concurrent shoppers", unit: "count" },
  { series: "orders", title: "Orders in 5 minutes", unit: "count" },
  { series: "latency.p95", title: "p95 latency", unit: "ms" },
  { series: "queue.length", title: "Waiting room", unit: "count" },
  { series: "errors", title: "Errors in 5 minutes", unit: "count" },
  { series: "instances", title: "Instances serving", unit: "count" },
];

const CHARTS_MAX = 4;

/** The charts of a result, or null where it has no series to draw. */
export function chartSetOf(result: RunResult): ChartSet | null {
  const plans = Object.entries(result.plans);
  const every = intervalOf(plans.map(([, plan]) => plan));
  const candidates = DRAWABLE.map((one) => ({ ...one, lines: linesOf(plans, one.series) }));
  const carrying = candidates.filter(({ lines }) => lines.some(({ values }) => carries(values)));
  if (every === null || carrying.length === 0) return null;
  const varied = carrying.filter(({ lines }) => lines.some(({ values }) => varies(values)));
  const level = carrying.filter((one) => !varied.includes(one));
  const chosen = [...varied, ...level].slice(0, CHARTS_MAX);
  const charts = carrying.filter((one) => chosen.includes(one));
  const marks = plans.map(([, plan]) => plan.marks ?? null);
  const length = Math.max(...charts.flatMap(({ lines }) => lines.map((one) => one.values.length)));
  const whole = { from: 0, to: length * every };
  const starts = marks.find((one) => one !== null)?.starts;
  return { charts, every, whole, focus: focusOf(marks, whole, every), marks, starts };
}

function intervalOf(plans: readonly PlanResult[]): number | null {
  for (const { series } of plans) {
    const read = parseDuration(series.every);
    if (read.ok && read.value > 0) return read.value / 1_000;
  }
  return null;
}

function linesOf(
  plans: readonly (readonly [string, PlanResult])[],
  series: string,
): readonly ChartLine[] {
  return plans.flatMap(([plan, { series: all, bands }], index) => {
    const values = Object.hasOwn(all, series) ? all[series] : undefined;
    if (!Array.isArray(values) || values.length === 0) return [];
    const low = bands?.low[series] ?? null;
    const high = bands?.high[series] ?? null;
    return [{ plan, index, values, low, high }];
  });
}

function carries(values: readonly number[]): boolean {
  return values.some((value) => Number.isFinite(value) && value > 0);
}

function varies(values: readonly number[]): boolean {
  return values.some((value) => Number.isFinite(value) && value !== values[0]);
}

/** Beyond this share of the sale, a part of it is not worth a picture of its own. */
const FOCUS_SHARE_MAX = 0.25;
const HOUR = 3_600_000;

/**
 * The part of the sale in which most happens, where it is a small one of the whole: from shortly
 * before the first batch, fault or trouble until it has died down after the last.
 */
export function focusOf(
  marks: readonly (PlanMarks | null)[],
  whole: Span,
  every: number,
): Span | null {
  const known = marks.flatMap((one) => (one === null ? [] : [one]));
  const moments = known.flatMap(({ batches, faults, missed }) => [
    ...batches.map(({ at }) => ({ at, ends: at })),
    ...faults,
    ...missed,
  ]);
  if (moments.length === 0) return null;
  const first = moments.reduce((least, { at }) => Math.min(least, at), whole.to);
  const last = moments.reduce((most, { ends }) => Math.max(most, ends), 0);
  const after = Math.max(2 * HOUR, (last - first) / 2);
  const from = Math.max(0, Math.floor((first - HOUR / 2) / every) * every);
  const to = Math.min(whole.to, Math.ceil((last + after) / every) * every);
  return to > from && to - from <= whole.to * FOCUS_SHARE_MAX ? { from, to } : null;
}

export interface ChartRow extends Span {
  /** Per line, the highest of its intervals; not a number where nothing was measured. */
  readonly values: readonly number[];
}

/** Cells of one table, and of each of its two parts the rows that few plans have. */
const CELLS_MAX = 144;
const ROWS_MAX = 72;
/** Intervals that one row outside the focus may stand for. */
const ROW_LENGTHS = [1, 2, 3, 6, 12, 24, 48, 72, 144, 288];

/** The table behind a chart: interval by interval where most happens, in longer steps elsewhere. */
export function rowsOf({ lines }: Chart, set: ChartSet): readonly ChartRow[] {
  const { every, whole, focus } = set;
  const count = Math.round((whole.to - whole.from) / every);
  const most = Math.min(ROWS_MAX, Math.max(24, Math.floor(CELLS_MAX / lines.length)));
  const step = stepFor(count, most);
  const fine = focus === null ? 1 : stepFor((focus.to - focus.from) / every, most);
  const isIn = (index: number) =>
    focus !== null && index * every >= focus.from && index * every < focus.to;
  const rows: ChartRow[] = [];
  for (let index = 0; index < count; ) {
    const length = isIn(index) ? fine : step - (index % step);
    const within = Array.from({ length }, (_, offset) => index + offset);
    const changes = within.findIndex((one) => one >= count || isIn(one) !== isIn(index));
    const next = changes > 0 ? index + changes : index + length;
    const values = lines.map((line) => highest(line.values.slice(index, next)));
    rows.push({ from: index * every, to: Math.min(next * every, whole.to), values });
    index = next;
  }
  return rows;
}

function stepFor(count: number, most: number): number {
  return ROW_LENGTHS.find((length) => count / length <= most) ?? Math.ceil(count / most);
}

/** The highest of what was measured; not a number where nothing was. */
export function highest(values: readonly number[]): number {
  const measured = values.filter(Number.isFinite);
  return measured.length === 0 ? Number.NaN : measured.reduce((most, one) => Math.max(most, one));
}
