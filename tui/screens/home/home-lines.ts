/** Home drawn: scenarios beside the preview of the selected one, the saved runs below. */
import { beside, firstShown } from "../../components/beside.ts";
import { chartLines } from "../../components/chart.ts";
import { paneLines } from "../../components/pane.tsx";
import { alignLeft, alignRight, spread, widthOf, wrapped } from "../../components/text-width.ts";
import { axisText } from "../../model/axis-text.ts";
import { GOAL_ROLES, GOAL_SIGNS } from "../../model/goal.ts";
import type { HomeModel, Preview, PreviewGoal, ScenarioRow } from "../../model/home.ts";
import { timeLabels } from "../../model/sale-clock.ts";
import type { MousePress } from "../../terminal/key-reader.ts";
import type { Frame, PaneArea } from "../screen.ts";

type Size = Pick<PaneArea, "columns" | "rows">;

/** Where the panes lie. */
export interface HomeLayout {
  readonly list: PaneArea;
  readonly preview: PaneArea;
  readonly runs: PaneArea;
}

const TITLE_ROWS = 1;

export function homeLayout({ columns, rows }: Pick<Frame, "columns" | "rows">): HomeLayout {
  const runsRows = Math.max(6, Math.min(16, Math.floor(rows * 0.3)));
  const upper = rows - TITLE_ROWS - runsRows;
  const list = Math.max(32, Math.min(60, Math.floor(columns * 0.38)));
  return {
    list: { name: "scenarios", row: TITLE_ROWS, column: 0, columns: list, rows: upper },
    preview: {
      name: "preview",
      row: TITLE_ROWS,
      column: list,
      columns: columns - list,
      rows: upper,
    },
    runs: { name: "runs", row: TITLE_ROWS + upper, column: 0, columns, rows: runsRows },
  };
}

/** Exactly as many lines as the frame has rows. */
export function homeLines(model: HomeModel, frame: Frame): readonly string[] {
  const { columns, rows, theme } = frame;
  const title = spread(` ${theme.paint("title", "◆ rehearse")}`, "Home ", columns);
  if (frame.expanded) {
    const whole = { columns, rows: rows - TITLE_ROWS };
    return [title, ...(frame.focus === "runs" ? runsPane : listPane)(model, whole, frame)];
  }
  const { list, preview, runs } = homeLayout(frame);
  return [
    title,
    ...beside(listPane(model, list, frame), previewPane(model.preview, preview, frame)),
    ...runsPane(model, runs, frame),
  ];
}

/** The place in the list or among the runs that lies under the mouse, or null. */
export function pointedAt(
  model: HomeModel,
  at: {
    readonly size: Pick<Frame, "columns" | "rows">;
    readonly pane: string;
    readonly mouse: MousePress;
  },
): number | null {
  const { list, runs } = homeLayout(at.size);
  const ofRuns = at.pane === "runs";
  const area = ofRuns ? runs : list;
  const heads = ofRuns ? 2 : 1;
  const room = ofRuns ? runRoom(model, runs.rows) : list.rows - 2;
  const count = ofRuns ? model.runs.length : model.rows.length;
  const inside = at.mouse.row - area.row - heads;
  if (inside < 0 || inside >= room || at.mouse.column >= area.columns) return null;
  const selected = ofRuns ? model.selectedRun : model.selectedRow;
  const place = firstShown({ count, selected, room }) + inside;
  return place < count ? place : null;
}

/** Runs that fit into a pane of so many rows. */
function runRoom({ unreadable }: HomeModel, rows: number): number {
  return rows - 3 - (unreadable.length > 0 ? 1 : 0);
}

function listPane(model: HomeModel, { columns, rows }: Size, frame: Frame): readonly string[] {
  const { shown, all } = model.scenarios;
  const filter = model.filter === "" ? "" : `  /${model.filter}`;
  const room = rows - 2;
  const first = firstShown({ count: model.rows.length, selected: model.selectedRow, room });
  const lines = model.rows
    .slice(first, first + room)
    .map((row, place) =>
      scenarioLine(row, first + place === model.selectedRow, { columns, frame }),
    );
  return paneLines({
    title: "Scenarios",
    remark: `${shown === all ? all : `${shown}/${all}`}${filter}`,
    lines: lines.length === 0 ? [" No scenario here. n writes a starter."] : lines,
    columns,
    rows,
    focused: frame.focus === "scenarios",
    frame,
  });
}

