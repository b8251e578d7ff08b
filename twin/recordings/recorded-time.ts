/**
 * Times as other systems write them: ISO 8601 with or without an offset, web servers' own form,
 * seconds since 1970 or since the sale began, dates with slashes. Pure: a time without an offset
 * is brought to UTC by the zone that it is given.
 */

/** What a local time of a zone is in UTC. */
export interface Zone {
  readonly name: string;
  /** Milliseconds since 1970, had they been read as UTC, to those that they are. */
  readonly utcOf: (local: number) => ZonedTime;
}

export interface ZonedTime {
  readonly at: number;
  /** The clock showed it twice (the first is taken) or never (it was put forward). */
  readonly remark: "twice" | "never" | null;
}

export const UTC: Zone = { name: "UTC", utcOf: (at) => ({ at, remark: null }) };

/** A zone by its offset, such as `+02:00`; null where it is none. */
export function offsetZone(name: string): Zone | null {
  const minutes = offsetMinutes(name);
  if (minutes === null) return null;
  return { name, utcOf: (local) => ({ at: local - minutes * MINUTE, remark: null }) };
}

export interface TimeRule {
  readonly zone: Zone;
  /** Bare numbers count from here, milliseconds since 1970; null: their size says since when. */
  readonly since: number | null;
  /** What a bare number counts, in milliseconds; null: its size says. */
  readonly unit: number | null;
  /** Whether 03/04/2017 is the third of April, or of March; null where no such date is read. */
  readonly dayFirst: boolean | null;
}

/** Where nothing is said: zones are those that the times have, else UTC. */
export const PLAIN_TIMES: TimeRule = { zone: UTC, since: null, unit: null, dayFirst: null };

export type TimeReading =
  | { readonly at: number; readonly remark: ZonedTime["remark"]; readonly zoned: boolean }
  | { readonly why: string };

const SECOND = 1_000;
const MINUTE = 60_000;
const DAY = 86_400_000;

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/u;
const ISO =
  /^(\d{4})[-/](\d\d?)[-/](\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/u;
const SERVER = /^(\d\d)\/([A-Za-z]{3})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?: ([+-]\d{4}))?$/u;
const SLASHES = /^(\d\d?)[./](\d\d?)[./](\d{4})(?: (\d\d?):(\d\d)(?::(\d\d))?)?$/u;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

export function readTime(written: string, rule: TimeRule): TimeReading {
  const text = written.trim();
  if (text === "") return { why: "it has no time" };
  if (NUMBER.test(text)) return readNumber(Number(text), rule);
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, fraction, offset] = iso;
    return zoned([year, month, day, hour, minute, second], { fraction, offset, rule });
  }
  const server = SERVER.exec(text);
  if (server !== null) {
    const [, day, word, year, hour, minute, second, offset] = server;
    const month = MONTHS.indexOf((word ?? "").toLowerCase()) + 1;
    return zoned([year, month, day, hour, minute, second], { fraction: "", offset, rule });
  }
  const slashes = SLASHES.exec(text);
  if (slashes === null) return { why: "its time is not a time" };
  if (rule.dayFirst === null)
    return { why: "day or month first? The columns file says so with day-first: true or false" };
  const [, first, second, year, ...clock] = slashes;
  const [day, month] = rule.dayFirst ? [first, second] : [second, first];
  return zoned([year, month, day, ...clock], { fraction: "", offset: undefined, rule });
}

/** Bare numbers of this size are seconds, milliseconds, microseconds since 1970 (years 2001 on). */
const EPOCH_SECONDS = 1e9;
const EPOCH_MILLIS = 1e12;
const EPOCH_MICROS = 1e15;

function readNumber(value: number, { since, unit }: TimeRule): TimeReading {
  const size = Math.abs(value);
  const guessed =
    size >= EPOCH_MICROS ? 1 / SECOND : size >= EPOCH_MILLIS ? 1 : /* seconds */ SECOND;
  const fromStart = unit !== null || size < EPOCH_SECONDS;
  const at = Math.round((fromStart ? (since ?? 0) : 0) + value * (unit ?? guessed));
  return Math.abs(at) <= LATEST ? { at, remark: null, zoned: true } : { why: "too far from now" };
}

/** The end of the year 9999. */
const LATEST = 253_402_300_799_999;

interface Rest {
  readonly fraction: string | undefined;
  readonly offset: string | undefined;
  readonly rule: TimeRule;
}

function zoned(
  parts: readonly (string | number | undefined)[],
  { fraction, offset, rule }: Rest,
): TimeReading {
  const [year, month, day, hour, minute, second] = [0, 1, 2, 3, 4, 5].map((place) =>
    Number(parts[place] ?? 0),
  ) as [number, number, number, number, number, number];
  if (hour > 23 || minute > 59 || second > 60) return { why: "there is no such time of day" };
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
    return { why: "there is no such day" };
  const millis = Math.floor(Number(`0.${fraction ?? "0"}`) * SECOND);
  const local = date.getTime() + ((hour * 60 + minute) * 60 + second) * SECOND + millis;
  if (offset === undefined) return { ...rule.zone.utcOf(local), zoned: false };
  const minutes = offsetMinutes(offset);
  if (minutes === null) return { why: "no place is so far from UTC" };
  return { at: local - minutes * MINUTE, remark: null, zoned: true };
}

function offsetMinutes(text: string): number | null {
  if (/^(?:Z|UTC)$/u.test(text)) return 0;
  const match = /^([+-])(\d\d):?(\d\d)$/u.exec(text);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  if (minutes > (14 * DAY) / 24 / MINUTE) return null;
  return match[1] === "-" ? -minutes : minutes;
}
