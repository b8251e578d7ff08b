/** How many a lane of the waiting room admits per time, from what it did lately. */
import { assert } from "./assert.ts";

/** Over which time the past of the pace counts, or longer until this many were admitted. */
const MEMORY_MILLIS = 60_000;
const MEMORY_ADMITTED = 100;
const LONG_MEMORY_MILLIS = 600_000;
/** Less than this much of a past is no pace. */
const PAST_MIN_MILLIS = 30_000;

/** A lane's recent pace; its owner changes it in place through {@link notePace}. */
export interface LanePace {
  /** Admissions per millisecond. */
  perMilli: number;
  /** How much time has been seen, up to the longest memory. */
  seenMillis: number;
}

export function newPace(): LanePace {
  return { perMilli: 0, seenMillis: 0 };
}

/**
 * Takes in how many were admitted in a span during which the lane had somebody waiting. The past
 * begins with the first of them: while a shop fills up no place is given on, and that is no pace.
 */
export function notePace(pace: LanePace, millis: number, admitted: number): void {
  assert(millis > 0, "a pace is seen over time");
  if (pace.seenMillis === 0 && admitted === 0) return;
  pace.seenMillis = Math.min(LONG_MEMORY_MILLIS, pace.seenMillis + millis);
  // A plain mean until the memory is full, then an exponential one.
  const memory = Math.max(Math.min(memoryOf(pace), pace.seenMillis), millis);
  pace.perMilli += (millis / memory) * (admitted / millis - pace.perMilli);
}

/** So long that enough admissions are seen in it: a few in a minute tell little of a pace. */
function memoryOf(pace: LanePace): number {
  if (pace.perMilli <= 0) return MEMORY_MILLIS;
  const enough = MEMORY_ADMITTED / pace.perMilli;
  return Math.min(LONG_MEMORY_MILLIS, Math.max(MEMORY_MILLIS, enough));
}

/** Whether there is enough of a past to go by. */
export function isPaceKnown(pace: LanePace): boolean {
  return pace.seenMillis >= PAST_MIN_MILLIS && pace.perMilli > 0;
}

/** Whether it goes back so far that those who leave have been found out, `keptMillis` later. */
export function isLeavingKnown(pace: LanePace, keptMillis: number): boolean {
  const enough = Math.min(LONG_MEMORY_MILLIS, keptMillis + PAST_MIN_MILLIS);
  return isPaceKnown(pace) && pace.seenMillis >= enough;
}
