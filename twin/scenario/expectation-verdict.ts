/**
 * Whether a plan's figures meet an expectation, and why not.
 *
 * Expectations are written for the sale at full size. At a smaller scale (`scale.ts`) each metric
 * has one of three {@link Sizing}s:
 *
 * - `with-shoppers`: recipients, traffic and stock are cut in proportion, and so are counts and
 *   money. The value expected is cut by the scale as well. So is every peak, though the smaller
 *   world is relatively noisier.
 * - `as-it-is`: shares, delays and the mean order stay about the same, for cores, backlog and
 *   memory follow the shoppers; so do the SKUs, of which there are as many. Below one core of one
 *   instance the small world has more room than it should, and delays come out too good.
 * - `not-judged`: servers, and what they cost, come whole. Cores are cut before instances, both are rounded, and there
 *   is always one; what 12 instances of a full sale are at 5 % is no number to hold figures
 *   against. Nothing but 0 is expected of them at a scale: nothing is nothing at any size.
 */
import type { Ticks } from "../../engine/time.ts";
import { METRICS } from "../metrics.ts";
import type { Estimate, PlanResult } from "../result.ts";
import { type Moment, ticksSince } from "./date.ts";
import type { Expectation, ExpectedWhen, Operator } from "./expectation.ts";
import { parseDuration, toMinor, writeDuration } from "./units.ts";

/** What a run yields that expectations are held against. */
export interface ExpectationFacts {
  /** By name; money in minor units, durations in milliseconds, shares as ratios. */
  readonly metrics: Readonly<Record<string, Estimate>>;
  /** Means over seeds, per interval of `seriesEvery`. */
  readonly series: Readonly<Record<string, readonly number[] | string>>;
  readonly seriesEvery: Ticks;
  /** Tick 0, for expectations about a date. */
  readonly starts: Moment;
  readonly currency: string;
  /** The share of full size that was rehearsed. */
  readonly scale: number;
}

interface Verdict {
  /** Null where it cannot be judged at this scale. */
  readonly met: boolean | null;
  /** What was compared; null where the metric was not measured. */
  readonly value: number | null;
  /** Plain words. */
  readonly why: string;
}

export function factsOf(options: {
  readonly result: PlanResult;
  readonly starts: Moment;
  readonly currency: string;
  readonly scale: number;
}): ExpectationFacts {
  const { result, starts, currency, scale } = options;
  const every = parseDuration(result.series.every);
  return {
    metrics: result.metrics,
    series: result.series,
    seriesEvery: every.ok ? every.value : 0,
    starts,
    currency,
    scale,
  };
}

export function evaluateExpectation(expectation: Expectation, facts: ExpectationFacts): Verdict {
  if (!isJudged(expectation, facts.scale)) {
    const value = measured(facts.metrics, expectation.metric)?.mean ?? null;
    const why = expectation.fullSize
      ? "a smaller world says nothing about it; run at full size to judge it"
      : "servers come whole at any scale; run at full size to judge it";
    return { met: null, value, why };
  }
  const range = rangeOf(expectation, facts);
  if (expectation.when.kind === "overall") return overall(expectation, facts, range);
  return overTime(expectation, expectation.when, facts, range);
}

/** How far a value is from those that meet an expectation; 0 for one of them. */
export function distanceFrom(
  expectation: Expectation,
  facts: ExpectationFacts,
  value: number | null,
): number {
  if (value === null) return Number.POSITIVE_INFINITY;
  const range = rangeOf(expectation, facts);
  if (range.operator.startsWith("<")) return Math.max(0, value - range.high);
  if (range.operator.startsWith(">")) return Math.max(0, range.low - value);
  return Math.max(0, range.low - value, value - range.high);
}

/** The figures that meet an expectation. */
export interface Range {
  readonly operator: Operator;
  readonly low: number;
  readonly high: number;
}

function holds(range: Range, value: number): boolean {
  switch (range.operator) {
    case "<":
      return value < range.high;
    case "<=":
      return value <= range.high;
    case ">":
      return value > range.low;
    case ">=":
      return value >= range.low;
    case "=":
      return value >= range.low && value <= range.high;
  }
}

/** How a metric goes with the size of the world. */
export type Sizing = "with-shoppers" | "as-it-is" | "not-judged";

