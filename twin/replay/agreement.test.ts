import { describe, expect, it } from "vitest";
import { figureAgreement, seriesAgreement } from "./agreement.ts";

describe("the agreement of a series", () => {
  const recorded = [10, 0, 30, 20];

  it("is whole where the simulated one is the recorded one", () => {
    const found = seriesAgreement(recorded, [recorded], { drawn: false });
    expect(found).toEqual({ mape: 0, wape: 0, wapeOfChance: 0, bias: 0, distance: 0, mark: 1 });
  });

  it("tells errors relative to each interval and to all, the bias, and the curves' distance", () => {
    const found = seriesAgreement(recorded, [[5, 5, 33, 26]], { drawn: false });
    // |5-10|/10, |33-30|/30 and |26-20|/20; nothing is relative to the empty interval.
    expect(found.mape).toBeCloseTo((0.5 + 0.1 + 0.3) / 3, 12);
    expect(found.wape).toBeCloseTo(19 / 60, 12);
    expect(found.bias).toBeCloseTo(69 / 60 - 1, 12);
    expect(found.distance).toBeCloseTo(10 / 60 - 5 / 69, 12);
    expect(found.mark).toBeCloseTo(1 - 19 / 60, 12);
  });

  it("takes off what different seeds differ by among themselves, where they were drawn", () => {
    const one = [12, 1, 28, 19];
    const other = [8, 1, 33, 18];
    const found = seriesAgreement(recorded, [one, other], { drawn: true });
    expect(found.wapeOfChance).toBeCloseTo((4 + 0 + 5 + 1) / 60, 12);
    expect(found.wape).toBeCloseTo((6 + 8) / 2 / 60, 12);
    expect(found.mark).toBe(1);
  });

  it("expects of a single drawn series what Poisson counts leave", () => {
    const { wapeOfChance } = seriesAgreement([100, 100], [[100, 100]], { drawn: true });
    expect(wapeOfChance).toBeCloseTo((2 * Math.sqrt(100 / Math.PI)) / 100, 12);
  });
});

describe("the agreement of a figure", () => {
  it("is judged relative to what was recorded, or as it is", () => {
    const relative = figureAgreement(200, 190, { off: 0.03, relative: true });
    expect(relative).toEqual({ difference: 190 / 200 - 1, met: false, mark: 0.95 });
    const share = figureAgreement(0.5, 0.515, { off: 0.02, relative: false });
    expect(share?.met).toBe(true);
  });

  it("is none where one of the two was not measured", () => {
    const goal = { off: 0.03, relative: true };
    expect(figureAgreement(Number.NaN, 1, goal)).toBeNull();
    expect(figureAgreement(0, 1, goal)).toBeNull();
  });
});
