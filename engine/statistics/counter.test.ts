import { describe, expect, it } from "vitest";
import { Counter } from "./counter.ts";

describe("a counter", () => {
  it("counts by number and answers by name, in the order of its tags", () => {
    const declines = new Counter(["funds", "fraud", "expired"]);
    declines.add(1);
    declines.add(0, 3);
    expect(declines.get("funds")).toBe(3);
    expect(declines.get(1)).toBe(1);
    expect(declines.total).toBe(4);
    expect(declines.entries()).toEqual([
      ["funds", 3],
      ["fraud", 1],
      ["expired", 0],
    ]);
  });

  it("refuses unknown tags, tags twice, and counts that fall", () => {
    const counter = new Counter(["one"]);
    expect(() => counter.add(1)).toThrow("one of its tags");
    expect(() => counter.get("two")).toThrow("two");
    expect(() => counter.add(0, -1)).toThrow("never falls");
    expect(() => new Counter(["same", "same"])).toThrow("differ");
  });
});
