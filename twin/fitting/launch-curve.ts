/**
 * Shapes of a sale's cumulative orders from its launch to its end: a wave that the launch set off,
 * alone or over a steady rest that would have come without it.
 */
import {
  type Distribution,
  exponential,
  logLogistic,
  lognormal,
  weibull,
} from "../../engine/distribution.ts";
import { exp, log } from "../../engine/elementary.ts";
import { FAMILIES, type Family, type FittedParameter } from "./families.ts";

/** A shape whose parameters are not known yet. */
export interface LaunchShape {
  /** Of the delay between the launch and an order of the wave; exponential: a decaying rate. */
  readonly family: Family;
  /** Whether some orders come evenly over the whole sale. */
  readonly steady: boolean;
}

export const LAUNCH_SHAPES: readonly LaunchShape[] = FAMILIES.flatMap((family) => [
  { family, steady: false },
  { family, steady: true },
]);

/** ln of the median, ln of the shape (or sigma), and the log-odds of the wave's share. */
export type FreeNumbers = readonly number[];

/** The median lies between a millionth of the sale and twenty times its length. */
const MEDIAN_LEAST = -14;
const MEDIAN_GREATEST = 3;
const SHAPE_GREATEST = 2.3;
const ODDS_GREATEST = 12;

/** How many numbers a shape leaves free. */
export function freedom({ family, steady }: LaunchShape): number {
  return (family === "exponential" ? 1 : 2) + (steady ? 1 : 0);
}

/** First guesses for a sale of this length. */
export function guesses(shape: LaunchShape, lasts: number): readonly FreeNumbers[] {
  return [0.01, 0.1, 0.5].map((part) => {
    const median = log(part * lasts);
    const wave = shape.family === "exponential" ? [median] : [median, 0];
    return shape.steady ? [...wave, 0] : wave;
  });
}

/** The share of the sale's orders by a time after the launch; null for numbers out of bounds. */
export function launchCurve(
  shape: LaunchShape,
  numbers: FreeNumbers,
  lasts: number,
): ((time: number) => number) | null {
  const [median = 0, spread = 0] = numbers;
  const odds = shape.steady ? (numbers.at(-1) ?? 0) : Number.POSITIVE_INFINITY;
  const place = median - log(lasts);
  if (place < MEDIAN_LEAST || place > MEDIAN_GREATEST) return null;
  if (shape.family !== "exponential" && Math.abs(spread) > SHAPE_GREATEST) return null;
  if (shape.steady && Math.abs(odds) > ODDS_GREATEST) return null;
  const { cdf } = delayOf(shape.family, exp(median), exp(spread));
  const all = cdf(lasts);
  const wave = 1 / (1 + exp(-odds));
  return all > 0 ? (time) => wave * (cdf(time) / all) + (1 - wave) * (time / lasts) : null;
}

/** A delay with this median; `spread` is its shape, of a lognormal sigma. */
export function delayOf(family: Family, median: number, spread: number): Distribution {
  switch (family) {
    case "exponential":
      return exponential({ mean: median / Math.LN2 });
    case "weibull":
      return weibull({ median, shape: spread });
    case "log-logistic":
      return logLogistic({ median, shape: spread });
    case "lognormal":
      return lognormal({ median, sigma: spread });
  }
}

/** The free numbers as a scenario names them, in seconds, with their standard errors. */
export function launchParameters(
  { family, steady }: LaunchShape,
  numbers: FreeNumbers,
  variances: readonly number[],
): Readonly<Record<string, FittedParameter>> {
  const [median = 0, spread = 0] = numbers;
  const errorOf = (index: number) => Math.sqrt(variances[index] ?? Number.POSITIVE_INFINITY);
  const scaled = (ln: number, index: number, factor = 1) => {
    const value = exp(ln) * factor;
    return { value, error: value * errorOf(index) };
  };
  const wave = 1 / (1 + exp(-(numbers.at(-1) ?? 0)));
  return {
    ...(family === "exponential"
      ? { mean: scaled(median, 0, 1 / Math.LN2) }
      : {
          median: scaled(median, 0),
          [family === "lognormal" ? "sigma" : "shape"]: scaled(spread, 1),
        }),
    ...(steady
      ? { wave: { value: wave, error: wave * (1 - wave) * errorOf(numbers.length - 1) } }
      : {}),
  };
}
