/** The visits of a recording's file, whatever its form, or its published figures where it has those alone. */
import { Effect } from "effect";
import { type PublishedTarget, publishedTarget } from "../../twin/replay/published-targets.ts";
import { RecordedVisits, type VisitsKept } from "../../twin/replay/recorded-visits.ts";
import { printable } from "../../twin/scenario/problem.ts";
import { recordingFacts } from "./recording-facts.ts";
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
    const visits = new RecordedVisits({ share });
    const targets: PublishedTarget[] = [];
    const { report } = yield* recordingFacts(path, flags, (fact) => {
      visits.take(fact);
      const target = publishedTarget(fact);
      if (target !== null && targets.length < TARGETS_MAX) targets.push(target);
    });
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
