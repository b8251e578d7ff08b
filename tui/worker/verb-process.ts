/**
 * A verb of this program in a process of its own, for a screen that shows what the verb prints: it
 * is computed beside the screen, by the very same code, and can be ended at any time.
 */
/// <reference types="node" />
import { type ChildProcess, spawn } from "node:child_process";

export interface VerbAnswer {
  /** The exit code; null where the process was ended or could not be started. */
  readonly code: number | null;
  /** What it printed, cut off where it was too much for a screen. */
  readonly out: string;
  readonly err: string;
}

/** A result of this many characters is more than any verb prints. */
const PRINTED_MAX = 256 * 1_024 * 1_024;
const TOLD_MAX = 64 * 1_024;
/** What does not end when it is asked to is ended. */
const END_MILLIS_MAX = 2_000;

export class VerbProcess {
  readonly answered: Promise<VerbAnswer>;
  readonly #child: ChildProcess;

  /** `program` is the command line's own file. */
  constructor(program: string, words: readonly string[]) {
    const child = spawn(process.execPath, [program, ...words], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    this.#child = child;
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (out.length < PRINTED_MAX) out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err = (err + text).slice(-TOLD_MAX);
    });
    this.answered = new Promise((resolve) => {
      child.once("error", ({ message }) => resolve({ code: null, out, err: message }));
      child.once("close", (code) => resolve({ code, out, err }));
    });
  }

  /** Ends it; answers once it is gone. */
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    const late = setTimeout(() => this.#child.kill("SIGKILL"), END_MILLIS_MAX);
    await this.answered;
    clearTimeout(late);
  }
}
