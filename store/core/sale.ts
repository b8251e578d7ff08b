/**
 * The phases of a sale by the clock: scheduled, early access for the invited, public, closed.
 * Times are milliseconds since 1970-01-01T00:00Z. A phase starts at its time, inclusive. An
 * operator may pause a sale that is open: nobody buys, and its times go on.
 */
import { assert } from "./assert.ts";

export type SalePhase = "scheduled" | "early-access" | "public" | "paused" | "closed";

export interface SaleTimes {
  readonly earlyAccessAt: number;
  readonly publicAt: number;
  readonly closesAt: number;
  /** True while an operator holds the sale; nothing is not. */
  readonly paused?: boolean;
}

/** Why these cannot be the times of a sale, in plain words, or null. */
export function saleTimesProblem(times: SaleTimes): string | null {
  const { earlyAccessAt, publicAt, closesAt } = times;
  const whole = [earlyAccessAt, publicAt, closesAt].every(Number.isSafeInteger);
  if (!whole) return "the times of a sale are whole milliseconds since 1970";
  if (earlyAccessAt > publicAt) return "early access begins no later than the public sale";
  return publicAt <= closesAt ? null : "a sale closes no earlier than it opens to the public";
}

export function phaseAt(times: SaleTimes, now: number): SalePhase {
  assert(
    times.earlyAccessAt <= times.publicAt && times.publicAt <= times.closesAt,
    "the phases of a sale follow one another",
  );
  if (now < times.earlyAccessAt) return "scheduled";
  if (now >= times.closesAt) return "closed";
  if (times.paused === true) return "paused";
  return now < times.publicAt ? "early-access" : "public";
}

/** Whether a shopper may put anything into a cart, hold it or pay for it. */
export function mayBuy(phase: SalePhase, invited: boolean): boolean {
  return phase === "public" || (phase === "early-access" && invited);
}

/** When the next phase begins by the clock, or null when the sale is closed. */
export function nextPhaseAt(times: SaleTimes, now: number): number | null {
  switch (phaseAt(times, now)) {
    case "scheduled":
      return times.earlyAccessAt;
    case "early-access":
      return times.publicAt;
    case "public":
      return times.closesAt;
    case "paused":
      return now < times.publicAt ? times.publicAt : times.closesAt;
    case "closed":
      return null;
  }
}
