import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LittlesLaw } from "./littles-law.ts";

describe("Little's law", () => {
  it("says how many are inside, how fast they come and how long they stay", () => {
    const shop = new LittlesLaw("shop", 0);
    shop.arrive(0);
    shop.arrive(10);
    shop.depart(30, 0);
    const report = shop.report(40, [10]);
    expect(report.inside).toBe((10 + 2 * 20 + 10) / 40);
    expect(report.arrivalRate).toBe(2 / 40);
    expect(report.timeInside).toBe((30 + 30) / 2);
    expect(report.inside).toBe(report.arrivalRate * report.timeInside);
    expect([report.unfinished, report.departures, report.sojournMean]).toEqual([1, 1, 30]);
  });

  it("holds for any comings and goings, those still inside included", () => {
    const visit = fc.record({ at: fc.nat(1e9), stays: fc.nat(2e9) });
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 50 }), (visits) => {
        const end = 1e9;
        const shop = new LittlesLaw("shop", 0);
        const steps = visits.flatMap(({ at, stays }, index) => [
          { at, index, arrives: true },
          { at: at + stays, index, arrives: false },
        ]);
        steps.sort((a, b) => a.at - b.at || Number(b.arrives) - Number(a.arrives));
        for (const step of steps) {
          if (step.at > end) break;
          if (step.arrives) shop.arrive(step.at);
          else shop.depart(step.at, visits[step.index].at);
        }
        const inside = visits.filter(({ at, stays }) => at + stays > end).map(({ at }) => at);
        const report = shop.report(end, inside);
        expect(report.inside).toBeCloseTo(report.arrivalRate * report.timeInside, 9);
        expect(report.unfinished).toBe(inside.length);
      }),
      { seed: 1 },
    );
  });

  it("breaks where an entity is lost, misdated, or leaves without having come", () => {
    const lost = new LittlesLaw("shop", 0);
    lost.arrive(5);
    expect(() => lost.report(10, [])).toThrow("1 came and 0 left, but 0 are inside");
    const misdated = new LittlesLaw("shop", 0);
    misdated.arrive(5);
    misdated.arrive(5);
    misdated.depart(10, 4);
    expect(() => misdated.report(20, [5])).toThrow("L = lambda * W fails");
    expect(() => new LittlesLaw("shop", 0).depart(1, 0)).toThrow("empty place");
  });
});
