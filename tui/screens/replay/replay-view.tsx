/** Draws Replay: recorded against simulated, the figures with their goals, and one moment of both. */
import { Box, Text } from "ink";
import type { ReactElement } from "react";
import type { ReplayResult } from "../../../twin/replay/replay-result.ts";
import { firstShown } from "../../components/beside.ts";
import { type ChartSeries, chartLines } from "../../components/chart.ts";
import { Pane } from "../../components/pane.tsx";
import { alignLeft, alignRight, spread, widthOf, wrapped } from "../../components/text-width.ts";
import { axisWord } from "../../model/axis-text.ts";
import { blockRow, intervalsOf, type ReplayChart, timesBelow } from "../../model/replay-picture.ts";
import type { Frame, PaneArea } from "../screen.ts";
import { isFull, ROWS_ABOVE, shownPanes } from "./replay-layout.ts";

/** What Replay shows. */
export interface ReplayPicture {
  readonly heading: string;
  readonly about: string;
  readonly clock: string;
  readonly verdict: readonly string[];
  readonly isMissed: boolean;
  /** What stands where nothing is replayed; nothing where something is. */
  readonly empty: readonly string[];
  readonly charts: readonly ReplayChart[];
  /** Null where there is no course to draw. */
  readonly result: ReplayResult | null;
  readonly head: number;
  /** Whether the row of differences stands below each chart. */
  readonly differs: boolean;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly selected: number;
  readonly moment: readonly string[];
  readonly time: string;
  readonly repeat: string;
}

interface ViewProps {
  readonly picture: ReplayPicture;
  readonly frame: Frame;
}

export function ReplayView({ picture, frame }: ViewProps): ReactElement {
  const { columns, rows } = frame;
  const alone = picture.empty.length > 0 || picture.result === null;
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Text wrap="truncate">{headLines(picture, frame).join("\n")}</Text>
      {alone ? <LoneList picture={picture} frame={frame} /> : <Panes {...{ picture, frame }} />}
    </Box>
  );
}

function headLines(picture: ReplayPicture, { columns, theme }: Frame): readonly string[] {
  const key = picture.charts.length === 0 ? "" : "recorded ━  simulated ┄ ";
  const title = ` ${theme.paint("title", "◆ Replay")}  ${picture.heading}`;
  const verdict = theme.paint(picture.isMissed ? "warning" : "dim", picture.verdict.join(" "));
  return [
    spread(title, `${picture.clock} `, columns),
    spread(` ${picture.about}`, key, columns),
    alignLeft(` ${verdict}`, columns),
  ];
}

/** Why there is nothing to see, or what a ledger says, which has no course. */
function LoneList({ picture, frame }: ViewProps): ReactElement {
  const { columns } = frame;
  const rows = frame.rows - ROWS_ABOVE;
  const list = picture.empty.length > 0 ? picture.empty : picture.rows.map(([line = ""]) => line);
  const room = rows - 2;
  const from = firstShown({ count: list.length, selected: picture.selected, room });
  const lines = list
    .slice(from, from + room)
    .flatMap((line) => wrapped(line, columns - 4).map((part) => ` ${part}`));
  const title = picture.empty.length > 0 ? "Replay" : "The store's rules";
  return <Pane {...{ title, lines, columns, rows, frame }} focused />;
}

function Panes({ picture, frame }: ViewProps): ReactElement {
  const areas = shownPanes(
    frame,
    picture.charts.map(({ name }) => name),
  );
  const lines = [...new Set(areas.map(({ row }) => row))].map((row) =>
    areas.filter((area) => area.row === row),
  );
  return (
    <>
      {lines.map((line) => (
        <Box key={line[0]?.row ?? 0}>
          {line.map((area) => (
            <OnePane key={area.name} {...{ area, picture, frame }} />
          ))}
        </Box>
      ))}
    </>
  );
}

