/** `rehearse fit`: what a recording tells of a sale, as fits with their errors. */
import * as Args from "@effect/cli/Args";
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import { type FitAbout, fitResult } from "../../twin/fitting/fit-result.ts";
import { fittedScenario } from "../../twin/fitting/fitted-scenario.ts";
import { concludes, fitRecording } from "../../twin/fitting/recording-fit.ts";
import type { ReadingReport } from "../../twin/recordings/reading.ts";
import { RecordedSale } from "../../twin/recordings/recorded-sale.ts";
import type { Zone } from "../../twin/recordings/recorded-time.ts";
import { printable } from "../../twin/scenario/problem.ts";
import { fitMarkdown, fitText } from "../report/fit-text.ts";
import { canonicalJson } from "../report/json.ts";
import { VERSION } from "../version.ts";
import { fitOptions } from "./options.ts";
import { outputFiles, writable, writeOutput } from "./outputs.ts";
import { recordingFacts } from "./recording-facts.ts";
import { Shell, VerbFailure } from "./shell.ts";

const recordingArgument = Args.text({ name: "recording" });
/** Outside of what can be concluded from. */
const EXIT_OUTSIDE = 4;
const FORMATS = ["json", "md"] as const;

export const fitCommand = Command.make(
  "fit",
  { recording: recordingArgument, ...fitOptions },
  ({ recording: path, ...flags }) =>
    Effect.gen(function* () {
      const shell = yield* Shell;
      const outputs = yield* outputFiles(flags.out, { formats: FORMATS, reads: [path] });
      const scenario = yield* scenarioFile(flags.scenario, path);
      const sale = new RecordedSale();
      const { source, report } = yield* recordingFacts(path, flags, (fact) => sale.take(fact));
      if (report.kept === 0)
        return yield* Effect.fail(
          new VerbFailure(`${printable(path)}: it holds no event: there is nothing to fit.`),
        );
      const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
      const about = {
        recording: path,
        version: VERSION,
        format: source.format,
        zone: source.times.zone.name,
        currency: sale.currency,
        run: sale.run,
        eventsOfOtherRuns: sale.ofOtherRuns,
        linesLeftOut: report.leftOut,
        backward: report.backward,
        longestGap: gapOf(report),
        from: iso(report.from),
        to: iso(report.to),
      };
      const offset = zoneOffset(source.times.zone, sale.orders.mainStretch?.from ?? report.from);
      const fit = fitRecording(sale, offset);
      const result = fitResult(about, fit);
      if (!concludes(fit)) yield* shell.exitWith(EXIT_OUTSIDE);
      const json = canonicalJson(result);
      if (scenario !== null) {
        const text = fittedScenario(about, fit, offset);
        if (typeof text !== "string")
          return yield* Effect.fail(
            new VerbFailure(`--scenario ${scenario}: was not written: ${text.why}.`, EXIT_OUTSIDE),
          );
        yield* writeOutput(scenario, text);
      }
      yield* shell.print(flags.json ? json : fitText(result));
      yield* Effect.forEach(outputs, ({ path: out, format }) =>
        writeOutput(out, format === "json" ? json : fitMarkdown(result)),
      );
    }),
);

/** Of events in another order than that of their times it cannot be told. */
function gapOf({ longestGap, backward }: ReadingReport): FitAbout["longestGap"] {
  if (longestGap === null || backward.events > 0) return null;
  return { millis: longestGap.millis, from: new Date(longestGap.from).toISOString() };
}

/** Null where none is to be written. */
const scenarioFile = (
  given: Option.Option<string>,
  recording: string,
): Effect.Effect<string | null, VerbFailure> => {
  const path = Option.getOrNull(given);
  if (path === null) return Effect.succeed(null);
  if (!/\.ya?ml$/u.test(path) || path === recording)
    return Effect.fail(new VerbFailure(`--scenario ${path}: its ending must be .yaml or .yml.`));
  return Effect.as(writable("--scenario", path), path);
};

/** Seconds that the zone is ahead of UTC when the recording begins. */
function zoneOffset({ utcOf }: Zone, from: number | null): number {
  return from === null ? 0 : (from - utcOf(from).at) / 1_000;
}
