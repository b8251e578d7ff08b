import { describe, expect, it } from "vitest";
import { type Distribution, exponential, logLogistic } from "../../engine/distribution.ts";
import { RandomStream } from "../../engine/random.ts";
import { type ArrivalProfile, type CountedArrivals, fitArrivalProfile } from "./arrival-profile.ts";

const HOUR = 3_600;

function profile(arrivals: CountedArrivals): ArrivalProfile {
  const fitted = fitArrivalProfile(arrivals);
  if ("why" in fitted) throw new Error(fitted.why);
  return fitted;
}

/** A sale's counts per minute, of orders with these delays; later ones are after its end. */
function counted(delay: Distribution, orders: number, seed: string, lasts = 3 * HOUR) {
  const random = new RandomStream(seed, "arrivals");
  const counts = new Float64Array(lasts / 60);
  for (let order = 0; order < orders; order += 1) {
    const minute = Math.floor(delay.sample(random) / 60);
    if (minute < counts.length) counts[minute] = (counts[minute] ?? 0) + 1;
  }
  return { counts, every: 60, startsAt: 0 };
}

function near(value: number, { value: fitted, error }: { value: number; error: number }): void {
  expect(Math.abs(fitted - value)).toBeLessThan(4 * error);
  expect(error).toBeLessThan(0.2 * value);
}

describe("the profile of a sale's arrivals", () => {
  it("is the decay that they were drawn with, though the sale ends before it does", () => {
    for (const seed of ["a", "b"]) {
      const fitted = profile(counted(exponential({ mean: 2 * HOUR }), 8_000, seed));
      const decay = fitted.candidates.find(
        ({ shape }) => shape?.family === "exponential" && !shape.steady,
      );
      near(2 * HOUR, decay?.parameters.mean ?? { value: 0, error: 0 });
      expect((decay?.quasiAic ?? 99) - (fitted.candidates[0]?.quasiAic ?? 0)).toBeLessThan(6);
      expect(fitted.dispersion).toBeLessThan(1.4);
      expect(fitted.linear).toBe(false);
    }
  });

  it("is the delay since the launch that they were drawn with", () => {
    for (const seed of ["a", "b"]) {
      const fitted = profile(counted(logLogistic({ median: 1_200, shape: 1.5 }), 8_000, seed));
      const delay = fitted.candidates.find(
        ({ shape }) => shape?.family === "log-logistic" && !shape.steady,
      );
      near(1_200, delay?.parameters.median ?? { value: 0, error: 0 });
      near(1.5, delay?.parameters.shape ?? { value: 0, error: 0 });
      expect((delay?.quasiAic ?? 99) - (fitted.candidates[0]?.quasiAic ?? 0)).toBeLessThan(6);
      expect(fitted.candidates.at(-1)?.kind).toBe("constant");
    }
  });

  it("is the hours of a day times the level of each day", () => {
    const random = new RandomStream("days", "arrivals");
    const levels = [400, 900, 600, 1_500];
    const counts = new Float64Array(4 * 24);
    levels.forEach((level, day) => {
      for (let order = 0; order < level; order += 1) {
        const hour = 8 + Math.floor(6 * (random.next() + random.next()));
        counts[day * 24 + hour] = (counts[day * 24 + hour] ?? 0) + 1;
      }
    });
    const { candidates } = profile({ counts, every: HOUR, startsAt: 0 });
    expect(candidates[0]?.kind).toBe("daily profile");
    const { hours = [], days = [] } = candidates[0]?.daily ?? {};
    expect(hours.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(hours[3]).toBe(0);
    expect(hours[14]).toBeGreaterThan(hours[9] ?? 1);
    for (const [day, level] of levels.entries()) expect(days[day]).toBeCloseTo(level, 6);
  });

  it("is constant and linear where a capacity serves, in bursts too", () => {
    const random = new RandomStream("capacity", "arrivals");
    const counts = Array.from({ length: 3_000 }, () => 10 * Math.floor(3 * random.next()));
    const fitted = profile({ counts, every: 15, startsAt: 0 });
    expect(fitted.linear).toBe(true);
    expect(fitted.dispersion).toBeGreaterThan(5);
    const constant = fitted.candidates.find(({ kind }) => kind === "constant");
    expect((constant?.quasiAic ?? 99) - (fitted.candidates[0]?.quasiAic ?? 0)).toBeLessThan(6);
  });

  it("is not linear where the rate decays, however slowly", () => {
    const lasts = 3 * HOUR;
    const slow = profile(counted(exponential({ mean: 8 * lasts }), 900_000, "slow", lasts));
    expect(Math.abs(slow.halfAt - 0.5)).toBeLessThan(0.03);
    expect(slow.linear).toBe(false);
  });

  it("is not linear where it bends away from the line and back", () => {
    const counts = Array.from({ length: 90 }, (_none, minute) =>
      minute < 30 || minute >= 60 ? 40 : 5,
    );
    const fitted = profile({ counts, every: 60, startsAt: 0 });
    expect(fitted.halfAt).toBeCloseTo(0.5, 6);
    expect(fitted.linear).toBe(false);
  });

  it.each([
    ["few intervals", [50, 50], "2 intervals are too few: 10 are needed"],
    ["few orders", Array.from({ length: 20 }, () => 1), "20 orders are too few: 30 are needed"],
    [
      "no number",
      [...Array.from({ length: 20 }, () => 9), Number.NaN],
      "not all counts are 0 or more",
    ],
  ])("is not told from %s", (_case, counts, why) => {
    expect(fitArrivalProfile({ counts, every: 60, startsAt: 0 })).toEqual({
      size: counts.length,
      why,
    });
  });
});
