/**
 * The series of a result as CSV (RFC 4180): one row per plan and interval, a column per series by the
 * name of its metric. Money is in minor units, durations are milliseconds; a field is empty where
 * nothing was measured.
 */
import type { RunResult } from "../../twin/result.ts";
import { parseDuration } from "../../twin/scenario/units.ts";
import { clockOf, isoText } from "./axis.ts";

export function csvReport(result: RunResult): string {
  const plans = Object.entries(result.plans);
  const names = [...new Set(plans.flatMap(([, { series }]) => Object.keys(series)))].filter(
    (name) => name !== "every",
  );
  const rows = plans.flatMap(([plan, { series, marks }]) => {
    const every = parseDuration(series.every);
    const interval = every.ok ? every.value / 1_000 : 0;
    const clock = clockOf(marks?.starts);
    const columns = names.map((name) => {
      const values = Object.hasOwn(series, name) ? series[name] : [];
      return Array.isArray(values) ? (values as readonly number[]) : [];
    });
    const length = columns.reduce((most, values) => Math.max(most, values.length), 0);
    return Array.from({ length }, (_, index) => [
      isoText(index * interval, clock),
      String((index * interval) / 1_000),
      plan,
      ...columns.map((values) => numberText(values[index])),
    ]);
  });
  const heads = ["time", "seconds", "plan", ...names];
  return [heads, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function numberText(value: number | undefined): string {
  return value !== undefined && Number.isFinite(value) ? String(value) : "";
}

/** In quotes where it must be; what a spreadsheet would take for a formula has an apostrophe before it. */
function field(text: string): string {
  const isNumber = text !== "" && Number.isFinite(Number(text));
  const plain = /^\s*[=+@\t\r\n-]/u.test(text) && !isNumber ? `'${text}` : text;
  return /[",\r\n]/u.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
