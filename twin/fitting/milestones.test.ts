import { describe, expect, it } from "vitest";
import { lognormal } from "../../engine/distribution.ts";
import { fitMilestones, scoreMilestones } from "./milestones.ts";

const DAY = 86_400;
const TIMES = [60, 300, 1_200, 3_600, 14_400, 36_000, 60_000, DAY];

/** Six tenths in a wave after the launch, the rest evenly over the day. */
const wave = lognormal({ median: 900, sigma: 1.2 });
const share = (seconds: number) =>
  0.6 * (wave.cdf(seconds) / wave.cdf(DAY)) + 0.4 * (seconds / DAY);
const milestones = TIMES.map((seconds) => ({ seconds, share: share(seconds) }));

describe("milestones of a known curve", () => {
  it("give its parameters back, and the curve between them", () => {
    const [best] = fitMilestones(milestones, DAY);
    expect(best).toMatchObject({ family: "lognormal", steady: true });
    expect((best?.parameters.median?.value ?? 0) / 900).toBeCloseTo(1, 2);
    expect(best?.parameters.sigma?.value).toBeCloseTo(1.2, 2);
    expect(best?.parameters.wave?.value).toBeCloseTo(0.6, 2);
    for (const seconds of [150, 2_400, 50_000])
      expect((best?.curve(seconds) ?? 0) / share(seconds)).toBeCloseTo(1, 2);
  });

  it("are met by every candidate at the end of the sale, best first", () => {
    const fits = fitMilestones(milestones, DAY);
    expect(fits).toHaveLength(8);
    for (const { curve } of fits) expect(curve(DAY)).toBeCloseTo(1, 9);
    const criteria = fits.map(({ aic }) => aic);
    expect(criteria).toEqual(criteria.toSorted((one, other) => one - other));
  });

  it("leave out what has as many free numbers as there are milestones", () => {
    const two = fitMilestones(milestones.slice(2, 4), DAY);
    expect(two.map(({ family, steady }) => ({ family, steady }))).toEqual([
      { family: "exponential", steady: false },
    ]);
    expect(fitMilestones(milestones.slice(0, 1), DAY)).toEqual([]);
  });
});

describe("the score of a curve", () => {
  it("is each milestone's relative error, and the errors over the shares", () => {
    const scored = scoreMilestones(
      [
        { seconds: 10, share: 0.2 },
        { seconds: 20, share: 0.6 },
      ],
      (seconds) => seconds / 40,
    );
    expect(scored.milestones.map(({ error }) => error)).toEqual([
      expect.closeTo(0.25, 12),
      expect.closeTo(-1 / 6, 12),
    ]);
    expect(scored.wmape).toBeCloseTo(0.15 / 0.8, 12);
  });
});
