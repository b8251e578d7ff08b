/** The events of a recording's file, whatever its form, handed over one by one. */
import { Effect, Option } from "effect";
import type { ReadingReport } from "../../twin/recordings/reading.ts";
import type { RecordedFact } from "../../twin/recordings/recorded-fact.ts";
import { factOfEvent, recordedFact } from "../../twin/recordings/recorded-fact.ts";
import { printable } from "../../twin/scenario/problem.ts";
import { importedRecording } from "../recordings/imported-recording.ts";
import { reasonOf } from "./reasons.ts";
import { type RecordingSource, recordingSource } from "./recording-source.ts";
import { VerbFailure } from "./shell.ts";

/** The flags that say what the file is, as the parser gives them. */
export interface RecordingFlags {
  readonly as: Option.Option<string>;
  readonly columns: Option.Option<string>;
  readonly zone: Option.Option<string>;
}

export interface FactsRead {
  readonly source: RecordingSource;
  readonly report: ReadingReport;
}

export const recordingFacts = (
  path: string,
  flags: RecordingFlags,
  take: (fact: RecordedFact) => void,
): Effect.Effect<FactsRead, VerbFailure> =>
  Effect.gen(function* () {
    const source = yield* recordingSource(path, {
      as: Option.getOrNull(flags.as),
      columns: Option.getOrNull(flags.columns),
      zone: Option.getOrNull(flags.zone),
    });
    const report = yield* Effect.tryPromise({
      try: () =>
        importedRecording({
          ...source,
          keep: (event) => {
            const fact = typeof event === "string" ? recordedFact(event) : factOfEvent(event);
            if (fact !== null) take(fact);
          },
          leaveOut: () => undefined,
        }),
      catch: (cause) => new VerbFailure(`${printable(path)}: ${reasonOf(cause)}.`),
    });
    if ("why" in report)
      return yield* Effect.fail(new VerbFailure(`${printable(path)}: ${report.why}.`));
    return { source, report };
  });
