/**
 * The figures of two plans side by side with their paired difference: the rows of the table, in an
 * order, and what stands behind one of them. All numbers are those of the result.
 */
import { METRICS } from "../../twin/metrics.ts";
import type { Difference } from "../../twin/result.ts";
import {
  estimateText,
  figureNames,
  isVisible,
  NOT_MEASURED,
  SURE_ENOUGH,
} from "../report/findings.ts";
import { figureText, sureText } from "../report/quantity.ts";
import type { Compared } from "./comparison-charts.ts";

export interface ComparisonRow {
  readonly metric: string;
  readonly first: string;
  readonly second: string;
  /** The first minus the second with its 95 % interval; `none` where nothing differs. */
  readonly difference: string;
  readonly better: "first" | "second" | null;
  readonly sure: string;
  /** Whether the difference is hardly chance. */
  readonly isSure: boolean;
}

export const SORTS = ["as listed", "surest first", "largest change", "by name"] as const;
export type Sort = (typeof SORTS)[number];

export interface TableQuestion {
  readonly sort: Sort;
  /** Rows whose names hold this; every metric is looked through, not only the leading ones. */
  readonly filter: string;
}

export function comparisonRows(
  compared: Compared,
  { sort, filter }: TableQuestion,
): readonly ComparisonRow[] {
  const { result, first, second } = compared;
  const differences = result.differences ?? {};
  const all = Object.keys(result.plans[first]?.metrics ?? {});
  const names =
    filter === "" ? figureNames(result) : all.filter((name) => name.includes(filter.toLowerCase()));
  return sorted(names, sort, compared).map((metric) => {
    const difference = differences[metric];
    const differs = difference !== undefined && isVisible(metric, difference, compared, result);
    const { better } = difference ?? { better: null };
    return {
      metric,
      first: estimateText(metric, result.plans[first]?.metrics[metric], result),
      second: estimateText(metric, result.plans[second]?.metrics[metric], result),
      difference: differenceText(metric, difference, { differs, currency: result.currency }),
      better: !differs || better === null ? null : better === first ? "first" : "second",
      sure: differs && difference.n >= 2 ? sureText(difference.sure) : "",
      isSure: differs && difference.n >= 2 && difference.sure >= SURE_ENOUGH,
    };
  });

  function sorted(listed: readonly string[], by: Sort, of: Compared): readonly string[] {
    const weigh = (name: string) => weightOf(name, by, of);
    if (by === "by name") return [...listed].sort();
    return by === "as listed"
      ? listed
      : [...listed].sort((one, other) => weigh(other) - weigh(one));
  }
}

function weightOf(metric: string, sort: Sort, { result, second }: Compared): number {
  const difference = result.differences?.[metric];
  if (difference === undefined || difference.n === 0) return -1;
  if (sort === "surest first") return difference.sure;
  const base = Math.abs(result.plans[second]?.metrics[metric]?.mean ?? 0);
  return base === 0 ? Math.sign(Math.abs(difference.mean)) : Math.abs(difference.mean) / base;
}

function differenceText(
  metric: string,
  difference: Difference | undefined,
  { differs, currency }: { readonly differs: boolean; readonly currency: string },
): string {
  if (difference === undefined || difference.n === 0) return NOT_MEASURED;
  if (!differs) return "none";
  const text = (value: number) => figureText(metric, value, { currency });
  const mean = signed(difference.mean, text);
  return difference.n < 2 ? mean : `${mean} [${text(difference.low)}, ${text(difference.high)}]`;
}

export function signed(value: number, text: (value: number) => string): string {
  return value > 0 ? `+${text(value)}` : text(value);
}

/** What stands behind a row. */
export interface RowExplanation {
  readonly metric: string;
  readonly description: string;
  /** `more is better`, `less is better`, or nothing. */
  readonly direction: string;
  readonly seeds: readonly {
    readonly seed: string;
    readonly first: string;
    readonly second: string;
    readonly difference: string;
    /** The size of the difference as a share of the largest of them, with its sign. */
    readonly share: number;
  }[];
}

const KNOWN = new Map(METRICS.map((metric) => [metric.name, metric]));

/** The metric's meaning, and its difference seed by seed. */
export function explanationOf(compared: Compared, metric: string): RowExplanation {
  const { result, ofFirst, ofSecond } = compared;
  const text = (value: number) =>
    Number.isFinite(value) ? figureText(metric, value, result) : NOT_MEASURED;
  const bySeed = new Map(ofSecond.map((one) => [one.seed, one]));
  const pairs = ofFirst.flatMap((one) => {
    const other = bySeed.get(one.seed);
    if (other === undefined) return [];
    const [first, second] = [one, other].map(({ metrics }) => metrics[metric] ?? Number.NaN);
    return [{ seed: one.seed, first: first ?? Number.NaN, second: second ?? Number.NaN }];
  });
  const sizes = pairs.map(({ first, second }) => Math.abs(first - second)).filter(Number.isFinite);
  const largest = Math.max(0, ...sizes);
  const known = KNOWN.get(metric);
  return {
    metric,
    description: known?.description ?? "",
    direction: known?.better == null ? "" : `${known.better} is better`,
    seeds: pairs.map(({ seed, first, second }) => ({
      seed,
      first: text(first),
      second: text(second),
      difference: signed(first - second, text),
      share: largest === 0 || !Number.isFinite(first - second) ? 0 : (first - second) / largest,
    })),
  };
}
