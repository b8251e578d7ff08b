/** A rehearsal drawn: title, time line, figures, charts, and below them the log and the controls. */
import { beside, firstShown, sharedWidths } from "../../components/beside.ts";
import { chartLines } from "../../components/chart.ts";
import { paneLines } from "../../components/pane.tsx";
import { alignLeft, alignRight, spread, widthOf, wrapped } from "../../components/text-width.ts";
import { GOAL_ROLES, GOAL_SIGNS } from "../../model/goal.ts";
import type { RehearseModel } from "../../model/rehearse.ts";
import { CHARTS, type ChartName } from "../../model/rehearse-charts.ts";
import type { Figure } from "../../model/rehearse-figures.ts";
import { clockText, timeLabels } from "../../model/sale-clock.ts";
import { signsOf, timeLineCells } from "../../model/time-line.ts";
import type { Frame, PaneArea } from "../screen.ts";
import { LINE_LEFT, type RehearseLayout, rehearseLayout } from "./rehearse-layout.ts";

type Size = Pick<PaneArea, "columns" | "rows">;

/** Exactly as many lines as the frame has rows. `chart` is the one that a small terminal shows. */
export function rehearseLines(
  model: RehearseModel,
  frame: Frame,
  chart: ChartName,
): readonly string[] {
  const layout = rehearseLayout(frame);
  const head = [titleLine(model, frame), timeLine(model, layout, frame)];
  if (frame.expanded) {
    const size = { columns: frame.columns, rows: frame.rows - head.length };
    return [...head, ...expandedPane(model, size, frame)];
  }
  const figures = layout.compact
    ? compactFigures(model.figures, frame)
    : figureBoxes(model.figures, layout.figures.rows, frame);
  return [
    ...head,
    ...figures,
    ...chartPanes(model, layout, { frame, chart }),
    ...lowerPanes(model, layout, frame),
  ];
}

/** Before anything was opened, or where it could not be. */
export function emptyLines(problems: readonly string[], frame: Frame): readonly string[] {
  const { rows, columns, theme } = frame;
  const told = problems.map((line) => ` ${theme.paint("bad", "✗")} ${line}`);
  const hint = " Nothing is rehearsed yet: choose a plan on Home and press enter.";
  const lines = ["", ...(told.length > 0 ? told : [hint])];
  return Array.from({ length: rows }, (_, row) => alignLeft(lines[row] ?? "", columns));
}

function titleLine(model: RehearseModel, { columns, theme }: Frame): string {
  const left = ` ${theme.paint("title", `◆ Rehearsal · ${model.title}`)}`;
  const right = [model.rate, `seed ${model.seed}`, model.size].filter((text) => text !== "");
  const pace = `${model.time} ${model.pace}`;
  const room = columns - widthOf(left) - 1;
  const all = `${pace}   ${right.join(" · ")} `;
  if (widthOf(all) <= room) return spread(left, all, columns);
  return spread(left, ` ${pace}  ${model.size} `, columns);
}

function timeLine(model: RehearseModel, { line, compact }: RehearseLayout, frame: Frame): string {
  const { theme, charset, columns } = frame;
  const { clock, span, now, marks } = model;
  const cells = timeLineCells({ columns: line.columns, now, span, marks, charset });
  const focused = frame.focus === "time line";
  let track = "";
  for (const { character, role } of cells)
    track += theme.paint(focused && role === "dim" ? "focus" : role, character);
  const left = alignLeft(` ${clockText(clock, 0, "minute")}`, LINE_LEFT);
  const share = `${Math.floor((100 * now) / clock.lasts)} %`;
  const signs = signsOf(charset);
  const legend = compact ? "" : `   ${signs.sent} sent  ${signs.planned} planned`;
  const right = ` ${clockText(clock, span, "minute")}  ${share}${legend}`;
  return alignLeft(left + track + right, columns);
}

/** In few words where all of them do not fit. */
function goalWords({ goal }: Figure, room: number, { theme }: Frame): string {
  if (goal === null) return theme.paint("dim", "no goal");
  const { state, text, brief } = goal;
  const fits = widthOf(text) <= room - SIGN_CELLS;
  return `${theme.paint(GOAL_ROLES[state], GOAL_SIGNS[state])} ${fits ? text : brief}`;
}

/** A sign and the blank after it. */
const SIGN_CELLS = 2;

