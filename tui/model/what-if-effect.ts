/**
 * What the changes of a plan bring: base, now and their paired difference, the goals under both,
 * and which lever would move a figure most. All numbers are those of `rehearse compare --what-if`.
 */
import type { Estimate, RunResult } from "../../twin/result.ts";
import { isVisible, NOT_MEASURED, SURE_ENOUGH } from "../report/findings.ts";
import { figureText } from "../report/quantity.ts";
import { signed } from "./comparison-table.ts";

/** What a planner weighs against each other; a queue is shown where there is one. */
const EFFECT_METRICS = [
  "orders",
  "revenue",
  "revenue.lost",
  "latency.p95",
  "shoppers.concurrent.peak",
  "queue.length.peak",
  "queue.wait.p95",
  "errors.rate",
  "instances.peak",
  "instance.hours",
  "cost",
] as const;

/** Names of the plans of a result that a planner sees as now and base. */
export interface WhatIfPlans {
  /** Null where nothing is changed. */
  readonly now: string | null;
  readonly base: string;
}

/** `chance`: a difference that may be none; `same`: none; `differs`: neither way is better. */
export type EffectWord = "better" | "worse" | "chance" | "same" | "differs" | "";

export interface EffectRow {
  readonly metric: string;
  readonly base: string;
  readonly now: string;
  /** Now minus base, with half of its 95 % interval. */
  readonly change: string;
  readonly direction: "up" | "down" | "none";
  readonly word: EffectWord;
}

export function effectRows(result: RunResult, plans: WhatIfPlans): readonly EffectRow[] {
  const base = result.plans[plans.base]?.metrics ?? {};
  return EFFECT_METRICS.filter((name) => (base[name]?.n ?? 0) > 0).map((metric) => {
    const text = meanText(metric, base[metric], result);
    const none = { metric, base: text, now: "", change: "", direction: "none", word: "" } as const;
    const { now } = plans;
    const difference = result.differences?.[metric];
    if (now === null) return none;
    const changed = meanText(metric, result.plans[now]?.metrics[metric], result);
    if (difference === undefined || difference.n === 0)
      return { ...none, now: changed, change: NOT_MEASURED };
    const visible = isVisible(metric, difference, { first: now, second: plans.base }, result);
    if (!visible) return { ...none, now: changed, change: "none", word: "same" };
    const figure = (value: number) => figureText(metric, value, result);
    const half = difference.n < 2 ? "" : ` ± ${figure((difference.high - difference.low) / 2)}`;
    return {
      ...none,
      now: changed,
      change: `${signed(difference.mean, figure)}${half}`,
      direction: difference.mean > 0 ? "up" : "down",
      word: wordOf(difference, now),
    };
  });
}

function meanText(metric: string, estimate: Estimate | undefined, result: RunResult): string {
  return estimate === undefined || estimate.n === 0
    ? NOT_MEASURED
    : figureText(metric, estimate.mean, result);
}

function wordOf(
  { n, sure, better }: NonNullable<RunResult["differences"]>[string],
  now: string,
): EffectWord {
  if (n >= 2 && sure < SURE_ENOUGH) return "chance";
  if (better === null) return "differs";
  return better === now ? "better" : "worse";
}

export interface GoalRow {
  readonly goal: string;
  /** Null where it cannot be judged at this scale. */
  readonly base: { readonly met: boolean | null; readonly value: string };
  readonly now: { readonly met: boolean | null; readonly value: string } | null;
}

export function goalRows(result: RunResult, plans: WhatIfPlans): readonly GoalRow[] {
  const of = (plan: string | null) => result.expectations.filter((one) => one.plan === plan);
  const changed = of(plans.now);
  const side = ({ met, value, metric }: RunResult["expectations"][number]) => ({
    met,
    value: value === null ? NOT_MEASURED : figureText(metric, value, result),
  });
  return of(plans.base).map((one) => {
    const other = changed.find(
      ({ metric, expect }) => metric === one.metric && expect === one.expect,
    );
    return {
      goal: `${one.metric} ${one.expect}`,
      base: side(one),
      now: other === undefined ? null : side(other),
    };
  });
}

/** How far one step of one lever moves a figure. */
export interface LeverMove {
  readonly label: string;
  /** `4 → 5` */
  readonly step: string;
  /** Of the figure, in its own unit. */
  readonly mean: number;
  readonly text: string;
  readonly isSure: boolean;
}

export function leverMove(
  result: RunResult,
  {
    metric,
    label,
    step,
  }: { readonly metric: string; readonly label: string; readonly step: string },
): LeverMove | null {
  const difference = result.differences?.[metric];
  if (difference === undefined || difference.n === 0) return null;
  const { mean, sure } = difference;
  const text = signed(mean, (value) => figureText(metric, value, result));
  return { label, step, mean, text, isSure: sure >= SURE_ENOUGH };
}

/** Those that move it most first; what moves nothing is left out. */
export function largestMoves(moves: readonly LeverMove[]): readonly LeverMove[] {
  return moves
    .filter(({ mean }) => mean !== 0)
    .sort((one, other) => Math.abs(other.mean) - Math.abs(one.mean));
}
