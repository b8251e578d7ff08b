/**
 * Poisson arrivals whose rate changes with time: the times of visits that nobody sent for. A
 * piecewise linear rate is inverted exactly (one exponential draw an arrival, no draw wasted); any
 * other rate is thinned under a ceiling (Lewis & Shedler, Naval Research Logistics 26(3), 1979).
 *
 * Arrivals are drawn in continuous time and reported as the tick they fall into; the fraction is
 * carried on, so that rounding moves no arrival into another interval and shifts no rate.
 */
import { assert } from "./assert.ts";
import type { RandomStream } from "./random.ts";
import { SECOND, type Ticks } from "./time.ts";

/** Reported where no further arrival comes. */
export const NO_ARRIVAL: Ticks = Number.POSITIVE_INFINITY;

/** Corners that a rate curve may have. */
export const RATE_CORNERS_MAX = 1_000_000;
/** Candidates that thinning may reject in a row before the ceiling is called absurd. */
const REJECTIONS_MAX = 1_000_000;

/** A corner of a piecewise linear rate: arrivals per second at a tick. */
export interface RateCorner {
  readonly at: Ticks;
  readonly perSecond: number;
}

/** A source of arrival times. */
export interface Arrivals {
  /**
   * The tick of the next arrival, {@link NO_ARRIVAL} where none comes any more. `after` is the
   * arrival before (several may fall into one tick), or any tick from which to begin.
   */
  next(random: RandomStream, after: Ticks): Ticks;
}

/**
 * Poisson arrivals. `corners` describe a rate that is linear between them and zero outside: the
 * exact way. `rate` with a `ceiling` describes any other: the rate may never exceed the ceiling.
 */
export type PoissonOptions =
  | { readonly corners: readonly RateCorner[] }
  | {
      /** Arrivals per second at a tick. */
      readonly rate: (at: Ticks) => number;
      /** A bound of the rate, arrivals per second. */
      readonly ceiling: number;
      /** No arrival from here on; never where nothing is said. */
      readonly until?: Ticks;
    };

export class PoissonArrivals implements Arrivals {
  private readonly source: (random: RandomStream, from: number) => number;
  /** The last arrival in continuous time, so that the fraction of a tick is not lost. */
  private exact = Number.NEGATIVE_INFINITY;

  constructor(options: PoissonOptions) {
    this.source = "corners" in options ? inverted(options.corners) : thinned(options);
  }

  next(random: RandomStream, after: Ticks): Ticks {
    assert(!Number.isNaN(after), "arrivals are asked for after a tick");
    const from = Math.floor(this.exact) === after ? this.exact : after;
    this.exact = this.source(random, from);
    assert(this.exact >= from, "arrivals come in order of time");
    return Math.floor(this.exact);
  }
}

/**
 * By exact inversion of the integrated rate: the next arrival is where it has grown by a unit
 * exponential.
 */
function inverted(corners: readonly RateCorner[]): (random: RandomStream, from: number) => number {
  assertCorners(corners);
  const count = corners.length;
  const times = Float64Array.from(corners, (corner) => corner.at);
  const rates = Float64Array.from(corners, (corner) => corner.perSecond / SECOND);
  let segment = 0;
  return (random, from) => {
    let left = random.exponential();
    let at = Math.max(from, times[0]);
    if (at < times[segment]) segment = 0;
    for (; segment < count - 1; segment++) {
      const end = times[segment + 1];
      if (at >= end) continue;
      const slope = (rates[segment + 1] - rates[segment]) / (end - times[segment]);
      const rate = rates[segment] + slope * (at - times[segment]);
      const mass = ((rate + rates[segment + 1]) / 2) * (end - at);
      if (left < mass) return Math.min(end, at + timeToGather(left, rate, slope));
      left -= mass;
      at = end;
    }
    segment = Math.max(0, count - 2);
    return NO_ARRIVAL;
  };
}

/**
 * How long a rate that starts at `rate` and grows by `slope` takes to gather `mass`: the root of a
 * parabola.
 */
function timeToGather(mass: number, rate: number, slope: number): number {
  // The form that divides by the sum is exact for a slope near zero, where the usual one cancels.
  const root = Math.sqrt(Math.max(0, rate * rate + 2 * slope * mass));
  return (2 * mass) / (rate + root);
}

function assertCorners(corners: readonly RateCorner[]): void {
  assert(corners.length >= 2, "a rate curve has at least two corners");
  assert(corners.length <= RATE_CORNERS_MAX, "a rate curve has a bounded number of corners");
  for (let index = 0; index < corners.length; index++) {
    const corner = corners[index];
    assert(
      Number.isFinite(corner.perSecond) && corner.perSecond >= 0,
      "a rate is finite and not negative",
    );
    assert(Number.isSafeInteger(corner.at), "a rate curve's corners are whole ticks");
    assert(
      index === 0 || corner.at > corners[index - 1].at,
      "a rate curve's corners are in order of time",
    );
  }
}

/** By thinning: candidates at the ceiling's rate, each kept with the probability rate / ceiling. */
function thinned(
  options: Extract<PoissonOptions, { ceiling: number }>,
): (random: RandomStream, from: number) => number {
  const { rate, ceiling, until = NO_ARRIVAL } = options;
  assert(ceiling > 0 && Number.isFinite(ceiling), "the ceiling of a rate is positive");
  const gap = SECOND / ceiling;
  return (random, from) => {
    let at = from;
    for (let candidate = 0; candidate < REJECTIONS_MAX; candidate++) {
      at += gap * random.exponential();
      if (at >= until) return NO_ARRIVAL;
      const here = rate(Math.floor(at));
      assert(here >= 0 && here <= ceiling, "a rate stays between zero and its ceiling");
      if (random.next() * ceiling < here) return at;
    }
    assert(false, `a rate is not ${REJECTIONS_MAX} times in a row far below its ceiling`);
  };
}
