/** Where the axes of a chart have their marks, and what stands at them. */
import type { MetricUnit } from "../../twin/metric.ts";
import { durationText, moneyText, percentText, plainNumber } from "./quantity.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Distances between marks of time, milliseconds: those that a clock's face has. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28].map((days) => days * DAY),
];

export interface TimeMark {
  /** Milliseconds since the start. */
  readonly at: number;
  readonly text: string;
}

/** When a sale starts, for whoever writes times of it. */
export interface Clock {
  /** Milliseconds of the local wall clock at the start; null where a result does not say. */
  readonly startsLocal: number | null;
  /** `-05:00`, or nothing. */
  readonly offset: string;
}

const ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)([+-]\d\d:\d\d)$/u;

export function clockOf(starts: string | undefined): Clock {
  const [, local = "", offset = ""] = ISO.exec(starts ?? "") ?? [];
  const startsLocal = Date.parse(`${local}Z`);
  return Number.isFinite(startsLocal) ? { startsLocal, offset } : { startsLocal: null, offset: "" };
}

/** At most `most` marks between two times, at whole minutes, hours or days of the sale's own clock. */
export function timeMarks(
  span: { readonly from: number; readonly to: number },
  clock: Clock,
  most: number,
): readonly TimeMark[] {
  const length = span.to - span.from;
  const step = STEPS.find((one) => length / one <= most) ?? Math.ceil(length / most / DAY) * DAY;
  const zero = clock.startsLocal ?? 0;
  const first = Math.ceil((span.from + zero) / step) * step - zero;
  const count = Math.max(0, Math.floor((span.to - first) / step) + 1);
  return Array.from({ length: count }, (_, index) => {
    const at = first + index * step;
    return { at, text: markText(at, clock, step) };
  });
}

function markText(at: number, clock: Clock, step: number): string {
  if (clock.startsLocal === null) return at === 0 ? "start" : `+${durationText(at)}`;
  const isMidnight = (at + clock.startsLocal) % DAY === 0;
  return step >= DAY || (isMidnight && step >= HOUR) ? dayText(at, clock) : clockText(at, clock);
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `25 Nov` */
function dayText(at: number, clock: Clock): string {
  const date = new Date(at + (clock.startsLocal ?? 0));
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

/** `06:15` by the sale's own clock, or the time since the start where that is not known. */
export function clockText(at: number, clock: Clock): string {
  if (clock.startsLocal === null) return durationText(at);
  return isoDate(at + clock.startsLocal).slice(11, 16);
}

/** `25 Nov 06:15`, or the time since the start. */
export function momentText(at: number, clock: Clock): string {
  if (clock.startsLocal === null) return durationText(at);
  return `${dayText(at, clock)} ${clockText(at, clock)}`;
}

/** ISO 8601 with the sale's own offset; nothing where the start is not known. */
export function isoText(at: number, clock: Clock): string {
  if (clock.startsLocal === null) return "";
  return `${isoDate(at + clock.startsLocal).slice(0, 19)}${clock.offset}`;
}

/** A time that no calendar has stands as the first of it. */
function isoDate(millis: number): string {
  const date = new Date(millis);
  return Number.isFinite(date.getTime()) ? date.toISOString() : new Date(0).toISOString();
}

/** A figure at an axis whose largest is `most`: `120k`, `1.5 s`, `$80,000`. */
export function axisText(
  unit: MetricUnit,
  value: number,
  { currency, most }: { readonly currency: string; readonly most: number },
): string {
  if (value === 0) return "0";
  if (unit === "ms") return durationText(value);
  if (unit === "share") return percentText(value);
  if (unit === "money") return moneyText(value, currency);
  const [size, letter] = most >= 1e7 ? [1e6, "M"] : most >= 1e4 ? [1e3, "k"] : [1, ""];
  return `${plainNumber(value / size, 1)}${letter}`;
}
