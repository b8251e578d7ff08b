/**
 * `rehearse check`: reruns the goldens. Each rehearsal is run twice and must agree with itself
 * before it is compared with what was kept.
 */
import * as Args from "@effect/cli/Args";
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import { assert } from "../../engine/assert.ts";
import { type Experiment, RESULT_SCHEMA, resultOf } from "../../twin/experiments/experiment.ts";
import {
  type CheckResult,
  type CheckStatus,
  differencesFromGolden,
  disagreement,
  exitOfChecks,
  type GoldenCheck,
  type GoldenDifference,
  goldenOf,
} from "../../twin/experiments/golden.ts";
import { jobsOf, seedsFrom } from "../../twin/experiments/jobs.ts";
import type { Rehearsal, RunResult } from "../../twin/result.ts";
import { checkReport } from "../report/check-text.ts";
import { canonicalJson } from "../report/json.ts";
import { markdownCheck } from "../report/markdown.ts";
import { CHECK_FORMATS, checkFile } from "../report/report-files.ts";
import { VERSION } from "../version.ts";
import { type GoldenEntry, goldenEntries, readGolden } from "./golden-files.ts";
import { outputOptions, scaleFlag, toneOptions, updateOption, workersFlag } from "./options.ts";
import {
  appendStepSummary,
  type OutputFile,
  outputFiles,
  writable,
  writeOutput,
} from "./outputs.ts";
import { type JobOfFile, rehearseJobs, type Timing } from "./rehearsals.ts";
import { fileWord, repeatCommand } from "./repeat.ts";
import { scenarioFile } from "./scenario-file.ts";
import { Shell, type VerbFailure } from "./shell.ts";
import { timingLines } from "./timing.ts";

const scenariosArgument = Args.text({ name: "scenario" }).pipe(Args.repeated);

export const checkCommand = Command.make(
  "check",
  { scenarios: scenariosArgument, update: updateOption, ...outputOptions, ...toneOptions },
  ({ scenarios, update, json, out, timing, workers }) =>
    Effect.gen(function* () {
      const atOnce = yield* workersFlag(workers);
      const entries = yield* goldenEntries(scenarios);
      const reads = entries.flatMap(({ path, goldenPath }) => [path, goldenPath]);
      const outputs = yield* outputFiles(out, { formats: CHECK_FORMATS, reads });
      const prepared = yield* Effect.forEach(entries, (entry) => prepare(entry, update));
      const jobs = prepared.flatMap((one) => [...one.jobs, ...one.jobs]);
      const done = yield* rehearseJobs(jobs, { workers: atOnce, events: null });
      const checks = yield* checkEach(prepared, done.rehearsals, update);
      const repeat = ["rehearse", "check", ...scenarios.map(fileWord)].join(" ");
      yield* publish(checkResult(checks, done.timing.events, repeat), {
        json,
        outputs,
        timing: timing ? done.timing : null,
      });
    }),
);

/** A golden ready to rerun: decoded, with its jobs and what was kept of it. */
interface Prepared {
  readonly entry: GoldenEntry;
  readonly experiment: Experiment;
  readonly jobs: readonly JobOfFile[];
  readonly golden: RunResult | null;
}

function prepare(entry: GoldenEntry, update: boolean): Effect.Effect<Prepared, VerbFailure> {
  return Effect.gen(function* () {
    const scale = yield* scaleFlag(Option.fromNullable(entry.scale));
    const file = yield* scenarioFile({ path: entry.path, sets: [], scale });
    if (update) yield* writable("check --update", entry.goldenPath);
    // A golden that is renewed need not be readable.
    const golden = update
      ? yield* Effect.orElseSucceed(readGolden(entry), () => null)
      : yield* readGolden(entry);
    const { scenario } = file;
    const plans = scenario.plans.map((plan) => plan.name);
    const verb = plans.length > 1 ? "compare" : "run";
    const seeds = seedsFrom(scenario.seed, entry.seeds);
    const repeat = repeatCommand({
      verb,
      path: entry.shownPath,
      ...(verb === "run" ? { plan: plans[0] ?? "" } : { plans }),
      seed: scenario.seed,
      seeds: entry.seeds,
      sets: [],
      scale: entry.scale,
    });
    const experiment = {
      verb,
      scenario,
      plans: scenario.plans,
      seeds,
      scale,
      version: VERSION,
      repeat,
    } as const;
    return {
      entry,
      experiment,
      jobs: jobsOf(plans, seeds).map((job) => ({ ...job, file })),
      golden,
    };
  });
}

