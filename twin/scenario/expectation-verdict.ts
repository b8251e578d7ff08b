/** Whether a plan's figures meet an expectation, and why not. */
import type { Ticks } from "../../engine/time.ts";
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
  /** Counts and money are expected at full size and compared at this share of it. */
  readonly scale: number;
}

interface Verdict {
  readonly met: boolean;
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
  const range = rangeOf(expectation, facts);
  if (expectation.when.kind === "overall") return overall(expectation, facts, range);
  return overTime(expectation, expectation.when, facts, range);
}

/** The figures that meet an expectation. */
interface Range {
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

/** Metrics that a smaller world leaves as they are: shares, delays, means, and kinds of things. */
const SIZELESS =
  /(^|\.)(conversion|availability|latency|wait|mean|rate|ratio|csat|soldOut)(\.|\{|$)/u;

function rangeOf(expectation: Expectation, facts: ExpectationFacts): Range {
  const { value, operator, metric } = expectation;
  const size = SIZELESS.test(metric) ? 1 : facts.scale;
  const target =
    value.kind === "money"
      ? toMinor(value.amount, facts.currency) * size
      : value.number * (value.kind === "number" ? size : 1);
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
