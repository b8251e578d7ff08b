/** Draws Compare: title and verdict, four charts, the table or what stands behind one of its rows. */
import { Box, Text } from "ink";
import type { ReactElement } from "react";
import { Pane } from "../../components/pane.tsx";
import { alignLeft, alignRight, spread, widthOf, wrapped } from "../../components/text-width.ts";
import { bandWords, type Compared, type ComparisonChart } from "../../model/comparison-charts.ts";
import type { ComparisonRow, RowExplanation } from "../../model/comparison-table.ts";
import type { Theme } from "../../theme/theme.ts";
import type { Frame, PaneArea } from "../screen.ts";
import { comparisonChartLines, cursorWords } from "./compare-chart.ts";
import { comparePanes, isFull, ROWS_ABOVE } from "./compare-layout.ts";

/** What Compare shows. */
export interface ComparePicture {
  readonly heading: string;
  readonly progress: string;
  /** Which plan does better, or why nothing is compared; the first sentence says most. */
  readonly verdict: readonly string[];
  /** Goals that are missed. */
  readonly goals: readonly string[];
  /** What to know of what is compared; nothing where there is nothing. */
  readonly notice: string;
  readonly compared: Compared | null;
  readonly charts: readonly ComparisonChart[];
  readonly cursor: number;
  readonly cursorTime: string;
  readonly rows: readonly ComparisonRow[];
  readonly selected: number;
  readonly tableRemark: string;
  readonly explanation: RowExplanation | null;
  /** What stands where nothing is compared yet. */
  readonly empty: readonly string[];
}

export function CompareView(props: {
  readonly picture: ComparePicture;
  readonly frame: Frame;
}): ReactElement {
  const { picture, frame } = props;
  const { columns, rows, theme } = frame;
  const { compared } = picture;
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Text wrap="truncate">{headLines(picture, frame).join("\n")}</Text>
      {compared === null ? (
        <Pane
          title="Compare"
          lines={picture.empty.map((line) => ` ${line}`)}
          columns={columns}
          rows={rows - ROWS_ABOVE}
          focused
          frame={frame}
        />
      ) : (
        <Panes picture={picture} compared={compared} frame={{ ...frame, theme }} />
      )}
    </Box>
  );
}

/** The title, the verdict, and what is to be known of it: notices, and which goals are missed. */
function headLines(picture: ComparePicture, { columns, theme }: Frame): readonly string[] {
  const title = ` ${theme.paint("title", "◆ Compare")}  ${picture.heading}`;
  const [verdict = "", ...rest] = wrapped(picture.verdict.join(" "), columns - 2);
  const goals = picture.goals.map((goal) => `✗ ${goal}`).join("  ");
  const notice = picture.notice === "" ? "" : theme.paint("warning", `● ${picture.notice}  `);
  const known = notice === "" && goals === "" ? rest.join(" ") : notice + theme.paint("bad", goals);
  const head = spread(title, `${picture.progress} `, columns);
  return [head, alignLeft(` ${verdict}`, columns), alignLeft(` ${known}`, columns)];
}

interface PanesProps {
  readonly picture: ComparePicture;
  readonly compared: Compared;
  readonly frame: Frame;
}

function Panes({ picture, compared, frame }: PanesProps): ReactElement {
  const areas = shownPanes(frame);
  const lines = [...new Set(areas.map(({ row }) => row))].map((row) =>
    areas.filter((area) => area.row === row),
  );
  return (
    <>
      {lines.map((line) => (
        <Box key={line[0]?.row ?? 0}>
          {line.map((area) => (
            <OnePane key={area.name} area={area} {...{ picture, compared, frame }} />
          ))}
        </Box>
      ))}
    </>
  );
}

/** All panes where there is room; else the one in focus alone, or a chart above the table. */
function shownPanes(frame: Frame): readonly PaneArea[] {
  const areas = comparePanes(frame);
  const focused = areas.find(({ name }) => name === frame.focus) ?? areas[0];
  if (frame.expanded && focused !== undefined) {
    const size = { columns: frame.columns, rows: frame.rows - ROWS_ABOVE };
    return [{ ...focused, column: 0, row: ROWS_ABOVE, ...size }];
  }
  if (isFull(frame)) return areas;
  const place = areas.find(({ rows }) => rows > 0);
  const table = areas.find(({ name }) => name === "numbers");
  if (place === undefined || table === undefined || focused === undefined) return areas;
  const chart = focused.name === "numbers" ? place : { ...place, name: focused.name };
  return [chart, table];
}

