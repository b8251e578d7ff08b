/** The four charts of the screen Live: equal steps over the last minutes, ending now. */

import { MILLISECOND, type Ticks } from "../../engine/time.ts";
import type { ForecastBand, SaleForecast } from "../../twin/experiments/sale-forecast.ts";
import { durationText, plainNumber } from "../report/quantity.ts";
import { axisMillis, axisText } from "./axis-text.ts";
import { startOf } from "./forecast-watch.ts";
import type { LiveFigures } from "./live-history.ts";
import { clockText, goalsOf } from "./live-record.ts";
import type { LiveWatch } from "./live-watch.ts";

export const LIVE_CHARTS = ["queue", "orders", "p95", "stock"] as const;
export type LiveChartName = (typeof LIVE_CHARTS)[number];

export interface LiveChart {
  readonly name: LiveChartName;
  readonly title: string;
  readonly remark: string;
  /** Not a number where nothing is known. */
  readonly values: readonly number[];
  readonly goal?: number;
  /** Where the values were rehearsed to lie. */
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] };
  readonly axis: (value: number) => string;
  readonly times: readonly { readonly at: number; readonly text: string }[];
}

const MINUTE = 60_000;
const WINDOWS = [5, 15, 30, 60].map((minutes) => minutes * MINUTE);
/** With a sale log there is something to see from before the first look. */
const WINDOW_WITH_LOG = 15 * MINUTE;
const STEPS = 120;
/** A value stands for this long where the next look is late; then there is a gap. */
const STANDS_MILLIS = 12_000;

export interface ChartMoment {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Of the times below the chart, minutes ahead of UTC. */
  readonly zoneMinutes: number;
}

export function liveChart(name: LiveChartName, watch: LiveWatch, moment: ChartMoment): LiveChart {
  const span = windowOf(watch, moment.now);
  const times = timesOf(span, moment);
  const series = (of: (figures: LiveFigures) => number | null) =>
    seriesOf(watch, of, { span, moment });
  const goal = goalsOf(watch).p95Millis;
  switch (name) {
    case "queue": {
      const values = series(({ queue }) => queue);
      return {
        ...{ name, title: "Queue length" },
        remark: watch.figures?.queue === null ? "no waiting room" : mostText(values),
        ...bandOf(watch, { span, moment }, (forecast, at) => forecast.queue(at)),
        values,
        axis: axisText,
        times,
      };
    }
    case "orders": {
      const values =
        ordersOf(watch, { span, moment }) ?? series((figures) => figures.ordersPerMinute);
      const remark = mostText(values);
      const band = bandOf(watch, { span, moment }, (forecast, at) => forecast.ordersPerMinute(at));
      return {
        ...{ name, title: "Orders per minute", remark },
        ...band,
        values,
        axis: axisText,
        times,
      };
    }
    case "p95": {
      const values = series(({ p95Millis }) => p95Millis);
      const remark = goal === null ? "" : `goal < ${durationText(goal)} ┄`;
      // A goal far above what there is would press the line to the ground.
      const isNear = goal !== null && Math.max(0, ...values.filter(Number.isFinite)) > goal / 4;
      const near = isNear ? { goal } : {};
      return {
        ...{ name, title: "p95 latency", remark },
        ...near,
        ...bandOf(watch, { span, moment }, (forecast, at) => forecast.latency(at)),
        values,
        axis: axisMillis,
        times,
      };
    }
    case "stock": {
      const values = series(({ stockLeft }) => stockLeft);
      return {
        ...{ name, title: "Stock left (units)", remark: "" },
        values,
        axis: axisText,
        times,
      };
    }
  }
}

interface Span {
  readonly span: number;
  readonly moment: ChartMoment;
}

function windowOf({ points, saleLog }: LiveWatch, now: number): number {
  const seen = now - (points[0]?.at ?? now);
  const least = saleLog === null ? 0 : WINDOW_WITH_LOG;
  return WINDOWS.find((window) => window >= Math.max(seen, least)) ?? 60 * MINUTE;
}

function seriesOf(
  { points }: LiveWatch,
  of: (figures: LiveFigures) => number | null,
  { span, moment }: Span,
): readonly number[] {
  const values: number[] = [];
  let place = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const at = moment.now - span + (span * step) / (STEPS - 1);
    while ((points[place + 1]?.at ?? Infinity) <= at) place += 1;
    const point = points[place];
    const stands = Math.max(STANDS_MILLIS, span / (STEPS - 1));
    const isKnown = point !== undefined && point.at <= at && at - point.at <= stands;
    values.push(isKnown ? (of(point) ?? Number.NaN) : Number.NaN);
  }
  return values;
}

/** Where a figure was rehearsed to lie, step by step; nothing where the sale was not rehearsed. */
function bandOf(
  { rehearsed, sale }: LiveWatch,
  { span, moment }: Span,
  of: (forecast: SaleForecast, at: Ticks) => ForecastBand | null,
): Pick<LiveChart, "band"> {
  if (rehearsed === null || sale === null) return {};
  const startsAt = startOf(sale, rehearsed);
  const bands = Array.from({ length: STEPS }, (_, step) => {
    const at = moment.now + sale.clockAheadMillis - span + (span * step) / (STEPS - 1);
    return at < startsAt ? null : of(rehearsed.forecast, (at - startsAt) * MILLISECOND);
  });
  const edge = (one: "low" | "high") => bands.map((band) => band?.[one] ?? Number.NaN);
  return { band: { low: edge("low"), high: edge("high") } };
}

/** From the sale log, minute by minute; null where none is followed. */
function ordersOf({ saleLog, sale, points }: LiveWatch, { span, moment }: Span) {
  if (saleLog === null || saleLog.problem !== null) return null;
  const ahead = sale?.clockAheadMillis ?? 0;
  const begins = sale === null ? Infinity : sale.earlyAccessAt;
  return Array.from({ length: STEPS }, (_, step) => {
    const at = moment.now + ahead - span + (span * step) / (STEPS - 1);
    const isKnown = at >= begins || at >= (points[0]?.at ?? Infinity);
    return isKnown ? saleLog.log.minuteUntil(at, "").orders : Number.NaN;
  });
}

function timesOf(span: number, { now, zoneMinutes }: ChartMoment): LiveChart["times"] {
  const step = TIME_STEPS.find((one) => span / one <= TIMES_MAX) ?? span;
  const zone = zoneMinutes * MINUTE;
  const first = Math.ceil((now - span + zone) / step) * step - zone;
  const count = Math.floor((now - first) / step) + 1;
  return Array.from({ length: count }, (_, place) => {
    const time = first + place * step;
    return { at: 1 - (now - time) / span, text: clockText(time, zoneMinutes).slice(0, 5) };
  });
}

/** Between two times below a chart: whole minutes, so that all are equally far apart. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60].map((minutes) => minutes * MINUTE);
const TIMES_MAX = 5;

function mostText(values: readonly number[]): string {
  const known = values.filter(Number.isFinite);
  return known.length === 0 ? "" : `max ${plainNumber(Math.max(...known), 0)}`;
}