function figureBoxes(figures: readonly Figure[], rows: number, frame: Frame): readonly string[] {
  const widths = sharedWidths(frame.columns, figures.length);
  const boxes = figures.map((figure, place) => {
    const { name, value, trend } = figure;
    const columns = widths[place] ?? 0;
    const lines = [
      ` ${frame.theme.paint("title", value)}`,
      ` ${frame.theme.paint("dim", trend)}`,
      ` ${goalWords(figure, columns - 3, frame)}`,
    ];
    return paneLines({ title: name, lines, columns, rows, frame });
  });
  return beside(...boxes);
}

/** Two lines: the crowd and the sale, then what is felt of it. */
function compactFigures(figures: readonly Figure[], frame: Frame): readonly string[] {
  const words = figures.map((figure) => {
    const { name, value, goal } = figure;
    const sign =
      goal === null ? "" : ` ${frame.theme.paint(GOAL_ROLES[goal.state], GOAL_SIGNS[goal.state])}`;
    return `${name.toLowerCase()} ${value}${sign}`;
  });
  const line = (parts: readonly string[]) => alignLeft(` ${parts.join("  ")}`, frame.columns);
  return [line(words.slice(0, 4)), line(words.slice(4))];
}

interface Drawing {
  readonly frame: Frame;
  readonly chart: ChartName;
}

function chartPanes(
  model: RehearseModel,
  { compact, charts }: RehearseLayout,
  { frame, chart }: Drawing,
) {
  if (compact) return chartPane(model, chart, { size: charts[chart], frame, numbered: true });
  const pane = (name: ChartName) =>
    chartPane(model, name, { size: charts[name], frame, numbered: false });
  return [...beside(pane("queue"), pane("load")), ...beside(pane("orders"), pane("latency"))];
}

function chartPane(
  model: RehearseModel,
  name: ChartName,
  {
    size,
    frame,
    numbered,
  }: { readonly size: Size; readonly frame: Frame; readonly numbered: boolean },
): readonly string[] {
  const chart = model.charts.find((one) => one.name === name);
  if (chart === undefined) return [];
  const { clock, span, marks } = model;
  const { columns, rows } = size;
  const number = numbered
    ? `${chart.remark === "" ? "" : `${chart.remark}  `}${CHARTS.indexOf(name) + 1} of 4 tab`
    : chart.remark;
  const lines = chartLines({
    width: columns - 3,
    height: rows - 2,
    series: chart.series,
    ...(chart.goal === null ? {} : { goal: chart.goal }),
    marks: marks
      .filter(({ at, kind }) => at <= span && kind !== "own")
      .map(({ at, kind }) => ({
        at: at / span,
        role: kind === "fault" ? "bad" : kind === "change" ? "third" : "dim",
      })),
    axis: chart.axis,
    times: timeLabels(clock, { span, columns: columns - 10 }),
    theme: frame.theme,
    charset: frame.charset,
  });
  return paneLines({
    title: chart.title,
    remark: number,
    lines,
    columns,
    rows,
    focused: frame.focus === name,
    frame,
  });
}

/** In a small terminal the controls stand in the place of the log while they have the focus. */
function lowerPanes(
  model: RehearseModel,
  { compact, events, controls }: RehearseLayout,
  frame: Frame,
) {
  if (!compact) return beside(logOrEnd(model, events, frame), controlsPane(model, controls, frame));
  return frame.focus === "controls"
    ? controlsPane(model, controls, frame)
    : logOrEnd(model, events, frame);
}

/** At the end what came of it stands first; the log is there again once it has the focus. */
function logOrEnd(model: RehearseModel, size: Size, frame: Frame): readonly string[] {
  return model.end === null || frame.focus === "events"
    ? logPane(model, size, frame)
    : endPane(model, size, frame);
}

function expandedPane(model: RehearseModel, size: Size, frame: Frame): readonly string[] {
  const { focus } = frame;
  const chart = CHARTS.find((name) => name === focus);
  if (chart !== undefined) return chartPane(model, chart, { size, frame, numbered: false });
  if (focus === "controls") return controlsPane(model, size, frame);
  return focus === "time line" && model.end !== null
    ? endPane(model, size, frame)
    : logPane(model, size, frame);
}

