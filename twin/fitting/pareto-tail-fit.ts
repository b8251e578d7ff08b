/**
 * The heavy tail of order values: from where on they follow a power law, and how steep it is.
 */
import { exp } from "../../engine/elementary.ts";
import type { PositiveSample } from "./families.ts";

export interface TailFit {
  /** From this value on. */
  readonly threshold: number;
  /** P(X > x) = (threshold / x)^alpha above the threshold. */
  readonly alpha: number;
  /** Standard error of alpha. */
  readonly error: number;
  /** Measurements in the tail. */
  readonly size: number;
  /** Kolmogorov-Smirnov distance within the tail. */
  readonly distance: number;
}

/** Fewer than so many say nothing of a tail. */
export const TAIL_SIZE_MIN = 50;
/** Thresholds tried, at equal steps of rank. */
const THRESHOLDS_MAX = 200;

/**
 * Of all thresholds above the median the one whose power law lies nearest to the measurements
 * above it; alpha by Hill's estimator, n / sum(ln(x / threshold)), with the error alpha / sqrt(n)
 * (Clauset, Shalizi and Newman, SIAM Review 51(4), 2009; their exponent is this alpha + 1). Null
 * where fewer than `TAIL_SIZE_MIN` measurements lie above the median.
 */
export function fitTail({ values, logs }: PositiveSample): TailFit | null {
  const size = values.length;
  const first = Math.floor(size / 2);
  const last = size - TAIL_SIZE_MIN;
  if (last <= first) return null;
  const step = Math.max(1, Math.floor((last - first) / THRESHOLDS_MAX));
  const above = new Float64Array(size + 1);
  for (let index = size - 1; index >= first; index -= 1)
    above[index] = (above[index + 1] ?? 0) + (logs[index] ?? 0);
  let best: TailFit | null = null;
  for (let from = first; from <= last; from += step) {
    if (from > 0 && values[from] === values[from - 1]) continue;
    const tail = tailFrom(from, { values, logs }, above[from] ?? 0);
    if (tail !== null && (best === null || tail.distance < best.distance)) best = tail;
  }
  return best;
}

function tailFrom(
  from: number,
  { values, logs }: Pick<PositiveSample, "values" | "logs">,
  sumOfLogs: number,
): TailFit | null {
  const size = values.length - from;
  const start = logs[from] ?? 0;
  const excess = sumOfLogs - size * start;
  if (excess <= 0) return null;
  const alpha = size / excess;
  let distance = 0;
  for (let index = from; index < values.length; index += 1) {
    const share = 1 - exp(-alpha * ((logs[index] ?? 0) - start));
    distance = Math.max(
      distance,
      Math.abs(share - (index - from) / size),
      Math.abs((index - from + 1) / size - share),
    );
  }
  const threshold = values[from] ?? 0;
  return { threshold, alpha, error: alpha / Math.sqrt(size), size, distance };
}
