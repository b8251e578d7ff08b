/**
 * A result as the rows and sentences that reports show: what the figures are, what they mean, and
 * what to do to see them again. Terminal and Markdown draw the same rows.
 */

import { METRICS } from "../../twin/metrics.ts";
import type { Difference, Estimate, PlanResult, RunResult } from "../../twin/result.ts";
import { feedbackSentences, tierSentences } from "./audience-findings.ts";
import { figureText, percentText, plainNumber, sureText } from "./quantity.ts";

/** What a planner looks at first, in this order; the JSON has every metric. */
const HEADLINE = [
  "revenue",
  "revenue.bestDay",
  "orders",
  "orders.per5min.peak",
  "order.value.mean",
  "conversion",
  "sessions",
  "shoppers.concurrent.peak",
  "carts",
  "carts.abandoned",
  "revenue.lost",
  "soldOut",
  "oversold",
  "latency.p95",
  "latency.p99",
  "errors.rate",
  "availability",
  "instances.peak",
  "instance.hours",
  "cost",
  "payments.declined",
  "payments.inDoubt",
] as const;

/** Below those, what a scenario asked for: the figures of its parts, broken down ones left out. */
const OF_PARTS = METRICS.filter(({ name, ofPart }) => ofPart && !name.includes("{")).map(
  ({ name }) => name,
);

/** Every sale has these; beside bots they say what the raid, or the limits, cost shoppers. */
const BESIDE_BOTS = ["honest.orders", "honest.success", "shoppers.limited"] as const;

/** Metrics whose differences are said in words. */
export const DECISIVE = [
  "revenue",
  "orders",
  "revenue.lost",
  "latency.p95",
  "errors.rate",
  "instances.peak",
  "instance.hours",
  "cost",
  "recovery.time",
  "sellers.other.latency.p95",
] as const;

/** Below this a difference is called chance. */
export const SURE_ENOUGH = 0.95;

