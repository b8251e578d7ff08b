/** The visits of a recording's file, whatever its form, or its published figures where it has those alone. */
import { Effect, Option } from "effect";
import { recordedFact } from "../../twin/recordings/recorded-fact.ts";
import { type PublishedTarget, publishedTarget } from "../../twin/replay/published-targets.ts";
import { RecordedVisits, type VisitsKept } from "../../twin/replay/recorded-visits.ts";
import { printable } from "../../twin/scenario/problem.ts";
import { importedRecording } from "../recordings/imported-recording.ts";
import { reasonOf } from "./reasons.ts";
import { recordingSource } from "./recording-source.ts";
import type { ReplayFlags } from "./replay-flags.ts";
import { VerbFailure } from "./shell.ts";

/** More published figures than this are no published figures. */
const TARGETS_MAX = 10_000;

export const recordedVisits = (
  path: string,
  flags: Pick<ReplayFlags, "as" | "columns" | "zone">,
  share: number,
): Effect.Effect<VisitsKept | readonly PublishedTarget[], VerbFailure> =>
  Effect.gen(function* () {
    const source = yield* recordingSource(path, {
      as: Option.getOrNull(flags.as),
      columns: Option.getOrNull(flags.columns),
      zone: Option.getOrNull(flags.zone),
    });
    const visits = new RecordedVisits({ share });
    const targets: PublishedTarget[] = [];
    const report = yield* Effect.tryPromise({
      try: () =>
        importedRecording({
          ...source,
          keep: (line) => {
            const fact = recordedFact(line);
            if (fact !== null) visits.take(fact);
            const target = targets.length < TARGETS_MAX ? publishedTarget(line) : null;
            if (target !== null) targets.push(target);
          },
          leaveOut: () => undefined,
        }),
      catch: (cause) => new VerbFailure(`${printable(path)}: ${reasonOf(cause)}.`),
    });
    if ("why" in report)
      return yield* Effect.fail(new VerbFailure(`${printable(path)}: ${report.why}.`));
    const kept = visits.kept();
    if (kept !== null) return kept;
    if (targets.length > 0) return targets;
    return yield* Effect.fail(new VerbFailure(`${printable(path)}: ${nothingIn(report)}`));
  });

function nothingIn({ kept, leftOut }: { readonly kept: number; readonly leftOut: number }): string {
  if (kept === 0 && leftOut === 0) return "is empty: there is nothing to replay.";
  if (kept === 0)
    return `none of its ${leftOut} lines is an event. \`rehearse import\` says why, line by line.`;
  return `of its ${kept} events none is an order, a request or a count with a time at which somebody came. Published figures are fitted: rehearse fit.`;
}
