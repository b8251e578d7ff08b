/**
 * What is rehearsed: a plan of a file at its full size and as small as it is rehearsed, with its
 * seed and what is changed on the way. From it comes the result, the very one that the command
 * `repeat` names prints.
 */
import { Effect, Either } from "effect";
import { type Experiment, resultOf } from "../../../twin/experiments/experiment.ts";
import type { Rehearsal, RunResult } from "../../../twin/result.ts";
import type { PlanSpec, Scenario } from "../../../twin/scenario/scenario.ts";
import type { Intervention } from "../../../twin/stepped/intervention.ts";
import { previewScale } from "../../../twin/stepped/preview-scale.ts";
import { changesOf } from "../../cli/changes.ts";
import { repeatCommand } from "../../cli/repeat.ts";
import type { ScenarioFile } from "../../cli/scenario-file.ts";
import { changeWords } from "../../model/change-words.ts";
import { type Goal, goalsOf } from "../../model/goal.ts";
import { scaleWord } from "../../model/preview-scale.ts";
import { readScenario } from "../../state/scenario-files.ts";
import { VERSION } from "../../version.ts";
import type { PlanChoice } from "../screen.ts";

export interface RehearsedPlan {
  readonly path: string;
  readonly sets: readonly string[];
  readonly scale: number;
  readonly seed: string;
  /** Of the size that is rehearsed. */
  readonly scenario: Scenario;
  readonly plan: PlanSpec;
  /** The same plan as the file has it. */
  readonly full: PlanSpec;
  readonly goals: readonly Goal[];
  /** Known from the start. */
  readonly interventions: readonly Intervention[];
}

/** The plan, or the lines that say why there is none. */
export function rehearsedPlan(choice: PlanChoice): RehearsedPlan | readonly string[] {
  const { path, sets } = choice;
  const whole = readScenario(path, { sets });
  if (whole.kind === "broken") return whole.problems;
  const full = planNamed(whole.scenario, choice.plan);
  if (full === undefined) return [`${path} has no plan ${choice.plan ?? ""}.`];
  const scale = choice.scale ?? previewScale({ plans: [full] });
  const sized = scale === 1 ? whole : readScenario(path, { sets, scale });
  if (sized.kind === "broken") return sized.problems;
  const { scenario } = sized;
  const plan = planNamed(scenario, full.name) ?? full;
  const seed = choice.seed ?? scenario.seed;
  const read = interventionsOf(choice.changes ?? [], { path, sets, scale, scenario }, plan);
  if (Either.isLeft(read)) return read.left;
  const goals = goalsOf(scenario, plan);
  return { path, sets, scale, seed, scenario, plan, full, goals, interventions: read.right };
}

function planNamed(scenario: Scenario, name: string | undefined): PlanSpec | undefined {
  return name === undefined ? scenario.plans[0] : scenario.plans.find((plan) => plan.name === name);
}

function interventionsOf(
  written: readonly string[],
  file: ScenarioFile,
  plan: PlanSpec,
): Either.Either<readonly Intervention[], readonly string[]> {
  const read = Effect.runSync(Effect.either(changesOf(written, { file, plan })));
  return Either.mapLeft(read, ({ lines }) => lines);
}

/** The same plan as a choice of another screen, with what was changed on the way. */
export function choiceOf(
  { path, sets, scale, seed, plan, full }: RehearsedPlan,
  interventions: readonly Intervention[],
): PlanChoice {
  const changes = interventions.map((one) => changeWords(one, { full, scale }));
  const base = { path, plan: plan.name, sets, scale, seed };
  return changes.length === 0 ? base : { ...base, changes };
}

/** The command that gives the same figures without a screen. */
export function repeatOf(of: RehearsedPlan, interventions: readonly Intervention[]): string {
  const { path, plan, seed, sets, scale } = of;
  return repeatCommand({
    verb: "run",
    path,
    plan: plan.name,
    seed,
    seeds: 1,
    sets,
    changes: choiceOf(of, interventions).changes ?? [],
    scale: scale === 1 ? null : scaleWord(scale),
  });
}

/** The result of the finished rehearsal, byte for byte that of the command that repeats it. */
export function runResultOf(
  of: RehearsedPlan,
  interventions: readonly Intervention[],
  rehearsal: Rehearsal,
): RunResult {
  const { path, sets, scale, scenario, plan, seed } = of;
  const changes = choiceOf(of, interventions).changes ?? [];
  // As the command reads them, so that the result says the same of its inputs.
  const read = interventionsOf(changes, { path, sets, scale, scenario }, plan);
  const experiment: Experiment = {
    verb: "run",
    scenario,
    plans: [plan],
    seeds: [seed],
    scale,
    version: VERSION,
    repeat: repeatOf(of, interventions),
    interventions: Either.getOrElse(read, () => interventions),
  };
  return resultOf(experiment, [rehearsal]);
}
