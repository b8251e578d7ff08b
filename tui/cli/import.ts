/** `rehearse import`: the record of a past sale, brought into the form of a recording. */
/// <reference types="node" />
import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import * as Args from "@effect/cli/Args";
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import type { ReadingReport } from "../../twin/recordings/reading.ts";
import { readTime, type TimeRule, UTC } from "../../twin/recordings/recorded-time.ts";
import { printable } from "../../twin/scenario/problem.ts";
import { boundedLines, fileBytes } from "../recordings/bounded-lines.ts";
import { type ColumnsFile, columnsFile } from "../recordings/columns-file.ts";
import { importedRecording } from "../recordings/imported-recording.ts";
import { LineFile } from "../recordings/line-file.ts";
import {
  FORMAT_WORDS,
  RECORDING_FORMATS,
  type RecordingFormat,
  recognised,
} from "../recordings/recording-formats.ts";
import { zoneNamed } from "../recordings/zone.ts";
import { importText } from "../report/import-text.ts";
import { canonicalJson } from "../report/json.ts";
import { importOptions } from "./options.ts";
import { reasonOf } from "./reasons.ts";
import { EXIT_USAGE, Shell, VerbFailure } from "./shell.ts";

const fileArgument = Args.text({ name: "file" });

export const importCommand = Command.make(
  "import",
  { file: fileArgument, ...importOptions },
  ({ file: path, ...flags }) =>
    Effect.gen(function* () {
      const shell = yield* Shell;
      if (!existsSync(path) || !statSync(path).isFile())
        return yield* Effect.fail(new VerbFailure(`${printable(path)}: there is no such file.`));
      const told = columnsFile(path, Option.getOrNull(flags.columns));
      if ("why" in told) return yield* Effect.fail(new VerbFailure(`${told.why}.`));
      const times = yield* timeRule(told, Option.getOrNull(flags.zone));
      const format = yield* formatOf(path, Option.getOrNull(flags.as));
      const out = Option.getOrElse(flags.out, () => recordingNameOf(path));
      const flag = flags.force ? "w" : "wx";
      if (!flags.force && existsSync(out))
        return yield* Effect.fail(
          new VerbFailure(
            `${printable(out)}: is there already and was left alone. Name another with --out, or use --force.`,
          ),
        );
      const recording = new LineFile(out, flag);
      const rest = new LineFile(`${out}.left-out`, "w");
      const report = yield* Effect.tryPromise({
        try: async () => {
          const read = await importedRecording({
            path,
            format,
            times,
            columns: told.told,
            keep: (line) => recording.write(line),
            leaveOut: ({ number, why, text }) => rest.write(`${number}\t${why}\t${text}`),
          });
          await recording.close();
          await rest.close();
          return read;
        },
        catch: (cause) => new VerbFailure(`${printable(path)}: ${reasonOf(cause)}.`),
      });
      if ("why" in report)
        return yield* Effect.fail(new VerbFailure(`${printable(path)}: ${report.why}.`));
      const imported = {
        file: path,
        format,
        zone: times.zone.name,
        recording: recording.isWritten ? out : null,
        leftOut: rest.isWritten ? rest.path : null,
        ...summaryOf(report),
      };
      if (report.kept === 0) yield* shell.exitWith(EXIT_USAGE);
      if (flags.json) yield* shell.print(canonicalJson(imported));
      else if (!flags.quiet || report.kept === 0)
        yield* shell.print(importText({ ...imported, words: FORMAT_WORDS[format], report }));
    }),
);

/** As it is printed: times as ISO 8601, durations in milliseconds. */
function summaryOf({ leftOut, from, to, longestGap, ...report }: ReadingReport) {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    ...report,
    linesLeftOut: leftOut,
    from: time(from),
    to: time(to),
    longestGap:
      longestGap === null ? null : { millis: longestGap.millis, from: time(longestGap.from) },
  };
}

/** `orders.csv` becomes `orders.recording.ndjson` in the working folder. */
function recordingNameOf(path: string): string {
  return `${basename(path).replace(/\.[A-Za-z]+(?:\.gz)?$/u, "")}.recording.ndjson`;
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
    const what = lines.length === 0 ? "is empty" : "is of no known kind";
    return yield* Effect.fail(
      new VerbFailure(`${printable(path)}: ${what}. Say what it is with --as: ${formats}.`),
    );
  });

async function firstLines(path: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { text } of boundedLines(fileBytes(path))) {
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