/** The rehearsals stand golden by golden, each golden's jobs twice in a row. */
function checkEach(
  prepared: readonly Prepared[],
  rehearsals: readonly (Rehearsal | null)[],
  update: boolean,
): Effect.Effect<readonly GoldenCheck[], VerbFailure> {
  let from = 0;
  return Effect.forEach(prepared, (one) => {
    const half = from + one.jobs.length;
    const first = rehearsals.slice(from, half);
    const second = rehearsals.slice(half, half + one.jobs.length);
    from = half + one.jobs.length;
    return checkOne(one, { first, second, update });
  });
}

interface Rerun {
  readonly first: readonly (Rehearsal | null)[];
  readonly second: readonly (Rehearsal | null)[];
  readonly update: boolean;
}

function checkOne(prepared: Prepared, rerun: Rerun): Effect.Effect<GoldenCheck, VerbFailure> {
  const { first, second, update } = rerun;
  assert(first.length === second.length, "every rehearsal of a golden is run twice");
  const verdict = verdictOf(prepared);
  const pairs = first.map((one, index) => [one, second[index] ?? null] as const);
  if (pairs.some(([one, other]) => !one?.complete || !other?.complete)) {
    return Effect.succeed(verdict("interrupted", "did not finish"));
  }
  const disagreed = pairs
    .map(([one, other]) => (one && other ? disagreement(one, other) : null))
    .find(Boolean);
  if (disagreed) return Effect.succeed(verdict("nondeterministic", disagreed));
  const text = canonicalJson(goldenOf(resultOf(prepared.experiment, first)));
  // What was kept went through a file once; what is compared with it does so too.
  const now = JSON.parse(text) as RunResult;
  const [broken] = now.broken;
  if (broken !== undefined) {
    return Effect.succeed(
      verdict("broken", `invariant ${broken.id} in ${broken.plan}: ${broken.what}`, now),
    );
  }
  if (prepared.golden === null && !update) {
    return Effect.succeed(
      verdict("missing", "has no golden yet; rehearse check --update writes it", now),
    );
  }
  const differences = prepared.golden === null ? [] : differencesFromGolden(prepared.golden, now);
  if (prepared.golden !== null && differences.length === 0) {
    return Effect.succeed(verdict("same", `${now.events} events, as kept`, now));
  }
  if (!update)
    return Effect.succeed(verdict("different", differenceReason(differences), now, differences));
  const renewed = verdict(
    "updated",
    prepared.golden === null ? "is new" : differenceReason(differences),
    now,
    differences,
  );
  return Effect.as(writeOutput(prepared.entry.goldenPath, text), renewed);
}

function differenceReason(differences: readonly GoldenDifference[]): string {
  const count = differences.length;
  return `${count} figure${count === 1 ? " is" : "s are"} not what was kept`;
}

function verdictOf({ entry, experiment }: Prepared) {
  return (
    status: CheckStatus,
    reason: string,
    now?: RunResult,
    differences: readonly GoldenDifference[] = [],
  ): GoldenCheck => ({
    name: entry.name,
    scenario: entry.shownPath,
    scale: experiment.scale,
    status,
    reason,
    digest: Object.fromEntries(
      Object.entries(now?.plans ?? {}).map(([plan, { digest }]) => [plan, digest]),
    ),
    differences,
  });
}

function checkResult(checks: readonly GoldenCheck[], events: number, repeat: string): CheckResult {
  return {
    $schema: RESULT_SCHEMA,
    schemaVersion: 1,
    verb: "check",
    version: VERSION,
    checks,
    events,
    partial: checks.some(({ status }) => status === "interrupted"),
    repeat,
    exit: exitOfChecks(checks),
  };
}

interface Publication {
  readonly json: boolean;
  readonly outputs: readonly OutputFile<(typeof CHECK_FORMATS)[number]>[];
  /** Null where nobody asked for it. */
  readonly timing: Timing | null;
}

const publish = (
  result: CheckResult,
  { json, outputs, timing }: Publication,
): Effect.Effect<void, VerbFailure, Shell> =>
  Effect.gen(function* () {
    const shell = yield* Shell;
    yield* shell.exitWith(result.exit.code);
    const asJson = () => canonicalJson(timing === null ? result : { ...result, timing });
    yield* shell.print(json ? asJson() : checkReport(result, { colour: shell.colour }));
    yield* Effect.forEach(outputs, ({ path, format }) =>
      writeOutput(path, format === "json" ? asJson() : checkFile(result, format)),
    );
    yield* appendStepSummary(markdownCheck(result));
    if (timing !== null) yield* Effect.forEach(timingLines(timing), shell.say);
  });
