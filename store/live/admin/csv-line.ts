/**
 * A line of CSV as of RFC 4180 that a spreadsheet reads as text and never as a formula: a cell
 * that begins with one of the signs of a formula, in their wide forms too, gets an apostrophe.
 * Source: OWASP, CSV Injection; ASVS 5.0, 1.2.10.
 */

const FORMULA = /^[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]/;

export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(cellOf).join(",")}\r\n`;
}

function cellOf(value: string | number): string {
  if (typeof value === "number") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}
