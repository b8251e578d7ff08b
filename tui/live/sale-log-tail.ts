/**
 * Follows a sale log that grows, as `rehearse serve --record` writes it. It reads a piece at a
 * time with room for keys in between, begins near the end of a large file, waits for the rest of
 * a line that is only half there, and begins anew where the file was replaced or cut.
 */
/// <reference types="node" />
import { type FileHandle, open, stat } from "node:fs/promises";
import { setImmediate as breathe } from "node:timers/promises";

const PIECE_BYTES = 65_536;
/** About an hour of a busy sale; the totals come from the store itself. */
const BEGIN_BYTES_MAX = 67_108_864;
/** A line of a sale log is far shorter; what is longer is skipped to its end. */
const LINE_BYTES_MAX = 262_144;
const LINE_END = 10;

export interface SaleLogTailOptions {
  readonly path: string;
  readonly onLine: (line: string) => void;
  /** Told where the file begins anew: what was read of it before is no longer in it. */
  readonly onAnew: () => void;
  /** How much of a file that is there is read at first. */
  readonly beginBytesMax?: number;
}

export class SaleLogTail {
  readonly #options: SaleLogTailOptions;
  #file = "";
  #at = 0;
  #rest: Buffer = Buffer.alloc(0);
  /** True until the end of a line whose beginning was not read. */
  #isTorn = false;
  #isBegun = false;

  constructor(options: SaleLogTailOptions) {
    this.#options = options;
  }

  /** Reads on to the end of the file; answers with why it cannot, or null. */
  async read(ended?: AbortSignal): Promise<string | null> {
    let file: FileHandle | null = null;
    try {
      const stats = await stat(this.#options.path);
      // A pipe or a device would never end.
      if (!stats.isFile() && !stats.isDirectory()) return "it is no file";
      file = await open(this.#options.path, "r");
      await this.#readOn(file, ended);
      return null;
    } catch (failure) {
      const { code = "" } = failure as NodeJS.ErrnoException;
      if (code === "ENOENT") return "there is no such file yet";
      if (code === "EACCES" || code === "EPERM") return "the file may not be read";
      if (code === "EISDIR") return "it is a folder and no file";
      return `the file cannot be read${code === "" ? "" : ` (${code})`}`;
    } finally {
      await file?.close();
    }
  }

  async #readOn(file: FileHandle, ended?: AbortSignal): Promise<void> {
    const { ino, dev, size } = await file.stat();
    const name = `${dev} ${ino}`;
    if (name !== this.#file || size < this.#at) this.#begin(name, size);
    const piece = Buffer.alloc(PIECE_BYTES);
    while (ended?.aborted !== true) {
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, this.#at);
      if (bytesRead === 0) return;
      this.#at += bytesRead;
      this.#take(piece.subarray(0, bytesRead));
      await breathe();
    }
  }

  #begin(name: string, size: number): void {
    const { beginBytesMax = BEGIN_BYTES_MAX, onAnew } = this.#options;
    if (this.#isBegun) onAnew();
    this.#isBegun = true;
    this.#file = name;
    this.#at = Math.max(0, size - beginBytesMax);
    this.#isTorn = this.#at > 0;
    this.#rest = Buffer.alloc(0);
  }

  #take(piece: Buffer): void {
    let from = 0;
    for (let end = piece.indexOf(LINE_END); end >= 0; end = piece.indexOf(LINE_END, from)) {
      const line = Buffer.concat([this.#rest, piece.subarray(from, end)]).toString("utf8");
      this.#rest = Buffer.alloc(0);
      if (!this.#isTorn && line !== "") this.#options.onLine(line);
      this.#isTorn = false;
      from = end + 1;
    }
    // A copy: the piece is read into again.
    this.#rest = Buffer.concat([this.#rest, piece.subarray(from)]);
    if (this.#rest.length <= LINE_BYTES_MAX) return;
    this.#rest = Buffer.alloc(0);
    this.#isTorn = true;
  }
}
