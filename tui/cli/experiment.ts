/** What `run` and `compare` share: from flags and a scenario file to a printed, written result. */
import type { Option } from "effect";
import { Effect, Option as OptionModule } from "effect";
import { type Experiment, resultOf } from "../../twin/experiments/experiment.ts";
import { basesOf, explain } from "../../twin/experiments/explain/explain.ts";
import { jobsOf, seedsFrom } from "../../twin/experiments/jobs.ts";
import type { Rehearsal, RunResult } from "../../twin/result.ts";
import { nearest } from "../../twin/scenario/problem.ts";
import type { PlanSpec, Scenario } from "../../twin/scenario/scenario.ts";
import { canonicalJson } from "../report/json.ts";
import { RUN_FORMATS, runFile, runMarkdown, runText } from "../report/report-files.ts";
import { VERSION } from "../version.ts";
import { changesOf } from "./changes.ts";
import { scaleFlag, seedFlag, seedsFlag, workersFlag } from "./options.ts";
import {
  appendStepSummary,
  eventsFile,
  type OutputFile,
  outputFiles,
  writeOutput,
} from "./outputs.ts";
import { rehearseJobs, type Timing } from "./rehearsals.ts";
import { repeatCommand } from "./repeat.ts";
import { runReruns } from "./reruns.ts";
import { type ScenarioFile, scenarioFile, type WhatIf } from "./scenario-file.ts";
import { Shell, VerbFailure } from "./shell.ts";
import { timingLines } from "./timing.ts";

/** The flags as the parser gives them. */
interface ExperimentFlags {
  readonly seed: Option.Option<string>;
  readonly seeds: Option.Option<string>;
  readonly set: readonly string[];
  readonly scale: Option.Option<string>;
  readonly events: Option.Option<string>;
  readonly json: boolean;
  readonly out: readonly string[];
  readonly timing: boolean;
  readonly workers: Option.Option<string>;
  readonly explain: boolean;
  /** Of `run` alone. */
  readonly change?: readonly string[];
}

export interface ExperimentRequest {
  readonly verb: "run" | "compare";
  readonly path: string;
  readonly flags: ExperimentFlags;
  /** A plan to add; not, where it is left out. */
  readonly whatIf?: { readonly plan: string | null; readonly changes: readonly string[] };
  /** Which of the scenario's plans, in the order in which they are compared. */
  readonly choose: (scenario: Scenario) => Effect.Effect<readonly PlanSpec[], VerbFailure>;
}

/** Everything that can be wrong is found before the first rehearsal starts. */
export const experimentVerb = (
  request: ExperimentRequest,
): Effect.Effect<void, VerbFailure, Shell> =>
  Effect.gen(function* () {
    const { verb, path, flags } = request;
    const scale = yield* scaleFlag(flags.scale);
    const seed = yield* seedFlag(flags.seed);
    const seeds = yield* seedsFlag(flags.seeds);
    const workers = yield* workersFlag(flags.workers);
    const outputs = yield* outputFiles(flags.out, { formats: RUN_FORMATS, reads: [path] });
    const events = yield* eventsFile(OptionModule.getOrNull(flags.events), [path]);
    const question = { path, sets: flags.set, scale };
    const asked = yield* scenarioFile(question);
    const whatIf = yield* askedWhatIf(request, asked.scenario);
    const file = whatIf === null ? asked : yield* scenarioFile({ ...question, whatIf });
    const plans = yield* request.choose(file.scenario);
    const { change: changes = [] } = flags;
    const interventions = yield* changesOf(changes, { file, plan: plans[0] ?? null });
    if (flags.explain && changes.length > 0) return yield* Effect.fail(new VerbFailure(EXPLAINED));
    const base = seed ?? file.scenario.seed;
    const count = seeds ?? file.scenario.seeds;
    const experiment: Experiment = {
      verb,
      scenario: file.scenario,
      plans,
      seeds: seedsFrom(base, count),
      scale,
      version: VERSION,
      interventions,
      repeat: repeatCommand({
        verb,
        path,
        ...planWords(verb, plans),
        ...(whatIf === null ? {} : { plan: whatIf.plan, whatIfs: whatIf.changes }),
        seed: base,
        seeds: count,
        sets: flags.set,
        changes,
        scale: OptionModule.getOrNull(flags.scale),
        explain: flags.explain,
      }),
    };
    const jobs = jobsOf(
      plans.map((plan) => plan.name),
      experiment.seeds,
    );
    const done = yield* rehearseJobs(
      jobs.map((job) => {
        return { ...job, file, interventions, outcomes: flags.explain && plans.length > 1 };
      }),
      { workers, events },
    );
    const found = resultOf(experiment, done.rehearsals);
    const result = flags.explain
      ? yield* explainedResult(experiment, found, { file, workers, rehearsals: done.rehearsals })
      : found;
    if (result.partial && events !== null) yield* sayPartial(events);
    yield* publish(result, { flags, outputs, timing: done.timing });
  });

