/** Where the panes of Compare lie: four charts above the table, or one chart at a time. */
import { CHART_PANES } from "../../model/comparison-charts.ts";
import type { Frame, PaneArea } from "../screen.ts";

/** The title, the verdict, and what is to be known of it. */
export const ROWS_ABOVE = 3;

/** From here on all four charts are shown at once; two rows of a terminal are not the screen's. */
const COLUMNS_FULL = 110;
const ROWS_FULL = 32;

const TABLE_ROWS_MIN = 8;
const CHART_ROWS_MIN = 8;

export function isFull({ columns, rows }: Pick<Frame, "columns" | "rows">): boolean {
  return columns >= COLUMNS_FULL && rows >= ROWS_FULL;
}

export function comparePanes(size: Pick<Frame, "columns" | "rows">): readonly PaneArea[] {
  return isFull(size) ? fullPanes(size) : compactPanes(size);
}

function fullPanes({ columns, rows }: Pick<Frame, "columns" | "rows">): readonly PaneArea[] {
  const room = rows - ROWS_ABOVE;
  const chartRows = Math.max(CHART_ROWS_MIN, Math.floor((room * 0.62) / 2));
  const left = Math.floor(columns / 2);
  const charts = CHART_PANES.map((name, place) => ({
    name,
    column: place % 2 === 0 ? 0 : left,
    row: ROWS_ABOVE + Math.floor(place / 2) * chartRows,
    columns: place % 2 === 0 ? left : columns - left,
    rows: chartRows,
  }));
  const row = ROWS_ABOVE + 2 * chartRows;
  return [...charts, { name: "numbers", column: 0, row, columns, rows: rows - row }];
}

/** The chart that has the focus, or the first, above the table. */
function compactPanes({ columns, rows }: Pick<Frame, "columns" | "rows">): readonly PaneArea[] {
  const room = rows - ROWS_ABOVE;
  const tableRows = Math.max(TABLE_ROWS_MIN, Math.floor(room * 0.45));
  const chartRows = room - tableRows;
  const charts = CHART_PANES.map((name, place) => ({
    name,
    column: 0,
    row: ROWS_ABOVE,
    columns,
    rows: place === 0 ? chartRows : 0,
  }));
  const row = ROWS_ABOVE + chartRows;
  return [...charts, { name: "numbers", column: 0, row, columns, rows: tableRows }];
}
