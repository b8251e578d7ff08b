/**
 * A chart as one static SVG: no script, no style of its own, no size but its proportions. Coordinates
 * are whole numbers, so that the same figures give the same bytes. Colours are classes of the page.
 */
import { type ScaleLinear, scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import type { PlanMarks } from "../../twin/result.ts";
import { axisText, type Clock, clockOf, timeMarks } from "./axis.ts";
import type { Chart, ChartLine, ChartSet, Span } from "./chart-data.ts";
import { planClass } from "./html-style.ts";
import { type Content, type Markup, markup } from "./markup.ts";

/** Twice the pixels that a chart has on a wide screen. */
const WIDTH = 1_120;
const LEFT = 112;
const RIGHT = WIDTH - 20;
const PLOT_HEIGHT = 340;
const STRIP_HEIGHT = 64;
/** Of the batches of one plan. */
const ROW_HEIGHT = 20;

/** Where the main panel of a chart lies, for whoever follows the pointer over it. */
export const PLOT_SHARES = { from: LEFT / WIDTH, to: RIGHT / WIDTH };

interface Panel {
  readonly span: Span;
  readonly every: number;
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
  /** Places of pixels that a line may have a point for. */
  readonly columns: number;
}

/** One chart; with a part in focus that part is large and the whole sale a strip under it. */
export function chartSvg(
  chart: Chart,
  set: ChartSet,
  texts: { readonly id: string; readonly description: string; readonly currency: string },
): Markup {
  const { currency } = texts;
  const clock = clockOf(set.starts);
  const top = 16 + ROW_HEIGHT * set.marks.length;
  const bottom = top + PLOT_HEIGHT;
  const y = scaleLinear([0, highestOf(chart.lines)], [bottom, top]).nice(4);
  const span = set.focus ?? set.whole;
  const x = scaleLinear([span.from, span.to], [LEFT, RIGHT]);
  const panel = { span, every: set.every, x, y, columns: columnsFor(240, chart) };
  const strip = set.focus === null ? null : stripOf(chart, set, { clock, top: bottom + 64 });
  const height = bottom + 44 + (strip === null ? 0 : STRIP_HEIGHT + 64);
  return markup`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${texts.id}-t ${texts.id}-d" data-from="${span.from}" data-to="${span.to}"><title id="${texts.id}-t">${chart.title}</title><desc id="${texts.id}-d">${texts.description}</desc>${[
    faultAreas(set.marks, panel, top),
    gridOf(panel, (value) => axisText(chart.unit, value, { currency, most: y.domain()[1] ?? 0 })),
    timeAxis(panel, clock, { at: bottom, most: 7 }),
    set.marks.map((marks, index) => (marks === null ? null : planMarks(marks, index, panel))),
    chart.lines.map((one) => bandPath(one, panel)),
    chart.lines.map((one) => linePath(one, panel)),
    strip,
    markup`<line class="cursor" visibility="hidden" x1="0" x2="0" y1="${top}" y2="${bottom}"/>`,
  ]}</svg>`;
}

/** With more than two lines each is drawn with fewer points, so that a picture stays as small. */
function columnsFor(columns: number, { lines }: Chart): number {
  return Math.max(40, Math.floor((columns * 2) / Math.max(2, lines.length)));
}

/** The highest value of any line or band; a chart of nothing still has a height. */
function highestOf(lines: readonly ChartLine[]): number {
  let highest = 0;
  for (const { values, high } of lines)
    for (const value of [...values, ...(high ?? [])])
      if (Number.isFinite(value)) highest = Math.max(highest, value);
  return highest === 0 ? 1 : highest;
}

function gridOf({ y }: Panel, text: (value: number) => string): Content {
  return y.ticks(4).map((value) => {
    const at = Math.round(y(value));
    return markup`<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${at}" y2="${at}"/><text class="end" x="${LEFT - 12}" y="${at + 8}">${text(value)}</text>`;
  });
}

function timeAxis(
  { span, x }: Panel,
  clock: Clock,
  { at: bottom, most }: { readonly at: number; readonly most: number },
): Content {
  return timeMarks(span, clock, most).map(({ at, text }, index) => {
    const place = Math.round(x(at));
    const tick = markup`<line class="tick" x1="${place}" x2="${place}" y1="${bottom}" y2="${bottom + 8}"/>`;
    const kind = index % 2 === 0 ? "middle" : "middle minor";
    return [tick, markup`<text class="${kind}" x="${place}" y="${bottom + 34}">${text}</text>`];
  });
}

/** Batches of more than this are drawn as the time they take. */
const BATCHES_DRAWN = 40;

/** In the plan's own row above the plot its batches; along the axis the time it missed its service level. */
function planMarks(marks: PlanMarks, index: number, panel: Panel): Content {
  const { x, y, span } = panel;
  const row = 8 + ROW_HEIGHT * index;
  const bottom = Math.round(y.range()[0] ?? 0);
  const inside = marks.batches.filter(({ at }) => at >= span.from && at <= span.to);
  const [first, last] = [inside[0], inside.at(-1)];
  const many = inside.length > BATCHES_DRAWN && first !== undefined && last !== undefined;
  const batches = many
    ? markup`<path class="batch ${planClass(index)}" d="M${Math.round(x(first.at))},${row + 4}H${Math.round(x(last.at))}v8H${Math.round(x(first.at))}z"/>`
    : inside.map(({ at }) => {
        const place = Math.round(x(at));
        return markup`<path class="batch ${planClass(index)}" d="M${place - 8},${row}h16l-8,14z"/><line class="stem ${planClass(index)}" x1="${place}" x2="${place}" y1="${row + 14}" y2="${bottom}"/>`;
      });
  return [
    batches,
    missedPath(marks, bottom - 8 * (index + 1), panel),
    soldOutMark(marks, index, panel),
  ];
}

/** Nearer than this to one another, in units of the picture, two times are drawn as one. */
const GAP_DRAWN = 4;

/** When the service level was missed, as one row of bars. */
function missedPath({ missed }: PlanMarks, row: number, { x, span }: Panel): Content {
  const bars: { from: number; to: number }[] = [];
  for (const { at, ends } of missed) {
    if (ends <= span.from || at >= span.to) continue;
    const from = Math.round(x(Math.max(at, span.from)));
    const to = Math.max(from + 2, Math.round(x(Math.min(ends, span.to))));
    const last = bars.at(-1);
    if (last !== undefined && from - last.to < GAP_DRAWN) last.to = to;
    else bars.push({ from, to });
  }
  if (bars.length === 0) return null;
  const d = bars.map(({ from, to }) => `M${from},${row}H${to}v6H${from}z`).join("");
  return markup`<path class="missed" d="${d}"/>`;
}

function soldOutMark({ soldOut }: PlanMarks, index: number, { x, y, span }: Panel): Content {
  if (soldOut === null || soldOut < span.from || soldOut > span.to) return null;
  const place = Math.round(x(soldOut));
  const bottom = Math.round(y.range()[0] ?? 0);
  return markup`<path class="sold ${planClass(index)}" d="M${place},${bottom - 12}l10,12l-10,12l-10,-12z"/>`;
}

const FAULTS_DRAWN = 100;

/** What breaks is the same in most plans: each fault that differs is shaded once. */
function faultAreas(
  marks: readonly (PlanMarks | null)[],
  { x, y, span }: Panel,
  top: number,
): Content {
  const all = marks.flatMap((one) => one?.faults ?? []).slice(0, FAULTS_DRAWN);
  const keys = all.map(({ kind, at, ends }) => `${kind} ${at} ${ends}`);
  const height = Math.round(y.range()[0] ?? 0) - top;
  return all
    .filter((_, index) => keys.indexOf(keys[index] ?? "") === index)
    .filter(({ at, ends }) => ends >= span.from && at <= span.to)
    .map(({ at, ends, kind }) => {
      const from = Math.round(x(Math.max(at, span.from)));
      const width = Math.max(3, Math.round(x(Math.min(ends, span.to))) - from);
      return markup`<rect class="fault" x="${from}" y="${top}" width="${width}" height="${height}"><title>${kind}</title></rect>`;
    });
}

function linePath(one: ChartLine, panel: Panel): Content {
  const { x, y } = panel;
  const path = line<Point>()
    .defined(({ value }) => Number.isFinite(value))
    .x(({ at }) => Math.round(x(at)))
    .y(({ value }) => Math.round(y(value)));
  const d = path(pointsOf(one.values, panel));
  return d === null ? null : markup`<path class="line ${planClass(one.index)}" d="${d}"/>`;
}

function bandPath(one: ChartLine, panel: Panel): Content {
  if (one.low === null || one.high === null) return null;
  const { x, y } = panel;
  const columns = panel.columns / 2;
  const low = edgeOf(one.low, { ...panel, columns }, Math.min);
  const high = edgeOf(one.high, { ...panel, columns }, Math.max);
  const shape = area<number>()
    .defined(
      (_, index) => Number.isFinite(low[index]?.value) && Number.isFinite(high[index]?.value),
    )
    .x((_, index) => Math.round(x(low[index]?.at ?? 0)))
    .y0((_, index) => Math.round(y(low[index]?.value ?? 0)))
    .y1((_, index) => Math.round(y(high[index]?.value ?? 0)));
  const d = shape(low.map((_, index) => index));
  return d === null ? null : markup`<path class="band ${planClass(one.index)}" d="${d}"/>`;
}

interface Point {
  /** Milliseconds, the middle of an interval. */
  readonly at: number;
  readonly value: number;
}

/** Which intervals lie in a panel, and how many of them share a column. */
function columnsOf(values: readonly number[], { span, every, columns }: Panel) {
  const first = Math.max(0, Math.floor(span.from / every));
  const last = Math.min(values.length, Math.ceil(span.to / every));
  const size = Math.max(1, Math.ceil((last - first) / columns));
  const count = Math.max(0, Math.ceil((last - first) / size));
  return Array.from({ length: count }, (_, index) => {
    const from = first + index * size;
    return { from, to: Math.min(from + size, last) };
  });
}

/** Every interval, or of those that share a column the lowest and the highest in their order. */
function pointsOf(values: readonly number[], panel: Panel): readonly Point[] {
  const at = (index: number) => (index + 0.5) * panel.every;
  return columnsOf(values, panel).flatMap(({ from, to }) => {
    const indices = Array.from({ length: to - from }, (_, offset) => from + offset);
    const measured = indices.filter((index) => Number.isFinite(values[index]));
    const [first] = measured;
    if (first === undefined) return [{ at: at(from), value: Number.NaN }];
    const by = (better: (one: number, other: number) => boolean) =>
      measured.reduce((best, index) => (better(values[index], values[best]) ? index : best));
    const lowest = by((one, other) => one < other);
    const highest = by((one, other) => one > other);
    const kept =
      lowest === highest ? [lowest] : [Math.min(lowest, highest), Math.max(lowest, highest)];
    return kept.map((index) => ({ at: at(index), value: values[index] ?? Number.NaN }));
  });
}

/** One edge of a band: the outermost value of each column. */
function edgeOf(
  values: readonly number[],
  panel: Panel,
  outermost: (one: number, other: number) => number,
): readonly Point[] {
  return columnsOf(values, panel).map(({ from, to }) => {
    const measured = values.slice(from, to).filter(Number.isFinite);
    const value = measured.length === 0 ? Number.NaN : measured.reduce((a, b) => outermost(a, b));
    return { at: ((from + to) / 2) * panel.every, value };
  });
}

/** The whole sale, small, with the part that is drawn large above it. */
function stripOf(
  chart: Chart,
  { whole, focus, every }: ChartSet,
  { clock, top }: { readonly clock: Clock; readonly top: number },
): Content {
  const bottom = top + STRIP_HEIGHT;
  const x = scaleLinear([whole.from, whole.to], [LEFT, RIGHT]);
  const y = scaleLinear([0, highestOf(chart.lines)], [bottom, top]);
  const panel = { span: whole, every, x, y, columns: columnsFor(120, chart) };
  const from = Math.round(x(focus?.from ?? 0));
  const width = Math.max(4, Math.round(x(focus?.to ?? 0)) - from);
  return [
    markup`<rect class="focus" x="${from}" y="${top - 4}" width="${width}" height="${STRIP_HEIGHT + 4}"/>`,
    markup`<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${bottom}" y2="${bottom}"/>`,
    markup`<text class="end minor" x="${LEFT - 12}" y="${bottom - 24}">whole</text><text class="end minor" x="${LEFT - 12}" y="${bottom}">sale</text>`,
    chart.lines.map((one) => linePath(one, panel)),
    timeAxis(panel, clock, { at: bottom, most: 7 }),
  ];
}
