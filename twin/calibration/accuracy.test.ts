import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RandomStream } from "../../engine/random.ts";
import { type CellMeasurement, missesOf, scoreCell, summaries } from "./accuracy.ts";
import type { CellForecast } from "./cell-forecast.ts";
import { scalingInstant } from "./cell-forecast.ts";
import { loadFigures } from "./figures.ts";
import { planOf } from "./load-cell.ts";

const DECISIONS = { sold: 5, declined: 1, refused: 0 };

function forecast(value: number, width: number): CellForecast {
  const figure = {
    name: "mean",
    route: null,
    value,
    low: value / width,
    high: value * width,
  } as const;
  return { figures: [figure], decisions: DECISIONS, openMost: 3, recovery: 0, scalesAt: null };
}

function measured(value: number, decisions = DECISIONS): CellMeasurement {
  const figures = [{ name: "mean", route: null, value } as const];
  return { figures, decisions, openMost: 3, recovery: 0, scalesAt: null, foreign: 0 };
}

const cell = (predicted: number, values: readonly number[], decisions = DECISIONS) =>
  scoreCell({
    name: "a cell",
    kind: "rate",
    requests: 100,
    forecast: forecast(predicted, 1.2),
    runs: values.map((value) => measured(value, decisions)),
  });

describe("the score of a prediction", () => {
  it("is what it is off against the middle repeat, beside how far repeats are apart", () => {
    const [score] = cell(110, [90, 100, 120]).scores;
    expect(score?.error).toBeCloseTo(0.1, 9);
    expect(score?.floor).toBeCloseTo(Math.log(120 / 100), 9);
    expect([score?.inside, score?.runs]).toEqual([2, 3]);
  });

  it("counts beyond the floor, never below nothing", () => {
    const [summary] = summaries([cell(101, [90, 100, 110])]);
    expect(summary?.beyondFloor).toBe(0);
    const [off] = summaries([cell(150, [100, 100, 100])]);
    expect(off?.beyondFloor).toBeCloseTo(0.5, 9);
    expect(missesOf([cell(150, [100, 100, 100])]).join()).toMatch(/mean: 50\.0 % beyond/);
  });

  it("notes orders that were decided otherwise", () => {
    const other = cell(100, [100], { ...DECISIONS, sold: 4 });
    expect(other.sameDecisions).toBe(false);
    expect(missesOf([other]).join()).toMatch(/sold, declined and refused/);
    expect(cell(100, [100]).sameDecisions).toBe(true);
  });
});

describe("the figures of a load", () => {
  const steady = { name: "steady", kind: "rate", mix: { home: 1 } } as const;
  const plan = planOf({ ...steady, phases: [{ seconds: 20, load: 1 }] }, () => 50, "test");

  it("have as many open at once as Little's law says", () => {
    const random = new RandomStream("service", "test");
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 200_000 }), (mean) => {
        const responses = Float64Array.from(plan.requests, () => mean * random.exponential());
        const { all, openMost, throughput } = loadFigures(plan, responses);
        expect(all.count).toBe(plan.requests.length);
        const inside = (throughput * all.mean) / 1e6;
        expect(openMost).toBeGreaterThanOrEqual(Math.floor(inside));
      }),
      { numRuns: 20 },
    );
  });

  it("say when a burst is over", () => {
    const burst = planOf(
      {
        ...steady,
        phases: [{ seconds: 4, load: 0 }],
        batches: { requests: 100, count: 1, everySeconds: 1, overSeconds: 0.001 },
      },
      () => 50,
      "test",
    );
    // Served one after the other, 10 ms each, from 1 s on.
    const responses = Float64Array.from(
      burst.requests,
      ({ due }, place) => 1e6 + (place + 1) * 10_000 - due,
    );
    const { openMost, recovery } = loadFigures(burst, responses);
    expect(openMost).toBe(100);
    expect(recovery).toBeCloseTo(0.9, 1);
  });

  it("leave out what was not answered", () => {
    const responses = Float64Array.from(plan.requests, (_, place) =>
      place % 2 === 0 ? 1_000 : Number.NaN,
    );
    const { all, throughput } = loadFigures(plan, responses);
    expect(all.count).toBe(Math.ceil(plan.requests.length / 2));
    expect(all.mean).toBe(1_000);
    expect(throughput).toBeCloseTo(all.count / 20, 9);
  });
});

describe("the scaling rule", () => {
  it("asks at the end of the second datapoint in a row above the line", () => {
    expect(scalingInstant([0.1, 0.9, 0.1, 0.9, 0.9, 0.9], 0.5)).toBe(1.25);
    expect(scalingInstant([0.1, 0.9, 0.1], 0.5)).toBeNull();
  });
});
