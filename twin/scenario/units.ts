/**
 * How people write quantities, and what the twin makes of them: `90s` becomes ticks, `16%` a
 * ratio, `5.27M` a count, `200/s` events per second, `2GB` bytes, `$4.3M` an amount of money.
 * A quantity that cannot be read is a value with a reason and an example of the right spelling.
 */
import {
  DAY,
  HOUR,
  MICROSECOND,
  MILLISECOND,
  MINUTE,
  SECOND,
  type Ticks,
} from "../../engine/time.ts";
import { decimalsOf } from "../../store/core/money.ts";

/** What a quantity was read as, or why it could not be and how it is spelled. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly why: string; readonly instead: string };

export interface Amount {
  /** In the currency's main unit (dollars, not cents). */
  readonly major: number;
  /** The sign or ISO 4217 code it was written with; null for a bare number. */
  readonly currency: string | null;
}

const DURATION_UNITS: ReadonlyMap<string, Ticks> = new Map([
  ["us", MICROSECOND],
  ["ms", MILLISECOND],
  ["s", SECOND],
  ["min", MINUTE],
  ["h", HOUR],
  ["d", DAY],
]);

/** What people write for a unit of time, and what they mean by it. */
const DURATION_MISSPELLINGS: ReadonlyMap<string, string> = new Map([
  ["m", "min"],
  ["mins", "min"],
  ["minute", "min"],
  ["minutes", "min"],
  ["sec", "s"],
  ["secs", "s"],
  ["second", "s"],
  ["seconds", "s"],
  ["hr", "h"],
  ["hrs", "h"],
  ["hour", "h"],
  ["hours", "h"],
  ["day", "d"],
  ["days", "d"],
  ["msec", "ms"],
  ["millis", "ms"],
]);

const SIZE_UNITS: ReadonlyMap<string, number> = new Map([
  ["B", 1],
  ["KB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["TB", 1e12],
  ["KiB", 1024],
  ["MiB", 1024 ** 2],
  ["GiB", 1024 ** 3],
]);

const MULTIPLES: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["k", 1e3],
  ["M", 1e6],
  ["B", 1e9],
]);

const CURRENCY_SIGNS: ReadonlyMap<string, readonly string[]> = new Map([
  ["$", ["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"]],
  ["€", ["EUR"]],
  ["£", ["GBP"]],
  ["¥", ["JPY", "CNY"]],
]);

/** The longest duration a scenario can name; a sale that lasts longer is a slip of the pen. */
const DURATION_MAX: Ticks = 366 * DAY;

const PARTS = /^([+-]?)(\d[\d_]*(?:\.\d+)?|\.\d+)\s*(.*)$/u;

function refused(why: string, instead: string): { ok: false; why: string; instead: string } {
  return { ok: false, why, instead };
}

function read<Value>(value: Value): Reading<Value> {
  return { ok: true, value };
}

interface Parts {
  readonly number: number;
  readonly text: string;
  readonly unit: string;
}

/** Splits `-14.8 min` into its number and its unit; null where it does not begin with a number. */
function partsOf(written: string): Parts | null {
  const match = PARTS.exec(written.trim());
  if (match === null) return null;
  const text = `${match[1]}${match[2]}`.replaceAll("_", "");
  return { number: Number(text), text, unit: (match[3] ?? "").trim() };
}

const NO_COMMAS = "digits are not separated by commas";

function withoutCommas(written: string): string {
  return `write ${written.replaceAll(",", "")} or ${written.replaceAll(",", "_")}`;
}

function hasGroups(written: string): boolean {
  return /\d,\d{3}(?!\d)/u.test(written);
}

