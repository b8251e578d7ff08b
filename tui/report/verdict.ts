/**
 * The verdict of a result: what a planner must see first. One state, one line, and every goal with
 * its value, what it may be, how far it is from that, and its interval over the seeds.
 */
import { METRICS } from "../../twin/metrics.ts";
import type { ExpectationResult, RunResult } from "../../twin/result.ts";
import { parseExpectation } from "../../twin/scenario/expectation.ts";
import { type Range, rangeOf } from "../../twin/scenario/expectation-verdict.ts";
import {
  comparisonSentences,
  DECISIVE,
  finishedIn,
  isVisible,
  leadingComparison,
  NOT_MEASURED,
  SURE_ENOUGH,
} from "./findings.ts";
import { figureText, percentText } from "./quantity.ts";

/** `good` ✓, `warning` ▲, `bad` ✗, `none` ●: nothing was asked. */
export type VerdictState = "good" | "warning" | "bad" | "none";

export const VERDICT_SIGNS: Readonly<Record<VerdictState, string>> = {
  good: "✓",
  warning: "▲",
  bad: "✗",
  none: "●",
};

export interface Verdict {
  readonly state: VerdictState;
  readonly title: string;
  /** Goals that are missed, then which plan does better where plans were compared. */
  readonly sentences: readonly string[];
  /** The latter alone. */
  readonly compared: readonly string[];
  readonly missed: readonly string[];
}

export function verdictOf(result: RunResult): Verdict {
  const missed = missedSentences(result);
  const compared = comparisonVerdict(result);
  return { ...goalsVerdict(result), sentences: [...missed, ...compared], compared, missed };
}

function goalsVerdict({
  broken,
  partial,
  expectations,
  exit,
}: RunResult): Pick<Verdict, "state" | "title"> {
  const all = expectations.length;
  const missed = expectations.filter(({ met }) => met === false).length;
  const unjudged = expectations.filter(({ met }) => met === null).length;
  const goals = (count: number) => `${count} goal${count === 1 ? "" : "s"}`;
  if (broken.length > 0) {
    const what = broken.length === 1 ? "An invariant" : `${broken.length} invariants`;
    return { state: "bad", title: `${what} of the store broke` };
  }
  if (partial) return { state: "warning", title: `Partial: ${exit.reason}` };
  if (all === 0) return { state: "none", title: "No goals were set" };
  if (missed > 0) return { state: "bad", title: `${missed} of ${goals(all)} missed` };
  if (unjudged === all) return { state: "warning", title: "No goal can be judged at this scale" };
  if (unjudged > 0) {
    const title = `${goals(all - unjudged)} met, ${unjudged} not judged at this scale`;
    return { state: "good", title };
  }
  return { state: "good", title: all === 1 ? "The goal is met" : `All ${goals(all)} met` };
}

/** Goals that a verdict names; the table has all. */
const MISSED_TOLD = 3;

function missedSentences(result: RunResult): readonly string[] {
  const missed = goalRows(result).filter(({ state }) => state === "bad");
  const told = missed.slice(0, MISSED_TOLD).map(({ plan, metric, value, goal, goalHere }) => {
    const here = goalHere === "" ? "" : `, here ${goalHere}`;
    return `${plan}: ${metric} is ${value} and must be ${goal}${here}.`;
  });
  const more = missed.length - told.length;
  return more > 0 ? [...told, `And ${more} more.`] : told;
}

/** Who does better in how many figures, and the figure that weighs most. */
function comparisonVerdict(result: RunResult): readonly string[] {
  if (finishedIn(result) === 0) return ["Nothing has finished, so there is nothing to say yet."];
  return (result.comparisons ?? leadingComparison(result)).flatMap((one) => {
    const { first, second, differences } = one;
    const told = DECISIVE.flatMap((name) => {
      const difference = differences[name];
      if (difference === undefined || difference.n === 0 || difference.better === null) return [];
      const isSure = difference.n >= 2 && difference.sure >= SURE_ENOUGH;
      return isSure && isVisible(name, difference, one, result) ? [difference.better] : [];
    });
    const count = (plan: string) => told.filter((better) => better === plan).length;
    const of = `of ${DECISIVE.length} decisive figures`;
    const [leader, other] = count(first) >= count(second) ? [first, second] : [second, first];
    const [lead] = comparisonSentences(one, result);
    const tally =
      told.length === 0
        ? `No decisive figure surely differs between ${first} and ${second}.`
        : `${leader} is surely better than ${other} in ${count(leader)} ${of}, ${other} in ${count(other)}.`;
    return lead === undefined ? [tally] : [tally, lead];
  });
}

