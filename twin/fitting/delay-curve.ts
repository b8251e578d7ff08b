/**
 * The delay from a mailing to an open or a click, from published shares of all who ever do by some
 * hours: of each study, and of all together.
 */
import { assert } from "../../engine/assert.ts";
import type { Distribution } from "../../engine/distribution.ts";
import { exp, log } from "../../engine/elementary.ts";
import { FAMILIES, type Family, type FittedParameter } from "./families.ts";
import { delayOf } from "./launch-curve.ts";
import { inverseCurvature, leastOf } from "./nelder-mead.ts";
import { square } from "./square.ts";

export interface DelayPoint {
  readonly seconds: number;
  /** Of all who ever do, above 0 and below 1. */
  readonly share: number;
}

export interface DelayFit {
  readonly family: Family;
  /** As a scenario names them, seconds. */
  readonly parameters: Readonly<Record<string, FittedParameter>>;
  readonly distribution: Distribution;
  /** n ln(mean squared error of the shares) + 2 k, Akaike's criterion for least squares. */
  readonly aic: number;
  /** Root of the mean squared error of the shares. */
  readonly error: number;
  /** Greatest error of a share. */
  readonly distance: number;
}

/** Fewer points leave no measure of how well two numbers fit. */
export const DELAY_POINTS_MIN = 3;
/** A squared error below this is what figures printed to a tenth of a percent leave. */
const EXACT = 1e-7;

/** Best first; empty for too few points. */
export function fitDelayCurve(points: readonly DelayPoint[]): readonly DelayFit[] {
  for (const { seconds, share } of points)
    assert(seconds > 0 && share > 0 && share < 1, "a delay has a share between none and all");
  if (points.length < DELAY_POINTS_MIN) return [];
  return FAMILIES.map((family) => fitDelay(family, points)).sort((a, b) => a.aic - b.aic);
}

function fitDelay(family: Family, points: readonly DelayPoint[]): DelayFit {
  const free = family === "exponential" ? 1 : 2;
  const squares = (numbers: readonly number[]): number => {
    const [median = 0, spread = 0] = numbers;
    if (Math.abs(median) > 20 || Math.abs(spread) > 3) return Number.POSITIVE_INFINITY;
    const { cdf } = delayOf(family, exp(median), exp(spread));
    return points.reduce((sum, { seconds, share }) => sum + square(cdf(seconds) - share), 0);
  };
  const seconds = points.map((point) => point.seconds).sort((one, other) => one - other);
  const middle = log(seconds[Math.floor(seconds.length / 2)] ?? 1);
  const start = family === "exponential" ? [middle] : [middle, 0];
  const { point, value } = leastOf(squares, start);
  const noise = value / Math.max(1, points.length - free);
  const errors = inverseCurvature(squares, point).map((inverse) => Math.sqrt(2 * noise * inverse));
  const [median = 0, spread = 0] = point.map((ln) => exp(ln));
  const [ofMedian = 0, ofSpread = 0] = errors;
  const distribution = delayOf(family, median, spread);
  const size = points.length;
  return {
    family,
    parameters: {
      ...(family === "exponential"
        ? { mean: { value: median / Math.LN2, error: (median / Math.LN2) * ofMedian } }
        : {
            median: { value: median, error: median * ofMedian },
            [family === "lognormal" ? "sigma" : "shape"]: {
              value: spread,
              error: spread * ofSpread,
            },
          }),
    },
    distribution,
    aic: size * log(Math.max(value / size, EXACT)) + 2 * free,
    error: Math.sqrt(value / size),
    distance: Math.max(...points.map((one) => Math.abs(distribution.cdf(one.seconds) - one.share))),
  };
}