const STATE_SIGNS = { valid: "✓", broken: "✗", pending: "…" } as const;
const STATE_ROLES = { valid: "good", broken: "bad", pending: "dim" } as const;

function scenarioLine(
  row: ScenarioRow,
  selected: boolean,
  { columns, frame }: { readonly columns: number; readonly frame: Frame },
): string {
  const { theme } = frame;
  const width = columns - 2;
  const cursor = selected ? "❯" : " ";
  const mark = row.marked ? "●" : " ";
  const indent = row.isPlan ? "   · " : " ";
  const sign = row.isPlan ? " " : STATE_SIGNS[row.state];
  const text = alignLeft(`${cursor}${mark}${indent}${row.text}`, width - 3);
  if (selected) return theme.paint("selected", `${text} ${sign} `);
  return `${text} ${theme.paint(STATE_ROLES[row.state], sign)} `;
}

function previewPane(preview: Preview, { columns, rows }: Size, frame: Frame): readonly string[] {
  const pane = (title: string, remark: string, lines: readonly string[]) =>
    paneLines({ title, remark, lines, columns, rows, frame });
  const width = columns - 4;
  switch (preview.kind) {
    case "none":
      return pane("Preview", "", ["", "  Nothing is selected."]);
    case "pending":
      return pane(preview.path, "", ["", "  is being read …"]);
    case "broken":
      return pane(preview.path, "not valid", brokenLines(preview.problems, width, frame));
    case "plan":
      return pane(
        preview.title,
        preview.path,
        planLines(preview, { width, rows: rows - 2, frame }),
      );
  }
}

function brokenLines(problems: readonly string[], width: number, { theme }: Frame) {
  const lines = problems.flatMap((problem) =>
    wrapped(problem, width - 2).map((line, place) =>
      place === 0 ? ` ${theme.paint("bad", "✗")} ${line}` : `   ${line}`,
    ),
  );
  return ["", ...lines, "", " E opens it in your editor."];
}

type PlanPreview = Extract<Preview, { readonly kind: "plan" }>;
interface Room {
  readonly width: number;
  readonly rows: number;
  readonly frame: Frame;
}

/** The chart takes what the words leave; where that is little, goals stand before the facts. */
function planLines(preview: PlanPreview, room: Room): readonly string[] {
  const { width, rows, frame } = room;
  const names = Math.max(...preview.facts.map(({ name }) => name.length)) + 2;
  const facts = preview.facts.map(
    ({ name, text }) => ` ${frame.theme.paint("dim", alignLeft(name, names))}${text}`,
  );
  const goals = goalLines(preview.goals, width, frame);
  const about = wrapped(preview.about, width)
    .slice(0, 2)
    .map((line) => ` ${line}`);
  const words = [...facts, ...(goals.length === 0 ? [] : ["", ...goals])];
  const left = rows - words.length - about.length - 1;
  if (left < CHART_ROWS_MIN) {
    const most = Math.max(CHART_ROWS_MIN, rows - facts.length - goals.length);
    return [...arrivalsChart(preview, { ...room, rows: most }), ...goals, ...facts];
  }
  const chart = arrivalsChart(preview, { ...room, rows: Math.min(left, CHART_ROWS_MAX) });
  return [...about, ...chart, "", ...words];
}

const CHART_ROWS_MIN = 5;
const CHART_ROWS_MAX = 20;

function arrivalsChart(preview: PlanPreview, { width, rows, frame }: Room): readonly string[] {
  const { arrivals, clock } = preview;
  const { theme, charset } = frame;
  const count = arrivals.batches.length;
  const heading = ` Expected visitors per minute${count > 0 ? ` (${count} batch${count === 1 ? "" : "es"})` : ""}`;
  const chart = chartLines({
    width,
    height: rows - 1,
    series: [{ values: arrivals.perMinute, role: "first" }],
    marks: arrivals.batches.map((at) => ({ at, role: "second" })),
    axis: axisText,
    times: timeLabels(clock, { span: arrivals.span, columns: width - 7 }),
    theme,
    charset,
  });
  return [theme.paint("dim", heading), ...chart.map((line) => ` ${line}`)];
}

