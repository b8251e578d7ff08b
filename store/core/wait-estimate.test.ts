import { describe, expect, it } from "vitest";
import { estimateOf, isPaceKnown, logOf, newPace, notePace } from "./wait-estimate.ts";

const second = (admitted: number, waiting = 100, gone = 0) => ({
  millis: 1_000,
  admitted,
  gone,
  waiting,
  left: 0,
  standing: waiting,
});

describe("the estimated wait", () => {
  it("is the shoppers ahead over the pace, in a trace worked by hand", () => {
    const pace = newPace();
    for (let tick = 0; tick < 30; tick += 1) notePace(pace, second(2));
    expect(pace.perMilli).toBeCloseTo(0.002, 12);
    expect(isPaceKnown(pace)).toBe(true);
    // 9 ahead and oneself: 10 places at 2 a second.
    expect(estimateOf(pace, 9, null)).toBe(5_000);
  });

  it("says nothing before there is a pace, or goes by the one that is set", () => {
    const pace = newPace();
    expect(estimateOf(pace, 9, null)).toBeNull();
    expect(estimateOf(pace, 9, 0.01)).toBe(1_000);
    for (let tick = 0; tick < 29; tick += 1) notePace(pace, second(2));
    expect(estimateOf(pace, 9, null)).toBeNull();
  });

  it("gives a change of pace the weight of its time within a minute", () => {
    const pace = newPace();
    for (let tick = 0; tick < 60; tick += 1) notePace(pace, second(2));
    notePace(pace, second(62));
    expect(pace.perMilli).toBeCloseTo(0.003, 12); // 2 + 60 / 60 a second
    for (let tick = 0; tick < 600; tick += 1) notePace(pace, second(5));
    expect(pace.perMilli).toBeCloseTo(0.005, 5);
  });

  it("counts on those ahead who will leave, as the fluid limit of Erlang A does", () => {
    const pace = newPace();
    // A hundred wait, one a second is admitted, one a second leaves: h = 0.01 a second.
    for (let tick = 0; tick < 60; tick += 1) notePace(pace, second(1, 100, 1));
    expect(estimateOf(pace, 99, null)).toBe(Math.round(100_000 * Math.log(2)));
    // A queue fed with 1,100 a second at a pace of 1,000, h = 0.5: parameters.md section 7 has
    // q = 200 and a wait of ln(1.1) / 0.5 for whoever joins at its end.
    const fed = newPace();
    for (let tick = 0; tick < 60; tick += 1) notePace(fed, second(1_000, 200, 100));
    expect(estimateOf(fed, 199, null)).toBe(Math.round(2_000 * Math.log(1.1)));
  });

  it("takes logarithms as exact as the machine's own", () => {
    for (const value of [1, 1.0001, 1.5, 2, 2.5, 10, 12_345.678, 1e12]) {
      expect(Math.abs(logOf(value) - Math.log(value))).toBeLessThan(1e-14 * (1 + Math.log(value)));
    }
  });
});
