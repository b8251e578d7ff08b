/**
 * A lognormal body with a Pareto tail, fitted together: order values have many small orders, and a
 * few far greater than any lognormal expects.
 */
import { type Distribution, lognormal, paretoTail } from "../../engine/distribution.ts";
import { exp, log } from "../../engine/elementary.ts";
import { normalCdf } from "../../engine/special-functions.ts";
import type { FittedParameter, PositiveSample } from "./families.ts";
import type { TailFit } from "./pareto-tail-fit.ts";

export interface FittedTailed {
  readonly parameters: Readonly<
    Record<"median" | "sigma" | "threshold" | "alpha", FittedParameter>
  >;
  readonly distribution: Distribution;
  readonly logLikelihood: number;
}

const ROUNDS_MAX = 2_000;
const PRECISION = 1e-10;

/**
 * The body by expectation-maximisation, what lies in the tail being known only to lie above the
 * threshold (Dempster, Laird and Rubin, JRSS B 39(1), 1977, section 4.3); its share of draws above
 * the threshold is the tail's.
 */
export function fitTailed({ logs }: PositiveSample, tail: TailFit): FittedTailed {
  const size = logs.length;
  const inBody = size - tail.size;
  const limit = log(tail.threshold);
  let sum = 0;
  let squares = 0;
  for (let index = 0; index < inBody; index += 1) {
    const value = (logs[index] ?? 0) - limit;
    sum += value;
    squares += value * value;
  }
  let mean = sum / inBody;
  let deviation = Math.sqrt(Math.max(squares / inBody - mean * mean, PRECISION));
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const z = -mean / deviation;
    const mills = hazard(z);
    const above = mean + deviation * mills;
    const aboveSquares = mean * mean + deviation * deviation + deviation * mean * mills;
    const nextMean = (sum + tail.size * above) / size;
    const nextSquares = (squares + tail.size * aboveSquares) / size;
    const nextDeviation = Math.sqrt(nextSquares - nextMean * nextMean);
    const moved = Math.abs(nextMean - mean) + Math.abs(nextDeviation - deviation);
    mean = nextMean;
    deviation = nextDeviation;
    if (moved < PRECISION) break;
  }
  const location = limit + mean;
  const median = exp(location);
  const error = deviation / Math.sqrt(inBody);
  const { threshold, alpha } = tail;
  return {
    parameters: {
      median: { value: median, error: median * error },
      sigma: { value: deviation, error: error / Math.SQRT2 },
      threshold: { value: threshold, error: 0 },
      alpha: { value: alpha, error: tail.error },
    },
    distribution: paretoTail({ body: lognormal({ median, sigma: deviation }), threshold, alpha }),
    logLikelihood: likelihood(logs, { location, deviation, limit, alpha, inBody }),
  };
}

interface Tailed {
  readonly location: number;
  readonly deviation: number;
  /** Logarithm of the threshold. */
  readonly limit: number;
  readonly alpha: number;
  readonly inBody: number;
}

function likelihood(
  logs: Float64Array,
  { location, deviation, limit, alpha, inBody }: Tailed,
): number {
  const perBody = -log(deviation) - log(2 * Math.PI) / 2;
  let total = (logs.length - inBody) * log(normalCdf((location - limit) / deviation));
  logs.forEach((value, index) => {
    const z = (value - location) / deviation;
    const inTail = log(alpha) - alpha * (value - limit);
    total += (index < inBody ? perBody - (z * z) / 2 : inTail) - value;
  });
  return total;
}

/** Beyond it the density and the share above are too small for their quotient. */
const HAZARD_EXACT_MAX = 30;

/** The normal density over the share above z; far out it is z + 1/z to one in z^4. */
function hazard(z: number): number {
  if (z > HAZARD_EXACT_MAX) return z + 1 / z;
  return exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / normalCdf(-z);
}
