/**
 * The phases of a sale by the clock: scheduled, early access for the invited, public, closed.
 * Times are milliseconds since 1970-01-01T00:00Z. A phase starts at its time, inclusive.
 */
import { assert } from "./assert.ts";

export type SalePhase = "scheduled" | "early-access" | "public" | "closed";

export interface SaleTimes {
  readonly earlyAccessAt: number;
  readonly publicAt: number;
  readonly closesAt: number;
}

export function phaseAt(times: SaleTimes, now: number): SalePhase {
  assert(
    times.earlyAccessAt <= times.publicAt && times.publicAt <= times.closesAt,
    "the phases of a sale follow one another",
  );
  if (now < times.earlyAccessAt) return "scheduled";
  if (now < times.publicAt) return "early-access";
  if (now < times.closesAt) return "public";
  return "closed";
}

/** Whether a shopper may put anything into a cart, hold it or pay for it. */
export function mayBuy(phase: SalePhase, invited: boolean): boolean {
  return phase === "public" || (phase === "early-access" && invited);
}

/** When the next phase begins, or null when the sale is closed. */
export function nextPhaseAt(times: SaleTimes, now: number): number | null {
  switch (phaseAt(times, now)) {
    case "scheduled":
      return times.earlyAccessAt;
    case "early-access":
      return times.publicAt;
    case "public":
      return times.closesAt;
    case "closed":
      return null;
  }
}
