/**
 * A file of a past sale brought into the form of a recording: one event a line. Streams, so that a
 * file of gigabytes needs no more memory than a small one; what is no event is kept in a file of
 * its own, with its line and why.
 */
/// <reference types="node" />

import { readAccessLine } from "../../twin/recordings/access-line.ts";
import {
  type ExtendedFields,
  extendedFields,
  readExtendedLine,
} from "../../twin/recordings/extended-log.ts";
import { figureTable, readFigures, withoutWords } from "../../twin/recordings/figure-row.ts";
import { readJsonLine } from "../../twin/recordings/json-line.ts";
import {
  type ColumnsTold,
  columnsTaken,
  orderColumns,
  withoutFalseKinds,
} from "../../twin/recordings/order-columns.ts";
import { readOrder } from "../../twin/recordings/order-row.ts";
import { ORDER_AGAIN, Reading, type ReadingReport } from "../../twin/recordings/reading.ts";
import { type RecordedEvent, recordedLine } from "../../twin/recordings/recorded-event.ts";
import type { TimeRule } from "../../twin/recordings/recorded-time.ts";
import { saleLogLine } from "../../twin/recordings/sale-log-line.ts";
import {
  habitsOf,
  ROWS_LOOKED_AT,
  type Rows,
  type TableHabits,
} from "../../twin/recordings/table-habits.ts";
import type { RequestReading } from "../../twin/recordings/told-request.ts";
import { fileLines, LINE_BYTES_MAX } from "./bounded-lines.ts";
import type { RecordingFormat } from "./recording-formats.ts";
import {
  delimiterOf,
  isDelimiterNote,
  type NoRow,
  type TableRow,
  tableRows,
} from "./table-rows.ts";

export interface ImportQuestion {
  readonly path: string;
  readonly format: RecordingFormat;
  readonly times: TimeRule;
  readonly columns: ColumnsTold;
  /** Each event, or the line of a sale log as it stands; the next is read once it is taken. */
  readonly keep: (event: RecordedEvent | string) => Promise<void> | void;
  readonly leaveOut: (line: LeftOutLine) => Promise<void> | void;
}

export interface LeftOutLine {
  readonly number: number;
  readonly why: string;
  readonly text: string;
}

/** The line of a recording that an event or the line of a sale log is. */
export function keptLine(event: RecordedEvent | string): string {
  return typeof event === "string" ? event : recordedLine(event);
}

/** What stands in the way of reading a file at all. */
export interface NotRead {
  readonly why: string;
}

/** Fails as the file system fails. */
export async function importedRecording(
  question: ImportQuestion,
): Promise<ReadingReport | NotRead> {
  const reading = new Reading();
  const importer = new Importer(question, reading);
  const { format } = question;
  const why =
    format === "orders" || format === "counts" || format === "targets"
      ? await importer.table(format)
      : await importer.lines(format);
  return why === null ? reading.report : { why };
}

const TOO_LONG = `longer than ${LINE_BYTES_MAX / 1_000_000} MB`;

class Importer {
  readonly #question: ImportQuestion;
  readonly #reading: Reading;
  /** Of a log that names its fields. */
  #fields: ExtendedFields | null = null;

  constructor(question: ImportQuestion, reading: Reading) {
    this.#question = question;
    this.#reading = reading;
  }

  async lines(format: "sale-log" | "access-log"): Promise<null> {
    for await (const { number, text } of fileLines(this.#question.path)) {
      if (text === null) await this.#leaveOut({ number, why: TOO_LONG, text: "" });
      else if (text.trim() === "") continue;
      else if (format === "sale-log") await this.#saleLog(number, text);
      else await this.#request(number, text);
    }
    return null;
  }

  async table(format: "orders" | "counts" | "targets"): Promise<string | null> {
    const { path } = this.#question;
    const first = await firstLine(path);
    if (first === null) return null;
    const rows = tableRows(fileLines(path), delimiterOf(first));
    const { header, looked } = await this.#beginning(rows);
    if (header === null) return null;
    const cells = looked.map((row) => row.cells);
    const take = format === "orders" ? this.#orders(header, cells) : this.#figures(header, cells);
    if (typeof take === "string") return take;
    for (const row of looked) await take(row);
    for await (const row of rows) {
      const told = await this.#rowOf(row);
      if (told !== null) await take(told);
    }
    return null;
  }

  /** The header and the rows that are looked at before the first is taken. */
  async #beginning(rows: AsyncGenerator<TableRow | NoRow>): Promise<Beginning> {
    let header: readonly string[] | null = null;
    const looked: Row[] = [];
    for (let letters = 0; looked.length < ROWS_LOOKED_AT && letters < LETTERS_LOOKED_AT; ) {
      const { value, done } = await rows.next();
      if (done === true) break;
      const row = await this.#rowOf(value);
      letters += row?.text.length ?? 0;
      if (row !== null && header !== null) looked.push(row);
      else header = row?.cells ?? header;
    }
    return { header, looked };
  }

