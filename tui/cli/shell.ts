/**
 * What a verb sees of the process it runs in: where its words go, whether anybody watches, and
 * the variables that change how it speaks. Exit codes are the contract of the command line.
 */
/// <reference types="node" />
import { fstatSync, writeSync } from "node:fs";
import { Context, Data, Effect } from "effect";
import { reasonOf } from "./reasons.ts";

export const EXIT_DONE = 0;
export const EXIT_MISSED = 1;
export const EXIT_USAGE = 2;
export const EXIT_NOT_DETERMINISTIC = 3;
/** Outside what a prediction may be off. */
export const EXIT_TOLERANCE = 4;
export const EXIT_INTERRUPTED = 130;

/** A verb that cannot do what it was asked: one line per problem, and the exit code, 2 as a rule. */
export class VerbFailure extends Data.TaggedError("VerbFailure")<{
  readonly lines: readonly string[];
  readonly code: number;
}> {
  constructor(lines: string | readonly string[], code = EXIT_USAGE) {
    super({ lines: typeof lines === "string" ? [lines] : lines, code });
  }
}

export interface ShellService {
  /**
   * Writes to stdout; returns when it has been taken. A reader that went away is no error; text
   * that could not be written whole, as to a full disk, is.
   */
  readonly print: (text: string) => Effect.Effect<void, VerbFailure>;
  /** One line to stderr. */
  readonly say: (line: string) => Effect.Effect<void>;
  /** The code that the process ends with; the last one given counts. */
  readonly exitWith: (code: number) => Effect.Effect<void>;
  /** Whether stdout takes colours. */
  readonly colour: boolean;
  /** Whether somebody watches stderr, so that progress is worth drawing. */
  readonly watched: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export class Shell extends Context.Tag("Shell")<Shell, ShellService>() {}

/** The process as a shell; `words` are its arguments. */
export function processShell(
  words: readonly string[],
): ShellService & { readonly code: () => number } {
  let code = EXIT_DONE;
  // A broken pipe is reported to the callback of the write as well; unheard it would end the process.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  return {
    print: (text) => printTo(process.stdout, text),
    say: (line) => Effect.ignore(writeTo(process.stderr, `${line}\n`)),
    exitWith: (next) =>
      Effect.sync(() => {
        code = next;
      }),
    code: () => code,
    colour: takesColour({
      words,
      environment: process.env,
      terminal: process.stdout.isTTY === true,
    }),
    watched: process.stderr.isTTY === true && !words.includes("--quiet"),
    environment: process.env,
  };
}

/** A stream of the process, or one that stands for it in a test. */
export interface OutputStream {
  /** The file that it writes to. */
  readonly fd?: number;
  readonly write: (text: string, written: (problem?: Error | null) => void) => boolean;
}

/** Writes the whole text and fails with why it could not; a reader that went away is no failure. */
export function printTo(stream: OutputStream, text: string): Effect.Effect<void, VerbFailure> {
  return writeTo(stream, text).pipe(
    Effect.catchAll((problem) =>
      isReaderGone(problem)
        ? Effect.void
        : Effect.fail(
            new VerbFailure(
              `rehearse: stdout could not be written whole: ${reasonOf(problem)}. Send it elsewhere, or use --out FILE where the verb has it.`,
            ),
          ),
    ),
  );
}

function writeTo(stream: OutputStream, text: string): Effect.Effect<void, Error> {
  const { fd } = stream;
  if (fd !== undefined && isFile(fd)) {
    return Effect.try({ try: () => writeWhole(fd, text), catch: (problem) => problem as Error });
  }
  return Effect.async((resume) => {
    stream.write(text, (problem) => resume(problem ? Effect.fail(problem) : Effect.void));
  });
}

/** A stream into a file takes a write that the disk took only a part of for a whole one. */
function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}

/** Codes of a pipe whose other end is closed, and of every further write to it. */
const READER_GONE: ReadonlySet<unknown> = new Set(["EPIPE", "ERR_STREAM_DESTROYED"]);

function isReaderGone(problem: Error): boolean {
  return READER_GONE.has((problem as NodeJS.ErrnoException).code);
}

/** For the moment before the process ends at once, when nothing asynchronous is heard any more. */
export function sayAtOnce(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // Nobody listens on stderr: there is nowhere left to say so.
  }
}

export interface ColourQuestion {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: boolean;
}

/** The flag decides, then NO_COLOR (no-color.org: any value that is not empty), then FORCE_COLOR, then the terminal. */
export function takesColour({ words, environment, terminal }: ColourQuestion): boolean {
  if (words.includes("--no-color")) return false;
  if ((environment.NO_COLOR ?? "") !== "") return false;
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return terminal && environment.TERM !== "dumb";
}
