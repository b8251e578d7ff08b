/** Draws What-if: levers with their sliders, and beside or below them what they bring. */
import { Box, Text } from "ink";
import type { ReactElement } from "react";
import { Pane } from "../../components/pane.tsx";
import { alignLeft, alignRight, spread, widthOf } from "../../components/text-width.ts";
import type { LeverChanges } from "../../model/lever-changes.ts";
import type { Lever } from "../../model/levers.ts";
import type { EffectRow, EffectWord, GoalRow, LeverMove } from "../../model/what-if-effect.ts";
import type { Role, Theme } from "../../theme/theme.ts";
import type { Frame, PaneArea } from "../screen.ts";

/** What What-if shows. */
export interface WhatIfPicture {
  readonly heading: string;
  readonly progress: string;
  /** One line below the title: what was refused, or what to know of the scale. */
  readonly notice: { readonly role: Role; readonly text: string };
  readonly changes: LeverChanges;
  readonly selected: number;
  readonly rows: readonly EffectRow[];
  readonly effectRemark: string;
  readonly goals: readonly GoalRow[];
  readonly movesTitle: string;
  readonly moves: readonly LeverMove[];
  readonly empty: readonly string[];
}

const ROWS_ABOVE = 2;
/** Below it levers and effect stand one above the other. */
const COLUMNS_FULL = 118;
/** Of the levers: a label, a value, the slider and its bounds. */
const LEVER_COLUMNS_MIN = 56;

export function whatIfPanes({
  columns,
  rows,
}: Pick<Frame, "columns" | "rows">): readonly PaneArea[] {
  const room = rows - ROWS_ABOVE;
  if (columns >= COLUMNS_FULL) {
    const left = Math.max(LEVER_COLUMNS_MIN, Math.floor(columns * 0.46));
    return [
      { name: "levers", column: 0, row: ROWS_ABOVE, columns: left, rows: room },
      { name: "effect", column: left, row: ROWS_ABOVE, columns: columns - left, rows: room },
    ];
  }
  const upper = Math.floor(room * 0.45);
  return [
    { name: "levers", column: 0, row: ROWS_ABOVE, columns, rows: upper },
    { name: "effect", column: 0, row: ROWS_ABOVE + upper, columns, rows: room - upper },
  ];
}

export function WhatIfView(props: {
  readonly picture: WhatIfPicture;
  readonly frame: Frame;
}): ReactElement {
  const { picture, frame } = props;
  const { columns, rows, theme } = frame;
  const title = ` ${theme.paint("title", "◆ What-if")}  ${picture.heading}`;
  const head = [
    spread(title, `${picture.progress} `, columns),
    alignLeft(` ${theme.paint(picture.notice.role, picture.notice.text)}`, columns),
  ];
  const areas = shownPanes(frame);
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Text wrap="truncate">{head.join("\n")}</Text>
      {picture.empty.length > 0 ? (
        <Pane
          title="What-if"
          lines={picture.empty.map((line) => ` ${line}`)}
          columns={columns}
          rows={rows - ROWS_ABOVE}
          focused
          frame={frame}
        />
      ) : (
        <Box flexDirection={columns >= COLUMNS_FULL ? "row" : "column"}>
          {areas.map((area) => (
            <OnePane key={area.name} area={area} picture={picture} frame={frame} />
          ))}
        </Box>
      )}
    </Box>
  );
}

function shownPanes(frame: Frame): readonly PaneArea[] {
  const areas = whatIfPanes(frame);
  const focused = areas.find(({ name }) => name === frame.focus) ?? areas[0];
  if (!frame.expanded || focused === undefined) return areas;
  return [
    {
      ...focused,
      column: 0,
      row: ROWS_ABOVE,
      columns: frame.columns,
      rows: frame.rows - ROWS_ABOVE,
    },
  ];
}

interface PaneInput {
  readonly area: PaneArea;
  readonly picture: WhatIfPicture;
  readonly frame: Frame;
}

