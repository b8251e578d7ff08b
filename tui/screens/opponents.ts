/**
 * Who is compared: two plans of one scenario file, one of which may be a plan with values changed.
 * What stands here is what `rehearse compare` would be given, so that it prints the same.
 */
/// <reference types="node" />
import { Effect, Either } from "effect";
import type { Experiment } from "../../twin/experiments/experiment.ts";
import { seedsFrom } from "../../twin/experiments/jobs.ts";
import type { Scenario } from "../../twin/scenario/scenario.ts";
import { whatIfName } from "../../twin/scenario/what-if.ts";
import { repeatCommand } from "../cli/repeat.ts";
import { scenarioFile, type WhatIf } from "../cli/scenario-file.ts";
import { carriedChanges, carriedText } from "../model/carried-changes.ts";
import { scaleWord } from "../model/preview-scale.ts";
import { VERSION } from "../version.ts";
import type { PlanChoice } from "./screen.ts";

export interface Opponents {
  readonly path: string;
  /** As `--set` takes them, for both. */
  readonly sets: readonly string[];
  readonly whatIf: WhatIf | null;
  /** What was changed on the way of a rehearsal and what became of it, in a line, or nothing. */
  readonly carried: string;
  /** Names of plans, the changed one's among them. */
  readonly first: string;
  readonly second: string;
  /** The scenario's own where it is null. */
  readonly seed: string | null;
}

/** A file, or choices of plans, that cannot be compared; why, a sentence each. */
export interface Refusal {
  readonly lines: readonly string[];
}

export function isRefusal(one: object): one is Refusal {
  return "lines" in one;
}

/** The scenario at a scale, with the changed plan among its plans. */
export function scenarioOf(
  { path, sets, whatIf }: Pick<Opponents, "path" | "sets" | "whatIf">,
  scale: number,
): Scenario | Refusal {
  const question = { path, sets, scale, ...(whatIf === null ? {} : { whatIf }) };
  const read = Effect.runSync(Effect.either(scenarioFile(question)));
  return Either.isRight(read) ? read.right.scenario : { lines: read.left.lines };
}

/** From two choices: of one file, with the same settings or one with some more than the other. */
export function opponentsOf([one, other]: readonly [PlanChoice, PlanChoice]): Opponents | Refusal {
  if (one.path !== other.path) {
    return {
      lines: [`${one.path} and ${other.path} are two scenarios; plans of one are compared.`],
    };
  }
  const { path } = one;
  const sets = one.sets.length <= other.sets.length ? one.sets : other.sets;
  const changesOf = (choice: PlanChoice) => [
    ...choice.sets.slice(sets.length),
    ...carriedChanges(choice).planned,
  ];
  const changed = changesOf(one).length > 0 ? one : other;
  const changes = changesOf(changed);
  const isOther = changesOf(changed === one ? other : one).length > 0;
  if (isOther || !sets.every((set, place) => [one, other].every((of) => of.sets[place] === set))) {
    return {
      lines: ["Both plans have changes of their own; one of them can be compared changed."],
    };
  }
  const scenario = scenarioOf({ path, sets, whatIf: null }, 1);
  if (isRefusal(scenario)) return scenario;
  const leading = scenario.plans[0]?.name ?? "";
  const whatIf = changes.length === 0 ? null : { plan: changed.plan ?? leading, changes };
  const name = whatIfName(scenario.plans.map((plan) => plan.name));
  const nameOf = (choice: PlanChoice) =>
    whatIf !== null && choice === changed ? name : (choice.plan ?? leading);
  if (nameOf(one) === nameOf(other))
    return { lines: [`${nameOf(one)} cannot be compared with itself.`] };
  const names = { first: nameOf(one), second: nameOf(other) };
  const carried = [one, other].map((choice) => carriedText(choice, carriedChanges(choice)));
  const seed = one.seed ?? other.seed ?? null;
  return { path, sets, whatIf, carried: carried.find((text) => text !== "") ?? "", ...names, seed };
}

/** What `rehearse compare` makes of the same question; `rehearse run` where both are one plan. */
export function experimentOf(
  { path, sets, whatIf, first, second, seed }: Opponents,
  scenario: Scenario,
  { seeds, scale }: { readonly seeds: number; readonly scale: number },
): Experiment | Refusal {
  const names = first === second ? [first] : [first, second];
  const plans = names.flatMap((name) => scenario.plans.find((plan) => plan.name === name) ?? []);
  if (plans.length < names.length)
    return { lines: [`${path} has no plan ${first} or ${second} any more.`] };
  const base = seed ?? scenario.seed;
  const [verb, shown] =
    first === second
      ? (["run", { plan: first }] as const)
      : (["compare", { plans: names }] as const);
  return {
    verb,
    scenario,
    plans,
    seeds: seedsFrom(base, seeds),
    scale,
    version: VERSION,
    repeat: repeatCommand({
      verb,
      path,
      ...shown,
      ...(whatIf === null ? {} : { plan: whatIf.plan, whatIfs: whatIf.changes }),
      seed: base,
      seeds,
      sets,
      scale: scale === 1 ? null : scaleWord(scale),
    }),
  };
}