export interface GoalRow {
  readonly state: VerdictState;
  readonly word: string;
  readonly plan: string;
  readonly metric: string;
  readonly description: string;
  readonly value: string;
  /** As written, for the sale at full size. */
  readonly goal: string;
  /** What that comes to at the scale of the result; nothing where it is the same. */
  readonly goalHere: string;
  /** How far the value is from where the goal would turn; nothing where that is no number. */
  readonly margin: string;
  /** The 95 % interval over the seeds. */
  readonly interval: string;
  readonly why: string;
}

const WORDS: Readonly<Record<VerdictState, string>> = {
  good: "met",
  warning: "not judged",
  bad: "missed",
  none: "",
};

const KNOWN = new Map(METRICS.map((metric) => [metric.name, metric]));

/** Every goal of every plan, those that were missed first. */
export function goalRows(result: RunResult): readonly GoalRow[] {
  const rows = result.expectations.map((one) => goalRow(one, result));
  const rank = (state: VerdictState) => ["bad", "warning", "good", "none"].indexOf(state);
  return [...rows].sort((one, other) => rank(one.state) - rank(other.state));
}

function goalRow(one: ExpectationResult, result: RunResult): GoalRow {
  const { plan, metric, expect, value, met, why } = one;
  const state = met === null ? "warning" : met ? "good" : "bad";
  const text = (figure: number) => figureText(metric, figure, result);
  const estimate = ownEstimate(result, plan, metric);
  const judged = judgedRange(one, result);
  const full = judgedRange(one, { ...result, scale: 1 });
  const goalHere = judged === null || full === null ? "" : rangeText(judged, text);
  return {
    state,
    word: WORDS[state],
    plan,
    metric,
    description: KNOWN.get(metric)?.description ?? "",
    value: value === null ? NOT_MEASURED : text(value),
    goal: expect,
    goalHere: full === null || goalHere === rangeText(full, text) || met === null ? "" : goalHere,
    margin: judged === null || met === null ? "" : marginText(judged, value, text),
    interval:
      estimate === undefined || estimate.n < 2
        ? ""
        : `${text(estimate.low)} to ${text(estimate.high)}`,
    why,
  };
}

function ownEstimate(result: RunResult, plan: string, metric: string) {
  const metrics = Object.hasOwn(result.plans, plan) ? result.plans[plan]?.metrics : undefined;
  return metrics !== undefined && Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
}

/** The figures that meet a goal about the whole sale; null for one about its course, or that cannot be read. */
function judgedRange(
  { metric, expect }: ExpectationResult,
  result: Pick<RunResult, "scale" | "currency">,
): Range | null {
  const expectation = parseExpectation({ metric, expect });
  if ("message" in expectation || expectation.when.kind !== "overall") return null;
  return rangeOf(expectation, result);
}

function rangeText({ operator, low, high }: Range, text: (figure: number) => string): string {
  if (operator === "=") return low === high ? `= ${text(low)}` : `${text(low)} to ${text(high)}`;
  return `${operator} ${text(operator.startsWith("<") ? high : low)}`;
}

/** What is left to the nearest bound, or what is over it, also as a share of the bound. */
function marginText(
  { operator, low, high }: Range,
  value: number | null,
  text: (figure: number) => string,
): string {
  if (value === null || !Number.isFinite(value) || (operator === "=" && low === high)) return "";
  const room = operator.startsWith("<")
    ? high - value
    : operator.startsWith(">")
      ? value - low
      : Math.min(high - value, value - low);
  const bound =
    operator.startsWith("<") || (operator === "=" && high - value < value - low) ? high : low;
  const share = bound === 0 ? "" : ` (${percentText(Math.abs(room / bound))})`;
  return room < 0 ? `${text(-room)} beyond${share}` : `${text(room)} to spare${share}`;
}