  async #rowOf(row: TableRow | NoRow): Promise<Row | null> {
    if ("cells" in row) return { number: row.line, cells: row.cells, text: row.raw };
    await this.#leaveOut({ number: row.line, why: row.why, text: row.raw });
    return null;
  }

  #orders(header: readonly string[], rows: Rows): Taker | string {
    const found = orderColumns(header, this.#question.columns);
    if ("why" in found) return found.why;
    const columns = withoutFalseKinds(found, header, rows);
    this.#reading.columns = columnsTaken(header, columns);
    const { at, total } = columns.places;
    const habits = habitsOf(rows, { at, amounts: total === undefined ? [] : [total] });
    const rules = { columns, decimalComma: habits.decimalComma, times: this.#timesOf(habits) };
    return async ({ number, cells, text }) => {
      const read = readOrder(cells, rules);
      if ("why" in read) return this.#leaveOut({ number, why: read.why, text });
      const { event, time } = read;
      if (event.order !== undefined && this.#reading.isDouble(event.order))
        return this.#leaveOut({ number, why: ORDER_AGAIN, text });
      this.#reading.remark(time);
      if (event.currency !== undefined) this.#reading.value(event.currency);
      await this.#keep(event, event.at);
    };
  }

  #figures(header: readonly string[], rows: Rows): Taker | string {
    const found = figureTable(header);
    if (found === null) return `no column tells a time or a metric; there are ${header.join(", ")}`;
    const at = found.kind === "counts" ? found.at : null;
    const amounts =
      found.kind === "targets" ? [found.value] : found.metrics.map((one) => one.place);
    const habits = habitsOf(rows, { at, amounts });
    const { decimalComma } = habits;
    const table = withoutWords(found, rows, decimalComma);
    const rules = { table, decimalComma, times: this.#timesOf(habits) };
    return async ({ number, cells, text }) => {
      const read = readFigures(cells, rules);
      if ("why" in read) return this.#leaveOut({ number, why: read.why, text });
      if (read.time !== null) this.#reading.remark(read.time);
      const [first, ...rest] = read.events;
      if (first !== undefined) await this.#keep(first, read.time?.at ?? null);
      for (const event of rest) await this.#question.keep(event);
    };
  }

  /** What is told of the order of days and months goes before what the table shows. */
  #timesOf({ dayFirst }: TableHabits): TimeRule {
    const { times } = this.#question;
    return { ...times, dayFirst: times.dayFirst ?? dayFirst };
  }

  async #saleLog(number: number, text: string): Promise<void> {
    const read = saleLogLine(text, this.#question.times);
    if (read.kind === "none") return this.#leaveOut({ number, why: read.why, text });
    if (this.#reading.isDouble(text))
      return this.#leaveOut({ number, why: "the same line was read already", text });
    this.#reading.keep(read.at);
    await this.#question.keep(text);
  }

  async #request(number: number, text: string): Promise<void> {
    // Notes of the server about its log, among them what its fields are.
    if (text.startsWith("#")) {
      this.#fields = extendedFields(text) ?? this.#fields;
      return;
    }
    const read = this.#requestOf(text);
    if ("why" in read) return this.#leaveOut({ number, why: read.why, text });
    this.#reading.remark(read.time);
    await this.#keep(read.event, read.event.at);
  }

  #requestOf(text: string): RequestReading {
    const { times } = this.#question;
    if (this.#fields !== null) return readExtendedLine(text, this.#fields, times);
    return text.startsWith("{") ? readJsonLine(text, times) : readAccessLine(text, times);
  }

  async #keep(event: RecordedEvent, at: number | null): Promise<void> {
    this.#reading.keep(at);
    await this.#question.keep(event);
  }

  async #leaveOut(line: LeftOutLine): Promise<void> {
    this.#reading.leaveOut({ line: line.number, why: line.why });
    await this.#question.leaveOut(line);
  }
}

type Taker = (row: Row) => Promise<void>;

interface Beginning {
  /** Null where there is no row. */
  readonly header: readonly string[] | null;
  readonly looked: readonly Row[];
}

/** Letters of the rows that are looked at, together. */
const LETTERS_LOOKED_AT = 4_000_000;

interface Row {
  readonly number: number;
  readonly cells: readonly string[];
  readonly text: string;
}

async function firstLine(path: string): Promise<string | null> {
  for await (const { text } of fileLines(path))
    if (text !== null && text.trim() !== "" && !isDelimiterNote(text)) return text;
  return null;
}
