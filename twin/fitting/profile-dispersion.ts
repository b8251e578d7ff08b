/**
 * How counts scatter around the profile that lies nearest to them, at several lengths of the
 * interval: what is left once the level has been explained.
 */

import type { ArrivalProfile, CountedArrivals } from "./arrival-profile.ts";
import type { CountDispersion } from "./count-dispersion.ts";
import { chiSquaredQuantile, DEGREES_MIN, verdictOf } from "./count-dispersion.ts";
import { square } from "./square.ts";

export interface DispersionAt extends Omit<CountDispersion, "joined"> {
  /** Length of the intervals, seconds. */
  readonly seconds: number;
}

/** Lengths at which the scatter is looked at, seconds. */
const LENGTHS = [60, 300, 3_600] as const;

/**
 * The sum of (count - expected)^2 over the sum of what is expected: 1 for Poisson counts, however
 * little is expected of an interval. Its degrees of freedom by the first two moments of a Poisson
 * count, 2 (sum m)^2 / sum(m + 2 m^2) (Satterthwaite, Biometrics Bulletin 2, 1946), less those that
 * the profile has. Minutes and hours are those of the clock: whoever counted by them counted so.
 */
export function profileDispersion(
  { counts, every, startsAt }: CountedArrivals,
  profile: ArrivalProfile,
): readonly DispersionAt[] {
  const nearest = profile.candidates.reduce((best, one) =>
    one.deviance < best.deviance ? one : best,
  );
  const expectedBy = cumulative(nearest.expected, profile.every);
  const own = every > LENGTHS[0] ? [every] : [];
  const lengths = new Set([...own, ...LENGTHS.filter((seconds) => seconds % every === 0)]);
  return [...lengths].map((seconds) => {
    const together = seconds / every;
    // What stands before the first whole interval of the clock is left out.
    const before = Math.ceil(startsAt / seconds) * together - Math.floor(startsAt / every);
    const skipped = seconds === every ? 0 : before % together;
    const size = Math.floor((counts.length - skipped) / together);
    let squares = 0;
    let expected = 0;
    let moments = 0;
    let filled = 0;
    for (let index = 0; index < size; index += 1) {
      let count = 0;
      const from = skipped + index * together;
      for (let place = from; place < from + together; place += 1) count += counts[place] ?? 0;
      const mean = expectedBy((from + together) * every) - expectedBy(from * every);
      squares += square(count - mean);
      expected += mean;
      moments += mean + 2 * mean * mean;
      if (mean > 0) filled += 1;
    }
    const left = Math.max(0, 1 - (nearest.freedom + 1) / filled);
    const degreesOfFreedom = filled === 0 ? 0 : ((2 * square(expected)) / moments) * left;
    return judged({ seconds, ratio: squares / (expected * left), degreesOfFreedom });
  });
}

/** Expected by a time after the start, evenly within each interval. */
function cumulative(expected: Float64Array, every: number): (seconds: number) => number {
  const sums = new Float64Array(expected.length + 1);
  expected.forEach((mean, index) => {
    sums[index + 1] = (sums[index] ?? 0) + mean;
  });
  return (seconds) => {
    const place = Math.min(expected.length, seconds / every);
    const whole = Math.floor(place);
    return (sums[whole] ?? 0) + (place - whole) * (expected[whole] ?? 0);
  };
}

function judged({
  seconds,
  ratio,
  degreesOfFreedom,
}: Pick<DispersionAt, "seconds" | "ratio" | "degreesOfFreedom">): DispersionAt {
  if (degreesOfFreedom < DEGREES_MIN) {
    const open = { low: 0, high: Number.POSITIVE_INFINITY, verdict: "too little to tell" } as const;
    return { seconds, ratio: degreesOfFreedom > 0 ? ratio : Number.NaN, degreesOfFreedom, ...open };
  }
  const sum = ratio * degreesOfFreedom;
  const low = sum / chiSquaredQuantile(0.975, degreesOfFreedom);
  const high = sum / chiSquaredQuantile(0.025, degreesOfFreedom);
  const verdict = verdictOf({ ratio, low, high });
  return { seconds, ratio, low, high, degreesOfFreedom, verdict };
}
