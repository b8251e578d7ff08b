/** A file of a past sale as a verb is given it: of which form it is, and how its times are read. */
/// <reference types="node" />
import { existsSync, statSync } from "node:fs";
import { Effect } from "effect";
import type { ColumnsTold } from "../../twin/recordings/order-columns.ts";
import { readTime, type TimeRule, UTC } from "../../twin/recordings/recorded-time.ts";
import { printable } from "../../twin/scenario/problem.ts";
import { fileLines } from "../recordings/bounded-lines.ts";
import { type ColumnsFile, columnsFile } from "../recordings/columns-file.ts";
import {
  RECORDING_FORMATS,
  type RecordingFormat,
  recognised,
} from "../recordings/recording-formats.ts";
import { zoneNamed } from "../recordings/zone.ts";
import { reasonOf } from "./reasons.ts";
import { VerbFailure } from "./shell.ts";

/** Null for what is found out from the file itself. */
export interface SourceFlags {
  readonly as: string | null;
  readonly columns: string | null;
  readonly zone: string | null;
}

export interface RecordingSource {
  readonly path: string;
  readonly format: RecordingFormat;
  readonly times: TimeRule;
  readonly columns: ColumnsTold;
}

export const recordingSource = (
  path: string,
  flags: SourceFlags,
): Effect.Effect<RecordingSource, VerbFailure> =>
  Effect.gen(function* () {
    const why = noFile(path);
    if (why !== null) return yield* Effect.fail(new VerbFailure(`${printable(path)}: ${why}.`));
    const file = columnsFile(path, flags.columns);
    if ("why" in file) return yield* Effect.fail(new VerbFailure(`${file.why}.`));
    const times = yield* timeRule(file, flags.zone);
    const format = yield* formatOf(path, flags.as);
    return { path, format, times, columns: file.told };
  });

/** Why there is nothing to read at a path; it is read more than once, which a pipe cannot be. */
export function noFile(path: string): string | null {
  if (!existsSync(path)) return "there is no such file";
  const found = statSync(path);
  if (found.isDirectory()) return "it is a folder; name the file in it";
  return found.isFile() ? null : "it is a pipe or a device; write it to a file first";
}

/** Lines that are looked at to recognise a file. */
const LINES_LOOKED_AT = 50;

const formatOf = (
  path: string,
  asked: string | null,
): Effect.Effect<RecordingFormat, VerbFailure> =>
  Effect.gen(function* () {
    const formats = RECORDING_FORMATS.join(", ");
    if (asked !== null) {
      const format = RECORDING_FORMATS.find((one) => one === asked);
      if (format !== undefined) return format;
      return yield* Effect.fail(new VerbFailure(`--as must be one of ${formats} (got ${asked}).`));
    }
    const lines = yield* Effect.tryPromise({
      try: () => firstLines(path),
      catch: (cause) => new VerbFailure(`${printable(path)}: ${reasonOf(cause)}.`),
    });
    const format = recognised(lines);
    if (format !== null) return format;
    return yield* Effect.fail(new VerbFailure(`${printable(path)}: ${unknown(lines, formats)}`));
  });

/** Letters of the first line that are shown of a file that nobody knows. */
const SHOWN = 60;

function unknown([first]: readonly string[], formats: string): string {
  if (first === undefined) return "is empty: there is nothing in it to read.";
  const shown = printable(first.slice(0, SHOWN)) + (first.length > SHOWN ? "…" : "");
  return `is of no known kind: its first line is "${shown}". Say what it is with --as: ${formats}; what the columns of a table are says a columns file.`;
}

async function firstLines(path: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { text } of fileLines(path)) {
    if (text !== null && text.trim() !== "") lines.push(text);
    if (lines.length >= LINES_LOOKED_AT) break;
  }
  return lines;
}

const timeRule = (
  { zone, since, dayFirst }: ColumnsFile,
  asked: string | null,
): Effect.Effect<TimeRule, VerbFailure> => {
  const name = asked ?? zone;
  const found = name === null ? UTC : zoneNamed(name);
  if (found === null)
    return Effect.fail(
      new VerbFailure(`there is no time zone ${name}; write it like Europe/London or +02:00.`),
    );
  const rule = { zone: found, since: null, unit: null, dayFirst };
  if (since === null) return Effect.succeed(rule);
  const start = readTime(since, rule);
  if ("why" in start)
    return Effect.fail(
      new VerbFailure(`since: ${since} is no time; write it like 2017-06-12T14:00:00Z.`),
    );
  return Effect.succeed({ ...rule, since: start.at });
};
