/**
 * Amounts as people and shops write them: `1,234.50`, `1.234,50 €`, `12 345,6`, `-$5`, `(5.00)`.
 * Which of point and comma begins the decimals, where one amount alone does not tell, its table does.
 */

/** A sign and a currency, digits with what groups them and begins their decimals, a currency. */
const WRITTEN =
  /^((?:[\s(+−-])*(?:[A-Z]{3}|[A-Z]{0,2}\p{Sc}|kr\.?|Rs\.?|Fr\.?)?[\s+−-]*)(\d[\d.,'’\s]*|[.,]\d+)((?:[A-Z]{3}|\p{Sc}|%|kr\.?|zł|Kč|Ft|lei|-)?\s*[-−)]*)$/u;
/** What most shops write; a point and three digits may be thousands. */
const PLAIN = /^\d+(?:\.\d\d?)?$/u;
const EXPONENT = /^[+-]?\d+(?:\.\d+)?[eE][+-]?\d+$/u;

/** Not a number where it is none. `decimalComma` is of the table. */
export function amountOf(written: string, decimalComma: boolean): number {
  const text = written.trim();
  if (PLAIN.test(text)) return Number(text);
  if (EXPONENT.test(text)) return Number(text);
  const [, before, digits, behind] = WRITTEN.exec(text) ?? [];
  if (before === undefined || digits === undefined || behind === undefined) return Number.NaN;
  const isNegative =
    /[-−]/u.test(before) ||
    /^\s*[-−]/u.test(behind) ||
    (before.includes("(") && behind.includes(")"));
  const bare = digits.replaceAll(/['’\s]/gu, "");
  const mark = decimalMark(bare) ?? (decimalComma ? "," : ".");
  const parts = bare.split(mark);
  if (parts.length > 2) return Number.NaN;
  const whole = (parts[0] ?? "").replaceAll(/[.,]/gu, "");
  const value = Number(`${whole || "0"}.${parts[1] || "0"}`);
  return isNegative ? -value : value;
}

/** The sign that begins the decimals; null where it may be either, as in `1,234`, or there is none. */
export function decimalMark(written: string): "." | "," | null {
  const bare = written.replaceAll(/[^\d.,]/gu, "");
  const [point, comma] = [bare.lastIndexOf("."), bare.lastIndexOf(",")];
  if (point >= 0 && comma >= 0) return point > comma ? "." : ",";
  const at = Math.max(point, comma);
  if (at < 0) return null;
  const mark = point >= 0 ? "." : ",";
  const other = mark === "." ? "," : ".";
  // Twice the same sign groups thousands: then the other one would begin the decimals.
  if (bare.indexOf(mark) !== at) return other;
  const isGroup = bare.length - at - 1 === 3 && at > 0 && at <= 3 && bare[0] !== "0";
  return isGroup ? null : mark;
}

const SIGNS: Readonly<Record<string, string>> = { "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW" };

/** ISO 4217, where an amount says of which currency it is; a `$` may be of many. */
export function currencyOf(written: string): string | null {
  const code = /(?:^|[^A-Za-z])([A-Z]{3})(?:$|[^A-Za-z])/u.exec(written)?.[1];
  if (code !== undefined) return code;
  const sign = /[€£₹₩]/u.exec(written)?.[0];
  return sign === undefined ? null : (SIGNS[sign] ?? null);
}
