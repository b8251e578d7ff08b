import { describe, expect, it } from "vitest";
import { isPaceKnown, newPace, notePace } from "./lane-pace.ts";

describe("the pace of a lane", () => {
  it("is admissions over time, and is known after half a minute", () => {
    const pace = newPace();
    for (let tick = 0; tick < 29; tick += 1) notePace(pace, 1_000, 2);
    expect(isPaceKnown(pace)).toBe(false);
    notePace(pace, 1_000, 2);
    expect(pace.perMilli).toBeCloseTo(0.002, 12);
    expect(isPaceKnown(pace)).toBe(true);
  });

  it("gives a change the weight of its time within a minute", () => {
    const pace = newPace();
    for (let tick = 0; tick < 60; tick += 1) notePace(pace, 1_000, 2);
    notePace(pace, 1_000, 62);
    expect(pace.perMilli).toBeCloseTo(0.003, 12); // 2 + 60 / 60 a second
    for (let tick = 0; tick < 600; tick += 1) notePace(pace, 1_000, 5);
    expect(pace.perMilli).toBeCloseTo(0.005, 5);
  });

  it("goes back further where few are admitted: to a hundred of them, at most ten minutes", () => {
    const pace = newPace();
    for (let tick = 0; tick < 1_200; tick += 1) notePace(pace, 1_000, 0.1);
    notePace(pace, 1_000, 60.1);
    expect(pace.perMilli).toBeCloseTo(0.0002, 6); // 0.1 + 60 / 600 a second
  });
});
