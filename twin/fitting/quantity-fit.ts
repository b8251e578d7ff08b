/** What a recording tells of one quantity, such as the values of its orders. */
import { type NoRanking, type Ranking, rankFits, reasonNotToFit } from "./ranking.ts";
import { type ValueShape, valueShape } from "./value-shape.ts";
import { areSmallWholes, rankWholes, type WholeRanking } from "./whole-number-fits.ts";

export type QuantityUnit = "money" | "count" | "seconds";

export interface QuantityFit {
  readonly name: string;
  /** Money in minor units. */
  readonly unit: QuantityUnit;
  readonly size: number;
  /** Mean of what was measured; null where nothing was. */
  readonly mean: number | null;
  /** Standard error of the mean; null for less than two. */
  readonly meanError: number | null;
  /** Why no law is concluded; null where one is looked for. */
  readonly why: string | null;
  /** Of small whole numbers; else null. */
  readonly wholes: WholeRanking | null;
  /** Of all else. */
  readonly ranking: Ranking | null;
  readonly shape: ValueShape | null;
  /** Means of a hundred parts with as many measurements each, fewer where there are fewer. */
  readonly parts: Float64Array;
}

export interface QuantityAsked {
  readonly name: string;
  readonly unit: QuantityUnit;
  /** Also tries a heavy tail. */
  readonly tail?: boolean;
}

/** In any order; what is not above 0 is left out. */
export function fitQuantity(all: readonly number[], asked: QuantityAsked): QuantityFit {
  const { name, unit, tail = false } = asked;
  const values = Float64Array.from(all.filter((value) => value > 0)).sort();
  const parts = meansOfParts(values);
  const about = { name, unit, size: values.length, ...meanOf(values), parts };
  const none = { wholes: null, ranking: null, shape: null };
  const why = reasonNotToFit(values);
  if (why !== null) return { ...about, why, ...none };
  if (unit === "count" && areSmallWholes(values))
    return { ...about, why: null, ...none, wholes: rankWholes(values) };
  const ranking = concluded(rankFits(values, { tail }));
  return { ...about, why: null, wholes: null, ranking, shape: concluded(valueShape(values)) };
}

function concluded<Found extends object>(found: Found | NoRanking): Found | null {
  return "why" in found ? null : found;
}

function meanOf(values: Float64Array): Pick<QuantityFit, "mean" | "meanError"> {
  const size = values.length;
  if (size === 0) return { mean: null, meanError: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / size;
  if (size === 1) return { mean, meanError: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, meanError: Math.sqrt(squares / (size - 1) / size) };
}

const PARTS = 100;

function meansOfParts(sorted: Float64Array): Float64Array {
  const size = Math.min(PARTS, sorted.length);
  return Float64Array.from({ length: size }, (_none, part) => {
    const from = Math.floor((part / size) * sorted.length);
    const to = Math.floor(((part + 1) / size) * sorted.length);
    return sorted.subarray(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
  });
}
