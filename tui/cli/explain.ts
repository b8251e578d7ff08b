/**
 * `rehearse explain`: why the sale of a saved result went as it did. The plans are rehearsed again
 * from the scenario file, and must come out as the result says before anything is explained.
 */
import * as Args from "@effect/cli/Args";
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import { type Bases, explain, rehearseBases } from "../../twin/experiments/explain/explain.ts";
import type { Explanation } from "../../twin/experiments/explain/explanation.ts";
import { inputsOf } from "../../twin/experiments/inputs.ts";
import { seedsFrom } from "../../twin/experiments/jobs.ts";
import type { RunResult } from "../../twin/result.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { explanationMarkdown, explanationText } from "../report/explanation-text.ts";
import { canonicalJson } from "../report/json.ts";
import { EXPLANATION_FORMATS } from "../report/report-files.ts";
import { VERSION } from "../version.ts";
import { planNamed } from "./experiment.ts";
import { repeatedCommand } from "./explained-result.ts";
import { explainOptions, plansOption, scaleFlag, seedsFlag, workersFlag } from "./options.ts";
import { appendStepSummary, type OutputFile, outputFiles, writeOutput } from "./outputs.ts";
import { repeatCommand } from "./repeat.ts";
import { runReruns } from "./reruns.ts";
import { rehearsedResult } from "./result-file.ts";
import { type ScenarioFile, scenarioFile } from "./scenario-file.ts";
import { EXIT_NOT_DETERMINISTIC, Shell, VerbFailure } from "./shell.ts";

const resultArgument = Args.text({ name: "result" });

export const explainCommand = Command.make(
  "explain",
  { result: resultArgument, plans: plansOption, ...explainOptions },
  ({ result: path, plans: named, ...flags }) =>
    Effect.gen(function* () {
      const asked = Option.isSome(flags.scale) ? yield* scaleFlag(flags.scale) : null;
      const count = yield* seedsFlag(flags.seeds);
      const workers = yield* workersFlag(flags.workers);
      const result = yield* rehearsedResult(path);
      const scale = yield* scaleWithin(asked, result);
      const command = yield* repeatedCommand(path, result.repeat);
      const outputs = yield* outputFiles(flags.out, {
        formats: EXPLANATION_FORMATS,
        reads: [path, command.path],
      });
      const { path: of, sets, whatIf } = command;
      const question = { path: of, sets, ...(whatIf === undefined ? {} : { whatIf }) };
      const original = yield* scenarioFile({ ...question, scale: result.scale });
      yield* refuseOtherInputs(path, result, original);
      const file = scale === result.scale ? original : yield* scenarioFile({ ...question, scale });
      const plans = yield* explainedPlans(result, file, Option.getOrNull(named));
      const seeds =
        count === null
          ? seedsOf(result)
          : seedsFrom(command.seed ?? seedsOf(result)[0] ?? file.scenario.seed, count);
      const bases = yield* runReruns(rehearseBases(plans, seeds), {
        file,
        workers,
        stopped: false,
      });
      const verified = scale === result.scale;
      if (verified) yield* refuseOtherDigests(path, result, bases);
      const repeat = repeatCommand({
        verb: "explain",
        path,
        ...(Option.isSome(named) ? { plans: plans.map((plan) => plan.name) } : {}),
        ...(count === null ? {} : { seeds: count }),
        sets: [],
        scale: Option.getOrNull(flags.scale),
      });
      const { scenario } = file;
      const why = { scenario, scale, version: VERSION, of: result.repeat, verified, repeat };
      const explanation = yield* runReruns(explain(bases, why), {
        file,
        workers,
        stopped: bases.partial,
      });
      yield* publish(explanation, { json: flags.json, outputs });
    }),
);

/** The result's own scale, or a smaller one where it is asked for. */
function scaleWithin(
  asked: number | null,
  { scale }: RunResult,
): Effect.Effect<number, VerbFailure> {
  if (asked === null || asked <= scale) return Effect.succeed(asked ?? scale);
  return Effect.fail(
    new VerbFailure(
      `--scale must be at most that of the result, ${scale * 100}% (got ${asked * 100}%).`,
    ),
  );
}

