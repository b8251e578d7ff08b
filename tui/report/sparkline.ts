/** The course of a series as a row of block characters, for where no picture can stand. */
import type { RunResult } from "../../twin/result.ts";
import { clockOf, momentText } from "./axis.ts";
import { type Chart, type ChartSet, chartSetOf, highest, type Span } from "./chart-data.ts";
import { NOT_MEASURED } from "./findings.ts";
import { unitText } from "./quantity.ts";

const BLOCKS = "▁▂▃▄▅▆▇█";
const COLUMNS = 48;

/** One line per chart and plan: its name, its course, its highest value; all drawn to the same height. */
export function sparklines(result: RunResult): readonly string[] {
  const set = chartSetOf(result);
  if (set === null) return [];
  const clock = clockOf(set.starts);
  const { from, to } = set.focus ?? set.whole;
  const wide = Math.max(...set.charts.flatMap(({ lines }) => lines.map(({ plan }) => plan.length)));
  return [
    `from ${momentText(from, clock)} to ${momentText(to, clock)}`,
    ...set.charts.flatMap((chart) => ["", chart.title, ...courses(chart, set, { result, wide })]),
  ];
}

function courses(
  { lines, unit }: Chart,
  { every, whole, focus }: ChartSet,
  { result, wide }: { readonly result: RunResult; readonly wide: number },
): readonly string[] {
  const drawn = lines.map((line) => columnsOf(line.values, focus ?? whole, every));
  const most = highest(drawn.flat());
  return lines.map(({ plan }, index) => {
    const columns = drawn[index] ?? [];
    const peak = highest(columns);
    const told = Number.isFinite(peak)
      ? `at most ${unitText(unit, peak, result.currency)}`
      : NOT_MEASURED;
    return `${plan.padEnd(wide)}  ${columns.map((one) => block(one, most)).join("")}  ${told}`;
  });
}

/** The highest value of each column; not a number where nothing was measured. */
function columnsOf(values: readonly number[], span: Span, every: number): readonly number[] {
  const within = values.slice(Math.floor(span.from / every), Math.ceil(span.to / every));
  const size = Math.max(1, Math.ceil(within.length / COLUMNS));
  return Array.from({ length: Math.ceil(within.length / size) }, (_, column) =>
    highest(within.slice(column * size, (column + 1) * size)),
  );
}

function block(value: number, most: number): string {
  if (!Number.isFinite(value)) return " ";
  const height = !(most > 0) ? 0 : Math.round((value / most) * (BLOCKS.length - 1));
  return BLOCKS[Math.min(BLOCKS.length - 1, Math.max(0, height))] ?? " ";
}
