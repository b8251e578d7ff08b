/**
 * Why a sale went as it did: for every plan the revenue that was lost and the expectations that
 * were missed, by the parts that were the cause, from reruns with the same shoppers in which those
 * parts are perfect; and for two plans the shoppers who bought under one and not under the other.
 */
import type { Rehearsal, RunResult } from "../../result.ts";
import type { PlanSpec, Scenario } from "../../scenario/scenario.ts";
import { inputsOf } from "../inputs.ts";
import type { Explanation, PlanExplanation, ShopperComparison } from "./explanation.ts";
import { explainMissed } from "./missed.ts";
import { type Answers, PlanReruns, type Rerun, type Reruns, sideBySide } from "./reruns.ts";
import { explainRevenue } from "./revenue.ts";
import { countPair, mailedIn, type ShopperCount, shopperComparison } from "./shopper-comparison.ts";

export const EXPLANATION_SCHEMA = "scenarios/explanation.schema.json";

/** A plan with its own rehearsals, those that were finished, in the order of the seeds. */
export interface Base {
  readonly plan: PlanSpec;
  readonly rehearsals: readonly Rehearsal[];
}

/** The plans as they are, and how their shoppers compare. */
export interface Bases {
  readonly plans: readonly Base[];
  readonly shoppers: readonly ShopperComparison[];
  readonly partial: boolean;
}

/** Rehearsals that are kept with the outcome of every shopper at one time. */
const OUTCOMES_AT_ONCE = 12;

/** Rehearses the plans as they are, a few seeds at a time where every shopper is remembered. */
export function* rehearseBases(
  plans: readonly PlanSpec[],
  seeds: readonly string[],
): Reruns<Bases> {
  const outcomes = plans.length > 1;
  const size = outcomes ? Math.max(1, Math.floor(OUTCOMES_AT_ONCE / plans.length)) : seeds.length;
  const gathered = new BaseGatherer(plans);
  for (let first = 0; first < seeds.length; first += size) {
    const some = seeds.slice(first, first + size);
    const batch: Rerun[] = some.flatMap((seed) => plans.map((plan) => ({ plan, seed, outcomes })));
    gathered.take(yield batch);
  }
  return gathered.bases(seeds.length);
}

/** The same from rehearsals that are there already, seed by seed and within it plan by plan. */
export function basesOf(plans: readonly PlanSpec[], rehearsals: Answers): Bases {
  const gathered = new BaseGatherer(plans);
  gathered.take(rehearsals);
  return gathered.bases(rehearsals.length / plans.length);
}

/** Keeps the figures of rehearsals, and of their shoppers only how many fared how. */
class BaseGatherer {
  readonly #plans: readonly PlanSpec[];
  readonly #rehearsals: readonly Rehearsal[][];
  readonly #counts: readonly ShopperCount[][];

  constructor(plans: readonly PlanSpec[]) {
    this.#plans = plans;
    this.#rehearsals = plans.map(() => []);
    this.#counts = plans.map(() => []);
  }

  /** Whole seeds, each with every plan. */
  take(answers: Answers): void {
    const size = this.#plans.length;
    for (let first = 0; first < answers.length; first += size)
      this.#takeSeed(answers.slice(first, first + size));
  }

  bases(seeds: number): Bases {
    const plans = this.#plans.map((plan, place) => ({
      plan,
      rehearsals: this.#rehearsals[place] ?? [],
    }));
    const shoppers = this.#plans.flatMap((plan, place) => this.#comparison(plan, place) ?? []);
    return { plans, shoppers, partial: plans.some(({ rehearsals }) => rehearsals.length < seeds) };
  }

  #takeSeed(answers: Answers): void {
    const [first] = answers;
    for (const [place, one] of answers.entries()) {
      if (one?.complete !== true) continue;
      const { outcomes: _, ...kept } = one;
      this.#rehearsals[place]?.push(kept);
      if (place === 0 || first?.complete !== true) continue;
      const count = countPair([first, one], this.#mailed(place));
      if (count !== null) this.#counts[place]?.push(count);
    }
  }

  #mailed(place: number): number | null {
    const [first, other] = [this.#plans[0], this.#plans[place]];
    return first === undefined || other === undefined ? null : mailedIn(first, other);
  }

  #comparison(plan: PlanSpec, place: number): ShopperComparison | null {
    const [first] = this.#plans;
    if (place === 0 || first === undefined) return null;
    const mailedOnly = this.#mailed(place) !== null;
    const names = { first: first.name, second: plan.name, mailedOnly };
    return shopperComparison(names, this.#counts[place] ?? []);
  }
}

export interface Question {
  readonly scenario: Scenario;
  readonly scale: number;
  readonly version: string;
  /** The command of the result that is explained. */
  readonly of: string;
  readonly verified: boolean;
  readonly repeat: string;
}

/** Explains every plan that has a finished rehearsal. */
export function* explain(bases: Bases, question: Question): Reruns<Explanation> {
  const all = bases.plans
    .filter(({ rehearsals }) => rehearsals.length > 0)
    .map(({ plan, rehearsals }) => new PlanReruns(plan, rehearsals));
  const found = yield* sideBySide(all.map((reruns) => explainPlan(reruns, question)));
  const plans = Object.fromEntries(
    all.flatMap(({ plan }, place) => {
      const explanation = found[place];
      return explanation === undefined ? [] : [[plan.name, explanation] as const];
    }),
  );
  const reruns = all.reduce((sum, one) => sum + one.made, 0);
  const rehearsed = bases.plans.flatMap(({ rehearsals }) => rehearsals);
  const ownEvents = rehearsed.reduce((sum, { events }) => sum + events, 0);
  const partial = bases.partial || all.some(({ interrupted }) => interrupted);
  const broken = rehearsed.some((one) => one.broken.length > 0) || all.some((one) => one.isBroken);
  const { scenario, scale, version, of, verified, repeat } = question;
  return {
    $schema: EXPLANATION_SCHEMA,
    schemaVersion: 1,
    verb: "explain",
    scenario: scenario.name,
    version,
    currency: bases.plans[0]?.plan.world.currency ?? "",
    scale,
    of,
    verified,
    plans,
    shoppers: bases.shoppers,
    reruns,
    events: ownEvents + all.reduce((sum, one) => sum + one.events, 0),
    partial,
    repeat,
    exit: exitOf({ partial, broken, reruns }),
  };
}

function* explainPlan(reruns: PlanReruns, question: Question): Reruns<PlanExplanation> {
  const revenue = yield* explainRevenue(reruns);
  const missed = yield* explainMissed(reruns, question);
  const { plan, seeds, parts } = reruns;
  return {
    seeds,
    digest: reruns.run([])?.result.digest ?? [],
    inputs: inputsOf(plan),
    parts: parts.map(({ name, perfect }) => ({ name, perfect })),
    revenue,
    missed,
  };
}

interface Outcome {
  readonly partial: boolean;
  readonly broken: boolean;
  readonly reruns: number;
}

/** That expectations were missed is what is explained here, and no failure of the explanation. */
function exitOf({ partial, broken, reruns }: Outcome): RunResult["exit"] {
  const made = `${reruns} rerun${reruns === 1 ? "" : "s"}`;
  if (partial) return { code: 130, reason: `interrupted after ${made}` };
  if (broken) return { code: 1, reason: "an invariant broke in a rehearsal or a rerun" };
  return { code: 0, reason: `explained with ${made}` };
}