const SIZINGS: ReadonlyMap<string, Sizing> = new Map(
  METRICS.map(({ name, unit }) => {
    if (/^(instances?|cost|database|functions)([.{]|$)/u.test(name)) return [name, "not-judged"];
    const same = unit === "share" || unit === "ms" || name === "order.value.mean";
    return [name, same || name === "soldOut" ? "as-it-is" : "with-shoppers"];
  }),
);

export function sizingOf(metric: string): Sizing {
  return SIZINGS.get(metric) ?? "with-shoppers";
}

function isJudged({ metric, value, fullSize }: Expectation, scale: number): boolean {
  const nothing = value.kind !== "money" && value.number === 0;
  return scale === 1 || (!fullSize && (nothing || sizingOf(metric) !== "not-judged"));
}

/** What an expectation of full size asks of a sale of this scale, in the metric's own unit. */
export function rangeOf(
  expectation: Expectation,
  facts: Pick<ExpectationFacts, "scale" | "currency">,
): Range {
  const { value, operator, metric } = expectation;
  const size = sizingOf(metric) === "with-shoppers" ? facts.scale : 1;
  const full = value.kind === "money" ? toMinor(value.amount, facts.currency) : value.number;
  const target = full * size;
  const slack = Math.abs(target) * (expectation.tolerance ?? 0);
  return { operator, low: target - slack, high: target + slack };
}

function rangeInWords({ operator, low, high }: Range): string {
  if (operator === "=") return low === high ? `= ${round(low)}` : `${round(low)} to ${round(high)}`;
  return `${operator} ${round(operator.startsWith("<") ? high : low)}`;
}

function round(value: number): string {
  return String(Math.round(value * 1e6) / 1e6);
}

function overall(expectation: Expectation, facts: ExpectationFacts, range: Range): Verdict {
  const estimate = measured(facts.metrics, expectation.metric);
  if (estimate === null) {
    return { met: false, value: null, why: `${expectation.metric} was not measured` };
  }
  const { mean, low, high, n } = estimate;
  if (n === 0) return { met: false, value: null, why: "nothing was measured" };
  if (!expectation.sure) {
    const why = `the mean of ${n} ${n === 1 ? "seed" : "seeds"}, ${round(mean)}, against ${rangeInWords(range)}`;
    return { met: holds(range, mean), value: mean, why };
  }
  if (n < 2) {
    return { met: false, value: mean, why: "one seed has no interval; run with --seeds 2 or more" };
  }
  const met = holds(range, low) && holds(range, high);
  const why = `the 95% interval of ${n} seeds, ${round(low)} to ${round(high)}, against ${rangeInWords(range)}`;
  return { met, value: mean, why };
}

function measured(metrics: Readonly<Record<string, Estimate>>, name: string): Estimate | null {
  return Object.hasOwn(metrics, name) ? (metrics[name] ?? null) : null;
}

function overTime(
  expectation: Expectation,
  when: Exclude<ExpectedWhen, { kind: "overall" }>,
  facts: ExpectationFacts,
  range: Range,
): Verdict {
  const series = Object.hasOwn(facts.series, expectation.metric)
    ? facts.series[expectation.metric]
    : undefined;
  if (!Array.isArray(series) || facts.seriesEvery <= 0) {
    return { met: false, value: null, why: `${expectation.metric} was not measured over time` };
  }
  return when.kind === "for-all-but"
    ? forAllBut(series, when.duration, facts.seriesEvery, range)
    : within(series, { ...when, after: ticksSince(facts.starts, when.of) }, facts, range);
}

/** Intervals in which nothing was measured (not a number) neither meet nor miss. */
function forAllBut(series: readonly number[], allowed: Ticks, every: Ticks, range: Range): Verdict {
  if (!series.some(Number.isFinite)) {
    return { met: false, value: null, why: "nothing was measured" };
  }
  const missing = series.filter((value) => Number.isFinite(value) && !holds(range, value));
  const outside = missing.length * every;
  const worst = worstOf(series, range);
  const time = outside === 0 ? "never" : `for ${writeDuration(outside)}`;
  const why = `${time} outside ${rangeInWords(range)}, in intervals of ${writeDuration(every)}`;
  return { met: outside <= allowed, value: worst, why };
}

function within(
  series: readonly number[],
  when: { readonly duration: Ticks; readonly after: Ticks },
  facts: ExpectationFacts,
  range: Range,
): Verdict {
  const { seriesEvery: every } = facts;
  const first = Math.max(0, Math.floor(when.after / every));
  const last = Math.floor((when.after + when.duration) / every);
  const looked = series.slice(first, last + 1).filter(Number.isFinite);
  if (looked.length === 0) return { met: false, value: null, why: "nothing was measured" };
  const meeting = looked.find((value) => holds(range, value));
  const span = `within ${writeDuration(when.duration)} of +${writeDuration(Math.max(0, when.after))}`;
  if (meeting !== undefined) {
    return { met: true, value: meeting, why: `${round(meeting)} ${span}` };
  }
  const why = `no interval ${span} is ${rangeInWords(range)}`;
  return { met: false, value: worstOf(looked, range), why };
}

function worstOf(series: readonly number[], range: Range): number | null {
  const values = series.filter(Number.isFinite);
  if (values.length === 0) return null;
  const distance = (value: number): number => {
    if (range.operator.startsWith("<")) return value - range.high;
    if (range.operator.startsWith(">")) return range.low - value;
    return Math.max(range.low - value, value - range.high);
  };
  return values.reduce((worst, value) => (distance(value) > distance(worst) ? value : worst));
}