/** As many in a row as fit. */
function goalLines(goals: readonly PreviewGoal[], width: number, { theme }: Frame) {
  const lines: string[] = [];
  let line = "";
  for (const { text, state, last } of goals) {
    const words = `${theme.paint(GOAL_ROLES[state], GOAL_SIGNS[state])} ${text}`;
    const goal = `${words}${last === "" ? "" : theme.paint("dim", ` (${last})`)}`;
    const longer = line === "" ? goal : `${line}   ${goal}`;
    if (line !== "" && widthOf(longer) > width - GOAL_INDENT) {
      lines.push(line);
      line = goal;
    } else line = longer;
  }
  const all = line === "" ? lines : [...lines, line];
  const heading = (place: number) => (place === 0 ? theme.paint("dim", "Goals  ") : " ".repeat(7));
  return all.map((one, place) => ` ${heading(place)}${one}`);
}

const GOAL_INDENT = 8;

/** Widths of the columns after the scenario's name, and the least width at which each is shown. */
const RUN_COLUMNS = [
  { head: "SEED", width: 12, from: 110, left: true, of: "seed" },
  { head: "ORDERS", width: 9, from: 0, left: false, of: "orders" },
  { head: "REVENUE", width: 13, from: 0, left: false, of: "revenue" },
  { head: "P95", width: 9, from: 0, left: false, of: "latency" },
  { head: "ERR", width: 8, from: 100, left: false, of: "errors" },
  { head: "MAX Q", width: 8, from: 100, left: false, of: "queue" },
] as const;
const WHEN_CELLS = 17;
const GOALS_CELLS = 9;

function runsPane(model: HomeModel, { columns, rows }: Size, frame: Frame): readonly string[] {
  const shown = RUN_COLUMNS.filter(({ from }) => columns >= from);
  const fixed = shown.reduce((sum, { width }) => sum + width, 0) + WHEN_CELLS + GOALS_CELLS;
  const name = Math.max(10, columns - 2 - fixed - 4);
  const { theme } = frame;
  const heads = shown.map(({ head, width, left }) =>
    left ? `  ${alignLeft(head, width - 2)}` : alignRight(head, width),
  );
  const head = `   ${alignLeft("WHEN", WHEN_CELLS)}${alignLeft("SCENARIO", name)}${heads.join("")}   GOALS`;
  const room = runRoom(model, rows);
  const first = firstShown({ count: model.runs.length, selected: model.selectedRun, room });
  const lines = model.runs.slice(first, first + room).map((run, place) => {
    const selected = frame.focus === "runs" && first + place === model.selectedRun;
    const cells = shown.map(({ of, width, left }) =>
      left ? `  ${alignLeft(run[of], width - 2)}` : alignRight(run[of], width),
    );
    const mark = run.marked ? "●" : " ";
    const text = `${selected ? "❯" : " "}${mark} ${alignLeft(run.when, WHEN_CELLS)}${alignLeft(run.what, name)}${cells.join("")}`;
    const goals = `   ${theme.paint(GOAL_ROLES[run.state], GOAL_SIGNS[run.state])} ${run.goals}`;
    return selected ? theme.paint("selected", text) + goals : text + goals;
  });
  const none = "   No run is saved yet: enter rehearses the selected plan, s saves the run.";
  return paneLines({
    title: "Recent runs",
    remark: model.marks === 0 ? "r rerun   o report" : `${model.marks} of 2 marked   c compare`,
    lines: [
      theme.paint("dim", head),
      ...(lines.length === 0 ? [none] : lines),
      ...unreadableLine(model, frame),
    ],
    columns,
    rows,
    focused: frame.focus === "runs",
    frame,
  });
}

function unreadableLine({ unreadable }: HomeModel, { theme }: Frame): readonly string[] {
  const [first] = unreadable;
  if (first === undefined) return [];
  const count = unreadable.length > 1 ? `${unreadable.length} files here are no runs: ` : "";
  return [`   ${theme.paint("warning", "▲")} ${count}${first}`];
}
