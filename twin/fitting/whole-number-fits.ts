/**
 * Which law small whole numbers from 1 follow, as units of an order, pages of a visit or orders of
 * a shopper do: geometric, one and a Poisson number, one and a negative binomial number.
 */
import { assert } from "../../engine/assert.ts";
import { exp, log } from "../../engine/elementary.ts";
import { logGamma } from "../../engine/special-functions.ts";
import { type ChiSquare, chiSquareOfClasses } from "./chi-square.ts";
import type { FittedParameter } from "./families.ts";
import { inverseCurvature, leastOf } from "./nelder-mead.ts";
import { chosenOf, DISTANCE_UNSEEN } from "./ranking.ts";
import { square } from "./square.ts";

export const WHOLE_LAWS = ["geometric", "1 + Poisson", "1 + negative binomial"] as const;
export type WholeLaw = (typeof WHOLE_LAWS)[number];

export interface WholeCandidate {
  readonly kind: WholeLaw;
  readonly parameters: Readonly<Record<string, FittedParameter>>;
  readonly aic: number;
  /** Greatest distance of the cumulative curves, 0 to 1. */
  readonly distance: number;
  readonly chiSquare: ChiSquare | null;
  readonly fits: boolean;
}

export interface WholeRanking {
  readonly size: number;
  readonly mean: number;
  /** Best first, by Akaike's criterion. */
  readonly candidates: readonly WholeCandidate[];
  /** The first that fits; null where none does. */
  readonly chosen: WholeCandidate | null;
  /** Share of each number that was measured. */
  readonly measured: readonly { readonly value: number; readonly share: number }[];
}

/** A chance below this says that a law is not the right one. */
const P_LEAST = 0.01;
/** Numbers are small and whole as long as 19 of 20 are at most so great. */
const SMALL = 30;

/** Whether numbers are few enough to be told one by one. */
export function areSmallWholes(sorted: Float64Array): boolean {
  const high = sorted[Math.ceil(0.95 * sorted.length) - 1] ?? Number.POSITIVE_INFINITY;
  return high <= SMALL && sorted.every((value) => Number.isInteger(value) && value >= 1);
}

/** `sorted` ascends, from 1, and not all are the same. */
export function rankWholes(sorted: Float64Array): WholeRanking {
  const counts = new Map<number, number>();
  for (const value of sorted) counts.set(value, (counts.get(value) ?? 0) + 1);
  const size = sorted.length;
  const extra = sorted.reduce((sum, value) => sum + value - 1, 0) / size;
  assert(extra > 0, "not all are 1");
  const candidates = WHOLE_LAWS.map((kind) =>
    judged(fitted(kind, counts, extra, size), counts, size),
  );
  candidates.sort((one, other) => one.aic - other.aic);
  const chosen = chosenOf(candidates);
  const measured = [...counts].map(([value, count]) => ({ value, share: count / size }));
  return { size, mean: 1 + extra, candidates, chosen, measured };
}

interface Fitted {
  readonly kind: WholeLaw;
  readonly parameters: Readonly<Record<string, FittedParameter>>;
  /** Natural logarithm of the chance of a number. */
  readonly logChance: (value: number) => number;
}

function fitted(
  kind: WholeLaw,
  counts: ReadonlyMap<number, number>,
  extra: number,
  size: number,
): Fitted {
  switch (kind) {
    case "geometric": {
      const error = Math.sqrt((extra * (1 + extra)) / size);
      return {
        kind,
        parameters: { mean: { value: 1 + extra, error } },
        logChance: (value) => (value - 1) * log(extra / (1 + extra)) - log(1 + extra),
      };
    }
    case "1 + Poisson":
      return {
        kind,
        parameters: { mean: { value: 1 + extra, error: Math.sqrt(extra / size) } },
        logChance: (value) => (value - 1) * log(extra) - extra - logGamma(value),
      };
    case "1 + negative binomial":
      return negativeBinomial(counts, extra, size);
  }
}

/** Its mean is the measured one; its shape by the likelihood (Fisher, Annals of Eugenics 11, 1941). */
function negativeBinomial(
  counts: ReadonlyMap<number, number>,
  extra: number,
  size: number,
): Fitted {
  const law = (shape: number) => (value: number) =>
    logGamma(value - 1 + shape) -
    logGamma(shape) -
    logGamma(value) +
    shape * log(shape / (shape + extra)) +
    (value - 1) * log(extra / (shape + extra));
  const lacking = ([ln = 0]: readonly number[]) => {
    if (Math.abs(ln) > 12) return Number.POSITIVE_INFINITY;
    return -likelihood(counts, law(exp(ln)));
  };
  const { point } = leastOf(lacking, [0]);
  const shape = exp(point[0] ?? 0);
  const [variance = Number.POSITIVE_INFINITY] = inverseCurvature(lacking, point);
  return {
    kind: "1 + negative binomial",
    parameters: {
      mean: { value: 1 + extra, error: Math.sqrt((extra + square(extra) / shape) / size) },
      shape: { value: shape, error: shape * Math.sqrt(variance) },
    },
    logChance: law(shape),
  };
}

function likelihood(
  counts: ReadonlyMap<number, number>,
  logChance: (value: number) => number,
): number {
  let total = 0;
  for (const [value, count] of counts) total += count * logChance(value);
  return total;
}

function judged(
  { kind, parameters, logChance }: Fitted,
  counts: ReadonlyMap<number, number>,
  size: number,
): WholeCandidate {
  const most = Math.max(...counts.keys());
  const classes: { counted: number; expected: number }[] = [];
  let distance = 0;
  let below = 0;
  let counted = 0;
  for (let value = 1; value <= Math.min(most, 10 * SMALL); value += 1) {
    const share = exp(logChance(value));
    below += share;
    counted += counts.get(value) ?? 0;
    distance = Math.max(distance, Math.abs(counted / size - below));
    classes.push({ counted: counts.get(value) ?? 0, expected: share * size });
  }
  classes.push({ counted: size - counted, expected: Math.max(0, 1 - below) * size });
  const free = Object.keys(parameters).length;
  const chiSquare = chiSquareOfClasses(classes, free);
  return {
    kind,
    parameters,
    aic: 2 * free - 2 * likelihood(counts, logChance),
    distance,
    chiSquare,
    fits: distance <= DISTANCE_UNSEEN || (chiSquare !== null && chiSquare.p >= P_LEAST),
  };
}
