/** Where the panes of a rehearsal lie: four charts at once, or in a small terminal one at a time. */
import { sharedWidths } from "../../components/beside.ts";
import { CHARTS, type ChartName } from "../../model/rehearse-charts.ts";
import type { Frame, PaneArea } from "../screen.ts";

export interface RehearseLayout {
  readonly compact: boolean;
  /** The row of the time line. */
  readonly line: PaneArea;
  /** Rows of the figures, the whole width. */
  readonly figures: { readonly row: number; readonly rows: number };
  readonly charts: Readonly<Record<ChartName, PaneArea>>;
  readonly events: PaneArea;
  readonly controls: PaneArea;
}

type Size = Pick<Frame, "columns" | "rows">;

const FULL_COLUMNS = 110;
const FULL_ROWS = 32;
/** The title, then the time line. */
const HEAD_ROWS = 2;
const FIGURE_ROWS = 5;
/** Cells around the time line: the time at either end, the percentage, what the signs mean. */
export const LINE_LEFT = 11;
export const LINE_RIGHT = 40;
export const LINE_RIGHT_COMPACT = 18;

export function rehearseLayout(size: Size): RehearseLayout {
  const { columns, rows } = size;
  const compact = columns < FULL_COLUMNS || rows < FULL_ROWS;
  return compact ? compactLayout(size) : fullLayout(size);
}

function lineOf(columns: number, compact: boolean): PaneArea {
  const right = compact ? LINE_RIGHT_COMPACT : LINE_RIGHT;
  return {
    name: "time line",
    column: LINE_LEFT,
    row: 1,
    columns: columns - LINE_LEFT - right,
    rows: 1,
  };
}

function fullLayout({ columns, rows }: Size): RehearseLayout {
  const lower = Math.max(8, Math.min(16, Math.floor(rows * 0.24)));
  const above = HEAD_ROWS + FIGURE_ROWS;
  const chartRows = rows - above - lower;
  const upper = Math.ceil(chartRows / 2);
  const [left = 0, right = 0] = sharedWidths(columns, 2);
  const controls = Math.max(42, Math.min(60, Math.floor(columns * 0.35)));
  const chart = (name: ChartName, place: number): PaneArea => ({
    name,
    column: place % 2 === 0 ? 0 : left,
    row: above + (place < 2 ? 0 : upper),
    columns: place % 2 === 0 ? left : right,
    rows: place < 2 ? upper : chartRows - upper,
  });
  const row = above + chartRows;
  return {
    compact: false,
    line: lineOf(columns, false),
    figures: { row: HEAD_ROWS, rows: FIGURE_ROWS },
    charts: chartAreas(chart),
    events: { name: "events", column: 0, row, columns: columns - controls, rows: lower },
    controls: { name: "controls", column: columns - controls, row, columns: controls, rows: lower },
  };
}

function compactLayout({ columns, rows }: Size): RehearseLayout {
  const figures = 2;
  const above = HEAD_ROWS + figures;
  const lower = Math.max(6, Math.floor((rows - above) * 0.36));
  const chartRows = rows - above - lower;
  const row = above + chartRows;
  return {
    compact: true,
    line: lineOf(columns, true),
    figures: { row: HEAD_ROWS, rows: figures },
    charts: chartAreas((name) => ({ name, column: 0, row: above, columns, rows: chartRows })),
    events: { name: "events", column: 0, row, columns, rows: lower },
    controls: { name: "controls", column: 0, row, columns, rows: lower },
  };
}

function chartAreas(area: (name: ChartName, place: number) => PaneArea): RehearseLayout["charts"] {
  const [queue, load, orders, latency] = CHARTS.map(area);
  return { queue, load, orders, latency } as RehearseLayout["charts"];
}

/** In the order of tab. In a small terminal tab goes from chart to chart first. */
export function rehearsePanes(size: Size): readonly PaneArea[] {
  const { compact, charts, events, controls, line } = rehearseLayout(size);
  const four = CHARTS.map((name) => charts[name]);
  if (!compact) return [controls, events, line, ...four];
  const [shown, ...hidden] = four;
  const others = hidden.map((area) => ({ ...area, rows: 0 }));
  return [
    ...(shown === undefined ? [] : [shown]),
    ...others,
    { ...controls, rows: 0 },
    events,
    line,
  ];
}
