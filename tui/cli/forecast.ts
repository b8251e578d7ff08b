/** `rehearse forecast`: the demand sheet of one plan, in closed form and beside rehearsals of it. */
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import { jobsOf, seedsFrom } from "../../twin/experiments/jobs.ts";
import { type DemandSheet, demandSheetOf } from "../../twin/forecast/demand-sheet.ts";
import type { Rehearsal } from "../../twin/result.ts";
import { forecastMarkdown, forecastText } from "../report/forecast-text.ts";
import { canonicalJson } from "../report/json.ts";
import { VERSION } from "../version.ts";
import { chosenPlan } from "./experiment.ts";
import {
  closedFormOption,
  experimentOptions,
  planOption,
  scaleFlag,
  scenarioArgument,
  seedFlag,
  seedsFlag,
  workersFlag,
} from "./options.ts";
import { appendStepSummary, type OutputFile, outputFiles, writeOutput } from "./outputs.ts";
import { rehearseJobs, type Timing } from "./rehearsals.ts";
import { repeatCommand } from "./repeat.ts";
import { scenarioFile } from "./scenario-file.ts";
import { Shell, VerbFailure } from "./shell.ts";
import { timingLines } from "./timing.ts";

const { events: _, ...forecastOptions } = experimentOptions;

export const forecastCommand = Command.make(
  "forecast",
  {
    scenario: scenarioArgument,
    plan: planOption,
    closedForm: closedFormOption,
    ...forecastOptions,
  },
  ({ scenario: path, plan: asked, closedForm, ...flags }) =>
    Effect.gen(function* () {
      const scale = yield* scaleFlag(flags.scale);
      const seed = yield* seedFlag(flags.seed);
      const seeds = yield* seedsFlag(flags.seeds);
      const workers = yield* workersFlag(flags.workers);
      if (closedForm && (seed !== null || seeds !== null)) return yield* Effect.fail(NO_SEEDS);
      const outputs = yield* outputFiles(flags.out, { formats: SHEET_FORMATS, reads: [path] });
      const file = yield* scenarioFile({ path, sets: flags.set, scale });
      const plan = yield* chosenPlan(file.scenario, asked);
      const base = seed ?? file.scenario.seed;
      const count = seeds ?? SEEDS;
      const repeat = repeatCommand({
        verb: "forecast",
        path,
        plan: plan.name,
        ...(closedForm ? { closedForm } : { seed: base, seeds: count }),
        sets: flags.set,
        scale: Option.getOrNull(flags.scale),
      });
      const jobs = closedForm ? [] : jobsOf([plan.name], seedsFrom(base, count));
      const done = closedForm
        ? NOTHING_REHEARSED
        : yield* rehearseJobs(
            jobs.map((job) => ({ ...job, file })),
            { workers, events: null },
          );
      const { scenario } = file;
      const { rehearsals } = done;
      const sheet = demandSheetOf({ scenario, plan, scale, version: VERSION, repeat, rehearsals });
      yield* publish(sheet, { flags, outputs, timing: done.timing });
    }),
);

/** Rehearsals beside the closed form where the command does not say. */
const SEEDS = 1;

const NO_SEEDS = new VerbFailure(
  "--closed-form simulates nothing, so it takes no --seed and no --seeds. Leave out one or the other.",
);

const NOTHING_REHEARSED: {
  readonly rehearsals: readonly (Rehearsal | null)[];
  readonly timing: Timing | null;
} = { rehearsals: [], timing: null };

/** A demand sheet judges no expectations, so it makes no JUnit report. */
const SHEET_FORMATS = ["json", "md"] as const;

interface Publication {
  readonly flags: { readonly json: boolean; readonly timing: boolean };
  readonly outputs: readonly OutputFile<(typeof SHEET_FORMATS)[number]>[];
  readonly timing: Timing | null;
}

const publish = (
  sheet: DemandSheet,
  { flags, outputs, timing }: Publication,
): Effect.Effect<void, VerbFailure, Shell> =>
  Effect.gen(function* () {
    const shell = yield* Shell;
    yield* shell.exitWith(sheet.exit.code);
    const timed = flags.timing && timing !== null ? { ...sheet, timing } : sheet;
    const json = canonicalJson(timed);
    const markdown = forecastMarkdown(sheet);
    yield* shell.print(flags.json ? json : forecastText(sheet, { colour: shell.colour }));
    yield* Effect.forEach(outputs, ({ path, format }) =>
      writeOutput(path, format === "json" ? json : markdown),
    );
    yield* appendStepSummary(markdown);
    if (flags.timing && timing !== null) yield* Effect.forEach(timingLines(timing), shell.say);
  });
