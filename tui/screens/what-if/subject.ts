/** The plan that a what-if is about, at full size, with its levers. */
/// <reference types="node" />
import { readFileSync } from "node:fs";
import type { PlanSpec, Scenario } from "../../../twin/scenario/scenario.ts";
import { whatIfName } from "../../../twin/scenario/what-if.ts";
import { withProfiles } from "../../cli/profile-file.ts";
import { LeverBoard } from "../../model/levers.ts";
import { isRefusal, type Opponents, type Refusal, scenarioOf } from "../opponents.ts";
import type { PlanChoice } from "../screen.ts";

export interface Subject {
  readonly path: string;
  readonly text: string;
  readonly sets: readonly string[];
  readonly seed: string | null;
  readonly scenario: Scenario;
  readonly plan: PlanSpec;
  readonly board: LeverBoard;
}

export function subjectOf({ path, plan: name, sets, seed }: PlanChoice): Subject | Refusal {
  const scenario = scenarioOf({ path, sets, whatIf: null }, 1);
  if (isRefusal(scenario)) return scenario;
  const plan = scenario.plans.find((one) => one.name === name) ?? scenario.plans[0];
  if (plan === undefined) return { lines: [`${path} has no plan.`] };
  const read = withProfiles(path, readFileSync(path, "utf8"));
  if ("problem" in read) return { lines: [read.problem] };
  const { text } = read;
  const board = new LeverBoard({ text, path, sets, plan });
  return { path, text, sets, seed: seed ?? null, scenario, plan, board };
}

/** Now against base, in the order in which a difference is what the changes bring. */
export function opponentsOf(
  { path, sets, seed, plan, scenario }: Subject,
  changes: readonly string[],
): Opponents {
  const second = plan.name;
  const same = { path, sets, carried: "", second, seed };
  if (changes.length === 0) return { ...same, whatIf: null, first: second };
  const first = whatIfName(scenario.plans.map(({ name }) => name));
  return { ...same, whatIf: { plan: second, changes }, first };
}

/** Its plan as other screens are asked for it. */
export function choiceOf({ path, plan, sets, seed }: Subject): PlanChoice {
  return { path, plan: plan.name, sets, ...(seed === null ? {} : { seed }) };
}
