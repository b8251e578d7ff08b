/** `replay` of a sale log: every event put to the store's own rules again. */
import { Effect, Option } from "effect";
import { REPLAY_SCHEMA } from "../../twin/replay/replay-result.ts";
import { printable } from "../../twin/scenario/problem.ts";
import { isSaleLog, type SaleLogLedgers, saleLogLedgers } from "../recordings/sale-log-ledgers.ts";
import { canonicalJson } from "../report/json.ts";
import { type LedgersResult, ledgersText } from "../report/ledger-text.ts";
import { VERSION } from "../version.ts";
import { outputFiles, writeOutput } from "./outputs.ts";
import { reasonOf } from "./reasons.ts";
import { fileWord } from "./repeat.ts";
import type { ReplayFlags } from "./replay-flags.ts";
import { EXIT_DONE, EXIT_MISSED, Shell, VerbFailure } from "./shell.ts";

/** Whether the file is a store's own log, and nothing is asked that would play it otherwise. */
export const asksForLedger = (
  path: string,
  flags: ReplayFlags,
): Effect.Effect<boolean, VerbFailure> => {
  const { scenario, plan, process, sample, speed, loops, gaps, seed, seeds, columns } = flags;
  const asked = [scenario, plan, process, sample, speed, loops, gaps, seed, seeds, columns];
  const plays = asked.some(Option.isSome) || flags.change.length + flags.set.length > 0;
  if (plays || flags.dryRun) return Effect.succeed(false);
  return Effect.tryPromise({
    try: () => isSaleLog(path),
    catch: (cause) => new VerbFailure(`${printable(path)}: ${reasonOf(cause)}.`),
  });
};

export const replayedLedgers = (path: string, flags: ReplayFlags) =>
  Effect.gen(function* () {
    const shell = yield* Shell;
    const outputs = yield* outputFiles(flags.out, { formats: ["json"], reads: [path] });
    const read = yield* Effect.tryPromise({
      try: () => saleLogLedgers(path),
      catch: (cause) => new VerbFailure(`${printable(path)}: ${reasonOf(cause)}.`),
    });
    if ("why" in read)
      return yield* Effect.fail(new VerbFailure(`${printable(path)}: ${read.why}.`));
    const exit = exitOf(read);
    yield* shell.exitWith(exit.code);
    const repeat = `rehearse replay ${fileWord(path)}`;
    const result: LedgersResult = {
      ...{ $schema: REPLAY_SCHEMA, schemaVersion: 1, verb: "replay", version: VERSION },
      ...{ recording: path, ...read, exit, repeat },
    };
    const json = canonicalJson(result);
    yield* shell.print(flags.json ? json : ledgersText(result, { colour: shell.colour }));
    yield* Effect.forEach(outputs, (output) => writeOutput(output.path, json));
  });

function exitOf({ ledgers, unreadable }: SaleLogLedgers): { code: number; reason: string } {
  const found = ledgers.reduce((sum, ledger) => sum + ledger.found, 0);
  if (found + unreadable === 0)
    return { code: EXIT_DONE, reason: "the rules answer everything as the log has it" };
  const reason = `the rules answer otherwise ${found} times, and ${unreadable} lines are no events`;
  return { code: EXIT_MISSED, reason };
}
