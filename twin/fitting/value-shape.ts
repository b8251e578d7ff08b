/**
 * What a planner asks of order values besides their family: how great a usual one is, how far they
 * spread, and how heavy their tail is.
 */
import { log } from "../../engine/elementary.ts";
import { PositiveSample } from "./families.ts";
import { sampleQuantile } from "./goodness-of-fit.ts";
import { fitTail } from "./pareto-tail-fit.ts";
import { type NoRanking, reasonNotToFit } from "./ranking.ts";
import { square } from "./square.ts";

/** Two ways to say how steep a tail is; the literature uses either without saying which. */
export interface TailShape {
  /** From this value on, in the unit of the values. */
  readonly threshold: number;
  /** alpha of P(X > x) ~ x^-alpha. */
  readonly survivalExponent: number;
  /** alpha + 1, of the density ~ x^-(alpha + 1): what Clauset et al. call alpha. */
  readonly densityExponent: number;
  /** Standard error of both, for the threshold as it was found. */
  readonly error: number;
  /** Values in the tail. */
  readonly size: number;
}

export interface ValueShape {
  readonly size: number;
  readonly median: number;
  readonly mean: number;
  /** Standard deviation over mean; it follows the greatest values where the tail is heavy. */
  readonly cv: number;
  /** Sigma of the lognormal with the same quartiles: blind to both tails. */
  readonly bodySigma: number;
  readonly p99OverMedian: number;
  /** Null where there are too few values to tell. */
  readonly tail: TailShape | null;
}

/** ln(q75 / q25) of a lognormal with sigma 1: twice the upper quartile of a standard normal. */
const QUARTILES_OF_NORMAL = 1.3489795;

/** The shape of positive values, or why there is none. */
export function valueShape(values: readonly number[] | Float64Array): ValueShape | NoRanking {
  const why = reasonNotToFit(values);
  if (why !== null) return { size: values.length, why };
  const sample = new PositiveSample(values);
  const sorted = sample.values;
  const size = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / size;
  const variance = sorted.reduce((sum, value) => sum + square(value - mean), 0) / (size - 1);
  const median = sampleQuantile(sorted, 0.5);
  const quartiles = sampleQuantile(sorted, 0.75) / sampleQuantile(sorted, 0.25);
  return {
    size,
    median,
    mean,
    cv: Math.sqrt(variance) / mean,
    bodySigma: log(quartiles) / QUARTILES_OF_NORMAL,
    p99OverMedian: sampleQuantile(sorted, 0.99) / median,
    tail: tailShape(sample),
  };
}

function tailShape(sample: PositiveSample): TailShape | null {
  const tail = fitTail(sample);
  if (tail === null) return null;
  const { threshold, alpha, error, size } = tail;
  return { threshold, survivalExponent: alpha, densityExponent: alpha + 1, error, size };
}