/** `90s`, `14.8min`, `250ms`, `3d`, as whole ticks; a bare number is refused unless it is 0. */
export function parseDuration(written: string | number): Reading<Ticks> {
  if (written === 0 || written === "0") return read(0);
  if (typeof written === "number") {
    return refused("a duration needs a unit", `write ${written}s, ${written}min or ${written}h`);
  }
  if (hasGroups(written)) return refused(NO_COMMAS, withoutCommas(written));
  const parts = partsOf(written);
  if (parts === null) return refused("not a duration", "write it like 90s, 14.8min, 2h or 3d");
  const unit = DURATION_UNITS.get(parts.unit);
  if (unit === undefined) {
    const meant = DURATION_MISSPELLINGS.get(parts.unit.toLowerCase());
    if (meant !== undefined) {
      return refused(`"${parts.unit}" is not a unit of time`, `write ${parts.text}${meant}`);
    }
    const what =
      parts.unit === "" ? "a duration needs a unit" : `"${parts.unit}" is no unit of time`;
    return refused(what, "the units are us, ms, s, min, h and d, as in 90s or 3d");
  }
  if (parts.number < 0)
    return refused("a duration cannot be negative", "write it without the sign");
  const ticks = Math.round(parts.number * unit);
  if (ticks > DURATION_MAX) return refused("longer than a year", "the longest duration is 366d");
  return read(ticks);
}

/**
 * `200/s`, `5M/h`, `0.3/d`, as events per `per` (a number of ticks, one second unless said).
 * The count is scaled before it is divided, so `0.3/d` asked per day is exactly 0.3.
 */
export function parseRate(written: string | number, per: Ticks = SECOND): Reading<number> {
  const example = "write it like 200/s, 5M/h or 12k/min";
  if (written === 0 || written === "0") return read(0);
  if (typeof written === "number") return refused("a rate needs a unit of time", example);
  if (hasGroups(written)) return refused(NO_COMMAS, withoutCommas(written));
  const [count = "", time = "", ...rest] = written.split("/");
  const unit = DURATION_UNITS.get(time.trim());
  if (rest.length > 0 || unit === undefined) return refused("not a rate", example);
  const parts = partsOf(count);
  const multiple = parts === null ? undefined : MULTIPLES.get(parts.unit);
  if (parts === null || multiple === undefined) return refused("not a rate", example);
  if (parts.number < 0) return refused("a rate cannot be negative", example);
  return read((parts.number * multiple * per) / unit);
}

/** `16%`, or a plain ratio from 0 to 1, as a ratio. */
export function parseShare(written: string | number): Reading<number> {
  const example = "write it like 16% or 0.16";
  if (typeof written === "string") {
    const parts = partsOf(written);
    if (parts === null) return refused("not a share", example);
    if (parts.unit !== "%" && parts.unit !== "") return refused("not a share", example);
    if (parts.unit === "%") return shareInRange(Number(`${parts.text}e-2`), written);
    return shareInRange(parts.number, written);
  }
  return shareInRange(written, written);
}

function shareInRange(ratio: number, written: string | number): Reading<number> {
  if (ratio < 0) return refused("a share cannot be negative", "the least share is 0%");
  if (ratio <= 1) return read(ratio);
  const bare = typeof written === "number" && written <= 100;
  return refused(
    "a share cannot be more than 100%",
    bare ? `write ${written}% or ${written / 100}` : "the greatest share is 100%",
  );
}

/** `110000`, `110_000`, `110k`, `5.27M`, as a whole number that is not negative. */
export function parseCount(written: string | number): Reading<number> {
  const example = "write it like 110000, 110_000, 110k or 5.27M";
  if (typeof written === "string" && hasGroups(written)) {
    return refused(NO_COMMAS, withoutCommas(written));
  }
  const parts = typeof written === "number" ? numberParts(written) : partsOf(written);
  const multiple = parts === null ? undefined : MULTIPLES.get(parts.unit);
  if (parts === null || multiple === undefined) return refused("not a count", example);
  const count = Math.round(parts.number * multiple);
  if (Math.abs(count - parts.number * multiple) > 1e-6 * multiple) {
    return refused("a count is a whole number", `write ${Math.max(1, count)}`);
  }
  if (count < 0) return refused("a count cannot be negative", example);
  if (!Number.isSafeInteger(count)) return refused("too large for a count", example);
  return read(count);
}

