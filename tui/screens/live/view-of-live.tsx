/** Draws the view model of the screen Live. */
import { Text } from "ink";
import type { ReactElement } from "react";
import { beside } from "../../components/beside.ts";
import { chartLines } from "../../components/chart.ts";
import { paneLines } from "../../components/pane.tsx";
import { alignLeft, spread, widthOf } from "../../components/text-width.ts";
import {
  compactPane,
  type LiveArea,
  type LivePaneName,
  liveLayout,
} from "../../model/live-layout.ts";
import type { LiveFigureText } from "../../model/live-record.ts";
import type { LiveLine, LiveView } from "../../model/live-view.ts";
import { SEVERITY_ROLES, SEVERITY_SIGNS } from "../../theme/severity.ts";
import type { Theme } from "../../theme/theme.ts";
import type { Frame } from "../screen.ts";

/** The first line that each list shows. */
export interface Scrolled {
  readonly items: number;
  readonly events: number;
}

interface Drawing {
  readonly frame: Frame;
  readonly scrolled: Scrolled;
}

/** From this width on there is room for more than what matters most. */
const WIDE = 100;
const DETAIL_INDENT = "     ";
const SIGN_OF_GOAL = { kept: "✓", missed: "✗" } as const;

export function viewOfLive(model: LiveView, drawing: Drawing): ReactElement {
  return <Text wrap="truncate">{liveLines(model, drawing).join("\n")}</Text>;
}

/** Exactly as many lines as the frame has rows. */
function liveLines(model: LiveView, drawing: Drawing): readonly string[] {
  const { frame } = drawing;
  const { columns, rows, theme, focus, expanded } = frame;
  const head = [titleLine(model, frame), noticeLine(model, frame)];
  const body = { column: 0, row: head.length, columns, rows: rows - head.length };
  if (model.figures.length === 0) return [...head, ...waitingLines(model, { frame, ...body })];
  const layout = liveLayout({ columns, rows }, model.events !== null);
  const focused = layout.areas.find(({ name }) => name === focus) ?? layout.areas[0];
  if (expanded && focused !== undefined) {
    return [...head, ...areaLines(model, { ...focused, ...body }, drawing)];
  }
  if (layout.kind === "full") {
    const lines = [...head, ...tileLines(model, frame)];
    return [...lines, ...besides(layout.areas, (area) => areaLines(model, area, drawing))];
  }
  const name = compactPane(focus);
  const lists = layout.areas.find((area) => area.name === "alerts");
  const listRows = lists?.rows ?? 0;
  const shown: LiveArea = { ...body, name, rows: rows - head.length - 2 - listRows };
  return [
    ...head,
    ...compactFigures(model, { columns, theme }),
    ...areaLines(model, shown, drawing),
    ...(lists === undefined ? [] : areaLines(model, lists, drawing)),
  ];
}

function titleLine(model: LiveView, { columns, theme, charset }: Frame): string {
  const { title, age } = model;
  const mark = charset === "ascii" ? "*" : "◆";
  const file = model.saleLog === "" || columns < WIDE ? "" : ` + ${model.saleLog}`;
  const source = `${model.source}${file}${age === "" ? "" : ` · ${age}`}`;
  return spread(` ${theme.paint("title", `${mark} ${title}`)}`, `${source} `, columns);
}

function noticeLine({ notice, isStale }: LiveView, { columns, theme }: Frame): string {
  const sign = theme.paint(SEVERITY_ROLES[notice.severity], SEVERITY_SIGNS[notice.severity]);
  const stale = isStale ? "the last figures are kept, grey " : "";
  return spread(` ${sign} ${notice.text}`, theme.paint("dim", stale), columns);
}

/** Before the first figures: what to do where none come. */
function waitingLines(
  { notice }: LiveView,
  {
    frame,
    columns,
    rows,
  }: { readonly frame: Frame; readonly columns: number; readonly rows: number },
): readonly string[] {
  const lines = [
    "",
    ` ${notice.text}`,
    "",
    " `rehearse serve --demo` starts a store on this machine; c names another one,",
    " and the file that it records its sale log into. A store on another machine wants",
    " the token of an operator, in the variable REHEARSE_ADMIN_TOKEN.",
    "",
    " It is asked again by itself, and nothing in it is ever changed.",
  ];
  return paneLines({ title: "No store yet", lines, columns, rows, frame });
}

function goalSign({ isKept }: LiveFigureText, theme: Theme): string {
  if (isKept === null) return "";
  return theme.paint(isKept ? "good" : "bad", isKept ? SIGN_OF_GOAL.kept : SIGN_OF_GOAL.missed);
}