export interface FigureTable {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The metrics that a report of this result has a row for, in its order. */
export function figureNames(result: RunResult): readonly string[] {
  const plans = Object.entries(result.plans);
  const isMeasured = (name: string) => plans.some(([, { metrics }]) => (metrics[name]?.n ?? 0) > 0);
  const known = HEADLINE.filter((name) => plans.some(([, { metrics }]) => name in metrics));
  const honest = isMeasured("bots.requests") ? BESIDE_BOTS : [];
  return [...known, ...OF_PARTS.filter(isMeasured), ...honest];
}

/** One row per headline metric, one column per plan, the paired difference last where there are two plans. */
export function figureTable(result: RunResult): FigureTable {
  const plans = Object.entries(result.plans);
  const names = figureNames(result);
  const differences = plans.length === 2 ? result.differences : undefined;
  const heads = ["", ...plans.map(([name]) => name), ...(differences ? ["difference"] : [])];
  const rows = names.map((name) => [
    name,
    ...plans.map(([, plan]) => estimateText(name, plan.metrics[name], result)),
    ...(differences ? [differenceText(name, differences[name], result)] : []),
  ]);
  return { heads, rows };
}

/** What stands in a table for a figure that nothing was measured of. */
export const NOT_MEASURED = "–";

export function estimateText(
  name: string,
  estimate: Estimate | undefined,
  result: RunResult,
): string {
  if (estimate === undefined || estimate.n === 0) return NOT_MEASURED;
  const value = figureText(name, estimate.mean, result);
  return estimate.n < 2 ? value : `${value} ± ${halfWidth(estimate)}`;
}

/** Half of the interval as a share of the mean, which compares across metrics. */
function halfWidth({ mean, low, high }: Estimate): string {
  const half = (high - low) / 2;
  return mean === 0 ? plainNumber(half, 1) : percentText(half / Math.abs(mean));
}

function differenceText(
  name: string,
  difference: Difference | undefined,
  result: RunResult,
): string {
  if (difference === undefined || difference.n === 0) return NOT_MEASURED;
  const value = figureText(name, difference.mean, result);
  const half = figureText(name, (difference.high - difference.low) / 2, result);
  if (difference.mean === 0 || (isZero(value) && isZero(half))) return "none";
  const sign = difference.mean > 0 ? "+" : "";
  return difference.n < 2 ? `${sign}${value}` : `${sign}${value} ± ${half}`;
}

/** What the figures mean, one sentence each. */
export function meaningOf(result: RunResult): readonly string[] {
  const interrupted = `PARTIAL: ${result.exit.reason}`;
  if (finishedIn(result) === 0) return [`${interrupted}; there is nothing to say yet.`];
  return [
    ...(result.partial ? [`${interrupted}; the figures are of what had finished.`] : []),
    ...(result.comparisons ?? leadingComparison(result)).flatMap((one) =>
      comparisonSentences(one, result),
    ),
    ...serviceSentences(result),
    ...lossSentences(result),
    ...tierSentences(result),
    ...feedbackSentences(result),
    expectationSentence(result),
    invariantSentence(result),
  ];
}

/** Rehearsals that ran to their end. */
export function finishedIn(result: RunResult): number {
  return Object.values(result.plans).reduce((sum, plan) => sum + plan.seeds.length, 0);
}

export function leadingComparison(result: RunResult) {
  const [first, second] = Object.keys(result.plans);
  if (result.differences === undefined || first === undefined || second === undefined) return [];
  return [{ first, second, differences: result.differences }];
}

export function comparisonSentences(
  { first, second, differences }: NonNullable<RunResult["comparisons"]>[number],
  result: RunResult,
): readonly string[] {
  const told = DECISIVE.flatMap((name) => {
    const difference = differences[name];
    return difference === undefined || difference.n === 0 ? [] : [{ name, difference }];
  });
  const plans = { first, second };
  const shows = ({ name, difference }: (typeof told)[number]) =>
    isVisible(name, difference, plans, result);
  const clear = told.filter(shows);
  const same = told.filter((one) => !shows(one)).map(({ name }) => name);
  return [
    ...clear.map(({ name, difference }) => verdict(name, difference, plans, result)),
    ...(same.length > 0 ? [`${first} and ${second} do not differ in ${same.join(", ")}.`] : []),
  ];
}

/** Below this share of the figure itself a difference is none that anybody would act on. */
const SHARE_VISIBLE = 1e-6;

/** Whether a difference is worth a sentence: more than a millionth, and more than its own spelling of 0. */
export function isVisible(
  name: string,
  { mean }: Difference,
  plans: { readonly first: string; readonly second: string },
  result: RunResult,
): boolean {
  const sizes = [plans.first, plans.second].map((plan) =>
    Math.abs(result.plans[plan]?.metrics[name]?.mean ?? 0),
  );
  if (Math.abs(mean) <= Math.max(...sizes) * SHARE_VISIBLE) return false;
  return !isZero(figureText(name, mean, result));
}

/** Whether a figure reads as nothing, in whatever unit: `0`, `0.0 h`, `$0.00`. */
function isZero(text: string): boolean {
  return !/[1-9]/u.test(text);
}

function verdict(
  name: string,
  difference: Difference,
  plans: { readonly first: string; readonly second: string },
  result: RunResult,
): string {
  const better = difference.better ?? (difference.mean > 0 ? plans.first : plans.second);
  const other = better === plans.first ? plans.second : plans.first;
  const by = figureText(name, Math.abs(difference.mean), result);
  const base = result.plans[other]?.metrics[name]?.mean ?? 0;
  const share = base === 0 ? "" : ` (${percentText(Math.abs(difference.mean / base))})`;
  const said = `${name}: ${better} does better than ${other} by ${by}${share}`;
  if (difference.n < 2)
    return `${said} with this one seed; how sure that is takes --seeds 2 or more.`;
  if (difference.sure < SURE_ENOUGH) {
    const sure = sureText(difference.sure);
    return `${name}: the difference of ${by}${share} in favour of ${better} may be chance (sure to ${sure}).`;
  }
  return `${said}, sure to ${sureText(difference.sure)}.`;
}

/** Where a store missed its service level, and for how long it was down. */
function serviceSentences(result: RunResult): readonly string[] {
  return Object.entries(result.plans).flatMap(([plan, { metrics }]) => {
    const mean = (name: string): number => metrics[name]?.mean ?? 0;
    const said = (name: string): string => figureText(name, mean(name), result);
    const knee = `${plan} first missed its service level with ${said("shoppers.concurrent.knee")} concurrent shoppers.`;
    const down = `${plan} was down for ${said("downtime")}, at most ${said("downtime.longest")} without a break; of its pages ${said("errors")} were refused or lost.`;
    return [
      ...((metrics["shoppers.concurrent.knee"]?.n ?? 0) > 0 ? [knee] : []),
      ...(mean("downtime") > 0 ? [down] : []),
    ];
  });
}

/** Where money was lost for a cause that the shop could mend, the largest cause of each plan. */
function lossSentences(result: RunResult): readonly string[] {
  return Object.entries(result.plans).flatMap(([plan, { metrics }]) => {
    const lost = metrics["revenue.lost"]?.mean ?? 0;
    const cause = largestCause(metrics);
    if (lost <= 0 || cause === null) return [];
    const revenue = metrics.revenue?.mean ?? 0;
    const share = revenue > 0 ? ` (${percentText(lost / revenue)} of its revenue)` : "";
    return [
      `${plan} left ${figureText("revenue.lost", lost, result)}${share} in abandoned carts, most of it to: ${cause}.`,
    ];
  });
}

function largestCause(metrics: PlanResult["metrics"]): string | null {
  const causes = Object.entries(metrics).filter(([name]) => name.startsWith("revenue.lost{"));
  const largest = causes.reduce<readonly [string, Estimate] | null>(
    (most, one) => (most === null || one[1].mean > most[1].mean ? one : most),
    null,
  );
  return largest === null ? null : largest[0].slice("revenue.lost{".length, -1);
}

function expectationSentence({ expectations }: RunResult): string {
  if (expectations.length === 0) return "The scenario expects nothing.";
  const all = expectations.length;
  const missed = expectations.filter((one) => one.met === false).length;
  const unjudged = expectations.filter((one) => one.met === null).length;
  const rest = unjudged === 0 ? "" : ` ${unjudged} cannot be judged at this scale.`;
  const are = (count: number) => `${count} of ${all} expectations ${count === 1 ? "is" : "are"}`;
  if (all === 1 && unjudged === 0)
    return `The one expectation is ${missed > 0 ? "missed" : "met"}.`;
  if (all === 1) return "The one expectation cannot be judged at this scale.";
  if (missed > 0) return `${are(missed)} missed.${rest}`;
  return unjudged === 0 ? `All ${all} expectations are met.` : `${are(all - unjudged)} met.${rest}`;
}

function invariantSentence(result: RunResult): string {
  const rehearsals = finishedIn(result);
  const [first] = result.broken;
  return first === undefined
    ? `Every invariant held in ${rehearsals === 1 ? "the rehearsal" : `all ${rehearsals} rehearsals`}.`
    : `${result.broken.length} invariants broken; the first: ${first.id} in ${first.plan}, seed ${first.seed}: ${first.what}.`;
}

export interface ExpectationRow {
  /** Null where it was not judged. */
  readonly met: boolean | null;
  readonly plan: string;
  readonly expect: string;
  readonly why: string;
}

export function expectationRows(result: RunResult): readonly ExpectationRow[] {
  return result.expectations.map(({ met, plan, metric, expect, why }) => ({
    met,
    plan,
    expect: `${metric} ${expect}`,
    why,
  }));
}

/** The line above the figures: what was rehearsed, how often, how large. */
export function headline(result: RunResult): string {
  return `${result.scenario}: ${extentOf(result)}`;
}

/** Which plans, with how many seeds each, and how large. */
export function extentOf(result: RunResult): string {
  const plans = Object.entries(result.plans);
  const names = plans.map(([name]) => name).join(" against ");
  const seeds = Math.max(0, ...plans.map(([, plan]) => plan.seeds.length));
  const size = result.scale === 1 ? "full size" : `at a scale of ${percentText(result.scale)}`;
  return `${names}${changedText(result)}, ${seeds} seed${seeds === 1 ? "" : "s"} a plan, ${size}`;
}

/** A plan that was changed on the way is not the plan of the file; the command has each change. */
function changedText({ repeat }: RunResult): string {
  const count = repeat.match(/ '?--change[ =]/gu)?.length ?? 0;
  return count === 0 ? "" : ` changed on the way ${count === 1 ? "once" : `${count} times`}`;
}
