/**
 * Times as other systems write them: ISO 8601 with or without an offset, web servers' own form,
 * seconds since 1970 or since the sale began, dates with slashes, points or the name of the month,
 * with a clock of 24 or of twice 12 hours. Pure: a time without an offset is brought to UTC by the
 * zone that it is given.
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

const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/u;
/** A time of day, with twice 12 hours if it says so; then how far it is ahead of UTC. */
const CLOCK =
  "(\\d\\d?):(\\d\\d)(?::(\\d\\d)(?:[.,](\\d+))?)?\\s*([ap]\\.?m\\.?)?\\s*(Z|UTC|GMT|[+-]\\d\\d(?::?\\d\\d)?)?";
/** A date, what may part it from a time of day, and that. */
const after = (date: string) => new RegExp(`^${date}(?:(?:T|,?\\s+|:)${CLOCK})?$`, "iu");
const ISO = after("(\\d{4})[-/](\\d\\d?)[-/](\\d\\d?)");
const NUMBERS = after("(\\d\\d?)([./-])(\\d\\d?)\\2(\\d{4}|\\d\\d)");
/** `29 Nov 2024`, `29/Nov/2024`, `Fri, 29 November 2024`. */
const DAY_MONTH = after("(?:[a-z]{3,9},?\\s+)?(\\d\\d?)[\\s/-]([a-z]{3,9})\\.?[\\s/-](\\d{4})");
/** `Nov 29, 2024`. */
const MONTH_DAY = after("(?:[a-z]{3,9},?\\s+)?([a-z]{3,9})\\.?\\s+(\\d\\d?),?\\s+(\\d{4})");
/** `20241129T090003Z` and the same without its letters. */
const COMPACT = /^((?:19|20)\d\d)(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d))?(Z)?$/u;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

export function readTime(written: string, rule: TimeRule): TimeReading {
  const text = written.trim();
  if (text === "") return { why: "it has no time" };
  const universal = readUniversal(text);
  if (universal !== null) return universal;
  const isNumber = NUMBER.test(text);
  const counts = isNumber && (rule.unit !== null || rule.since !== null);
  const compact = counts ? null : COMPACT.exec(text);
  if (compact !== null && isDate(compact)) {
    const [, year, month, day, hour, minute, second, offset] = compact;
    return zoned([year, month, day], { hour, minute, second, offset }, rule);
  }
  if (isNumber) return readNumber(Number(text), rule);
  const iso = ISO.exec(text);
  if (iso !== null) return zoned(iso.slice(1, 4), clockOf(iso, 4), rule);
  const dayMonth = DAY_MONTH.exec(text);
  if (dayMonth !== null) {
    const [, day, word, year] = dayMonth;
    return zoned([year, monthOf(word), day], clockOf(dayMonth, 4), rule);
  }
  const monthDay = MONTH_DAY.exec(text);
  if (monthDay !== null) {
    const [, word, day, year] = monthDay;
    return zoned([year, monthOf(word), day], clockOf(monthDay, 4), rule);
  }
  const numbers = NUMBERS.exec(text);
  return numbers === null ? { why: "its time is not a time" } : readNumbers(numbers, rule);
}

/** The commonest form by far, with milliseconds or without; days that not every month has are left. */
const UNIVERSAL =
  /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/u;

function readUniversal(text: string): TimeReading | null {
  if (text.charCodeAt(text.length - 1) !== LETTER_Z || !UNIVERSAL.test(text)) return null;
  const part = (from: number, to: number) => Number(text.slice(from, to));
  const [month, day] = [part(5, 7), part(8, 10)];
  const time = [part(11, 13), part(14, 16), part(17, 19), part(20, text.length - 1)] as const;
  // A year below 100 would be one of the twentieth century, and months and days begin with 1.
  if (part(0, 4) < YEAR_LEAST || month === 0 || day === 0) return null;
  return { at: Date.UTC(part(0, 4), month - 1, day, ...time), remark: null, zoned: true };
}
const LETTER_Z = 90;
const YEAR_LEAST = 100;

function readNumbers(numbers: RegExpExecArray, rule: TimeRule): TimeReading {
  const [, first, between, second, year = ""] = numbers;
  // Nobody writes the month first with points.
  const dayFirst = rule.dayFirst ?? (between === "." ? true : null);
  if (dayFirst === null)
    return { why: "day or month first? The columns file says so with day-first: true or false" };
  const [day, month] = dayFirst ? [first, second] : [second, first];
  const whole = year.length === 2 ? `20${year}` : year;
  return zoned([whole, month, day], clockOf(numbers, 5), rule);
}

