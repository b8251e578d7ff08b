/**
 * How long somebody in a lane still has to wait, from what the lane did lately: how many it admitted
 * per time, and how many of those who stood in it went away unadmitted. With a steady pace `m` and
 * each of those ahead leaving with rate `h`, the fluid limit of the queue with abandonment (Erlang A)
 * reaches the one behind `n` others after ln(1 + n h / m) / h; where nobody leaves that is n / m.
 */
import { assert } from "./assert.ts";

/** Over which time the past of the pace counts, or longer until this many were admitted. */
const MEMORY_MILLIS = 60_000;
const MEMORY_ADMITTED = 100;
/** Few leave at a time and their habits change slowly: over which time they count, and the most. */
const LONG_MEMORY_MILLIS = 600_000;
/** Less than this much of a past is no pace. */
const PAST_MIN_MILLIS = 30_000;

/** A lane's recent pace; its owner changes it in place through {@link notePace}. */
export interface LanePace {
  /** Admissions per millisecond. */
  perMilli: number;
  /** Shoppers who went away unadmitted and said nothing, per millisecond. */
  gonePerMilli: number;
  /** How many waited, on the mean, when those went away. */
  waiting: number;
  /** Shoppers who gave their place up, per millisecond, and how many could have, on the mean. */
  leftPerMilli: number;
  standing: number;
  /** How much time has been seen, up to the longest memory. */
  seenMillis: number;
}

export function newPace(): LanePace {
  return {
    perMilli: 0,
    gonePerMilli: 0,
    waiting: 0,
    leftPerMilli: 0,
    standing: 0,
    seenMillis: 0,
  };
}

/** What a lane did in the last `millis`. */
export interface LaneSpan {
  readonly millis: number;
  readonly admitted: number;
  /** Found gone by their silence, and how many waited when they fell silent. */
  readonly gone: number;
  readonly waiting: number;
  /** Gave their place up, and how many stood there. */
  readonly left: number;
  readonly standing: number;
}

/** Takes in a span during which the lane had somebody waiting. */
export function notePace(pace: LanePace, span: LaneSpan): void {
  assert(span.millis > 0, "a pace is seen over time");
  pace.seenMillis = Math.min(LONG_MEMORY_MILLIS, pace.seenMillis + span.millis);
  const weight = weightOf(pace, span, memoryOf(pace));
  pace.perMilli += weight * (span.admitted / span.millis - pace.perMilli);
  const slow = weightOf(pace, span, LONG_MEMORY_MILLIS);
  pace.gonePerMilli += slow * (span.gone / span.millis - pace.gonePerMilli);
  pace.waiting += slow * (span.waiting - pace.waiting);
  pace.leftPerMilli += slow * (span.left / span.millis - pace.leftPerMilli);
  pace.standing += slow * (span.standing - pace.standing);
}

/** A plain mean until the memory is full, then an exponential one. */
function weightOf(pace: LanePace, span: LaneSpan, memoryMillis: number): number {
  return Math.min(1, span.millis / Math.max(Math.min(memoryMillis, pace.seenMillis), span.millis));
}

/** So long that enough admissions are seen in it: a few in a minute tell little of a pace. */
function memoryOf(pace: LanePace): number {
  if (pace.perMilli <= 0) return MEMORY_MILLIS;
  const enough = MEMORY_ADMITTED / pace.perMilli;
  return Math.min(LONG_MEMORY_MILLIS, Math.max(MEMORY_MILLIS, enough));
}

/** How likely who waits goes away within a millisecond. */
function leavingOf(pace: LanePace): number {
  const silent = pace.waiting > 0 ? pace.gonePerMilli / pace.waiting : 0;
  return silent + (pace.standing > 0 ? pace.leftPerMilli / pace.standing : 0);
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

/**
 * Whole milliseconds until the turn of who has `ahead` others before them. `perMilli` is used where
 * the lane has no past yet; null where that is not known either.
 */
export function estimateOf(pace: LanePace, ahead: number, perMilli: number | null): number | null {
  const known = isPaceKnown(pace);
  const admitted = known ? pace.perMilli : perMilli;
  if (admitted === null || admitted <= 0) return null;
  const places = ahead + 1;
  const leaving = known ? leavingOf(pace) : 0;
  const plain = places / admitted;
  if (leaving === 0) return Math.round(plain);
  return Math.round(logOf(1 + plain * leaving) / leaving);
}

/**
 * The natural logarithm of a number from 1 on, by arithmetic that is exact to the bit everywhere:
 * ln y = 2 artanh((y - 1) / (y + 1)), after halving down to 2.
 */
export function logOf(value: number): number {
  assert(value >= 1 && Number.isFinite(value), "the logarithm is taken of a number from 1 on");
  let rest = value;
  let halvings = 0;
  while (rest > 2) {
    rest /= 2;
    halvings += 1;
  }
  const ratio = (rest - 1) / (rest + 1);
  const square = ratio * ratio;
  let term = ratio;
  let sum = 0;
  for (let odd = 1; odd < 40; odd += 2) {
    sum += term / odd;
    term *= square;
  }
  return 2 * sum + halvings * Math.LN2;
}