function OnePane({ area, picture, frame }: ViewProps & { readonly area: PaneArea }): ReactElement {
  const { columns, rows, name } = area;
  const common = { columns, rows, focused: frame.focus === name, frame };
  const place = { width: columns - 2, height: rows - 2 };
  if (name === "figures") {
    const lines = figureLines(picture, place, frame);
    return <Pane title="Figures" remark="↑↓ rows" lines={lines} {...common} />;
  }
  if (name === "moment") {
    const title = picture.time === "" ? "Moment" : `At ${picture.time} UTC`;
    return <Pane {...{ title, lines: momentPane(picture, place), ...common }} />;
  }
  const number = picture.charts.findIndex((chart) => chart.name === name);
  const chart = picture.charts[number];
  if (chart === undefined || picture.result === null)
    return <Pane title="" lines={[]} {...common} />;
  const of = isFull(frame) ? "" : ` · chart ${number + 1} of ${picture.charts.length}`;
  const lines = courseLines({ chart, result: picture.result, picture }, place, frame);
  return <Pane title={`${name}${of}`} remark={chart.agreement} {...{ lines, ...common }} />;
}

interface Place {
  readonly width: number;
  readonly height: number;
}

interface Course {
  readonly chart: ReplayChart;
  readonly result: ReplayResult;
  readonly picture: ReplayPicture;
}

/** Cells that the axis of a chart takes. */
const GUTTER = 7;

function courseLines(
  { chart, result, picture }: Course,
  { width, height }: Place,
  { theme, charset }: Frame,
): readonly string[] {
  const series: ChartSeries[] = [
    { values: chart.recorded, role: "first" },
    { values: chart.simulated, role: "second", dashed: true },
    ...(chart.changed === null ? [] : [{ values: chart.changed, role: "third" as const }]),
  ];
  const last = Math.max(1, intervalsOf(result) - 1);
  const lines = chartLines({
    width,
    height: picture.differs ? height - 1 : height,
    series,
    marks: [{ at: picture.head / last, role: "focus" }],
    axis: (value) => axisWord(chart.unit, value, result.currency),
    times: timesBelow(result, Math.max(1, width - GUTTER)),
    theme,
    charset,
  });
  if (!picture.differs) return lines;
  const cells = Math.max(1, width - GUTTER);
  const apart = blockRow(chart.difference, { cells, ascii: charset === "ascii" });
  const row = `${alignRight("apart", GUTTER - 1)} ${theme.paint("third", apart)}`;
  return [...lines.slice(0, -1), row, lines.at(-1) ?? ""];
}

const MARK_COLUMNS = 2;
const NAME_COLUMNS_MIN = 12;
/** Which columns are left out, the last ones first, where there is no room for all. */
const LEFT_OUT = [4, 3];

function figureLines(
  { heads, rows, selected }: ReplayPicture,
  { width, height }: Place,
  { theme }: Frame,
): readonly string[] {
  const shown = columnsShown([heads, ...rows], width);
  const [names = 0, ...others] = shown.map((column) =>
    Math.max(...[heads, ...rows].map((cells) => widthOf(cells[column] ?? ""))),
  );
  const taken = others.reduce((sum, one) => sum + one + 1, MARK_COLUMNS);
  const widths = [Math.max(NAME_COLUMNS_MIN, Math.min(names, width - taken)), ...others];
  const text = (cells: readonly string[]) =>
    shown
      .map((column, place) =>
        place === 0
          ? alignLeft(cells[column] ?? "", widths[0] ?? 0)
          : alignRight(cells[column] ?? "", widths[place] ?? 0),
      )
      .join(" ");
  const room = Math.max(1, height - 1);
  const from = firstShown({ count: rows.length, selected, room });
  const body = rows.slice(from, from + room).map((cells, place) => {
    const line = text(cells);
    if (from + place === selected) return theme.paint("selected", `❯ ${line}`);
    const isMissed = cells.some((cell) => cell.endsWith("MISSED"));
    return isMissed ? theme.paint("warning", `  ${line}`) : `  ${line}`;
  });
  return [theme.paint("title", `  ${text(heads)}`), ...body];
}

function columnsShown(table: readonly (readonly string[])[], width: number): readonly number[] {
  let shown = (table[0] ?? []).map((_, column) => column);
  for (const column of LEFT_OUT) {
    const each = shown.map((one) => Math.max(...table.map((cells) => widthOf(cells[one] ?? ""))));
    if (each.reduce((sum, one) => sum + one + 1, MARK_COLUMNS) <= width) break;
    shown = shown.filter((one) => one !== column);
  }
  return shown;
}

function momentPane(picture: ReplayPicture, { width }: Place): readonly string[] {
  const repeat = wrapped(picture.repeat, width - 2).map((line) => ` ${line}`);
  return [...picture.moment.map((line) => ` ${line}`), "", " repeat", ...repeat];
}
