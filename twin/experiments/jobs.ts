/**
 * Which rehearsals an experiment is made of: seeds times plans, in one fixed order, so that the
 * result is the same however many workers share them and whoever finishes first.
 */
import { assert } from "../../engine/assert.ts";

/** Rehearsals of one plan that one command may ask for. */
export const SEEDS_MAX = 10_000;

/** One rehearsal to run: a plan by its name, and a seed. */
export interface Job {
  readonly plan: string;
  readonly seed: string;
}

/**
 * The seeds of an experiment. The first is the base itself and the k-th is `base#k`, so a run with
 * more seeds contains every run with fewer, and `--seed base#3` repeats the third one alone.
 */
export function seedsFrom(base: string, count: number): readonly string[] {
  assert(base.length > 0, "a seed has at least one character");
  assert(count >= 1 && count <= SEEDS_MAX, `an experiment has 1 to ${SEEDS_MAX} seeds`);
  return Array.from({ length: count }, (_, index) => (index === 0 ? base : `${base}#${index + 1}`));
}

/** Every plan with the first seed, then every plan with the second: an interrupted experiment leaves whole pairs. */
export function jobsOf(plans: readonly string[], seeds: readonly string[]): readonly Job[] {
  assert(plans.length > 0, "an experiment has at least one plan");
  assert(new Set(plans).size === plans.length, "an experiment names each plan once");
  return seeds.flatMap((seed) => plans.map((plan) => ({ plan, seed })));
}
