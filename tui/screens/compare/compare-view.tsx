/** Draws Compare: title and verdict, four charts, the table or what stands behind one of its rows. */
import { Box, Text } from "ink";
import type { ReactElement } from "react";
import { Pane } from "../../components/pane.tsx";
import { alignLeft, alignRight, spread } from "../../components/text-width.ts";
import { bandWords, type Compared, type ComparisonChart } from "../../model/comparison-charts.ts";
import type { ComparisonRow, RowExplanation } from "../../model/comparison-table.ts";
import type { Theme } from "../../theme/theme.ts";
import type { Frame, PaneArea } from "../screen.ts";
import { comparisonChartLines, cursorWords } from "./compare-chart.ts";
import { comparePanes, isFull } from "./compare-layout.ts";

/** What Compare shows. */
export interface ComparePicture {
  readonly heading: string;
  readonly progress: string;
  /** Sentences, the first the most important. */
  readonly verdict: readonly string[];
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
          rows={rows - 2}
          focused
          frame={frame}
        />
      ) : (
        <Panes picture={picture} compared={compared} frame={{ ...frame, theme }} />
      )}
    </Box>
  );
}

function headLines(picture: ComparePicture, { columns, theme }: Frame): readonly string[] {
  const title = ` ${theme.paint("title", "◆ Compare")}  ${picture.heading}`;
  const [verdict = "", ...more] = picture.verdict;
  const words = [verdict, ...more].join(" ");
  return [spread(title, `${picture.progress} `, columns), alignLeft(` ${words}`, columns)];
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
    return [{ ...focused, column: 0, row: 2, columns: frame.columns, rows: frame.rows - 2 }];
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
      <Pane title={tableTitle(compared)} remark={picture.tableRemark} lines={lines} {...common} />
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

function tableTitle({ ofFirst, ofSecond }: Compared): string {
  const pairs = Math.min(ofFirst.length, ofSecond.length);
  return `Numbers (mean ± half of the 95 % interval; A − B over ${pairs} pair${pairs === 1 ? "" : "s"})`;
}

interface Place {
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

/** The head, then as many rows as fit with the selected one among them. */
function tableLines(picture: ComparePicture, { width, height, theme }: Place): readonly string[] {
  const { rows, selected } = picture;
  const cut = cutsOf(width);
  const head = rowText(HEADS, cut);
  const room = Math.max(1, height - 1);
  const from = Math.max(0, Math.min(selected - Math.floor(room / 2), rows.length - room));
  const body = rows.slice(from, from + room).map((row, place) => {
    const line = rowText(
      [row.metric, row.first, row.second, row.difference, betterWord(row), row.sure],
      cut,
    );
    if (from + place === selected) return theme.paint("selected", `❯${line.slice(1)}`);
    return row.isSure ? line : theme.paint("dim", line);
  });
  const none = rows.length === 0 ? ["   no figure has that in its name; esc shows all"] : [];
  return [theme.paint("title", head), ...body, ...none];
}

const HEADS = ["METRIC", "A", "B", "A − B [95 %]", "BETTER", "SURE"];

function betterWord({ better, isSure }: ComparisonRow): string {
  if (better === null) return "";
  return `${better === "first" ? "A ◀" : "B ▶"}${isSure ? "" : " ?"}`;
}

/** Columns of the table; what does not fit is left out from the right. */
function cutsOf(width: number): readonly number[] {
  const rest = width - 2;
  if (rest < 90) return [24, 15, 15, Math.max(10, rest - 24 - 15 - 15 - 6 - 4), 6, 0];
  const sure = 16;
  const better = 8;
  const share = rest - sure - better - 5;
  const metric = Math.floor(share * 0.26);
  const plan = Math.floor(share * 0.19);
  return [metric, plan, plan, share - metric - 2 * plan, better, sure];
}

function rowText(cells: readonly string[], widths: readonly number[]): string {
  const [name = "", ...rest] = cells;
  const texts = rest.flatMap((cell, place) => {
    const width = widths[place + 1] ?? 0;
    return width === 0 ? [] : [place < 3 ? alignRight(cell, width) : alignLeft(cell, width)];
  });
  return `  ${[alignLeft(name, widths[0] ?? 0), ...texts].join(" ")}`;
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