function logPane(model: RehearseModel, { columns, rows }: Size, frame: Frame): readonly string[] {
  const { theme } = frame;
  const room = rows - 2;
  const { log, selectedEvent } = model;
  const first = model.follow
    ? Math.max(0, log.length - room)
    : firstShown({ count: log.length, selected: selectedEvent, room });
  const lines = log.slice(first, first + room).map((row, place) => {
    const selected = first + place === selectedEvent && frame.focus === "events";
    const cursor = selected ? "❯" : " ";
    const sign = theme.paint(row.role, `${row.sign} ${alignLeft(row.word, 6)}`);
    return `${cursor} ${theme.paint("dim", row.time)}  ${sign} ${row.text}`;
  });
  const filter = model.filter === "" ? "/ filter" : `/${model.filter}`;
  return paneLines({
    title: "Events",
    remark: `f follow ${model.follow ? "✓" : "–"}   ${filter}`,
    lines: lines.length === 0 ? ["  Nothing has happened yet."] : lines,
    columns,
    rows,
    focused: frame.focus === "events",
    frame,
  });
}

function endPane(model: RehearseModel, { columns, rows }: Size, frame: Frame): readonly string[] {
  const { end } = model;
  if (end === null) return [];
  const { theme } = frame;
  const width = columns - BORDERS - REPEAT_INDENT;
  const verdict = ` ${theme.paint(GOAL_ROLES[end.state], `${GOAL_SIGNS[end.state]} ${end.verdict}`)}`;
  const goals = end.goals.map(
    ({ state, text }) => `   ${theme.paint(GOAL_ROLES[state], GOAL_SIGNS[state])} ${text}`,
  );
  const command = wrapped(model.repeat, width).map((line, place) =>
    place === 0
      ? ` ${theme.paint("dim", "repeat")} ${line}`
      : `${" ".repeat(REPEAT_INDENT)}${line}`,
  );
  const room = Math.max(1, rows - 3 - command.length);
  const shown =
    goals.length > room
      ? [
          ...goals.slice(0, room - 1),
          `   … and ${goals.length - room + 1} more: tab shows the events, r the report`,
        ]
      : goals;
  return paneLines({
    title: "Result",
    remark:
      end.saved === null
        ? "s save   r report   c compare   w what-if"
        : "saved   r report   c compare   w what-if",
    lines: upToRows([verdict, ...shown, ...command], rows - BORDERS),
    columns,
    rows,
    frame,
  });
}

/** A command of which a part is missing is none: where it does not fit, that is said. */
function upToRows(lines: readonly string[], rows: number): readonly string[] {
  if (lines.length <= rows) return lines;
  const rest = `${" ".repeat(REPEAT_INDENT)}… tab to the time line, then e shows the rest`;
  return [...lines.slice(0, Math.max(0, rows - 1)), rest];
}

const BORDERS = 2;
/** The word before the command that repeats it, between blanks. */
const REPEAT_INDENT = 8;

const SLIDER_CELLS = 9;

function controlsPane(
  model: RehearseModel,
  { columns, rows }: Size,
  frame: Frame,
): readonly string[] {
  const { theme } = frame;
  const valued = model.controls.filter(({ share }) => !Number.isNaN(share));
  const names = Math.max(0, ...valued.map(({ label }) => label.length));
  const controls = model.controls.map(({ label, value, share }, place) => {
    const selected = place === model.selectedControl;
    const slider = Number.isNaN(share) ? "" : sliderText(share, frame);
    const words = Number.isNaN(share)
      ? label
      : `${alignLeft(label, names)} ${alignRight(value, 9)}`;
    return `${selected ? "❯" : " "} ${selected && frame.focus === "controls" ? theme.paint("selected", words) : words}  ${slider}`;
  });
  const room = Math.max(0, rows - 2 - controls.length);
  const indent = "changed: ".length + 1;
  const changed = model.changed.flatMap((line) => wrapped(line, columns - 3 - indent));
  const lines = changed.slice(-Math.max(1, room)).map((line, place) => {
    const head = place === 0 ? " changed: " : " ".repeat(indent);
    return theme.paint("third", head) + line;
  });
  return paneLines({
    title: model.atFullSize ? "Controls" : "Controls (at full size)",
    remark: "←→ change",
    lines: [...controls, ...(room === 0 ? [] : lines)],
    columns,
    rows,
    focused: frame.focus === "controls",
    frame,
  });
}

function sliderText(share: number, { charset, theme }: Frame): string {
  const place = Math.round(share * (SLIDER_CELLS - 1));
  const [left, right, rail, knob] =
    charset === "ascii" ? ["<", ">", "-", "o"] : ["◂", "▸", "━", "●"];
  const cells = Array.from({ length: SLIDER_CELLS }, (_, cell) =>
    cell === place ? knob : rail,
  ).join("");
  return theme.paint("dim", left ?? "") + cells + theme.paint("dim", right ?? "");
}