function OnePane({
  area,
  picture,
  compared,
  frame,
}: PanesProps & { readonly area: PaneArea }): ReactElement {
  const { columns, rows, name } = area;
  const common = { columns, rows, focused: frame.focus === name, frame };
  const width = columns - 2;
  const height = rows - 2;
  if (name === "numbers" && picture.explanation !== null) {
    const title = picture.explanation.metric;
    const lines = explanationLines(picture.explanation, { width, height, theme: frame.theme });
    return <Pane title={title} remark="esc closes" lines={lines} {...common} />;
  }
  if (name === "numbers") {
    const lines = tableLines(picture, { width, height, theme: frame.theme });
    return (
      <Pane
        title={tableTitle(compared, width)}
        remark={picture.tableRemark}
        lines={lines}
        {...common}
      />
    );
  }
  const place = picture.charts.findIndex(({ pane }) => pane === name);
  const chart = picture.charts[place];
  if (chart === undefined) return <Pane title="" lines={[]} {...common} />;
  const question = { chart, compared, cursor: picture.cursor };
  const lines = comparisonChartLines(question, {
    width,
    height,
    theme: frame.theme,
    charset: frame.charset,
  });
  const number = isFull(frame) ? "" : ` · chart ${place + 1} of ${picture.charts.length}`;
  const log = chart.logarithmic ? " (log)" : "";
  const band = place === 0 && columns > 55 ? ` · ${bandWords(compared)}` : "";
  const remark = `${picture.cursorTime}  ${cursorWords(question)}`;
  return <Pane title={`${chart.title}${log}${band}${number}`} {...{ remark, lines }} {...common} />;
}

function tableTitle({ ofFirst, ofSecond }: Compared, width: number): string {
  const pairs = Math.min(ofFirst.length, ofSecond.length);
  const mean = isWide(width) ? "mean ± half of the 95 % interval" : "means";
  return `Numbers (${mean}; A − B over ${pairs} pair${pairs === 1 ? "" : "s"})`;
}

interface Place {
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

/** The head, then as many rows as fit with the selected one among them. */
function tableLines(picture: ComparePicture, { width, height, theme }: Place): readonly string[] {
  const { rows, selected } = picture;
  const all = rows.map((row) => cellsOf(row, width));
  const widths = columnsOf([HEADS, ...all], width);
  const room = Math.max(1, height - 1);
  const from = Math.max(0, Math.min(selected - Math.floor(room / 2), rows.length - room));
  const body = rows.slice(from, from + room).map((row, place) => {
    const line = rowText(all[from + place] ?? [], widths);
    if (from + place === selected) return theme.paint("selected", `❯${line.slice(1)}`);
    return row.isSure ? line : theme.paint("dim", line);
  });
  const none = rows.length === 0 ? ["   no figure has that in its name; esc shows all"] : [];
  return [theme.paint("title", rowText(HEADS, widths)), ...body, ...none];
}

const HEADS = ["METRIC", "A", "B", "A − B [95 %]", "BETTER", "SURE"];
/** Below it the intervals of A and B and how sure a difference is are left out. */
const COLUMNS_ALL = 92;
const NAME_COLUMNS_MIN = 14;

function isWide(width: number): boolean {
  return width >= COLUMNS_ALL;
}

function cellsOf(row: ComparisonRow, width: number): readonly string[] {
  const plan = (text: string) => (isWide(width) ? text : (text.split(" ± ")[0] ?? text));
  const figures = [plan(row.first), plan(row.second), row.difference];
  return [row.metric, ...figures, betterWord(row), row.sure];
}

function betterWord({ better, isSure }: ComparisonRow): string {
  if (better === null) return "";
  return `${better === "first" ? "A ◀" : "B ▶"}${isSure ? "" : " ?"}`;
}

/** Each column as wide as the widest of its texts; the names have what is left. */
function columnsOf(rows: readonly (readonly string[])[], width: number): readonly number[] {
  const shown = isWide(width) ? HEADS.length : HEADS.length - 1;
  const others = Array.from({ length: shown - 1 }, (_, place) =>
    Math.max(...rows.map((cells) => widthOf(cells[place + 1] ?? ""))),
  );
  const taken = others.reduce((sum, one) => sum + one + 1, MARK_COLUMNS);
  return [Math.max(NAME_COLUMNS_MIN, width - taken), ...others];
}

/** Where the selected row has its sign. */
const MARK_COLUMNS = 2;

function rowText(cells: readonly string[], [names = 0, ...widths]: readonly number[]): string {
  const [name = "", ...rest] = cells;
  const texts = widths.map((width, place) => {
    const cell = rest[place] ?? "";
    return place < 3 ? alignRight(cell, width) : alignLeft(cell, width);
  });
  return `  ${[alignLeft(name, names), ...texts].join(" ")}`;
}

const BAR_CELLS = 20;

/** The meaning of a figure, then its difference seed by seed with a bar to either side. */
function explanationLines(
  { description, direction, seeds }: RowExplanation,
  { height, theme }: Place,
): readonly string[] {
  const meaning = ` ${description}.${direction === "" ? "" : ` ${direction}.`}`;
  const rows = seeds.map(({ seed, first, second, difference, share }) => {
    const cells = Math.round(Math.abs(share) * BAR_CELLS);
    const bar = theme.paint(share > 0 ? "first" : "second", "━".repeat(cells));
    const figures = [first, second, difference].map((text) => alignRight(text, 14)).join(" ");
    return ` ${alignLeft(seed, 26)} ${figures}  ${bar}`;
  });
  const head = ` ${alignLeft("SEED", 26)} ${["A", "B", "A − B"].map((text) => alignRight(text, 14)).join(" ")}`;
  const room = Math.max(0, height - 2);
  const more = rows.length - room;
  const shown = more > 0 ? [...rows.slice(0, room - 1), ` … and ${more + 1} more seeds`] : rows;
  return [meaning, theme.paint("title", head), ...shown];
}
