/** A chart of two plans, or of their difference, as lines of text. */
import type { Charset } from "../../components/canvas.ts";
import {
  type ChartBand,
  type ChartSeries,
  chartLines,
  niceCeiling,
} from "../../components/chart.ts";
import { axisWord } from "../../model/axis-text.ts";
import {
  type ChartLine,
  type Compared,
  type ComparisonChart,
  chartTimes,
  intervalsOf,
} from "../../model/comparison-charts.ts";
import { unitText } from "../../report/quantity.ts";
import type { Role, Theme } from "../../theme/theme.ts";

export interface ChartPlace {
  /** In cells, within the border. */
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
  readonly charset: Charset;
}

export interface ChartQuestion {
  readonly chart: ComparisonChart;
  readonly compared: Compared;
  /** The interval whose values are read. */
  readonly cursor: number;
}

const ROLES: readonly Role[] = ["first", "second"];

export function comparisonChartLines(
  { chart, compared, cursor }: ChartQuestion,
  { width, height, theme, charset }: ChartPlace,
): readonly string[] {
  const { currency } = compared.result;
  const axis = axisOf(chart);
  const intervals = intervalsOf([chart]);
  const { series, bands } = drawn(chart, axis.put);
  return chartLines({
    width,
    height,
    series,
    bands,
    top: axis.top,
    ...(axis.zero === null ? {} : { goal: axis.zero }),
    marks: [{ at: Math.min(1, cursor / Math.max(1, intervals - 1)), role: "focus" }],
    axis: (value) => axisWord(chart.unit, axis.read(value), currency),
    times: chartTimes(compared, intervals, Math.max(1, width - 7)),
    theme,
    charset,
  });
}

function drawn({ lines }: ComparisonChart, put: (value: number) => number) {
  const roleOf = (place: number): Role =>
    lines.length === 1 ? "third" : (ROLES[place] ?? "third");
  const series = lines.map(
    ({ values }, place): ChartSeries => ({
      values: values.map(put),
      role: roleOf(place),
      dashed: place === 1,
    }),
  );
  const bands = lines.flatMap(({ band }, place): readonly ChartBand[] =>
    band === null
      ? []
      : [{ low: band.low.map(put), high: band.high.map(put), role: roleOf(place) }],
  );
  return { series, bands };
}

interface Axis {
  /** From a value to where the chart puts it, and back. */
  readonly put: (value: number) => number;
  readonly read: (place: number) => number;
  readonly top: number;
  /** Where nothing differs; null where that is the lower edge. */
  readonly zero: number | null;
}

const POSITIVE_LEAST = 1e-9;

/** From the bottom zero, or decades of a logarithm, or zero in the middle of a difference. */
function axisOf({ lines, logarithmic }: ComparisonChart): Axis {
  const all = lines
    .flatMap(({ values, band }) => [...values, ...(band?.low ?? []), ...(band?.high ?? [])])
    .filter(Number.isFinite);
  if (lines.length === 1) {
    const most = niceCeiling(Math.max(POSITIVE_LEAST, ...all.map(Math.abs)));
    return {
      put: (value) => value + most,
      read: (place) => place - most,
      top: 2 * most,
      zero: most,
    };
  }
  const positive = all.filter((value) => value > 0);
  if (!logarithmic || positive.length === 0) {
    const top = niceCeiling(Math.max(0, ...all));
    return { put: (value) => value, read: (place) => place, top, zero: null };
  }
  const low = Math.floor(Math.log10(Math.min(...positive)) * 2) / 2;
  const high = Math.max(low + 0.5, Math.ceil(Math.log10(Math.max(...positive)) * 2) / 2);
  return {
    put: (value) => (value > 0 ? Math.log10(value) - low : Number.NaN),
    read: (place) => 10 ** (low + place),
    top: high - low,
    zero: null,
  };
}

/** The values at the cursor, for the border of the chart. */
export function cursorWords({ chart, compared, cursor }: ChartQuestion): string {
  const text = ({ values }: ChartLine) => {
    const value = values[cursor];
    return value === undefined || !Number.isFinite(value)
      ? "–"
      : unitText(chart.unit, value, compared.result.currency);
  };
  const [first, second] = chart.lines;
  if (first === undefined) return "";
  return second === undefined ? `A − B ${text(first)}` : `A ${text(first)}  B ${text(second)}`;
}
