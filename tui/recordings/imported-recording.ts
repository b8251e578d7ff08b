/**
 * A file of a past sale brought into the form of a recording: one event a line. Streams, so that a
 * file of gigabytes needs no more memory than a small one; what is no event is kept in a file of
 * its own, with its line and why.
 */
/// <reference types="node" />

import { readCommonLine, readJsonLine } from "../../twin/recordings/access-line.ts";
import { figureTable, readFigures } from "../../twin/recordings/figure-row.ts";
import { type ColumnsTold, orderColumns } from "../../twin/recordings/order-columns.ts";
import { readOrder } from "../../twin/recordings/order-row.ts";
import { Reading, type ReadingReport } from "../../twin/recordings/reading.ts";
import { type RecordedEvent, recordedLine } from "../../twin/recordings/recorded-event.ts";
import type { TimeRule } from "../../twin/recordings/recorded-time.ts";
import { saleLogLine } from "../../twin/recordings/sale-log-line.ts";
import { boundedLines, fileBytes, LINE_BYTES_MAX } from "./bounded-lines.ts";
import type { RecordingFormat } from "./recording-formats.ts";
import { delimiterOf, tableRows } from "./table-rows.ts";

export interface ImportQuestion {
  readonly path: string;
  readonly format: RecordingFormat;
  readonly times: TimeRule;
  readonly columns: ColumnsTold;
  /** Each line of the recording, without its end; the next is read once it is taken. */
  readonly keep: (line: string) => Promise<void> | void;
  readonly leaveOut: (line: LeftOutLine) => Promise<void> | void;
}

export interface LeftOutLine {
  readonly number: number;
  readonly why: string;
  readonly text: string;
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

  constructor(question: ImportQuestion, reading: Reading) {
    this.#question = question;
    this.#reading = reading;
  }

  async lines(format: "sale-log" | "access-log"): Promise<null> {
    for await (const { number, text } of boundedLines(fileBytes(this.#question.path))) {
      if (text === null) await this.#leaveOut({ number, why: TOO_LONG, text: "" });
      else if (text.trim() === "") continue;
      else if (format === "sale-log") await this.#saleLog(number, text);
      else await this.#request(number, text);
    }
    return null;
  }

  async table(format: "orders" | "counts" | "targets"): Promise<string | null> {
    const { path, columns: told } = this.#question;
    const header = await firstLine(path);
    if (header === null) return null;
    let take: ((row: Row) => Promise<void>) | null = null;
    for await (const row of tableRows(fileBytes(path), delimiterOf(header))) {
      if ("why" in row) {
        await this.#leaveOut({ number: row.line, why: row.why, text: row.raw });
      } else if (take === null) {
        const taker =
          format === "orders" ? this.#orders(row.cells, told) : this.#figures(row.cells);
        if (typeof taker === "string") return taker;
        take = taker;
      } else {
        await take({ number: row.line, cells: row.cells, text: row.raw.replace(/[\r\n]+$/u, "") });
      }
    }
    return null;
  }

  #orders(header: readonly string[], told: ColumnsTold): ((row: Row) => Promise<void>) | string {
    const columns = orderColumns(header, told);
    if ("why" in columns) return columns.why;
    return async ({ number, cells, text }) => {
      const read = readOrder(cells, columns, this.#question.times);
      if ("why" in read) return this.#leaveOut({ number, why: read.why, text });
      const { event, time } = read;
      if (event.order !== undefined && this.#reading.isDouble(event.order))
        return this.#leaveOut({ number, why: "its order was read already", text });
      this.#reading.remark(time);
      await this.#keep(event, event.at);
    };
  }

  #figures(header: readonly string[]): ((row: Row) => Promise<void>) | string {
    const table = figureTable(header);
    if (table === null) return `no column tells a time or a metric; there are ${header.join(", ")}`;
    return async ({ number, cells, text }) => {
      const read = readFigures(cells, table, this.#question.times);
      if ("why" in read) return this.#leaveOut({ number, why: read.why, text });
      if (read.time !== null) this.#reading.remark(read.time);
      const [first, ...rest] = read.events;
      if (first !== undefined) await this.#keep(first, read.time?.at ?? null);
      for (const event of rest) await this.#question.keep(recordedLine(event));
    };
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
    const { times } = this.#question;
    const read = text.startsWith("{") ? readJsonLine(text, times) : readCommonLine(text, times);
    if ("why" in read) return this.#leaveOut({ number, why: read.why, text });
    this.#reading.remark(read.time);
    await this.#keep(read.event, read.event.at);
  }

  async #keep(event: RecordedEvent, at: number | null): Promise<void> {
    this.#reading.keep(at);
    await this.#question.keep(recordedLine(event));
  }

  async #leaveOut(line: LeftOutLine): Promise<void> {
    this.#reading.leaveOut({ line: line.number, why: line.why });
    await this.#question.leaveOut(line);
  }
}

interface Row {
  readonly number: number;
  readonly cells: readonly string[];
  readonly text: string;
}

async function firstLine(path: string): Promise<string | null> {
  for await (const { text } of boundedLines(fileBytes(path)))
    if (text !== null && text.trim() !== "") return text;
  return null;
}
