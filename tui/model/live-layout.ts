/** Where the parts of the screen Live lie, in cells from its top left. */

export const LIVE_PANES = ["alerts", "queue", "orders", "p95", "stock", "items", "events"] as const;
export type LivePaneName = (typeof LIVE_PANES)[number];

export interface LiveArea {
  readonly name: LivePaneName;
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  /** 0 where it is shown only while it has the focus. */
  readonly rows: number;
}

export interface LiveLayout {
  readonly kind: "full" | "compact";
  /** Rows of the title and of the line below it. */
  readonly titleRows: number;
  /** Rows of the figures. */
  readonly figureRows: number;
  readonly areas: readonly LiveArea[];
}

export interface LiveSize {
  readonly columns: number;
  readonly rows: number;
}

const FULL: LiveSize = { columns: 120, rows: 34 };
const TITLE_ROWS = 2;
const TILE_ROWS = 4;
const COMPACT_FIGURE_ROWS = 2;
const COMPACT_ALERT_ROWS = 7;

export function liveLayout({ columns, rows }: LiveSize, hasEvents: boolean): LiveLayout {
  return columns >= FULL.columns && rows >= FULL.rows
    ? fullLayout({ columns, rows }, hasEvents)
    : compactLayout({ columns, rows }, hasEvents);
}

/** Figures, four charts in two rows, and lists below them; all grow with the terminal. */
function fullLayout({ columns, rows }: LiveSize, hasEvents: boolean): LiveLayout {
  const rest = rows - TITLE_ROWS - TILE_ROWS;
  const chartRows = Math.floor((rest * 0.64) / 2);
  const listRows = rest - 2 * chartRows;
  const half = Math.floor(columns / 2);
  const top = TITLE_ROWS + TILE_ROWS;
  const lists = hasEvents ? [0.45, 0.2, 0.35] : [0.6, 0.4];
  const names = hasEvents
    ? (["alerts", "items", "events"] as const)
    : (["alerts", "items"] as const);
  const cuts = names.map((_, place) =>
    Math.round(columns * lists.slice(0, place).reduce((sum, share) => sum + share, 0)),
  );
  const [alerts, ...others] = names.map((name, place): LiveArea => {
    const column = cuts[place] ?? 0;
    const end = cuts[place + 1] ?? columns;
    return { name, column, row: top + 2 * chartRows, columns: end - column, rows: listRows };
  });
  const charts = (["queue", "orders", "p95", "stock"] as const).map((name, place): LiveArea => {
    const isRight = place % 2 === 1;
    const row = top + Math.floor(place / 2) * chartRows;
    const width = isRight ? columns - half : half;
    return { name, column: isRight ? half : 0, row, columns: width, rows: chartRows };
  });
  const areas = [alerts as LiveArea, ...charts, ...others];
  return { kind: "full", titleRows: TITLE_ROWS, figureRows: TILE_ROWS, areas };
}

/** One pane at a time above the alerts: the one that has the focus. */
function compactLayout({ columns, rows }: LiveSize, hasEvents: boolean): LiveLayout {
  const row = TITLE_ROWS + COMPACT_FIGURE_ROWS;
  const names = LIVE_PANES.filter((name) => hasEvents || name !== "events");
  const areas = names.map((name): LiveArea => {
    if (name === "alerts") {
      return { name, column: 0, row: rows - COMPACT_ALERT_ROWS, columns, rows: COMPACT_ALERT_ROWS };
    }
    return {
      name,
      column: 0,
      row,
      columns,
      rows: name === "orders" ? rows - row - COMPACT_ALERT_ROWS : 0,
    };
  });
  return { kind: "compact", titleRows: TITLE_ROWS, figureRows: COMPACT_FIGURE_ROWS, areas };
}

/** The pane above the alerts of a compact screen: the focused one, or orders per minute. */
export function compactPane(focus: string): LivePaneName {
  return LIVE_PANES.find((name) => name === focus && name !== "alerts") ?? "orders";
}
