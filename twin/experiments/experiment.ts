/**
 * Turns finished rehearsals into the one result that every report, screen and golden is drawn
 * from. Plain arithmetic over its input: the same rehearsals give the same bytes, in whatever
 * order the workers finished them.
 */
import { assert } from "../../engine/assert.ts";
import { HOUR, MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import { SERIES_INTERVAL } from "../metrics.ts";
import type { PlanResult, Rehearsal, RunResult } from "../result.ts";
import type { PlanSpec, Scenario } from "../scenario/scenario.ts";
import type { Intervention } from "../stepped/intervention.ts";
import { bandsOf } from "./bands.ts";
import { comparisonsOf } from "./comparison.ts";
import { brokenInvariantsOf, type JudgedPlan, judgedExpectations } from "./expectations.ts";
import { estimatesOf } from "./figures.ts";
import { inputsOf } from "./inputs.ts";
import { jobsOf } from "./jobs.ts";
import { marksOf } from "./marks.ts";

export const RESULT_SCHEMA = "scenarios/result.schema.json";

export interface Experiment {
  readonly verb: "run" | "compare";
  readonly scenario: Scenario;
  /** The plans in the order they were asked for; a comparison is of the first against the others. */
  readonly plans: readonly PlanSpec[];
  readonly seeds: readonly string[];
  /** Of the world: 1 is full size. */
  readonly scale: number;
  readonly version: string;
  /** The command that repeats this experiment. */
  readonly repeat: string;
  /** What is changed on the way; nothing where left out. */
  readonly interventions?: readonly Intervention[];
}

/**
 * The result of an experiment. `rehearsals` stand in the order of {@link jobsOf}; null, or one that
 * is not complete, is a rehearsal that was interrupted: it is left out and the result is partial.
 */
export function resultOf(
  experiment: Experiment,
  rehearsals: readonly (Rehearsal | null)[],
): RunResult {
  const names = experiment.plans.map((plan) => plan.name);
  const jobs = jobsOf(names, experiment.seeds);
  assert(rehearsals.length === jobs.length, "there is one place per rehearsal that was asked for");
  const complete = rehearsals.filter((one) => one?.complete === true);
  const judged = experiment.plans.map((plan) => {
    const own = rehearsals.filter(
      (one, index): one is Rehearsal => jobs[index]?.plan === plan.name && one?.complete === true,
    );
    return { plan, rehearsals: own, result: planResult(plan, own, experiment.interventions) };
  });
  const expectations = judgedExpectations(experiment.scenario, judged, experiment.scale);
  const broken = brokenInvariantsOf(judged);
  const partial = complete.length < jobs.length;
  return {
    $schema: RESULT_SCHEMA,
    schemaVersion: 1,
    verb: experiment.verb,
    scenario: experiment.scenario.name,
    version: experiment.version,
    currency: experiment.plans[0]?.world.currency ?? "",
    scale: experiment.scale,
    plans: Object.fromEntries(
      judged.map((one) => [one.plan.name, chartedResult(one, experiment.interventions)]),
    ),
    ...comparisonsOf(judged),
    expectations,
    broken,
    events: complete.reduce((sum, one) => sum + (one?.events ?? 0), 0),
    partial,
    repeat: experiment.repeat,
    exit: exitOf({ partial, finished: complete.length, asked: jobs.length, expectations, broken }),
  };
}

/** What rehearsals of one plan come to; all of them ran to their end. */
export function planResult(
  plan: PlanSpec,
  rehearsals: readonly Rehearsal[],
  interventions: readonly Intervention[] = [],
): PlanResult {
  return {
    seeds: rehearsals.map((one) => one.seed),
    digest: rehearsals.map((one) => one.digest),
    inputs: inputsOf(plan, interventions),
    metrics: estimatesOf(rehearsals),
    series: { every: durationWord(SERIES_INTERVAL), ...meanSeries(rehearsals) },
  };
}

/** With what charts draw besides the series; of no finished rehearsal there is nothing to draw. */
function chartedResult(
  { plan, rehearsals, result }: JudgedPlan,
  interventions: readonly Intervention[] = [],
): PlanResult {
  if (rehearsals.length === 0) return result;
  const bands = bandsOf(rehearsals);
  const marks = marksOf(plan, result.series, rehearsals, interventions);
  return { ...result, ...(bands === null ? {} : { bands }), marks };
}

/** A duration as a scenario file writes it, in the largest unit that it is a whole number of. */
function durationWord(ticks: Ticks): string {
  if (ticks % HOUR === 0) return `${ticks / HOUR}h`;
  if (ticks % MINUTE === 0) return `${ticks / MINUTE}min`;
  return `${ticks / SECOND}s`;
}

function meanSeries(rehearsals: readonly Rehearsal[]): Record<string, readonly number[]> {
  const [first] = rehearsals;
  if (first === undefined) return {};
  const means: Record<string, readonly number[]> = {};
  for (const name of Object.keys(first.series).sort()) {
    const all = rehearsals.map((one) => one.series[name] ?? []);
    const length = Math.max(...all.map((one) => one.length));
    means[name] = Array.from({ length }, (_, index) => meanAt(all, index));
  }
  return means;
}

/**
 * A rehearsal whose series is shorter had nothing more to count: it stands as zero. Where nothing
 * was measured in an interval (not a number, as a latency without pages) it does not count.
 */
function meanAt(all: readonly (readonly number[])[], index: number): number {
  const values = all.map((one) => one[index] ?? 0).filter(Number.isFinite);
  const sum = values.reduce((total, one) => total + one, 0);
  return values.length === 0 ? Number.NaN : rounded(sum / values.length);
}

/** Six decimals are more than a series needs, and keep a result file readable. */
function rounded(value: number): number {
  return Math.round(value * 1_000_000) / 1_000_000;
}

interface Outcome {
  readonly partial: boolean;
  readonly finished: number;
  readonly asked: number;
  readonly expectations: RunResult["expectations"];
  readonly broken: RunResult["broken"];
}

function metReason(expectations: RunResult["expectations"]): string {
  const all = expectations.length;
  const met = expectations.filter((one) => one.met === true).length;
  if (all === 0) return "done; nothing was expected";
  if (met === all) return `all ${all} expectations met`;
  return `${met} of ${all} expectations met, ${all - met} not judged at this scale`;
}

/** 130 interrupted, 1 an invariant broken or an expectation missed, else 0. */
function exitOf(outcome: Outcome): RunResult["exit"] {
  const missed = outcome.expectations.filter((one) => one.met === false);
  if (outcome.partial) {
    const reason = `interrupted after ${outcome.finished} of ${outcome.asked} rehearsals`;
    return { code: 130, reason };
  }
  if (outcome.broken.length > 0) {
    const [first] = outcome.broken;
    return { code: 1, reason: `invariant ${first?.id} broken: ${first?.what}` };
  }
  if (missed.length > 0) {
    const names = missed.map((one) => `${one.metric} of ${one.plan}`).join(", ");
    return {
      code: 1,
      reason: `${missed.length} of ${outcome.expectations.length} expectations missed: ${names}`,
    };
  }
  return { code: 0, reason: metReason(outcome.expectations) };
}
