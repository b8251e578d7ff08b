/**
 * Netflix's Gradient2: how many requests may be in work at once, learned from their latency alone.
 * While a request takes as long as requests took in the long run the limit creeps up; once it takes
 * longer there is a queue, and the limit shrinks by the same factor, never by more than half at a
 * time. Times are in any one unit, since only their ratio counts.
 *
 * Source: concurrency-limits, `Gradient2Limit` and `ExpAvgMeasurement`, in the form of
 * parameters.md section 4: tolerance 1, and a long-run mean that is too high shrinks by a tenth.
 */
import { assert } from "./assert.ts";

export interface Gradient2Limits {
  /** The limit at first. */
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  /** The weight of a new limit against the one before it, above 0 and at most 1. */
  readonly smoothing: number;
  /** Requests that may wait without being taken for overload. */
  readonly queueSize: number;
  /** The window of the long-run mean, in samples. */
  readonly longWindow: number;
  /** How many samples at first are averaged plainly. */
  readonly warmup: number;
}

/** Netflix's own values; the window and the limits are those of parameters.md section 4. */
export const GRADIENT2_LIMITS: Gradient2Limits = {
  initial: 20,
  min: 20,
  max: 200,
  smoothing: 0.2,
  queueSize: 4,
  longWindow: 600,
  warmup: 10,
};

/** The least gradient: an outlier takes at most half of the limit. */
const GRADIENT_MIN = 0.5;
/** A long-run mean above so many times the sample is a memory of an overload that is over. */
const DRIFT_RATIO = 2;
const DRIFT_DECAY = 0.9;

/** One limiter; its owner changes it in place through {@link noteLatency}. */
export interface Gradient2 {
  /** Not rounded; {@link admitsAtOnce} is what to go by. */
  limit: number;
  longLatency: number;
  samples: number;
}

export function startGradient2(limits: Gradient2Limits): Gradient2 {
  assert(limits.min >= 1 && limits.min <= limits.max, "the limits of a limiter are in order");
  assert(limits.smoothing > 0 && limits.smoothing <= 1, "smoothing is a share");
  const limit = Math.min(limits.max, Math.max(limits.min, limits.initial));
  return { limit, longLatency: 0, samples: 0 };
}

/** How many may be in work at once. */
export function admitsAtOnce(limiter: Gradient2): number {
  return Math.floor(limiter.limit);
}

/**
 * Takes in how long one request took (or the mean of several) while `inFlight` were in work, and
 * gives the new limit. A store that is not half busy proves nothing, so the limit stays then.
 */
export function noteLatency(
  limiter: Gradient2,
  limits: Gradient2Limits,
  latency: number,
  inFlight: number,
): number {
  assert(latency > 0 && Number.isFinite(latency), "a latency is above 0");
  assert(inFlight >= 0, "no fewer than none are in work");
  const long = longRun(limiter, limits, latency);
  if (long / latency > DRIFT_RATIO) limiter.longLatency = long * DRIFT_DECAY;
  if (inFlight < limiter.limit / 2) return admitsAtOnce(limiter);
  const gradient = Math.max(GRADIENT_MIN, Math.min(1, long / latency));
  const proposed = limiter.limit * gradient + limits.queueSize;
  const smoothed = limiter.limit * (1 - limits.smoothing) + proposed * limits.smoothing;
  limiter.limit = Math.max(limits.min, Math.min(limits.max, smoothed));
  return admitsAtOnce(limiter);
}

/** The long-run mean with the sample in it: a plain mean at first, then an exponential one. */
function longRun(limiter: Gradient2, limits: Gradient2Limits, latency: number): number {
  if (limiter.samples < limits.warmup) {
    limiter.samples += 1;
    limiter.longLatency += (latency - limiter.longLatency) / limiter.samples;
  } else {
    const weight = 2 / (limits.longWindow + 1);
    limiter.longLatency = limiter.longLatency * (1 - weight) + latency * weight;
  }
  return limiter.longLatency;
}
