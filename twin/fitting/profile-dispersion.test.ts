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
  const found = profileDispersion(counts, 60, profile);
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
});
