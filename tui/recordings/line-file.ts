/** A file that is written line by line, waiting where the disk is slower than what writes. */
/// <reference types="node" />
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";

export class LineFile {
  readonly path: string;
  readonly #flag: "w" | "wx";
  #stream: WriteStream | null = null;
  #problem: Error | null = null;

  /** Begins with the first line; `wx` leaves alone a file that is there. */
  constructor(path: string, flag: "w" | "wx") {
    this.path = path;
    this.#flag = flag;
  }

  get isWritten(): boolean {
    return this.#stream !== null;
  }

  /** Fails as the file system fails. */
  async write(line: string): Promise<void> {
    this.#stream ??= await this.#begun();
    if (this.#problem !== null) throw this.#problem;
    if (!this.#stream.write(`${line}\n`)) await once(this.#stream, "drain");
  }

  async close(): Promise<void> {
    const stream = this.#stream;
    if (stream === null || stream.destroyed) return;
    await new Promise<void>((resolve, reject) => {
      stream.once("error", reject);
      stream.end(resolve);
    });
  }

  async #begun(): Promise<WriteStream> {
    const stream = createWriteStream(this.path, { flags: this.#flag });
    await once(stream, "open");
    stream.on("error", (problem) => {
      this.#problem = problem;
    });
    return stream;
  }
}
