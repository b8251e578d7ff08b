/**
 * An explanation is a program that asks for rehearsals, batch by batch, and goes on with what they
 * gave; who runs it decides where they are computed. Nothing in it depends on how many workers
 * share a batch, so the same explanation comes out of any number of them.
 */
import { assert } from "../../../engine/assert.ts";
import { type DifferenceInterval, pairedDifference } from "../../../engine/statistics/interval.ts";
import type { PlanResult, Rehearsal } from "../../result.ts";
import type { PlanSpec } from "../../scenario/scenario.ts";
import { planResult } from "../experiment.ts";
import { bounded, metricOf } from "../figures.ts";
import type { Effect } from "./explanation.ts";
import type { Part } from "./part.ts";
import { partsOf, perfected } from "./parts.ts";

/** One rehearsal that an explanation asks for. */
export interface Rerun {
  readonly plan: PlanSpec;
  readonly seed: string;
  /** Whether to say what became of every shopper. */
  readonly outcomes: boolean;
}

/** The answers stand in the order of the batch; null, or one not complete, was interrupted. */
export type Answers = readonly (Rehearsal | null)[];

/** A program that asks for batches of reruns. */
export type Reruns<Result> = Generator<readonly Rerun[], Result, Answers>;

/** One plan with some of its parts perfect, rehearsed with every seed. */
export interface PerfectedRun {
  readonly parts: readonly Part[];
  readonly rehearsals: readonly Rehearsal[];
  readonly result: PlanResult;
}

/** The reruns of one plan, each made once however often it is asked for. */
export class PlanReruns {
  readonly plan: PlanSpec;
  readonly seeds: readonly string[];
  /** The parts that this plan has. */
  readonly parts: readonly Part[];
  /** Rehearsals asked for and finished, the base left out. */
  made = 0;
  events = 0;
  /** A rerun that was asked for did not come to its end. */
  interrupted = false;
  /** An invariant did not hold in one of them. */
  isBroken = false;
  readonly #runs = new Map<string, PerfectedRun>();

  /** `base` has the plan's own rehearsals, in the order of the seeds. */
  constructor(plan: PlanSpec, base: readonly Rehearsal[]) {
    this.plan = plan;
    this.seeds = base.map(({ seed }) => seed);
    this.parts = partsOf(plan);
    this.#keep([], plan, base);
  }

  /** Rehearses the plan with each of these sets of parts perfect; false where it was interrupted. */
  *rehearse(sets: readonly (readonly Part[])[]): Reruns<boolean> {
    const wanted = this.#missing(sets);
    if (wanted.length === 0) return true;
    const plans = wanted.map((parts) => perfected(this.plan, parts));
    const batch = plans.flatMap((plan) =>
      this.seeds.map((seed) => ({ plan, seed, outcomes: false })),
    );
    const answers = yield batch;
    assert(answers.length === batch.length, "every rerun that is asked for has its answer");
    const size = this.seeds.length;
    const finished = wanted.map((parts, place) => {
      const own = answers.slice(place * size, (place + 1) * size);
      const done = own.filter((one): one is Rehearsal => one?.complete === true);
      this.made += done.length;
      if (done.some(({ broken }) => broken.length > 0)) this.isBroken = true;
      this.events += done.reduce((sum, { events }) => sum + events, 0);
      if (done.length < size) return false;
      this.#keep(parts, plans[place] ?? this.plan, done);
      return true;
    });
    if (!finished.every(Boolean)) this.interrupted = true;
    return !this.interrupted;
  }

  /** The run with exactly these parts perfect, or null where it was not finished. */
  run(parts: readonly Part[]): PerfectedRun | null {
    return this.#runs.get(keyOf(parts)) ?? null;
  }

  /** What a metric gains from one set of perfect parts to another; null where a run is missing. */
  gain(metric: string, from: readonly Part[], to: readonly Part[]): Effect | null {
    const [before, after] = [this.run(from), this.run(to)];
    if (before === null || after === null) return null;
    return effectOf(valuesOf(after, metric), valuesOf(before, metric));
  }

  #missing(sets: readonly (readonly Part[])[]): readonly (readonly Part[])[] {
    const wanted = new Map(sets.map((parts) => [keyOf(parts), parts] as const));
    return [...wanted.values()].filter((parts) => this.run(parts) === null);
  }

  #keep(parts: readonly Part[], plan: PlanSpec, rehearsals: readonly Rehearsal[]): void {
    this.#runs.set(keyOf(parts), { parts, rehearsals, result: planResult(plan, rehearsals) });
  }
}

/** Several programs side by side: each batch is what all of them ask for next, so that it is larger. */
export function* sideBySide<Result>(
  programs: readonly Reruns<Result>[],
): Reruns<readonly Result[]> {
  const steps = programs.map((program) => program.next());
  while (steps.some(({ done }) => done !== true)) {
    const batches = steps.map((step) => (step.done === true ? [] : step.value));
    const answers = yield batches.flat();
    let first = 0;
    for (const [place, program] of programs.entries()) {
      const size = batches[place]?.length ?? 0;
      if (size > 0) steps[place] = program.next(answers.slice(first, first + size));
      first += size;
    }
  }
  return steps.flatMap((step) => (step.done === true ? [step.value] : []));
}

export function valuesOf({ rehearsals }: PerfectedRun, metric: string): readonly number[] {
  return rehearsals.map((one) => metricOf(one, metric));
}

/** First minus second, paired by seed. */
export function effectOf(first: readonly number[], second: readonly number[]): Effect {
  const paired: DifferenceInterval = pairedDifference(first, second);
  return { ...bounded(paired), sure: paired.sure };
}

/** Sets are the same whatever order their parts are named in. */
function keyOf(parts: readonly Part[]): string {
  return parts
    .map(({ name }) => name)
    .sort()
    .join("+");
}

export function without(parts: readonly Part[], left: Part): readonly Part[] {
  return parts.filter((part) => part !== left);
}
