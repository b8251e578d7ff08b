/** A line of a recording as a fact that can be counted. */
import type { RecordedFact } from "./recorded-sale.ts";
import { PLAIN_TIMES, readTime } from "./recorded-time.ts";

/** Null for a line that is no event. */
export function recordedFact(line: string): RecordedFact | null {
  let told: unknown;
  try {
    told = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof told !== "object" || told === null || Array.isArray(told)) return null;
  const record = told as Readonly<Record<string, unknown>>;
  const { kind } = record;
  if (typeof kind !== "string") return null;
  const text = (key: string) => {
    const value = record[key];
    return typeof value === "string" && value !== "" ? value : null;
  };
  const number = (key: string) => {
    const value = record[key];
    return typeof value === "number" && Number.isFinite(value) ? value : null;
  };
  const written = text("at");
  const time = written === null ? null : readTime(written, PLAIN_TIMES);
  if (time !== null && "why" in time) return null;
  return {
    kind,
    at: time?.at ?? null,
    shopper: text("shopper"),
    order: text("order"),
    total: number("total"),
    currency: text("currency"),
    units: number("units"),
    lines: number("lines"),
    slot: text("slot"),
    metric: text("metric"),
    value: number("value"),
    sale: text("sale"),
    after: number("after"),
    lasts: number("lasts"),
  };
}
