import { describe, expect, it } from "vitest";
import { RandomStream } from "../../engine/random.ts";
import { WeightedChoice } from "./choice.ts";

describe("a choice by weight", () => {
  it("draws each item as often as its weight says", () => {
    const weights = [5, 0, 1, 0.25, 3.75];
    const choice = new WeightedChoice(weights);
    const random = new RandomStream("choice", "test");
    const draws = 400_000;
    const counts = weights.map(() => 0);
    for (let draw = 0; draw < draws; draw += 1) {
      const index = choice.draw(random);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    // Pearson's chi-square with 3 degrees of freedom stays under 16.27 in 999 of 1,000 cases.
    const statistic = weights.reduce((sum, weight, index) => {
      const expected = (weight / 10) * draws;
      return expected === 0 ? sum : sum + ((counts[index] ?? 0) - expected) ** 2 / expected;
    }, 0);
    expect(counts[1]).toBe(0);
    expect(statistic).toBeLessThan(16.27);
  });

  it("has one item, or none at all", () => {
    const random = new RandomStream("choice", "one");
    expect(new WeightedChoice([7]).draw(random)).toBe(0);
    expect(() => new WeightedChoice([])).toThrow(/something to choose/);
    expect(() => new WeightedChoice([0, 0])).toThrow(/something to choose/);
    expect(() => new WeightedChoice([1, -1, 3])).toThrow(/negative/);
  });
});
