/** A chart of series over time as lines of text: axis, canvas, times below. */
import type { Role, Theme } from "../theme/theme.ts";
import { Canvas, type Charset } from "./canvas.ts";
import { alignLeft, alignRight } from "./text-width.ts";

export interface ChartSeries {
  /** Equal steps over the chart's width; what is not a number is a gap. */
  readonly values: readonly number[];
  readonly role: Role;
  readonly dashed?: boolean;
  /** The share of the chart's width that the values reach to; 1 where they are all there are. */
  readonly reaches?: number;
}

/** The area between two series, shown by sparse dots. */
export interface ChartBand {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly role: Role;
}

export interface ChartInput {
  readonly width: number;
  /** Lines in all; the last one holds the times. */
  readonly height: number;
  readonly series: readonly ChartSeries[];
  readonly bands?: readonly ChartBand[];
  /** The value at the upper edge; the least round one that holds everything where it is not there. */
  readonly top?: number;
  /** A bound that a value should keep: a dashed line. */
  readonly goal?: number;
  /** Places that are marked by an upright line, as shares of the width. */
  readonly marks?: readonly { readonly at: number; readonly role: Role }[];
  /** Words for a value on the axis, at most five cells. */
  readonly axis: (value: number) => string;
  /** Words for places below the chart, as shares of its width from 0 to 1, in rising order. */
  readonly times: readonly { readonly at: number; readonly text: string }[];
  readonly theme: Theme;
  readonly charset: Charset;
}

const GUTTER = 7;

/** Exactly `height` lines of exactly `width` cells. */
export function chartLines(input: ChartInput): readonly string[] {
  const { width, height, theme, charset } = input;
  const columns = Math.max(1, width - GUTTER);
  const rows = Math.max(1, height - 1);
  const top = input.top ?? niceCeiling(largest(input));
  const canvas = new Canvas(columns, rows, charset);
  const place = placing(canvas, top);
  drawBands(canvas, input, place);
  for (const mark of input.marks ?? []) drawMark(canvas, mark);
  if (input.goal !== undefined) drawGoal(canvas, place(0, input.goal)[1]);
  for (const series of input.series) drawSeries(canvas, series, place);
  const lines = canvas.lines(theme).map((line, row) => axisLabel(row, { rows, top, input }) + line);
  return [...lines, timesLine(input, columns)];
}

type Place = (share: number, value: number) => readonly [number, number];

function placing({ width, height }: Canvas, top: number): Place {
  return (share, value) => [share * (width - 1), (1 - value / top) * (height - 1)];
}

function drawSeries(canvas: Canvas, series: ChartSeries, place: Place): void {
  const { values, role, dashed = false, reaches = 1 } = series;
  let before: readonly [number, number] | null = null;
  values.forEach((value, index) => {
    if (!Number.isFinite(value)) {
      before = null;
      return;
    }
    const at = place((index / Math.max(1, values.length - 1)) * reaches, value);
    canvas.line(before ?? at, at, { role, dashed });
    before = at;
  });
}

/** Every second dot of every second column between the two. */
function drawBands(canvas: Canvas, { bands = [] }: ChartInput, place: Place): void {
  for (const { low, high, role } of bands) {
    const count = Math.min(low.length, high.length);
    for (let x = 0; x < canvas.width; x += 2) {
      const index = Math.round((x / Math.max(1, canvas.width - 1)) * (count - 1));
      const from = place(0, high[index] ?? Number.NaN)[1];
      const to = place(0, low[index] ?? Number.NaN)[1];
      for (let y = Math.ceil(from); y <= to; y += 1) {
        if ((y + x / 2) % 2 === 0) canvas.dot(x, y, role);
      }
    }
  }
}

function drawGoal(canvas: Canvas, y: number): void {
  for (let x = 0; x < canvas.width; x += 1) {
    if (x % 4 < 2) canvas.dot(x, Math.round(y), "dim");
  }
}

function drawMark(canvas: Canvas, { at, role }: { readonly at: number; readonly role: Role }) {
  const x = Math.round(at * (canvas.width - 1));
  for (let y = 0; y < canvas.height; y += 2) canvas.dot(x, y, role);
}

function largest({ series, bands = [], goal = 0 }: ChartInput): number {
  let most = goal;
  for (const { values } of series) most = Math.max(most, ...values.filter(Number.isFinite));
  for (const { high } of bands) most = Math.max(most, ...high.filter(Number.isFinite));
  return most;
}

/** The least of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten that is not below the value. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  let power = 1;
  while (power * 10 <= value) power *= 10;
  while (power > value) power /= 10;
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= value) ?? 10;
  return step * power;
}

function axisLabel(
  row: number,
  { rows, top, input }: { readonly rows: number; readonly top: number; readonly input: ChartInput },
): string {
  const middle = Math.floor((rows - 1) / 2);
  const shown = row === 0 ? top : row === rows - 1 ? 0 : null;
  const value =
    shown ?? (row === middle && rows >= 5 ? top * (1 - middle / Math.max(1, rows - 1)) : null);
  const axis = input.charset === "ascii" ? "|" : "┤";
  if (value === null) return " ".repeat(GUTTER);
  return `${alignRight(input.axis(value), GUTTER - 1)}${input.theme.paint("dim", axis)}`;
}

function timesLine({ times, theme }: ChartInput, columns: number): string {
  let line = "";
  for (const { at, text } of times) {
    const column = Math.min(Math.round(at * (columns - 1)), columns - text.length);
    if (column < line.length + (line === "" ? 0 : 1)) continue;
    line = line.padEnd(column) + text;
  }
  return theme.paint("dim", alignLeft(" ".repeat(GUTTER) + line, columns + GUTTER));
}