function OnePane({ area, picture, frame }: PaneInput): ReactElement {
  const { name, columns, rows } = area;
  const common = { columns, rows, focused: frame.focus === name, frame };
  const place = { width: columns - 2, height: rows - 2, frame };
  return name === "levers" ? (
    <Pane
      title="Levers"
      remark="←→ change  0 reset  t type  / add"
      lines={leverLines(picture, place)}
      {...common}
    />
  ) : (
    <Pane
      title="Effect (base → now)"
      remark={picture.effectRemark}
      lines={effectLines(picture, place)}
      {...common}
    />
  );
}

interface Place {
  readonly width: number;
  readonly height: number;
  readonly frame: Frame;
}

/** As many levers as fit with the selected one among them, and what the selected one is. */
function leverLines(picture: WhatIfPicture, { width, height, frame }: Place): readonly string[] {
  const { changes, selected } = picture;
  const { levers } = changes;
  const about = height > 8 ? aboutLines(levers[selected], width) : [];
  const room = Math.max(1, height - about.length);
  const from = Math.max(0, Math.min(selected - Math.floor(room / 2), levers.length - room));
  const shown = levers.slice(from, from + room).map((lever, place) => {
    const line = leverLine(lever, changes, { width, frame });
    return from + place === selected ? frame.theme.paint("selected", `❯${line.slice(1)}`) : line;
  });
  const blank = Array.from({ length: Math.max(0, room - shown.length) }, () => "");
  return [...shown, ...blank, ...about.map((line) => frame.theme.paint("dim", line))];
}

const SLIDER_CELLS = 9;
/** Of the value, its star and the bounds, with the blanks between. */
const CELLS_BESIDE = 26;

function leverLine(
  lever: Lever,
  changes: LeverChanges,
  { width, frame }: Pick<Place, "width" | "frame">,
): string {
  const value = changes.valueOf(lever);
  const star = changes.isChanged(lever) ? "*" : " ";
  const { kind, least, most } = lever;
  const bounds = [least, Math.max(most, value)].map((one) => shortFigure(kind.show(one))).join("…");
  const slider = sliderOf(value, { least, most: Math.max(most, value) }, frame);
  const label = Math.max(14, Math.min(34, width - CELLS_BESIDE - SLIDER_CELLS));
  const parts = [alignLeft(lever.label, label), alignRight(kind.show(value), 9), star, slider];
  return alignLeft(`  ${parts.join(" ")} ${bounds}`, width);
}

/** A round count in thousands or millions, so that both ends of a slider fit beside it. */
function shortFigure(text: string): string {
  return text.replace(/(?:,000){1,2}$/u, (zeros) => (zeros.length > 4 ? "M" : "k"));
}

function sliderOf(
  value: number,
  { least, most }: { readonly least: number; readonly most: number },
  { charset }: Frame,
): string {
  const cells = SLIDER_CELLS - 2;
  const at = most > least ? Math.round(((value - least) / (most - least)) * (cells - 1)) : 0;
  const [left, line, knob, right] = charset === "ascii" ? "<-o>" : "◂━●▸";
  return `${left}${line?.repeat(at)}${knob}${line?.repeat(cells - 1 - at)}${right}`;
}

function aboutLines(lever: Lever | undefined, width: number): readonly string[] {
  if (lever === undefined) return [];
  const words = `${lever.path}: ${lever.about}`.split(" ");
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line !== "" && widthOf(line) + word.length + 2 > width - 1) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? ` ${word}` : ` ${word}`;
  }
  return [...lines, line].slice(0, 3);
}

const WORD_ROLES: Readonly<Record<EffectWord, Role>> = {
  better: "good",
  worse: "bad",
  chance: "dim",
  same: "dim",
  differs: "first",
  "": "dim",
};
const ARROWS = { up: "▲", down: "▼", none: " " } as const;
const ASCII_ARROWS = { up: "^", down: "v", none: " " } as const;

