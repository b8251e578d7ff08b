/** The rows of a table of comma, semicolon or tab separated values, one at a time. */
/// <reference types="node" />
import type { Readable } from "node:stream";
import { type CsvError, type Info, parse } from "csv-parse";
import { LINE_BYTES_MAX } from "./bounded-lines.ts";

export interface TableRow {
  /** The line of the file in which it ends. */
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

interface Parsed {
  readonly info: Info;
  readonly record: string[];
  readonly raw: string;
}

/** Of comma, semicolon and tab the one that parts the header most often. */
export function delimiterOf(header: string): string {
  const count = (delimiter: string) => header.split(delimiter).length;
  const delimiters = [",", ";", "\t"];
  return delimiters.reduce((best, one) => (count(one) > count(best) ? one : best));
}

/**
 * The first row is the header. A row that cannot be parted, or is longer than a line may be, comes
 * as `NoRow`. Fails as the stream fails.
 */
export async function* tableRows(
  bytes: Readable,
  delimiter: string,
): AsyncGenerator<TableRow | NoRow> {
  const broken: NoRow[] = [];
  const rows = parse({
    bom: true,
    delimiter,
    info: true,
    raw: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: LINE_BYTES_MAX,
    on_skip: (error: CsvError | undefined, raw: string | undefined) => {
      const line = Number(error?.lines ?? 0);
      broken.push({ line, why: "it cannot be parted into columns", raw: raw ?? "" });
      return undefined;
    },
  });
  bytes.on("error", (error) => rows.destroy(error));
  for await (const parsed of bytes.pipe(rows) as AsyncIterable<Parsed>) {
    yield* broken.splice(0);
    yield { line: parsed.info.lines, cells: parsed.record, raw: parsed.raw };
  }
  yield* broken.splice(0);
}
