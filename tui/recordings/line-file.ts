/**
 * A file that is written line by line, waiting where the disk is slower than what writes. It stands
 * under its name once it is whole: until then it is `NAME.part`, and what was there stays there.
 */
/// <reference types="node" />
import { once } from "node:events";
import {
  createWriteStream,
  existsSync,
  linkSync,
  renameSync,
  rmSync,
  statSync,
  type WriteStream,
} from "node:fs";

export class LineFile {
  readonly path: string;
  readonly #part: string;
  readonly #flag: "w" | "wx";
  #stream: WriteStream | null = null;
  #problem: Error | null = null;
  #isWhole = false;

  /** Begins with the first line; `wx` leaves alone a file that is there. */
  constructor(path: string, flag: "w" | "wx") {
    this.path = path;
    this.#flag = flag;
    // A device or a pipe has no other name.
    this.#part = existsSync(path) && !statSync(path).isFile() ? path : `${path}.part`;
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

  /** Gives the file its name. Fails as the file system fails. */
  async close(): Promise<void> {
    const stream = this.#stream;
    if (stream === null || this.#isWhole) return;
    await new Promise<void>((resolve, reject) => {
      stream.once("error", reject);
      stream.end((problem?: Error | null) => (problem == null ? resolve() : reject(problem)));
    });
    if (this.#problem !== null) throw this.#problem;
    if (this.#part !== this.path) this.#name();
    this.#isWhole = true;
  }

  /** What was written until now goes away, unless it is whole. */
  discard(): void {
    if (this.#stream === null || this.#isWhole) return;
    this.#stream.destroy();
    if (this.#part !== this.path) rmSync(this.#part, { force: true });
  }

  #name(): void {
    if (this.#flag === "w") renameSync(this.#part, this.path);
    else {
      // Unlike a new name, a link never takes the place of a file that came meanwhile.
      linkSync(this.#part, this.path);
      rmSync(this.#part);
    }
  }

  async #begun(): Promise<WriteStream> {
    const stream = createWriteStream(this.#part, { flags: "w" });
    await once(stream, "open");
    stream.on("error", (problem) => {
      this.#problem = problem;
    });
    return stream;
  }
}
