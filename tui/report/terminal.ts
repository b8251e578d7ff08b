/** A result as text for a terminal or a log: the same words with or without colours. */
import type { RunResult } from "../../twin/result.ts";
import { expectationRows, type FigureTable, figureTable, headline, meaningOf } from "./findings.ts";
import { type Palette, paletteOf } from "./palette.ts";

export function terminalReport(result: RunResult, options: { readonly colour: boolean }): string {
  const paint = paletteOf(options.colour);
  return [
    paint.bold(headline(result)),
    paint.dim("figures are simulated; ± is the half-width of the 95 % interval over seeds"),
    "",
    ...figureLines(result, paint),
    paint.bold("what it means"),
    ...meaningOf(result).map((sentence) => `  ${sentence}`),
    "",
    ...expectationLines(result, paint),
    ...brokenLines(result, paint),
    ...digestLines(result, paint),
    `repeat  ${result.repeat}`,
    "",
  ].join("\n");
}

function figureLines(result: RunResult, paint: Palette): readonly string[] {
  const table = figureTable(result);
  return table.rows.length === 0 ? [] : [...tableLines(table, paint), ""];
}

/** Columns aligned: names to the left, figures to the right. */
export function tableLines({ heads, rows }: FigureTable, paint: Palette): readonly string[] {
  const widths = heads.map((head, column) =>
    Math.max(widthOf(head), ...rows.map((row) => widthOf(row[column] ?? ""))),
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => aligned(cell, widths[column] ?? 0, column === 0)).join("   ");
  return [paint.bold(line(heads).trimEnd()), ...rows.map((row) => line(row).trimEnd())];
}

function aligned(cell: string, width: number, left: boolean): string {
  const fill = " ".repeat(Math.max(0, width - widthOf(cell)));
  return left ? cell + fill : fill + cell;
}

function widthOf(text: string): number {
  return [...text].length;
}

function expectationLines(result: RunResult, paint: Palette): readonly string[] {
  const rows = expectationRows(result);
  if (rows.length === 0) return [];
  const lines = rows.map(({ met, plan, expect, why }) => {
    const mark = markOf(met, paint);
    return `  ${mark}  ${plan}: ${expect}${why === "" ? "" : `  (${why})`}`;
  });
  return [paint.bold("expectations"), ...lines, ""];
}

function markOf(met: boolean | null, paint: Palette): string {
  if (met === null) return paint.dim("not judged");
  return met ? paint.good("met   ") : paint.bad("MISSED");
}

/** Broken invariants that one report names; the JSON has all. */
const BROKEN_LINES_MAX = 10;

function brokenLines(result: RunResult, paint: Palette): readonly string[] {
  if (result.broken.length === 0) return [];
  const lines = result.broken
    .slice(0, BROKEN_LINES_MAX)
    .map(({ id, plan, seed, what }) => `  ${paint.bad(id)}  ${plan}, seed ${seed}: ${what}`);
  return [paint.bold("broken invariants"), ...lines, ""];
}

function digestLines(result: RunResult, paint: Palette): readonly string[] {
  return Object.entries(result.plans)
    .filter(([, { digest }]) => digest.length > 0)
    .map(([plan, { digest }]) => paint.dim(`digest  ${plan}: ${digest.join(" ")}`));
}
