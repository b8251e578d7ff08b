import { describe, expect, it } from "vitest";
import { RandomStream } from "../../engine/random.ts";
import { poissonDraw } from "../replay/count-draws.ts";
import { fitArrivalProfile } from "./arrival-profile.ts";
import { profileDispersion } from "./profile-dispersion.ts";

const HOURS = 10 * 24;
/** Nobody at night, three hours of crowd: nothing is as constant as a plain variance would ask. */
const perMinute = (hour: number) => [0, 0.05, 0.6, 0.2][Math.floor((hour % 24) / 6)] ?? 0;

function ratios(draw: (mean: number, random: RandomStream) => number): readonly number[] {
  const random = new RandomStream("dispersion/2", "test");
  const counts = Float64Array.from({ length: HOURS * 60 }, (_none, minute) =>
    draw(perMinute(Math.floor(minute / 60)), random),
  );
  const profile = fitArrivalProfile({ counts, every: 60, startsAt: 0 });
  if ("why" in profile) throw new Error(profile.why);
  const found = profileDispersion({ counts, every: 60, startsAt: 0 }, profile);
  expect(found.map(({ seconds }) => seconds)).toEqual([60, 300, 3_600]);
  return found.map(({ ratio }) => ratio);
}

describe("scatter around a profile that rises and falls", () => {
  it("is 1 for independent arrivals at every length", () => {
    for (const ratio of ratios(poissonDraw)) expect(Math.abs(ratio - 1)).toBeLessThan(0.3);
  });

  it("is 3 for arrivals in threes", () => {
    const threes = ratios((mean, random) => 3 * poissonDraw(mean / 3, random));
    for (const ratio of threes) expect(Math.abs(ratio / 3 - 1)).toBeLessThan(0.3);
  });

  it("is that of the minutes of the clock, at whatever second the recording begins", () => {
    const random = new RandomStream("dispersion/3", "test");
    const seconds = 6 * 3_600;
    const counts = new Float64Array(seconds);
    for (let minute = 0; minute < seconds / 60; minute += 1) {
      const threes = 3 * poissonDraw(2, random);
      for (let order = 0; order < threes; order += 1) {
        const second = minute * 60 + Math.floor(random.next() * 60);
        counts[second] = (counts[second] ?? 0) + 1;
      }
    }
    const begins = 29;
    const arrivals = { counts: counts.subarray(begins), every: 1, startsAt: begins };
    const profile = fitArrivalProfile(arrivals);
    if ("why" in profile) throw new Error(profile.why);
    const [minute] = profileDispersion(arrivals, profile);
    expect(Math.abs((minute?.ratio ?? 0) / 3 - 1)).toBeLessThan(0.2);
  });
});
