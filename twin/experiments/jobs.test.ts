import { describe, expect, it } from "vitest";
import { BrokenAssumption } from "../../engine/assert.ts";
import { jobsOf, SEEDS_MAX, seedsFrom } from "./jobs.ts";

describe("the seeds of an experiment", () => {
  it("begin with the base itself, so that more seeds contain fewer", () => {
    expect(seedsFrom("sale/1", 1)).toEqual(["sale/1"]);
    expect(seedsFrom("sale/1", 3)).toEqual(["sale/1", "sale/1#2", "sale/1#3"]);
    expect(seedsFrom("sale/1", 5).slice(0, 3)).toEqual(seedsFrom("sale/1", 3));
  });

  it("are all different", () => {
    expect(new Set(seedsFrom("s", 100)).size).toBe(100);
  });

  it("are at least one and at most the limit", () => {
    expect(() => seedsFrom("s", 0)).toThrow(BrokenAssumption);
    expect(() => seedsFrom("s", SEEDS_MAX + 1)).toThrow(BrokenAssumption);
    expect(() => seedsFrom("", 1)).toThrow(BrokenAssumption);
  });
});

describe("the jobs of an experiment", () => {
  it("go through every plan before the next seed, so that an interruption leaves pairs", () => {
    expect(jobsOf(["a", "b"], ["1", "2"])).toEqual([
      { plan: "a", seed: "1" },
      { plan: "b", seed: "1" },
      { plan: "a", seed: "2" },
      { plan: "b", seed: "2" },
    ]);
  });

  it("name each plan once", () => {
    expect(() => jobsOf(["a", "a"], ["1"])).toThrow(BrokenAssumption);
    expect(() => jobsOf([], ["1"])).toThrow(BrokenAssumption);
  });
});
