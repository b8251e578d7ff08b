/**
 * A recording of several days as a profile over the hours of a day, times a level of each day.
 */

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;
const HOURS = 24;
/** Rounds of fitting hours to days and days to hours; a whole table needs one. */
const ROUNDS = 100;

export interface DailyProfile {
  /** Share of a day's orders in each of the 24 hours. */
  readonly hours: readonly number[];
  /** Orders of each day, had it been recorded whole. */
  readonly days: readonly number[];
  /** Expected count of each interval. */
  readonly expected: Float64Array;
  /** Free numbers: hours and days that were recorded, less the two that the sum fixes. */
  readonly freedom: number;
}

/** Times of a recording: seconds since a midnight of its zone, and seconds per count. */
export interface DailyTimes {
  readonly startsAt: number;
  readonly every: number;
}

/**
 * The likeliest hours and days of Poisson counts, by proportional fitting (Deming and Stephan,
 * Annals of Mathematical Statistics 11(4), 1940). Null for less than two days, or for intervals
 * longer than an hour.
 */
export function fitDailyProfile(
  counts: Float64Array,
  { startsAt, every }: DailyTimes,
): DailyProfile | null {
  if (counts.length * every < 2 * DAY_SECONDS || every > HOUR_SECONDS) return null;
  const middle = (index: number) => startsAt + (index + 0.5) * every;
  const firstDay = Math.floor(startsAt / DAY_SECONDS);
  const dayOf = Int32Array.from(
    counts,
    (_count, index) => Math.floor(middle(index) / DAY_SECONDS) - firstDay,
  );
  const hourOf = Int32Array.from(counts, (_count, index) =>
    Math.floor((middle(index) % DAY_SECONDS) / HOUR_SECONDS),
  );
  const hours = new Float64Array(HOURS).fill(1);
  const days = new Float64Array((dayOf.at(-1) ?? 0) + 1).fill(1);
  for (let round = 0; round < ROUNDS; round += 1) {
    scaleTo(counts, { of: hours, by: hourOf, others: days, othersBy: dayOf });
    scaleTo(counts, { of: days, by: dayOf, others: hours, othersBy: hourOf });
  }
  const perDay = hours.reduce((sum, hour) => sum + hour, 0);
  const intervalsPerHour = HOUR_SECONDS / every;
  return {
    hours: Array.from(hours, (hour) => hour / perDay),
    days: Array.from(days, (day) => day * perDay * intervalsPerHour),
    expected: counts.map(
      (_count, index) => factor(hours, hourOf, index) * factor(days, dayOf, index),
    ),
    freedom: new Set(hourOf).size + days.length - 2,
  };
}

interface Scaled {
  readonly of: Float64Array;
  readonly by: Int32Array;
  readonly others: Float64Array;
  readonly othersBy: Int32Array;
}

/** Sets each factor to the counts it has over what the other factors say of it. */
function scaleTo(counts: Float64Array, { of, by, others, othersBy }: Scaled): void {
  const counted = new Float64Array(of.length);
  const weight = new Float64Array(of.length);
  counts.forEach((count, index) => {
    const place = by[index] ?? 0;
    counted[place] = (counted[place] ?? 0) + count;
    weight[place] = (weight[place] ?? 0) + factor(others, othersBy, index);
  });
  of.forEach((_value, place) => {
    const total = weight[place] ?? 0;
    of[place] = total > 0 ? (counted[place] ?? 0) / total : 0;
  });
}

function factor(factors: Float64Array, places: Int32Array, index: number): number {
  return factors[places[index] ?? 0] ?? 0;
}
