/** Where the panes of Replay lie: charts above figures and moment, or one chart above the figures. */
import type { Frame, PaneArea } from "../screen.ts";

/** The title, and what was replayed how. */
export const ROWS_ABOVE = 3;

/** From here on all charts are shown at once. */
const COLUMNS_FULL = 110;
const ROWS_FULL = 28;
const CHARTS_SHARE = 0.52;
const FIGURES_SHARE = 0.68;
const CHART_ROWS_MIN = 7;
const FIGURE_ROWS_MIN = 8;
/** More charts than these have no room. */
export const CHARTS_MAX = 4;

type Size = Pick<Frame, "columns" | "rows">;

export function isFull({ columns, rows }: Size): boolean {
  return columns >= COLUMNS_FULL && rows >= ROWS_FULL;
}

/** `charts` are the names of the series, at most {@link CHARTS_MAX}; there may be none. */
export function replayPanes(size: Size, charts: readonly string[]): readonly PaneArea[] {
  if (charts.length === 0) return below(size, ROWS_ABOVE);
  return isFull(size) ? fullPanes(size, charts) : compactPanes(size, charts);
}

function fullPanes(size: Size, charts: readonly string[]): readonly PaneArea[] {
  const { columns, rows } = size;
  const lines = Math.ceil(charts.length / 2);
  const chartRows = Math.floor(((rows - ROWS_ABOVE) * CHARTS_SHARE) / lines);
  const half = Math.floor(columns / 2);
  const areas = charts.map((name, place): PaneArea => {
    const alone = place % 2 === 0 && place === charts.length - 1;
    const left = place % 2 === 0;
    return {
      name,
      column: left ? 0 : half,
      row: ROWS_ABOVE + Math.floor(place / 2) * chartRows,
      columns: alone ? columns : left ? half : columns - half,
      rows: chartRows,
    };
  });
  return [...areas, ...below(size, ROWS_ABOVE + lines * chartRows)];
}

function below({ columns, rows }: Size, row: number): readonly PaneArea[] {
  const figures = Math.floor(columns * FIGURES_SHARE);
  const place = { row, rows: rows - row };
  return [
    { name: "figures", column: 0, columns: figures, ...place },
    { name: "moment", column: figures, columns: columns - figures, ...place },
  ];
}

/** One chart, or the moment, above the figures. */
function compactPanes(size: Size, charts: readonly string[]): readonly PaneArea[] {
  const { columns, rows } = size;
  const room = rows - ROWS_ABOVE;
  const figureRows = Math.max(FIGURE_ROWS_MIN, Math.floor(room * 0.42));
  const chartRows = Math.max(CHART_ROWS_MIN, room - figureRows);
  const above = (name: string, shown: boolean): PaneArea => ({
    ...{ name, column: 0, row: ROWS_ABOVE, columns },
    rows: shown ? chartRows : 0,
  });
  const row = ROWS_ABOVE + chartRows;
  return [
    ...charts.map((name, place) => above(name, place === 0)),
    { name: "figures", column: 0, row, columns, rows: rows - row },
    above("moment", false),
  ];
}

/** Those that are drawn: all, the one in focus alone, or above the figures the one that was chosen. */
export function shownPanes(frame: Frame, charts: readonly string[]): readonly PaneArea[] {
  const areas = replayPanes(frame, charts);
  const focused = areas.find(({ name }) => name === frame.focus) ?? areas[0];
  if (focused === undefined) return [];
  if (frame.expanded) {
    const size = { columns: frame.columns, rows: frame.rows - ROWS_ABOVE };
    return [{ ...focused, column: 0, row: ROWS_ABOVE, ...size }];
  }
  if (isFull(frame) || charts.length === 0) return areas;
  const above = areas.find(({ rows }) => rows > 0);
  const figures = areas.find(({ name }) => name === "figures");
  if (above === undefined || figures === undefined) return areas;
  return [focused.name === "figures" ? above : { ...above, name: focused.name }, figures];
}
