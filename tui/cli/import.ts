/** `rehearse import`: the record of a past sale, brought into the form of a recording. */
/// <reference types="node" />
import { existsSync } from "node:fs";
import { basename } from "node:path";
import * as Args from "@effect/cli/Args";
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import type { ReadingReport } from "../../twin/recordings/reading.ts";
import { printable } from "../../twin/scenario/problem.ts";
import { importedRecording, keptLine } from "../recordings/imported-recording.ts";
import { LineFile } from "../recordings/line-file.ts";
import { FORMAT_WORDS } from "../recordings/recording-formats.ts";
import { IMPORT_SCHEMA, type ImportResult, importText } from "../report/import-text.ts";
import { canonicalJson } from "../report/json.ts";
import { VERSION } from "../version.ts";
import { withInterrupts } from "./interrupts.ts";
import { importOptions } from "./options.ts";
import { newFile } from "./outputs.ts";
import { reasonOf } from "./reasons.ts";
import { type RecordingSource, recordingSource } from "./recording-source.ts";
import { EXIT_INTERRUPTED, EXIT_USAGE, Shell, VerbFailure } from "./shell.ts";

const fileArgument = Args.text({ name: "file" });

export const importCommand = Command.make(
  "import",
  { file: fileArgument, ...importOptions },
  ({ file: path, ...flags }) =>
    Effect.gen(function* () {
      const shell = yield* Shell;
      const { format, times, columns } = yield* recordingSource(path, {
        as: Option.getOrNull(flags.as),
        columns: Option.getOrNull(flags.columns),
        zone: Option.getOrNull(flags.zone),
      });
      const out = Option.getOrElse(flags.out, () => recordingNameOf(path));
      yield* newFile("--out", out, [path]);
      if (!flags.force && existsSync(out))
        return yield* Effect.fail(
          new VerbFailure(
            `${printable(out)}: is there already and was left alone. Name another with --out, or use --force.`,
          ),
        );
      const recording = new LineFile(out, flags.force ? "w" : "wx");
      const rest = new LineFile(`${out}.left-out`, "w");
      const stopped = new AbortController();
      const report = yield* withInterrupts(
        () => stopped.abort(),
        imported({ path, format, times, columns }, { recording, rest, signal: stopped.signal }),
      );
      if ("why" in report)
        return yield* Effect.fail(new VerbFailure(`${printable(path)}: ${report.why}.`));
      const told: ImportResult = {
        ...{ $schema: IMPORT_SCHEMA, schemaVersion: 1, verb: "import", version: VERSION },
        file: path,
        format,
        zone: times.zone.name,
        recording: recording.isWritten ? out : null,
        leftOut: rest.isWritten ? rest.path : null,
        ...summaryOf(report),
      };
      if (report.kept === 0) yield* shell.exitWith(EXIT_USAGE);
      if (flags.json) yield* shell.print(canonicalJson(told));
      else if (!flags.quiet || report.kept === 0)
        yield* shell.print(importText({ ...told, words: FORMAT_WORDS[format], report }));
    }),
);

interface Written {
  readonly recording: LineFile;
  readonly rest: LineFile;
  readonly signal: AbortSignal;
}

/** Both files stand under their names once all of the source was read, or not at all. */
const imported = (source: RecordingSource, { recording, rest, signal }: Written) =>
  Effect.tryPromise({
    try: async () => {
      const read = await importedRecording({
        ...source,
        keep: (event) => {
          signal.throwIfAborted();
          return recording.write(keptLine(event));
        },
        leaveOut: ({ number, why, text }) => {
          signal.throwIfAborted();
          return rest.write(`${number}\t${why}\t${text}`);
        },
      });
      await recording.close();
      await rest.close();
      return read;
    },
    catch: (cause) =>
      signal.aborted
        ? new VerbFailure("import: interrupted; nothing is written.", EXIT_INTERRUPTED)
        : new VerbFailure(`${printable(source.path)}: ${reasonOf(cause)}.`),
  }).pipe(
    Effect.ensuring(
      Effect.sync(() => {
        recording.discard();
        rest.discard();
      }),
    ),
  );

/** With times as ISO 8601. */
function summaryOf({ leftOut, from, to, longestGap, ...report }: ReadingReport) {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    ...report,
    linesLeftOut: leftOut,
    from: time(from),
    to: time(to),
    longestGap:
      longestGap === null
        ? null
        : { millis: longestGap.millis, from: new Date(longestGap.from).toISOString() },
  };
}

/** `orders.csv` becomes `orders.recording.ndjson` in the working folder. */
function recordingNameOf(path: string): string {
  return `${basename(path).replace(/\.[A-Za-z]+(?:\.gz)?$/u, "")}.recording.ndjson`;
}
