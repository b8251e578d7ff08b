/**
 * Missed expectations: which part, made perfect, lets each be met. Every part is tried alone; where
 * none suffices they are put together, each time the one that brings the figure nearest, and what
 * turns out not to be needed is taken out again.
 */
import { assert } from "../../../engine/assert.ts";
import { type Expectation, expectationsOf, parseExpectation } from "../../scenario/expectation.ts";
import { distanceFrom, evaluateExpectation, factsOf } from "../../scenario/expectation-verdict.ts";
import type { ExpectationSpec, Scenario } from "../../scenario/scenario.ts";
import type { MetWith, MissedExpectation } from "./explanation.ts";
import type { Part } from "./part.ts";
import { type PerfectedRun, type PlanReruns, type Reruns, without } from "./reruns.ts";

export interface Judgement {
  readonly scenario: Scenario;
  readonly scale: number;
}

/** Every expectation of the plan that its own rehearsals miss, in the scenario's order. */
export function* explainMissed(
  reruns: PlanReruns,
  judgement: Judgement,
): Reruns<readonly MissedExpectation[]> {
  const missed: MissedExpectation[] = [];
  for (const spec of expectationsOf(judgement.scenario, reruns.plan)) {
    const question = questionOf(spec, reruns, judgement);
    if (question.verdict([])?.met === false) missed.push(yield* explainOne(question, reruns));
  }
  return missed;
}

interface Verdict {
  readonly met: boolean | null;
  readonly value: number | null;
  readonly why: string;
  /** From what was expected, in the metric's own unit. */
  readonly distance: number;
}

/** One expectation, and how it fares with any set of perfect parts. */
interface Question {
  readonly spec: ExpectationSpec;
  /** Those that do not distort what is asked about. */
  readonly parts: readonly Part[];
  /** Null where the run is missing. */
  readonly verdict: (parts: readonly Part[]) => Verdict | null;
}

function questionOf(spec: ExpectationSpec, reruns: PlanReruns, { scale }: Judgement): Question {
  const expectation = parseExpectation(spec);
  assert(!("message" in expectation), "the decoder reads every expectation before a run");
  const { starts, currency } = reruns.plan.world;
  const judge = (run: PerfectedRun): Verdict =>
    judged(expectation, factsOf({ result: run.result, starts, currency, scale }));
  return {
    spec,
    parts: reruns.parts.filter((part) => part.distorts?.(expectation.metric) !== true),
    verdict: (parts) => {
      const run = reruns.run(parts);
      return run === null ? null : judge(run);
    },
  };
}

function judged(
  expectation: Expectation,
  facts: Parameters<typeof evaluateExpectation>[1],
): Verdict {
  const { met, value, why } = evaluateExpectation(expectation, facts);
  return { met, value, why, distance: distanceFrom(expectation, facts, value) };
}

function* explainOne(question: Question, reruns: PlanReruns): Reruns<MissedExpectation> {
  const { spec, parts } = question;
  yield* reruns.rehearse([parts, ...parts.map((part) => [part])]);
  const alone = parts
    .map((part) => metWith(question, [part]))
    .filter((one) => one !== null)
    .sort(nearestFirst);
  const suffices = alone.some(({ found }) => found.met);
  const set = suffices ? null : yield* smallestSet(question, reruns);
  const base = question.verdict([]);
  return {
    metric: spec.metric,
    expect: spec.expect,
    value: base?.value ?? null,
    why: base?.why ?? "",
    alone: alone.map(({ found }) => found),
    together: set === null ? null : (metWith(question, set)?.found ?? null),
    everything: metWith(question, parts)?.found ?? null,
  };
}

interface Ranked {
  readonly found: MetWith;
  readonly distance: number;
}

/** What is met before what is not, the nearest first; of equals the first of the list. */
function nearestFirst(one: Ranked, other: Ranked): number {
  if (one.found.met !== other.found.met) return one.found.met ? -1 : 1;
  return one.distance === other.distance ? 0 : one.distance - other.distance;
}

function metWith(question: Question, parts: readonly Part[]): Ranked | null {
  const [base, verdict] = [question.verdict([]), question.verdict(parts)];
  if (base === null || verdict === null) return null;
  const { value, met, distance } = verdict;
  const way = base.distance;
  const closer =
    way > 0 && Number.isFinite(way) && Number.isFinite(distance) ? 1 - distance / way : null;
  const names = parts.map(({ name }) => name);
  return { found: { parts: names, value, met: met === true, closer }, distance };
}

/** The set that meets it, or the nearest that was found; null where no part brings it nearer. */
function* smallestSet(question: Question, reruns: PlanReruns): Reruns<readonly Part[] | null> {
  let set: readonly Part[] = [];
  while (!isMet(question, set) && set.length < question.parts.length) {
    const left = question.parts.filter((part) => !set.includes(part));
    const sets = left.map((part) => [...set, part]);
    if (!(yield* reruns.rehearse(sets))) break;
    const nearest = sets
      .map((parts) => ({ parts, ranked: metWith(question, parts) }))
      .reduce((best, one) => (isNearer(one.ranked, best.ranked) ? one : best));
    if (!isNearer(nearest.ranked, metWith(question, set))) break;
    set = nearest.parts;
  }
  if (set.length < 2) return null;
  return yield* withoutTheNeedless(question, reruns, set);
}

function isMet(question: Question, parts: readonly Part[]): boolean {
  return question.verdict(parts)?.met === true;
}

function isNearer(one: Ranked | null, other: Ranked | null): boolean {
  return one !== null && (other === null || nearestFirst(one, other) < 0);
}

/** A part that was added early may not be needed beside those that came after it. */
function* withoutTheNeedless(
  question: Question,
  reruns: PlanReruns,
  found: readonly Part[],
): Reruns<readonly Part[]> {
  let set = found;
  for (const part of found) {
    const smaller = without(set, part);
    if (smaller.length < 2 || !isMet(question, set)) return set;
    yield* reruns.rehearse([smaller]);
    if (isMet(question, smaller)) set = smaller;
  }
  return set;
}
