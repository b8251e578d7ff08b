import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import type { FaultSpec } from "../scenario/scenario.ts";
import { RecoveryWatch } from "./recovery.ts";

interface Minute {
  readonly errors?: number;
  readonly failedCharges?: number;
  readonly charges?: number;
  readonly latency?: Ticks;
  readonly pages?: number;
}

/** Sixty pages and twenty charges a minute, save where a minute says otherwise. */
const USUAL = {
  pages: 60,
  errors: 0,
  charges: 20,
  failedCharges: 0,
  latency: 500 * MILLISECOND,
};

const FROM = 20;
const TO = 25;
const LASTS = 40;

/** The time of recovery, in minutes, of a sale whose minutes are these; from minute 20 to 25 all is lost. */
function recoveryOf(minutes: Readonly<Record<number, Minute>>, from = FROM): number | null {
  const simulation = new Simulation({ seed: "recovery" });
  const fault: FaultSpec = { at: from * MINUTE, ends: TO * MINUTE, kind: "cdn-outage" };
  let counts = { pages: 0, errors: 0, charges: 0, failedCharges: 0 };
  const watch = new RecoveryWatch(simulation, {
    faults: [fault],
    lasts: LASTS * MINUTE,
    counts: () => counts,
  });
  const lost: Minute = { errors: 60, failedCharges: 20, latency: 30 * SECOND };
  // In the middle of each minute, all of it at once.
  const pass = simulation.defineEvent("test.minute", (minute) => {
    const inFault = minute >= from && minute < TO;
    const { pages, latency, ...rest } = { ...USUAL, ...(inFault ? lost : minutes[minute]) };
    counts = {
      pages: counts.pages + pages,
      errors: counts.errors + rest.errors,
      charges: counts.charges + rest.charges,
      failedCharges: counts.failedCharges + rest.failedCharges,
    };
    for (let page = 0; page < pages; page += 1) watch.latency.record(latency);
  });
  for (let minute = 0; minute < LASTS; minute += 1)
    simulation.schedule(minute * MINUTE + MINUTE / 2, pass, minute);
  simulation.run({ until: LASTS * MINUTE });
  return watch.time === null ? null : watch.time / MINUTE;
}

describe("the recovery of a sale", () => {
  it("is at once where the first three minutes after the fault are as before", () => {
    expect(recoveryOf({})).toBe(0);
  });

  it("waits for errors, latency and charges alike, each within its bound", () => {
    const second = { 25: {}, 26: {} };
    const past = (minute: Minute) => recoveryOf({ ...second, 25: minute, 26: minute });
    // One page in sixty is 1.7 %, more than the one percent allowed.
    expect(past({ errors: 1 })).toBe(2);
    expect(past({ errors: 1, pages: 100 })).toBe(0);
    expect(past({ latency: 760 * MILLISECOND })).toBe(2);
    expect(past({ latency: 740 * MILLISECOND })).toBe(0);
    expect(past({ failedCharges: 3 })).toBe(2);
    expect(past({ failedCharges: 2 })).toBe(0);
    expect(past({ failedCharges: 9, charges: 9 })).toBe(0);
  });

  it("is measured against what was before the fault, not against perfection", () => {
    const poor: Minute = { errors: 6, failedCharges: 6, latency: 2 * SECOND };
    const always = Object.fromEntries(Array.from({ length: LASTS }, (_none, at) => [at, poor]));
    expect(recoveryOf(always)).toBe(0);
    const late = Object.fromEntries(Object.entries(always).filter(([at]) => Number(at) >= FROM));
    expect(recoveryOf(late)).toBe(LASTS - TO);
  });

  it("looks at the ten minutes before the first fault alone", () => {
    const early = Object.fromEntries(
      Array.from({ length: 10 }, (_none, at) => [at, { errors: 60 }]),
    );
    expect(recoveryOf({ ...early, 25: { errors: 6 } })).toBe(1);
  });

  it("begins with three minutes in a row, and a minute without a page is none", () => {
    expect(recoveryOf({ 27: { errors: 60 } })).toBe(3);
    expect(recoveryOf({ 26: { pages: 0 } })).toBe(2);
  });

  it("is the rest of the scenario where it does not come, and nothing where nothing was before", () => {
    const broken = Object.fromEntries(
      Array.from({ length: LASTS }, (_none, at) => [at, at < FROM ? {} : { errors: 30 }]),
    );
    expect(recoveryOf(broken)).toBe(LASTS - TO);
    expect(recoveryOf({}, 0)).toBeNull();
  });
});
