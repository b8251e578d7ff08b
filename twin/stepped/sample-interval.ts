/**
 * How often a rehearsal is sampled for live charts: some 240 samples over the sale, at round
 * distances. Beside the samples it is looked at every few seconds of virtual time, for the figures
 * of the last minute.
 */
import { HOUR, MINUTE, SECOND, type Ticks } from "../../engine/time.ts";

/** A chart as wide as a large terminal has no more columns to show them in. */
const SAMPLES_MAX = 300;

const ROUND: readonly Ticks[] = [
  ...[1, 2, 5, 10, 15, 20, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 20, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR),
];

/** The shortest round distance that gives no more than {@link SAMPLES_MAX} samples. */
export function sampleInterval(lasts: Ticks): Ticks {
  const fits = ROUND.find((interval) => lasts / interval <= SAMPLES_MAX);
  return fits ?? Math.ceil(lasts / SAMPLES_MAX / HOUR) * HOUR;
}

/** Seconds between two looks: the longest that the distance of the samples is a multiple of. */
const MARKS: readonly number[] = [10, 5, 2, 1];
/** While samples are minutes apart a look now and then is enough. */
const MARK_OF_LONG_SALES: Ticks = 30 * SECOND;

export function markInterval(samples: Ticks): Ticks {
  if (samples >= 5 * MINUTE) return MARK_OF_LONG_SALES;
  const mark = MARKS.find((seconds) => samples % (seconds * SECOND) === 0) ?? 1;
  return mark * SECOND;
}
