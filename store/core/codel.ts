/**
 * CoDel for requests, as folly has it: a queue is too long when even its luckiest request of a
 * whole interval waited longer than the target; then requests that waited more than twice the
 * target are refused. One slow request alone never counts as overload. Times are in any one unit.
 *
 * Source: folly, `executors/Codel.cpp`; parameters.md section 4.
 */
import { assert } from "./assert.ts";

export interface CodelLimits {
  readonly interval: number;
  /** The wait that a healthy queue stays under. */
  readonly target: number;
}

/** Folly's own values, in milliseconds. */
export const CODEL_LIMITS_MILLIS: CodelLimits = { interval: 100, target: 5 };

/** A request is refused only after so many times the target. */
const REFUSED_ABOVE_TARGETS = 2;

/** One queue's judge; its owner changes it in place through {@link refuses}. */
export interface Codel {
  overloaded: boolean;
  /** The least wait in this interval. */
  minDelay: number;
  intervalEndsAt: number;
  started: boolean;
}

export function startCodel(): Codel {
  return {
    overloaded: false,
    minDelay: 0,
    intervalEndsAt: Number.NEGATIVE_INFINITY,
    started: false,
  };
}

/**
 * Whether the request that has waited `delay` is to be refused at `now`. The first request after
 * an interval judges that interval and is itself never refused.
 */
export function refuses(codel: Codel, limits: CodelLimits, delay: number, now: number): boolean {
  assert(delay >= 0, "no request waits less than nothing");
  if (!codel.started) {
    codel.started = true;
    codel.minDelay = delay;
    return false;
  }
  if (now > codel.intervalEndsAt) {
    codel.intervalEndsAt = now + limits.interval;
    codel.overloaded = codel.minDelay > limits.target;
    codel.minDelay = delay;
    return false;
  }
  if (delay < codel.minDelay) codel.minDelay = delay;
  return codel.overloaded && delay > REFUSED_ABOVE_TARGETS * limits.target;
}
