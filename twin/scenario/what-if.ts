/**
 * A scenario with one plan more: one of its plans with some values changed. What is changed is
 * written as `--set` writes it, from the plan's own point of view: `launch.batches=6` is that
 * plan's launch, `audience.visits=12%` is what the plan takes from its file unless it overrides it.
 */
import { decodeScenario } from "./decode.ts";
import { isForm, parseSetting, type Setting } from "./overrides.ts";
import { type Path, type ScenarioProblem, suggestName } from "./problem.ts";
import type { PlanSpec, Scenario } from "./scenario.ts";
import { PLAN_KEYS, WORLD_KEYS } from "./schema.ts";
import { readSource } from "./source.ts";

/** How the changed plan is called, unless a plan of the file has that name. */
export const WHAT_IF = "what-if";

export interface WhatIfInput {
  readonly text: string;
  /** The file's name, for messages. */
  readonly path: string;
  /** What holds for every plan, as `--set` takes it. */
  readonly sets: readonly string[];
  readonly scale?: number;
  /** Which plan is changed. */
  readonly plan: string;
  /** `path=value` each. */
  readonly changes: readonly string[];
}

/** The scenario with the changed plan as its last, or every problem of the file and the changes. */
export function whatIfScenario(input: WhatIfInput): Scenario | ScenarioProblem[] {
  const { text, path, sets, scale, plan, changes } = input;
  const base = decodeScenario({ text, path, sets, ...(scale === undefined ? {} : { scale }) });
  if (Array.isArray(base)) return base;
  const settings = whatIfSettings(input);
  if (!isSettings(settings)) return settings;
  const all = [...sets, ...settings];
  const changed = decodeScenario({
    text,
    path,
    sets: all,
    ...(scale === undefined ? {} : { scale }),
  });
  if (Array.isArray(changed)) return changed.map((one) => asWhatIf(one, settings, changes));
  const spec = changed.plans.find(({ name }) => name === plan);
  if (spec === undefined) return [noSuchPlan(plan, base)];
  const name = whatIfName(base.plans.map((one) => one.name));
  return {
    ...base,
    plans: [...base.plans, { ...spec, name, description: whatChanged(spec, changes) }],
  };
}

/** The name of the changed plan beside plans of these names. */
export function whatIfName(names: readonly string[]): string {
  let name = WHAT_IF;
  for (let number = 2; names.includes(name); number += 1) name = `${WHAT_IF}-${number}`;
  return name;
}

function whatChanged({ name }: PlanSpec, changes: readonly string[]): string {
  return `${name} with ${changes.join(", ")}`;
}

/**
 * The changes as `--set` takes them: a value that the plan overrides, and its launch, are set in
 * the plan, everything else in the file.
 */
export function whatIfSettings({
  text,
  path,
  plan,
  changes,
}: Pick<WhatIfInput, "text" | "path" | "plan" | "changes">): readonly string[] | ScenarioProblem[] {
  const source = readSource(path, text);
  if (Array.isArray(source)) return source;
  const { plans } = source.form;
  const own = isForm(plans) ? plans[plan] : undefined;
  const settings: string[] = [];
  for (const change of changes) {
    const setting = parseSetting(change);
    if ("message" in setting) return [asWhatIf(setting, [], changes)];
    const problem = outsideProblem(setting, plan);
    if (problem !== null) return [problem];
    const value = change.slice(change.indexOf("=") + 1).trim();
    settings.push(`${placeOf(setting.path, plan, own).join(".")}=${value}`);
  }
  return settings;
}

function isSettings(found: readonly string[] | ScenarioProblem[]): found is readonly string[] {
  return found.every((one) => typeof one === "string");
}

function placeOf(path: Path, plan: string, own: unknown): Path {
  const [first] = path;
  if (first === "plans") return path;
  if (first === "launch" || isOverridden(own, path)) return ["plans", plan, ...path];
  return path;
}

/** True where the plan gives the value itself, or a list that it stands in. */
function isOverridden(own: unknown, path: Path): boolean {
  let here = own;
  for (const step of path) {
    if (Array.isArray(here)) return true;
    if (!isForm(here)) return here !== undefined;
    here = here[String(step)];
    if (here === undefined) return false;
  }
  return true;
}

/** A change is of the plan's world or launch; anything else is no change of what is rehearsed. */
function outsideProblem({ written, path }: Setting, plan: string): ScenarioProblem | null {
  const [first, second, third] = path;
  const known = [...WORLD_KEYS, "launch"];
  const name = String(first === "plans" ? third : first);
  if (first === "plans" && second !== plan) {
    return problemOf(written, {
      message: `changes plan "${String(second)}" and not ${plan}`,
      suggestion: `write it like launch.batches=4, or plans.${plan}.launch.batches=4`,
    });
  }
  if (known.includes(name)) return null;
  const message =
    PLAN_KEYS.includes(name) || name === "expect"
      ? "is not of the world that is rehearsed"
      : "is no part of a plan";
  return problemOf(written, { message, suggestion: suggestName(name, known) });
}

function problemOf(
  written: string,
  { message, suggestion }: Pick<ScenarioProblem, "message" | "suggestion">,
): ScenarioProblem {
  const path = written.slice(0, Math.max(0, written.indexOf("=")));
  return { file: `--what-if ${written}`, line: 0, column: 0, path, value: "", message, suggestion };
}

function noSuchPlan(plan: string, { plans }: Scenario): ScenarioProblem {
  return problemOf("", {
    message: `there is no plan "${plan}"`,
    suggestion: suggestName(
      plan,
      plans.map(({ name }) => name),
    ),
  });
}

/** A problem of a setting that a change became is told of the change, as it was written. */
function asWhatIf(
  problem: ScenarioProblem,
  settings: readonly string[],
  changes: readonly string[],
): ScenarioProblem {
  const place = settings.findIndex((one) => problem.file === `--set ${one}`);
  const written = place < 0 ? problem.file.replace(/^--set /u, "") : changes[place];
  if (problem.line > 0) return problem;
  const suggestion = problem.suggestion.replace("--set ", "--what-if ");
  return { ...problem, file: `--what-if ${written}`, suggestion };
}
