import { describe, expect, it } from "vitest";
import { LeavingHabits, survivesOf } from "./leaving-habits.ts";

const KEPT = 120_000;
const SECOND = 1_000;

/** A thousand of every age stood there, and left with this hazard per second of age after KEPT. */
function seen(hazardAt: (seconds: number) => number, upToSeconds: number): LeavingHabits {
  const habits = new LeavingHabits(KEPT);
  const owed = new Map<number, number>();
  for (let round = 0; round < 60; round += 1) {
    for (let second = 0; second < upToSeconds; second += 5) {
      const age = KEPT + (second + 0.5) * SECOND;
      habits.stood(age, 1_000, SECOND);
      let left = (owed.get(second) ?? 0) + 1_000 * hazardAt(second + 0.5);
      for (; left >= 1; left -= 1) habits.left(age);
      owed.set(second, left);
    }
    habits.learn(SECOND);
  }
  return habits;
}

describe("the habits of those who leave", () => {
  it("say nothing of a line that nobody has left", () => {
    const habits = seen(() => 0, 600);
    expect(habits.hazardAt(KEPT + 60 * SECOND)).toBe(0);
    expect(habits.summedTo(10 * KEPT)).toBe(0);
  });

  it("are a life table: leavers over the time that was stood at an age, none while it is kept", () => {
    const habits = seen(() => 0.002, 3_600);
    expect(habits.summedTo(KEPT)).toBe(0);
    for (const seconds of [10, 100, 1_000, 3_000]) {
      expect(Math.abs(habits.hazardAt(KEPT + seconds * SECOND) / 2e-6 - 1)).toBeLessThan(0.1);
      const summed = habits.summedTo(KEPT + seconds * SECOND);
      expect(Math.abs(summed / (seconds * 0.002) - 1)).toBeLessThan(0.1);
    }
  });

  it("go on rising or falling over ages that nobody has reached yet, as a Weibull law does", () => {
    for (const shape of [0.7, 2]) {
      const hazardAt = (seconds: number): number =>
        (shape / 1_000) * (seconds / 1_000) ** (shape - 1);
      const habits = seen(hazardAt, 600);
      const later = habits.hazardAt(KEPT + 2_000 * SECOND) / (hazardAt(2_000) / SECOND);
      expect(later).toBeGreaterThan(0.7);
      expect(later).toBeLessThan(1.4);
    }
  });

  it("take shares to a few in ten thousand", () => {
    for (const hazards of [0, 0.01, 0.5, 1, 3, 10])
      expect(Math.abs(survivesOf(hazards) - Math.exp(-hazards))).toBeLessThan(5e-4);
  });
});
