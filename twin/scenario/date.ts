/**
 * Dates of a scenario: `2011-11-25T06:00-05:00`. Read by plain arithmetic, so that no time zone
 * of the machine and no date object has a say in a rehearsal.
 */
import { MILLISECOND, type Ticks } from "../../engine/time.ts";
import { parseDuration, type Reading } from "./units.ts";

/** A moment: milliseconds since 1970-01-01T00:00Z, and the local offset it was written with. */
export interface Moment {
  readonly epochMillis: number;
  readonly offsetMinutes: number;
}

/** A moment of the sale: so long after the scenario's start, or a date. */
export type TimePoint =
  | { readonly kind: "offset"; readonly after: Ticks }
  | { readonly kind: "date"; readonly moment: Moment };

const DATE = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?\s*(Z|[+-]\d\d:?\d\d)?$/u;
const EXAMPLE = "write it like 2011-11-25T06:00-05:00";
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function parseDate(written: string): Reading<Moment> {
  const match = DATE.exec(written.trim());
  if (match === null) {
    return { ok: false, why: "not a date with a time and an offset", instead: EXAMPLE };
  }
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((digits) => Number(digits ?? 0)) as [number, number, number, number, number, number];
  const zone = match[7];
  if (zone === undefined) {
    return {
      ok: false,
      why: "the offset from UTC is missing",
      instead: `${EXAMPLE}, or end it in Z`,
    };
  }
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) {
    return { ok: false, why: "there is no such day", instead: EXAMPLE };
  }
  if (hour > 23 || minute > 59 || second > 59) {
    return { ok: false, why: "there is no such time of day", instead: EXAMPLE };
  }
  const offsetMinutes = offsetOf(zone);
  if (Math.abs(offsetMinutes) > 14 * 60) {
    return { ok: false, why: "no place is so far from UTC", instead: EXAMPLE };
  }
  const minutes = (daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute - offsetMinutes;
  return { ok: true, value: { epochMillis: (minutes * 60 + second) * 1000, offsetMinutes } };
}

/** `+20min` after the start, or a date. */
export function parseTimePoint(written: string | number): Reading<TimePoint> {
  const instead = "write it like +20min (after the start) or 2011-11-25T06:00-05:00";
  if (typeof written !== "string") return { ok: false, why: "not a time", instead };
  if (written.trimStart().startsWith("+")) {
    const after = parseDuration(written.trim().slice(1));
    return after.ok ? { ok: true, value: { kind: "offset", after: after.value } } : after;
  }
  if (!DATE.test(written.trim())) return { ok: false, why: "not a time", instead };
  const date = parseDate(written);
  return date.ok ? { ok: true, value: { kind: "date", moment: date.value } } : date;
}

/** Ticks from the scenario's start to the time point; negative where the date lies before it. */
export function ticksSince(starts: Moment, point: TimePoint): Ticks {
  if (point.kind === "offset") return point.after;
  return (point.moment.epochMillis - starts.epochMillis) * MILLISECOND;
}

function offsetOf(zone: string): number {
  if (zone === "Z") return 0;
  const digits = zone.replace(":", "");
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return digits.startsWith("-") ? -minutes : minutes;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysIn(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  const DAYS_TO_1970 = 719_468;
  return shifted * 365 + leapDays + dayOfYear - DAYS_TO_1970;
}
