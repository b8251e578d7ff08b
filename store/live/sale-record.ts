/**
 * Writes the sale log into a file while the sale is on: the very lines that a rehearsal writes, in
 * the order of the log, each once, however often the store is started or killed. The log in the
 * ledger is the truth and the file follows it: the store's requests never wait for the file, and
 * a line is written only when what it tells of would survive a crash.
 *
 * Line n of the file is event n of the log, so a new start knows from the file alone where to go
 * on, and every line has one place: two processes that overlap while one takes over from the
 * other write the same bytes at the same places. What a crash left of a last line is written
 * over; lines that the ledger itself has lost since are cut off.
 */
import { type FileHandle, open } from "node:fs/promises";
import { Effect } from "effect";
import { saleLogLine } from "../core/sale-log-line.ts";
import type { LoggedEvent, SaleLogService } from "../ports/sale-log.ts";
import { FolderProblem } from "./data-folder.ts";
import type { LiveParts } from "./parts.ts";

/** How far the file may be behind the log. */
const WRITE_EVERY_MILLIS = 200;
/** Read at once: about a millisecond in which nobody is served. */
const EVENTS_AT_ONCE = 250;
const CHUNK_BYTES = 1_048_576;
const LINE_BEGIN = '{"at":"';
const LINE_END = 10;
/** Names of shoppers and orders are for whoever runs the store. */
const OWNER_ONLY = 0o600;

export interface SaleRecordOptions {
  readonly path: string;
  readonly parts: Pick<LiveParts, "saleLog" | "durable">;
}

/** The whole lines that are in the file. */
interface Written {
  readonly lines: number;
  /** Where the last of them ends. */
  readonly bytes: number;
  readonly last: string;
}

export class SaleRecord {
  readonly #file: FileHandle;
  readonly #parts: SaleRecordOptions["parts"];
  #written: Written;
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle, parts: SaleRecordOptions["parts"], written: Written) {
    this.#file = file;
    this.#parts = parts;
    this.#written = written;
  }

  /** Fails with {@link FolderProblem} where the file cannot be written or is of another sale. */
  static async open({ path, parts }: SaleRecordOptions): Promise<SaleRecord> {
    const file = await openFile(path);
    try {
      const written = await linesOfLog(file, parts.saleLog);
      if (written === null) {
        throw new FolderProblem(
          `--record ${path}: the file is there and is not the sale log of this store. Name another file, or take it away.`,
        );
      }
      return new SaleRecord(file, parts, written);
    } catch (failure) {
      await file.close();
      throw failure;
    }
  }

  /** Follows the log until it is stopped; `onFailure` hears once of a row of failures. */
  start(onFailure: (failure: unknown) => void): void {
    let failed = false;
    const write = async () => {
      try {
        await this.write();
        failed = false;
      } catch (failure) {
        if (!failed) onFailure(failure);
        failed = true;
      }
      if (!this.#isStopped) next();
    };
    const next = () => {
      this.#timer = setTimeout(() => {
        this.#writing = write();
      }, WRITE_EVERY_MILLIS);
    };
    next();
  }

  /** Writes what the log has more than the file; what fails is written by the next call. */
  async write(): Promise<void> {
    const { saleLog, durable } = this.#parts;
    for (;;) {
      const { lines, last } = this.#written;
      // The event of the last line is read again: it shows that the log is still the one written.
      const after = Math.max(0, lines - 1);
      const limit = EVENTS_AT_ONCE + 1;
      const found = await Effect.runPromise(saleLog.read({ after, limit }));
      const [first] = found;
      if (lines > 0 && (first === undefined || saleLogLine(first.event) !== last)) {
        await this.#heal();
        continue;
      }
      const events = lines > 0 ? found.slice(1) : found;
      if (events.length === 0) return;
      await durable();
      await this.#append(events);
      if (found.length < limit) return;
      await new Promise(setImmediate);
    }
  }

  /** Ends when the file has all that the log has. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#writing;
    try {
      await this.write();
      await this.#file.datasync();
    } finally {
      await this.#file.close();
    }
  }

  async #append(events: readonly LoggedEvent[]): Promise<void> {
    const texts = events.map(({ event }) => saleLogLine(event));
    const text = Buffer.from(texts.join(""), "utf8");
    const { lines, bytes } = this.#written;
    await writeAt(this.#file, text, bytes);
    const last = texts.at(-1) ?? "";
    this.#written = { lines: lines + events.length, bytes: bytes + text.length, last };
  }

  /** A database that lost its newest lines in a crash has written others in their places. */
  async #heal(): Promise<void> {
    const written = await linesOfLog(this.#file, this.#parts.saleLog);
    if (written === null) throw new Error("the log of the sale is not the one that was recorded");
    this.#written = written;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // Made where it is missing and never emptied; "a" alone would ignore the places written to.
    await (await open(path, "a", OWNER_ONLY)).close();
    const file = await open(path, "r+");
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new Error("it is no file");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FolderProblem(`--record ${path} cannot be written: ${why}.`);
  }
}

/** How far the file goes with the log, cut to it; null where it never did. */
async function linesOfLog(file: FileHandle, log: SaleLogService): Promise<Written | null> {
  const found = await wholeLines(file);
  if (found.lines === 0 && !(await beginsAsLine(file))) return null;
  const isWritten = found.lines === 0 || (await hasLine(log, found));
  const written = isWritten ? found : await commonLines(file, log);
  if (found.lines > 0 && written.lines === 0) return null;
  await file.truncate(written.bytes);
  return written;
}

/** Whether what there is could be the beginning of a first line. */
async function beginsAsLine(file: FileHandle): Promise<boolean> {
  const begin = Buffer.alloc(LINE_BEGIN.length);
  const { bytesRead } = await file.read(begin, 0, begin.length, 0);
  return LINE_BEGIN.startsWith(begin.toString("latin1", 0, bytesRead));
}

async function hasLine(log: SaleLogService, { lines, last }: Written): Promise<boolean> {
  const [logged] = await Effect.runPromise(log.read({ after: lines - 1, limit: 1 }));
  return logged?.sequence === lines && saleLogLine(logged.event) === last;
}

async function wholeLines(file: FileHandle): Promise<Written> {
  let lines = 0;
  let bytes = 0;
  let begin = 0;
  for await (const { chunk, at } of chunksOf(file)) {
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, end + 1)) {
      lines += 1;
      begin = bytes;
      bytes = at + end + 1;
    }
  }
  const last = Buffer.alloc(bytes - begin);
  await file.read(last, 0, last.length, begin);
  return { lines, bytes, last: last.toString("utf8") };
}

/** The lines that file and log begin with alike. */
async function commonLines(file: FileHandle, log: SaleLogService): Promise<Written> {
  let common: Written = { lines: 0, bytes: 0, last: "" };
  for (;;) {
    const request = { after: common.lines, limit: EVENTS_AT_ONCE };
    const events = await Effect.runPromise(log.read(request));
    for (const { event } of events) {
      const last = saleLogLine(event);
      const line = Buffer.from(last, "utf8");
      const there = Buffer.alloc(line.length);
      await file.read(there, 0, there.length, common.bytes);
      if (!there.equals(line)) return common;
      common = { lines: common.lines + 1, bytes: common.bytes + line.length, last };
    }
    if (events.length < EVENTS_AT_ONCE) return common;
  }
}

async function* chunksOf(file: FileHandle) {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return;
    yield { chunk: buffer.subarray(0, bytesRead), at };
    at += bytesRead;
  }
}

/** The operating system may take less at once than it is given. */
async function writeAt(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}