const EXPLAINED = "--explain takes no --change: its reruns know of no change on the way.";

/** The sale log is of events alone, so that it is partial is said beside it. */
const sayPartial = (events: string): Effect.Effect<void, never, Shell> =>
  Effect.flatMap(Shell, (shell) =>
    shell.say(
      `--events ${events}: is partial; it ends where the rehearsals were interrupted. Run the command again for the whole sale log.`,
    ),
  );

interface Explaining {
  readonly file: ScenarioFile;
  readonly workers: number | null;
  readonly rehearsals: readonly (Rehearsal | null)[];
}

/** The result with why it went so; an explanation that was interrupted, or broke something, ends it so. */
const explainedResult = (
  { scenario, plans, scale, version, repeat }: Experiment,
  result: RunResult,
  { file, workers, rehearsals }: Explaining,
): Effect.Effect<RunResult, VerbFailure, Shell> => {
  const question = { scenario, scale, version, of: repeat, verified: true, repeat };
  const program = explain(basesOf(plans, rehearsals), question);
  return Effect.map(
    runReruns(program, { file, workers, stopped: result.partial }),
    (explanation) => ({
      ...result,
      explanation,
      exit: explanation.exit.code > result.exit.code ? explanation.exit : result.exit,
    }),
  );
};

/** What is changed in which plan, the scenario's first where none is named; null for nothing. */
const askedWhatIf = (
  { whatIf }: ExperimentRequest,
  scenario: Scenario,
): Effect.Effect<WhatIf | null, VerbFailure> =>
  whatIf === undefined || whatIf.changes.length === 0
    ? Effect.succeed(null)
    : Effect.map(chosenPlan(scenario, OptionModule.fromNullable(whatIf.plan)), ({ name }) => ({
        plan: name,
        changes: whatIf.changes,
      }));

function planWords(verb: "run" | "compare", plans: readonly PlanSpec[]) {
  const names = plans.map((plan) => plan.name);
  return verb === "run" ? { plan: names[0] ?? "" } : { plans: names };
}

interface Publication {
  readonly flags: ExperimentFlags;
  readonly outputs: readonly OutputFile<(typeof RUN_FORMATS)[number]>[];
  readonly timing: Timing;
}

const publish = (
  result: RunResult,
  { flags, outputs, timing }: Publication,
): Effect.Effect<void, VerbFailure, Shell> =>
  Effect.gen(function* () {
    const shell = yield* Shell;
    yield* shell.exitWith(result.exit.code);
    const json = () => canonicalJson(flags.timing ? { ...result, timing } : result);
    yield* shell.print(flags.json ? json() : runText(result, { colour: shell.colour }));
    yield* Effect.forEach(outputs, ({ path, format }) =>
      format === "json" ? writeOutput(path, json()) : writeReport(path, result, format),
    );
    yield* appendStepSummary(runMarkdown(result));
    if (flags.timing) yield* Effect.forEach(timingLines(timing), shell.say);
  });

/** Writes a result into a file in the format that its ending names. */
function writeReport(
  path: string,
  result: RunResult,
  format: (typeof RUN_FORMATS)[number],
): Effect.Effect<void, VerbFailure> {
  return Effect.flatMap(
    Effect.promise(() => runFile(result, format)),
    (text) => writeOutput(path, text),
  );
}

/** The plan that `--plan` names, or the first. */
export function chosenPlan(
  scenario: Scenario,
  plan: Option.Option<string>,
): Effect.Effect<PlanSpec, VerbFailure> {
  if (OptionModule.isSome(plan)) return planNamed(scenario, plan.value);
  const [first] = scenario.plans;
  return first === undefined
    ? Effect.fail(new VerbFailure(`scenario ${scenario.name} has no plan.`))
    : Effect.succeed(first);
}

/** The plan of that name, or the line that says which there are. */
export function planNamed(scenario: Scenario, name: string): Effect.Effect<PlanSpec, VerbFailure> {
  const plan = scenario.plans.find((one) => one.name === name);
  if (plan !== undefined) return Effect.succeed(plan);
  const names = scenario.plans.map((one) => one.name);
  const near = nearest(name, names);
  const hint = near === null ? "" : ` Did you mean ${near}?`;
  const known = `Its plans are ${names.join(", ")}.`;
  return Effect.fail(
    new VerbFailure(`scenario ${scenario.name} has no plan \`${name}\`.${hint} ${known}`),
  );
}