function numberParts(number: number): Parts | null {
  return Number.isFinite(number) ? { number, text: String(number), unit: "" } : null;
}

/** `0.8`: a number without a unit that is not negative. */
export function parseFactor(written: string | number): Reading<number> {
  const instead = "write it like 0.8, without a unit";
  const parts = typeof written === "number" ? numberParts(written) : partsOf(written);
  if (parts === null || parts.unit !== "") return refused("must be a plain number", instead);
  return parts.number < 0 ? refused("must not be negative", instead) : read(parts.number);
}

/** `2GB`, `512MiB`, as whole bytes. */
export function parseSize(written: string | number): Reading<number> {
  const example = "write it like 2GB, 512MB or 64KiB";
  if (typeof written === "number") return refused("a size needs a unit", example);
  const parts = partsOf(written);
  const unit = parts === null ? undefined : SIZE_UNITS.get(parts.unit);
  if (parts === null || unit === undefined) return refused("not a size", example);
  if (parts.number < 0) return refused("a size cannot be negative", example);
  return read(Math.round(parts.number * unit));
}

/** `$80`, `€12.50`, `$4.3M`, `80 USD`, or a bare number in the scenario's currency. */
export function parseMoney(written: string | number): Reading<Amount> {
  const example = "write it like $80, €12.50, $4.3M or 80 USD";
  if (typeof written === "number") {
    if (!(written >= 0)) return refused("an amount of money cannot be negative", example);
    return read({ major: written, currency: null });
  }
  if (hasGroups(written)) return refused(NO_COMMAS, withoutCommas(written));
  const match = /^([$€£¥]?)\s*(.*?)\s*([A-Z]{3})?$/u.exec(written.trim());
  const [, sign = "", middle = "", code = ""] = match ?? [];
  const parts = partsOf(middle);
  const multiple = parts === null ? undefined : MULTIPLES.get(parts.unit);
  if (parts === null || multiple === undefined || (sign !== "" && code !== "")) {
    return refused("not an amount of money", example);
  }
  if (parts.number < 0) return refused("an amount of money cannot be negative", example);
  const currency = sign !== "" ? sign : code !== "" ? code : null;
  return read({ major: parts.number * multiple, currency });
}

/** True where the text has the form of an ISO 4217 code. */
export function isCurrencyCode(text: string): boolean {
  return /^[A-Z]{3}$/u.test(text);
}

/** True where the sign or code of an amount can stand for `currency` (ISO 4217). */
export function isCurrency(amount: Amount, currency: string): boolean {
  if (amount.currency === null || amount.currency === currency) return true;
  return CURRENCY_SIGNS.get(amount.currency)?.includes(currency) ?? false;
}

/** Minor units in one main unit: 100 cents to the dollar, 1 to the yen, 1,000 fils to the dinar. */
export function minorUnitsPer(currency: string): number {
  return Number(`1e${decimalsOf(currency)}`);
}

/** An amount in minor units of `currency`, fractions of them included. */
export function minorUnits(amount: Amount, currency: string): number {
  return amount.major * minorUnitsPer(currency);
}

/** An amount in whole minor units of `currency`. */
export function toMinor(amount: Amount, currency: string): number {
  return Math.round(minorUnits(amount, currency));
}

/** A duration the way a person would write it: the largest unit that gives a short number. */
export function writeDuration(ticks: Ticks): string {
  for (const [name, unit] of [...DURATION_UNITS].reverse()) {
    const count = ticks / unit;
    if (count >= 1 && Number.isInteger(count * 1000)) return `${count}${name}`;
  }
  return ticks === 0 ? "0s" : `${ticks}us`;
}