/** The scenario file must still say what it said, defaults included. */
function refuseOtherInputs(
  path: string,
  result: RunResult,
  { scenario, path: file }: ScenarioFile,
): Effect.Effect<void, VerbFailure> {
  const lines = Object.entries(result.plans).flatMap(([name, { inputs }]) => {
    const plan = scenario.plans.find((one) => one.name === name);
    if (plan === undefined) return [`${path}: ${file} has no plan \`${name}\` any more.`];
    const now = inputsOf(plan);
    return now === inputs
      ? []
      : [`${path}: plan \`${name}\` of ${file} was ${inputs} and is ${now} now.`];
  });
  if (lines.length === 0) return Effect.void;
  const why = `The scenario, or a default of Rehearse, has changed since (the result is of version ${result.version}, this is ${VERSION}).`;
  return Effect.fail(new VerbFailure([...lines, `${why} Make the result anew: ${result.repeat}`]));
}

function explainedPlans(
  result: RunResult,
  { scenario }: ScenarioFile,
  named: string | null,
): Effect.Effect<readonly PlanSpec[], VerbFailure> {
  const there = Object.keys(result.plans);
  const names = named === null ? there : named.split(",").map((name) => name.trim());
  const other = names.find((name) => !there.includes(name));
  if (other !== undefined) {
    const message = `--plans: the result has no plan \`${other}\`; it has ${there.join(", ")}.`;
    return Effect.fail(new VerbFailure(message));
  }
  if (new Set(names).size < names.length)
    return Effect.fail(new VerbFailure(`--plans names a plan twice (got ${named}).`));
  return Effect.forEach(names, (name) => planNamed(scenario, name));
}

/** Those of the plan that has most: an interrupted result may have more of one than of another. */
function seedsOf({ plans }: RunResult): readonly string[] {
  return Object.values(plans).reduce<readonly string[]>(
    (most, { seeds }) => (seeds.length > most.length ? seeds : most),
    [],
  );
}

/** The same inputs and seed must give the same digest; anything explained after that is of this result. */
function refuseOtherDigests(
  path: string,
  result: RunResult,
  bases: Bases,
): Effect.Effect<void, VerbFailure> {
  const lines = bases.plans.flatMap(({ plan, rehearsals }) =>
    rehearsals.flatMap(({ seed, digest }) => {
      const own = result.plans[plan.name];
      const before = own?.digest[own.seeds.indexOf(seed)];
      return before === undefined || before === digest
        ? []
        : [`${path}: plan ${plan.name}, seed ${seed}: digest ${before}, and ${digest} now.`];
    }),
  );
  if (lines.length === 0) return Effect.void;
  const why =
    result.version === VERSION
      ? "The same inputs and seed must give the same digest: either the program was changed, or it is not deterministic."
      : `The result is of version ${result.version}, this is ${VERSION}.`;
  const last = `${why} Make the result anew: ${result.repeat}`;
  return Effect.fail(new VerbFailure([...lines, last], EXIT_NOT_DETERMINISTIC));
}

interface Publication {
  readonly json: boolean;
  readonly outputs: readonly OutputFile<(typeof EXPLANATION_FORMATS)[number]>[];
}

const publish = (
  explanation: Explanation,
  { json: asJson, outputs }: Publication,
): Effect.Effect<void, VerbFailure, Shell> =>
  Effect.gen(function* () {
    const shell = yield* Shell;
    yield* shell.exitWith(explanation.exit.code);
    const json = canonicalJson(explanation);
    const markdown = explanationMarkdown(explanation);
    yield* shell.print(asJson ? json : explanationText(explanation, { colour: shell.colour }));
    yield* Effect.forEach(outputs, ({ path, format }) =>
      writeOutput(path, format === "json" ? json : markdown),
    );
    yield* appendStepSummary(markdown);
  });