function tileLines(model: LiveView, frame: Frame): readonly string[] {
  const { columns, theme } = frame;
  const count = model.figures.length;
  const cuts = Array.from({ length: count + 1 }, (_, at) => Math.round((columns * at) / count));
  const tiles = model.figures.map((figure, place) => {
    const width = (cuts[place + 1] ?? columns) - (cuts[place] ?? 0);
    const paint = (text: string) => (model.isStale ? theme.paint("dim", text) : text);
    const sign = goalSign(figure, theme);
    const lines = [
      ` ${paint(figure.value)}${model.isStale || sign === "" ? "" : ` ${sign}`}`,
      ` ${theme.paint("dim", figure.remark)}`,
    ];
    return paneLines({ title: figure.label.toUpperCase(), lines, columns: width, rows: 4, frame });
  });
  return beside(...tiles);
}

function compactFigures(
  { figures, isStale }: LiveView,
  { columns, theme }: Pick<Frame, "columns" | "theme">,
): readonly string[] {
  const words = figures.map((figure) => {
    const sign = goalSign(figure, theme);
    const text = `${figure.label} ${figure.value}`;
    const shown = isStale ? theme.paint("dim", text) : text;
    const rate = figure.name === "orders" ? ` ${theme.paint("dim", `(${figure.remark})`)}` : "";
    return `${shown}${isStale || sign === "" ? "" : ` ${sign}`}${rate}`;
  });
  const half = 4;
  return [words.slice(0, half), words.slice(half)].map((row) =>
    alignLeft(` ${row.join("  ")}`, columns),
  );
}

function areaLines(
  model: LiveView,
  area: LiveArea,
  { frame, scrolled }: Drawing,
): readonly string[] {
  const { name, columns, rows } = area;
  const pane = { columns, rows, focused: frame.focus === name, frame };
  const listed = (lines: readonly LiveLine[], from: number) =>
    lines.slice(from, from + Math.max(0, rows - 2)).map((line) => listLine(line, frame));
  switch (name) {
    case "alerts": {
      const alerts = model.alerts.flatMap((line) =>
        line.isDetail ? wrapped(line, columns) : [line],
      );
      const lines = listed(alerts, firstShown(alerts, rows - 2));
      return paneLines({ ...pane, title: "Alerts", remark: model.alertRemark, lines });
    }
    case "items": {
      const lines = listed(model.items, scrolled.items);
      return paneLines({ ...pane, title: "Items left", lines });
    }
    case "events": {
      const lines = listed(model.events ?? [], scrolled.events);
      return paneLines({ ...pane, title: "Sale log, newest first", lines });
    }
    default:
      return paneLines({ ...pane, ...chartPane(model, name, area, frame) });
  }
}

function chartPane(
  model: LiveView,
  name: LivePaneName,
  { columns, rows }: LiveArea,
  { theme, charset }: Frame,
) {
  const chart = model.charts.find((one) => one.name === name);
  if (chart === undefined) return { title: "", lines: [] };
  const { title, remark, values, goal, band, axis, times } = chart;
  const role = model.isStale ? ("dim" as const) : ("first" as const);
  const lines = chartLines({
    ...{ width: columns - 2, height: rows - 2, series: [{ values, role }], axis, times },
    ...(goal !== undefined && { goal }),
    ...(band !== undefined && { bands: [{ ...band, role: "dim" as const }] }),
    ...{ theme, charset },
  });
  return { title, remark, lines };
}

/** A detail in lines of words that fit below its alert. */
function wrapped({ text }: LiveLine, columns: number): readonly LiveLine[] {
  const room = Math.max(20, columns - 2 - DETAIL_INDENT.length - 4);
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= room) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines.map((line) => ({ severity: null, text: DETAIL_INDENT + line, isDetail: true }));
}

/** So that the selected line and what is told of it are in view. */
function firstShown(lines: readonly LiveLine[], room: number): number {
  const selected = lines.findIndex(({ isSelected = false }) => isSelected);
  const next = lines.findIndex(({ isSelected }, place) => place > selected && isSelected === false);
  const end = next < 0 ? lines.length : next;
  return selected < 0 || end <= room ? 0 : Math.min(selected, end - room);
}

function listLine({ severity, text, isSelected = false }: LiveLine, { theme }: Frame): string {
  const sign =
    severity === null ? "" : `${theme.paint(SEVERITY_ROLES[severity], SEVERITY_SIGNS[severity])} `;
  return isSelected ? ` ❯ ${sign}${theme.paint("title", text)}` : `   ${sign}${text}`;
}

/** Areas that lie in rows of several beside each other, from the top. */
function besides(
  areas: readonly LiveArea[],
  draw: (area: LiveArea) => readonly string[],
): readonly string[] {
  const rows = [...new Set(areas.map(({ row }) => row))].sort((one, other) => one - other);
  return rows.flatMap((row) => {
    const inRow = areas.filter((area) => area.row === row);
    inRow.sort((one, other) => one.column - other.column);
    return beside(...inRow.map(draw));
  });
}