/** Whether the day comes first in a date such as 29/11/2024; null where it may be either. */
export function dayFirstOf(written: string): boolean | null {
  const numbers = NUMBERS.exec(written.trim());
  if (numbers === null) return null;
  const [first, second] = [Number(numbers[1]), Number(numbers[3])];
  if (first > 12 && second <= 12) return true;
  return second > 12 && first <= 12 ? false : null;
}

/** A date with the time of day, or the hour, that stands in a column of its own; as it is where neither does. */
export function dateAndClock(date: string, clock: string): string {
  if (date.includes(":")) return date;
  if (/^\d\d?$/u.test(clock)) return `${date} ${clock}:00`;
  return CLOCK_ALONE.test(clock) ? `${date} ${clock}` : date;
}
const CLOCK_ALONE = new RegExp(`^${CLOCK}$`, "iu");

/** 0 for what is no month. */
function monthOf(word: string | undefined): number {
  return MONTHS.indexOf((word ?? "").slice(0, 3).toLowerCase()) + 1;
}

/** Bare digits that are no day of any month are a number. */
function isDate([, , month, day, hour]: RegExpExecArray): boolean {
  const within = (text: string | undefined, least: number, most: number) =>
    Number(text) >= least && Number(text) <= most;
  return within(month, 1, 12) && within(day, 1, 31) && within(hour ?? "0", 0, 23);
}

interface Clock {
  readonly hour?: string | undefined;
  readonly minute?: string | undefined;
  readonly second?: string | undefined;
  readonly fraction?: string | undefined;
  /** `am` or `pm`, with or without points. */
  readonly half?: string | undefined;
  readonly offset?: string | undefined;
}

function clockOf(match: RegExpExecArray, from: number): Clock {
  const [hour, minute, second, fraction, half, offset] = match.slice(from);
  return { hour, minute, second, fraction, half, offset };
}

/** Bare numbers of this size are seconds, milliseconds, microseconds since 1970 (years 2001 on). */
const EPOCH_SECONDS = 1e9;
const EPOCH_MILLIS = 1e12;
const EPOCH_MICROS = 1e15;
const EPOCH_NANOS = 1e18;

function readNumber(value: number, { since, unit }: TimeRule): TimeReading {
  const size = Math.abs(value);
  const guessed = unitOf(size);
  const fromStart = unit !== null || size < EPOCH_SECONDS;
  // A column called `minute` may hold seconds since 1970 all the same.
  const isEpoch = unit !== null && unit > SECOND && size >= EPOCH_SECONDS;
  const start = fromStart && !isEpoch ? (since ?? 0) : 0;
  const at = Math.round(start + value * (isEpoch ? guessed : (unit ?? guessed)));
  return Math.abs(at) <= LATEST ? { at, remark: null, zoned: true } : { why: "too far from now" };
}

/** The end of the year 9999. */
const LATEST = 253_402_300_799_999;

/** Milliseconds that one of so many units since 1970 is. */
function unitOf(size: number): number {
  if (size >= EPOCH_NANOS) return 1 / SECOND / SECOND;
  if (size >= EPOCH_MICROS) return 1 / SECOND;
  return size >= EPOCH_MILLIS ? 1 : SECOND;
}

function zoned(
  [year, month, day]: readonly (string | number | undefined)[],
  { half, fraction, offset, ...clock }: Clock,
  rule: TimeRule,
): TimeReading {
  const told = Number(clock.hour ?? 0);
  const [minute, second] = [Number(clock.minute ?? 0), Number(clock.second ?? 0)];
  const hour = half === undefined ? told : (told % 12) + (/^p/iu.test(half) ? 12 : 0);
  const noHour = half === undefined ? told > 23 : told < 1 || told > 12;
  if (noHour || minute > 59 || second > 60) return { why: "there is no such time of day" };
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day))
    return { why: "there is no such day" };
  const millis = Math.floor(Number(`0.${fraction ?? "0"}`) * SECOND);
  const local = date.getTime() + ((hour * 60 + minute) * 60 + second) * SECOND + millis;
  if (offset === undefined) return { ...rule.zone.utcOf(local), zoned: false };
  const minutes = offsetMinutes(offset);
  if (minutes === null) return { why: "no place is so far from UTC" };
  return { at: local - minutes * MINUTE, remark: null, zoned: true };
}

function offsetMinutes(text: string): number | null {
  if (/^(?:Z|UTC|GMT)$/iu.test(text)) return 0;
  const match = /^([+-])(\d\d)(?::?(\d\d))?$/u.exec(text);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  if (minutes > (14 * DAY) / 24 / MINUTE) return null;
  return match[1] === "-" ? -minutes : minutes;
}
