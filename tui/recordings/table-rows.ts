/**
 * The rows of a table of comma, semicolon or tab separated values, one at a time. What is wrong with
 * one row costs that row alone: a quote that is never closed, a line of many megabytes.
 */
/// <reference types="node" />
import { LINE_BYTES_MAX, type Line } from "./bounded-lines.ts";

export interface TableRow {
  /** The line of the file in which it begins. */
  readonly line: number;
  readonly cells: readonly string[];
  /** As it stands in the file. */
  readonly raw: string;
}

/** A row that is none, and why. */
export interface NoRow {
  readonly line: number;
  readonly why: string;
  readonly raw: string;
}

/** A note within quotes that has more lines is a quote that was not closed. */
const ROW_LINES_MAX = 100;
const TOO_LONG = `longer than ${LINE_BYTES_MAX / 1_000_000} MB`;
const OPEN = "a quote in it is not closed";

/** Of comma, semicolon and tab the one that parts the header most often. */
export function delimiterOf(header: string): string {
  const count = (delimiter: string) => header.split(delimiter).length;
  const delimiters = [",", ";", "\t"];
  return delimiters.reduce((best, one) => (count(one) > count(best) ? one : best));
}

/** Spreadsheets write which sign parts the cells above the header. */
export function isDelimiterNote(line: string): boolean {
  return /^"?sep=.?"?$/iu.test(line);
}

/** The first row is the header. Fails as the lines fail. */
export async function* tableRows(
  lines: AsyncGenerator<Line>,
  delimiter: string,
): AsyncGenerator<TableRow | NoRow> {
  const ahead = new LinesAhead(lines);
  let width: number | null = null;
  for (;;) {
    const line = await ahead.at(0);
    if (line === null) return;
    const row = await rowAt(ahead, { delimiter, width });
    ahead.drop("cells" in row ? row.lines : 1);
    if (!("cells" in row)) yield row;
    else if (row.raw.trim() !== "" && !(width === null && isDelimiterNote(row.raw))) {
      width ??= row.cells.length;
      yield row;
    }
  }
}

interface Table {
  readonly delimiter: string;
  /** Cells of the header; null before it. */
  readonly width: number | null;
}

/** The row that begins in the next line: within quotes it may go on in the lines below. */
async function rowAt(
  ahead: LinesAhead,
  { delimiter, width }: Table,
): Promise<(TableRow & { readonly lines: number }) | NoRow> {
  const first = await ahead.at(0);
  const line = first?.number ?? 0;
  if (first?.text == null) return { line, why: TOO_LONG, raw: "" };
  let raw = first.text;
  for (let lines = 1; ; lines += 1) {
    const cells = cellsOf(raw, delimiter);
    // A row of several lines with other cells than the header's has taken in what is not its own.
    if (cells !== null && lines > 1 && width !== null && cells.length !== width) break;
    if (cells !== null) return { line, cells, raw, lines };
    const next = lines < ROW_LINES_MAX ? await ahead.at(lines) : null;
    if (next?.text == null || raw.length + next.text.length > LINE_BYTES_MAX) break;
    raw += `\n${next.text}`;
  }
  return { line, why: OPEN, raw: first.text };
}

/** The cells of a row; null where a quote is left open. */
function cellsOf(text: string, delimiter: string): readonly string[] | null {
  if (!text.includes('"')) return text.split(delimiter);
  const cells: string[] = [];
  for (let from = 0; ; ) {
    const quoted = /^ *"/u.test(text.slice(from, from + 20)) ? quotedCell(text, from) : "";
    if (quoted === null) return null;
    const after = quoted === "" ? from : quoted.to;
    const end = text.indexOf(delimiter, after);
    const rest = text.slice(after, end < 0 ? text.length : end);
    cells.push(quoted === "" ? rest : quoted.cell + rest.trimEnd());
    if (end < 0) return cells;
    from = end + delimiter.length;
  }
}

/** What stands between the quotes, two of them within standing for one; null where they are open. */
function quotedCell(
  text: string,
  start: number,
): { readonly cell: string; readonly to: number } | null {
  let cell = "";
  for (let from = text.indexOf('"', start) + 1; ; ) {
    const end = text.indexOf('"', from);
    if (end < 0) return null;
    cell += text.slice(from, end);
    if (text[end + 1] !== '"') return { cell, to: end + 1 };
    cell += '"';
    from = end + 2;
  }
}

/** Lines that can be looked at before they are taken. */
class LinesAhead {
  readonly #lines: AsyncGenerator<Line>;
  readonly #ahead: Line[] = [];

  constructor(lines: AsyncGenerator<Line>) {
    this.#lines = lines;
  }

  /** Null behind the last. */
  async at(place: number): Promise<Line | null> {
    while (this.#ahead.length <= place) {
      const { value, done } = await this.#lines.next();
      if (done === true) return null;
      this.#ahead.push(value);
    }
    return this.#ahead[place] ?? null;
  }

  drop(count: number): void {
    this.#ahead.splice(0, count);
  }
}
