/**
 * What a sale expects of a figure, in few words, and how the figure stands to it: kept, near its
 * bound or not reached yet, missed. A sign and the words say it, never a colour alone.
 */
import type { ExpectationResult, PlanResult } from "../../twin/result.ts";
import {
  type Expectation,
  expectationsOf,
  parseExpectation,
} from "../../twin/scenario/expectation.ts";
import {
  type ExpectationFacts,
  evaluateExpectation,
  sizingOf,
} from "../../twin/scenario/expectation-verdict.ts";
import type { PlanSpec, Scenario } from "../../twin/scenario/scenario.ts";
import { toMinor, writeDuration } from "../../twin/scenario/units.ts";
import {
  briefMoneyText,
  briefNumber,
  durationText,
  moneyText,
  percentText,
  plainNumber,
} from "../report/quantity.ts";
import type { Role } from "../theme/theme.ts";

export interface Goal {
  readonly metric: string;
  /** As the scenario writes it. */
  readonly expect: string;
  readonly expectation: Expectation;
}

/** `open`: it may still be kept, or cannot be judged yet. */
export type GoalState = "kept" | "near" | "open" | "missed" | "not-judged";

export const GOAL_SIGNS: Readonly<Record<GoalState, string>> = {
  kept: "✓",
  near: "▲",
  open: "▲",
  missed: "✗",
  "not-judged": "○",
};

export const GOAL_ROLES: Readonly<Record<GoalState, Role>> = {
  kept: "good",
  near: "warning",
  open: "warning",
  missed: "bad",
  "not-judged": "dim",
};

/** Every expectation of the scenario and of one of its plans. */
export function goalsOf(scenario: Scenario, plan: PlanSpec): readonly Goal[] {
  return expectationsOf(scenario, plan).flatMap(({ metric, expect }) => {
    const expectation = parseExpectation({ metric, expect });
    return "message" in expectation ? [] : [{ metric, expect, expectation }];
  });
}

export interface GoalContext {
  /** ISO 4217. */
  readonly currency: string;
  /** The share of full size at which the figure was simulated. */
  readonly scale: number;
}

/** The bound as a figure of that scale is held against it: `< 800 ms`, `> €4,300`, `= 0`. */
export function goalText({ expectation }: Goal, context: GoalContext): string {
  const { operator, tolerance, when, sure } = expectation;
  const slack = tolerance === null ? "" : ` ± ${percentText(tolerance)}`;
  const time =
    when.kind === "for-all-but"
      ? ` but ${writeDuration(when.duration)}`
      : when.kind === "within"
        ? ` within ${writeDuration(when.duration)}`
        : "";
  return `${operator} ${boundText(expectation, context)}${slack}${time}${sure ? " sure" : ""}`;
}

/** In fewer cells: `< 2.5k`, `$2.5M ± 20 %`; a clause on the time is left to the result. */
export function briefGoalText({ expectation }: Goal, context: GoalContext): string {
  const { operator, tolerance, value } = expectation;
  const bound =
    value.kind === "money"
      ? briefMoneyText(boundOf(expectation, context), context.currency)
      : value.kind === "number"
        ? briefNumber(boundOf(expectation, context))
        : boundText(expectation, context);
  return tolerance === null ? `${operator} ${bound}` : `${bound} ± ${percentText(tolerance)}`;
}

function boundText(expectation: Expectation, { currency, scale }: GoalContext): string {
  const { value } = expectation;
  const bound = boundOf(expectation, { currency, scale });
  switch (value.kind) {
    case "money":
      return moneyText(bound, currency);
    case "duration":
      return durationText(bound);
    case "share":
      return percentText(bound);
    case "number":
      return plainNumber(bound, 1);
  }
}

/** In the units of results, at the scale: money in minor units, durations in milliseconds. */
export function boundOf({ metric, value }: Expectation, { currency, scale }: GoalContext): number {
  const full = value.kind === "money" ? toMinor(value.amount, currency) : value.number;
  return full * (sizingOf(metric) === "with-shoppers" ? scale : 1);
}

/** A bound from above that is used up to this share is nearly missed. */
const NEAR_SHARE = 0.9;

export interface GoalQuestion extends GoalContext {
  readonly value: number;
  /** False while the sale goes on: what only grows may still reach its bound. */
  readonly over: boolean;
}

/** How a figure stands to its goal now. Not for goals over time, which wait for the end. */
export function goalState(goal: Goal, question: GoalQuestion): GoalState {
  const { expectation } = goal;
  const { value, scale, currency, over } = question;
  if (expectation.when.kind !== "overall" || !Number.isFinite(value)) return "open";
  const { met } = evaluateExpectation(
    { ...expectation, sure: false },
    {
      ...NO_SERIES,
      metrics: { [expectation.metric]: { mean: value, low: value, high: value, n: 1 } },
      scale,
      currency,
    },
  );
  if (met === null) return "not-judged";
  const bound = boundOf(expectation, { currency, scale });
  const fromAbove = expectation.operator.startsWith("<");
  if (met) return fromAbove && bound > 0 && value > bound * NEAR_SHARE ? "near" : "kept";
  return over || fromAbove || value > bound ? "missed" : "open";
}

const NO_SERIES: Pick<ExpectationFacts, "series" | "seriesEvery" | "starts"> = {
  series: {},
  seriesEvery: 0,
  starts: { epochMillis: 0, offsetMinutes: 0 },
};

/** A goal as a finished run left it, with the figure where it was missed. */
export function judgedState({ met }: Pick<ExpectationResult, "met">): GoalState {
  if (met === null) return "not-judged";
  return met ? "kept" : "missed";
}

/** The mean of a metric, or null where nothing was measured of it. */
export function meanOf(plan: PlanResult | undefined, metric: string): number | null {
  const estimate = plan?.metrics[metric];
  return estimate === undefined || estimate.n === 0 ? null : estimate.mean;
}