/** Where not all fits, goals stand before the figures that come last, and before what moves. */
function effectLines(picture: WhatIfPicture, { width, height, frame }: Place): readonly string[] {
  const { theme } = frame;
  const goals = picture.goals.map((goal) => goalLine(goal, { width, theme }));
  const title = goals.length === 0 ? [] : [theme.paint("title", " GOALS")];
  const figures = figureLines(picture, { width, height, frame });
  const room = Math.max(FIGURE_ROWS_MIN, height - title.length - goals.length);
  const all = [
    ...figures.slice(0, room),
    ...title,
    ...goals,
    ...moveLines(picture, { width, theme }),
  ];
  return all.slice(0, height);
}

/** The head and the figures that matter most. */
const FIGURE_ROWS_MIN = 5;
const NAME_COLUMNS = { least: 14, most: 25 };
/** An arrow and the longest word, with the blank between. */
const SIGN_COLUMNS = 9;

/** Each column as wide as the widest of its texts; the names have what is left. */
function figureLines(picture: WhatIfPicture, { width, frame }: Place): readonly string[] {
  const { theme } = frame;
  const head = { metric: "METRIC", base: "BASE", now: "NOW", change: "CHANGE" };
  const widest = (of: "base" | "now" | "change") =>
    Math.max(...[head, ...picture.rows].map((row) => widthOf(row[of])));
  const widths = { base: widest("base"), now: widest("now"), change: widest("change") };
  const taken = widths.base + widths.now + widths.change + SIGN_COLUMNS + 5;
  const names = Math.max(NAME_COLUMNS.least, Math.min(NAME_COLUMNS.most, width - taken));
  const row = ({ metric, base, now, change }: typeof head) => {
    const name = widthOf(metric) > names ? (SHORT_NAMES[metric] ?? metric) : metric;
    const figures = [
      alignRight(base, widths.base),
      alignRight(now, widths.now),
      alignRight(change, widths.change),
    ];
    return ` ${alignLeft(name, names)} ${figures.join(" ")}`;
  };
  const arrows = frame.charset === "ascii" ? ASCII_ARROWS : ARROWS;
  return [
    theme.paint("title", row(head)),
    ...picture.rows.map((one) => {
      const sign = theme.paint(WORD_ROLES[one.word], `${arrows[one.direction]} ${one.word}`);
      return `${row(one)} ${sign}`;
    }),
  ];
}

/** Of metrics whose names a narrow pane would cut. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  "shoppers.concurrent.peak": "shoppers.peak",
  "queue.length.peak": "queue.peak",
};

interface Line {
  readonly width: number;
  readonly theme: Theme;
}

function goalLine({ goal, base, now }: GoalRow, { width, theme }: Line): string {
  const side = ({ met, value }: GoalRow["base"]) =>
    met === null
      ? theme.paint("dim", `○ ${value}`)
      : theme.paint(met ? "good" : "bad", `${met ? "✓" : "✗"} ${value}`);
  const words = now === null ? `base ${side(base)}` : `base ${side(base)}  now ${side(now)}`;
  return alignLeft(` ${alignLeft(goal, Math.min(36, Math.floor(width / 2)))} ${words}`, width);
}

const BAR_CELLS = { narrow: 8, wide: 16 };
const MOVE_COLUMNS_WIDE = 80;

function moveLines(picture: WhatIfPicture, { width, theme }: Line): readonly string[] {
  if (picture.movesTitle === "") return [];
  const largest = Math.abs(picture.moves[0]?.mean ?? 0);
  const bar = width < MOVE_COLUMNS_WIDE ? BAR_CELLS.narrow : BAR_CELLS.wide;
  const amounts = picture.moves.map(({ text, isSure }) => `${text}${isSure ? "" : " chance?"}`);
  const labels = width - bar - Math.max(0, ...amounts.map(widthOf)) - 3;
  const lines = picture.moves.map(({ label, step, mean, isSure }, place) => {
    const cells = Math.max(1, Math.round((Math.abs(mean) / largest) * bar));
    const line = theme.paint(isSure ? "first" : "dim", alignLeft("━".repeat(cells), bar));
    return ` ${alignLeft(`${label}  ${step}`, labels)} ${line} ${amounts[place]}`;
  });
  return [theme.paint("title", ` ${picture.movesTitle}`), ...lines];
}
