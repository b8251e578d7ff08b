/** A line of a sale log, or of a recording that was imported before. */
import { readTime, type TimeRule } from "./recorded-time.ts";

export type SaleLogReading =
  | { readonly kind: "event"; readonly at: number | null }
  | { readonly kind: "none"; readonly why: string };

/** Kinds of events that happen at no time of their own. */
const TIMELESS = new Set(["Milestone", "Target"]);

/** Whether a line is an event, and when it happened; it is kept as it stands. */
export function saleLogLine(line: string, times: TimeRule): SaleLogReading {
  let told: unknown;
  try {
    told = JSON.parse(line);
  } catch {
    return { kind: "none", why: "not JSON" };
  }
  if (typeof told !== "object" || told === null || !("kind" in told))
    return { kind: "none", why: "not an event with a kind" };
  const { kind } = told;
  if (typeof kind !== "string" || !/^[A-Z][A-Za-z]+$/u.test(kind))
    return { kind: "none", why: "not an event with a kind" };
  if (TIMELESS.has(kind)) return { kind: "event", at: null };
  const at = "at" in told && typeof told.at === "string" ? told.at : "";
  const time = readTime(at, times);
  return "why" in time ? { kind: "none", why: time.why } : { kind: "event", at: time.at };
}
