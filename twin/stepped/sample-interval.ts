/**
 * How often a rehearsal is sampled for live charts: some 240 samples over the sale, at round
 * distances, and in a sale of days as many as it takes for one every few minutes: its charts show
 * the hours around the mailing. Beside the samples it is looked at every few seconds of virtual time, for the figures
 * of the last minute.
 */
import { HOUR, MINUTE, SECOND, type Ticks } from "../../engine/time.ts";

/** A chart as wide as a large terminal has no more columns to show them in. */
const SAMPLES_MAX = 300;
/** Further apart than this they would say little about a mailing. */
const DISTANCE_MAX: Ticks = 2 * MINUTE;
/** Samples of a long sale at most. */
const LONG_SAMPLES_MAX = 2_200;

const ROUND: readonly Ticks[] = [
  ...[1, 2, 5, 10, 15, 20, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 20, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR),
];

export function sampleInterval(lasts: Ticks): Ticks {
  const short = distanceFor(lasts, SAMPLES_MAX);
  return short <= DISTANCE_MAX
    ? short
    : Math.max(DISTANCE_MAX, distanceFor(lasts, LONG_SAMPLES_MAX));
}

/** The shortest round distance that gives no more than so many samples. */
function distanceFor(lasts: Ticks, most: number): Ticks {
  const fits = ROUND.find((interval) => lasts / interval <= most);
  return fits ?? Math.ceil(lasts / most / HOUR) * HOUR;
}

/** Seconds between two looks: the longest that the distance of the samples is a multiple of. */
const MARKS: readonly number[] = [10, 5, 2, 1];
/** While samples are minutes apart a look now and then is enough. */
const MARK_OF_LONG_SALES: Ticks = MINUTE;

export function markInterval(samples: Ticks): Ticks {
  if (samples >= DISTANCE_MAX) return MARK_OF_LONG_SALES;
  const mark = MARKS.find((seconds) => samples % (seconds * SECOND) === 0) ?? 1;
  return mark * SECOND;
}
