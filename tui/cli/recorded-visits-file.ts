/** The visits of a recording's file, whatever its form. */
import { Effect } from "effect";
import { RecordedVisits, type VisitsKept } from "../../twin/replay/recorded-visits.ts";
import { printable } from "../../twin/scenario/problem.ts";
import { recordingFacts } from "./recording-facts.ts";
import type { ReplayFlags } from "./replay-flags.ts";
import { VerbFailure } from "./shell.ts";

export const recordedVisits = (
  path: string,
  flags: Pick<ReplayFlags, "as" | "columns" | "zone">,
  share: number,
): Effect.Effect<VisitsKept, VerbFailure> =>
  Effect.gen(function* () {
    const visits = new RecordedVisits({ share });
    const { report } = yield* recordingFacts(path, flags, (fact) => visits.take(fact));
    const kept = visits.kept();
    if (kept !== null) return kept;
    return yield* Effect.fail(new VerbFailure(`${printable(path)}: ${nothingIn(report)}`));
  });

function nothingIn({ kept, leftOut }: { readonly kept: number; readonly leftOut: number }): string {
  if (kept === 0 && leftOut === 0) return "is empty: there is nothing to replay.";
  if (kept === 0)
    return `none of its ${leftOut} lines is an event. \`rehearse import\` says why, line by line.`;
  return `of its ${kept} events none is an order, a request or a count with a time at which somebody came. Published figures are fitted: rehearse fit.`;
}
