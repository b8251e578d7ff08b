/**
 * Files that a verb writes. Every one is tried before the rehearsals start: an experiment of
 * minutes must not end with a folder that is not there.
 */
/// <reference types="node" />
import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { Effect } from "effect";
import { cutToBytes } from "../report/text-cut.ts";
import { reasonOf } from "./reasons.ts";
import { Shell, VerbFailure } from "./shell.ts";

export type ReportFormat = "json" | "html" | "md" | "csv" | "xml";

export { reasonOf };

export interface OutputFile<Format extends ReportFormat = ReportFormat> {
  readonly path: string;
  readonly format: Format;
}

/** GitHub takes no step summary above 1 MiB; a longer one is cut at the last whole line. */
export const STEP_SUMMARY_BYTES_MAX = 1_048_576;

/** What a verb writes and what it reads. */
interface Files<Format extends ReportFormat> {
  /** The formats that its result can be written in. */
  readonly formats: readonly Format[];
  /** Files that it must not overwrite. */
  readonly reads: readonly string[];
}

/**
 * The files of `--out`, each with the format that its ending names and a folder that takes it.
 * None of them is one of the files that the verb `reads`.
 */
export function outputFiles<Format extends ReportFormat>(
  paths: readonly string[],
  { formats, reads }: Files<Format>,
): Effect.Effect<readonly OutputFile<Format>[], VerbFailure> {
  return Effect.forEach(paths, (path) => {
    const ending = extname(path).toLowerCase();
    const format = formats.find((one) => ending === `.${one}`);
    if (format === undefined) {
      const endings = formats.map((one) => `.${one}${one === "xml" ? " (JUnit)" : ""}`);
      const one = endings.length === 1 ? "" : "one of ";
      return Effect.fail(
        new VerbFailure(`--out ${path}: its ending must be ${one}${endings.join(", ")}.`),
      );
    }
    return Effect.as(newFile("--out", path, reads), { path, format });
  });
}

/** The file of `--events`, or null where the flag is not there; not one that the verb `reads`. */
export function eventsFile(
  path: string | null,
  reads: readonly string[],
): Effect.Effect<string | null, VerbFailure> {
  if (path === null) return Effect.succeed(null);
  if (extname(path).toLowerCase() !== ".ndjson") {
    return Effect.fail(new VerbFailure(`--events ${path}: its ending must be .ndjson.`));
  }
  return Effect.as(newFile("--events", path, reads), path);
}

/** Fails unless `path` can be written and is none of the files that the verb `reads`. */
export function newFile(
  flag: string,
  path: string,
  reads: readonly string[],
): Effect.Effect<void, VerbFailure> {
  const read = reads.find((one) => isSameFile(one, path));
  return read === undefined
    ? writable(flag, path)
    : Effect.fail(
        new VerbFailure(
          `${flag} ${path}: is ${read}, which this command reads, and would overwrite it. Name another file.`,
        ),
      );
}

/** Whether two paths lead to one file, be it by a link. */
function isSameFile(one: string, other: string): boolean {
  if (resolve(one) === resolve(other)) return true;
  if (!existsSync(one) || !existsSync(other)) return false;
  const [first, second] = [statSync(one), statSync(other)];
  return first.dev === second.dev && first.ino === second.ino;
}

/** Fails unless `path` can be written: its folder is there and the file, if any, is no folder. */
export function writable(flag: string, path: string): Effect.Effect<void, VerbFailure> {
  const fail = (why: string) => Effect.fail(new VerbFailure(`${flag} ${path}: ${why}`));
  return Effect.suspend(() => {
    const folder = dirname(path);
    if (!existsSync(folder)) return fail(`there is no folder ${folder}. Make it first.`);
    if (!statSync(folder).isDirectory()) return fail(`${folder} is not a folder.`);
    if (existsSync(path) && statSync(path).isDirectory())
      return fail("is a folder; name a file in it.");
    const target = existsSync(path) ? path : folder;
    return mayWrite(target) ? Effect.void : fail(`${target} may not be written by this user.`);
  });
}

export function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

export function writeOutput(path: string, text: string): Effect.Effect<void, VerbFailure> {
  return Effect.try({
    try: () => writeFileSync(path, text),
    catch: (cause) => new VerbFailure(`${path}: could not be written: ${reasonOf(cause)}.`),
  });
}

/** In a GitHub job the Markdown goes to the page of the job; a summary that cannot be written is said, not fatal. */
export const appendStepSummary = (markdown: string): Effect.Effect<void, never, Shell> =>
  Effect.flatMap(Shell, (shell) => {
    const path = shell.environment.GITHUB_STEP_SUMMARY;
    if (path === undefined || path === "") return Effect.void;
    return Effect.try(() => {
      const already = existsSync(path) ? statSync(path).size : 0;
      appendFileSync(path, cutToBytes(markdown, STEP_SUMMARY_BYTES_MAX - already, CUT));
    }).pipe(
      Effect.catchAll((error) =>
        shell.say(`rehearse: the step summary could not be written: ${reasonOf(error.error)}.`),
      ),
    );
  });

const CUT = "\n\n(cut: a step summary holds at most 1 MiB)\n";
