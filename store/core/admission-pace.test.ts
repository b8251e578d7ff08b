import { describe, expect, it } from "vitest";
import { AdmissionPace } from "./admission-pace.ts";
import type { RoomLimits } from "./ticket.ts";

const LIMITS: RoomLimits = {
  active: 100,
  perMinute: 60,
  lanes: [{ name: "all", share: 1, opensAt: null }],
  engages: { from: null, above: 0 },
  passMillis: 60_000,
  sessionMillis: 300_000,
  keptMillis: 60_000,
  adaptive: null,
  drawSeed: "",
};

/** How many are let in from `from` on until it says no. */
function admits(pace: AdmissionPace, active: number, now: number): number {
  let count = 0;
  while (count < 10_000 && pace.allows(active + count, now)) {
    pace.take();
    count += 1;
  }
  return count;
}

describe("how many may be let in", () => {
  it("is the smaller of what the rate allows and of the free places", () => {
    const pace = new AdmissionPace(LIMITS);
    expect(admits(pace, 0, 0)).toBe(5); // five seconds are saved up at the most
    expect(admits(pace, 5, 2_000)).toBe(2);
    expect(admits(pace, 99, 6_000)).toBe(1);
    expect(admits(pace, 100, 7_000)).toBe(0);
    expect(admits(pace, 0, 3_600_000)).toBe(5);
  });

  it("lets in by one of the two alone where the other is no limit", () => {
    expect(admits(new AdmissionPace({ ...LIMITS, perMinute: null }), 40, 0)).toBe(60);
    expect(admits(new AdmissionPace({ ...LIMITS, active: null }), 1e6, 0)).toBe(5);
    const slow = new AdmissionPace({ ...LIMITS, perMinute: 1 });
    expect(admits(slow, 0, 0)).toBe(1);
    expect(admits(slow, 0, 59_999)).toBe(0);
    expect(admits(slow, 0, 60_000)).toBe(1);
  });

  it("never lets in more over an hour than the rate and one burst", () => {
    const pace = new AdmissionPace({ ...LIMITS, active: null, perMinute: 700 });
    let count = 0;
    for (let now = 0; now <= 3_600_000; now += 700) count += admits(pace, 0, now);
    expect(count).toBeGreaterThan(700 * 60 - 1);
    expect(count).toBeLessThanOrEqual(700 * 60 + (700 * 5) / 60 + 1);
  });

  it("follows the store's health: fewer inside as it slows, none while even the quickest is slow", () => {
    const adaptive = { activeMin: 20, targetMillis: 2_000, intervalMillis: 5_000 };
    const pace = new AdmissionPace({ ...LIMITS, perMinute: null, adaptive });
    let now = 0;
    const answers = (meanMillis: number, quickestMillis: number, seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        now += 1_000;
        pace.note({ meanMillis, quickestMillis }, 100, now);
      }
    };
    answers(300, 100, 60);
    expect(pace.activeLimit).toBe(100);
    answers(600, 100, 30);
    expect(pace.activeLimit).toBeLessThan(60);
    expect(pace.activeLimit).toBeGreaterThanOrEqual(20);
    expect(pace.allows(10, now)).toBe(true);
    answers(9_000, 2_500, 30);
    expect(pace.activeLimit).toBe(20);
    expect(pace.overloaded).toBe(true);
    expect(pace.allows(0, now)).toBe(false);
    // The store is silent because nobody is inside: that is no overload.
    for (let second = 1; second <= 20; second += 1) pace.note(null, 0, now + second * 1_000);
    now += 20_000;
    expect(pace.allows(0, now)).toBe(true);
    answers(300, 100, 300);
    expect(pace.activeLimit).toBe(100);
  });
});
