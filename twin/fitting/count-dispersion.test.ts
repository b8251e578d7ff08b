import { describe, expect, it } from "vitest";
import { RandomStream } from "../../engine/random.ts";
import { countDispersion } from "./count-dispersion.ts";

/** Counts of independent arrivals at so many per interval. */
function poisson(rate: number, intervals: number, seed: string): number[] {
  const random = new RandomStream(seed, "counts");
  const counts = Array.from({ length: intervals }, () => 0);
  for (let at = random.exponential() / rate; at < intervals; at += random.exponential() / rate)
    counts[Math.floor(at)] = (counts[Math.floor(at)] ?? 0) + 1;
  return counts;
}

describe("the dispersion of counts", () => {
  it("is 1 for independent arrivals, whatever the level of each day", () => {
    const days = [0.2, 1, 5, 40].map((rate) => poisson(rate, 600, `${rate}`));
    for (const { ratio, verdict } of countDispersion(days, [1, 5, 20])) {
      expect(ratio).toBeGreaterThan(0.8);
      expect(ratio).toBeLessThan(1.25);
      expect(verdict).toBe("Poisson");
    }
    const [asOneDay] = countDispersion([days.flat()], [1]);
    expect(asOneDay?.verdict).toBe("over-dispersed");
  });

  it("has a true interval: 1 lies in it in some 95 % of samples", () => {
    let covered = 0;
    for (let seed = 0; seed < 400; seed += 1) {
      const [{ low, high } = { low: 9, high: 9 }] = countDispersion(
        [poisson(3, 60, `${seed}`)],
        [1],
      );
      if (low <= 1 && high >= 1) covered += 1;
    }
    expect(covered / 400).toBeGreaterThan(0.92);
    expect(covered / 400).toBeLessThan(0.98);
  });

  it("is the size of the bursts where orders come in bursts", () => {
    const bursts = poisson(1, 2_000, "bursts").map((count) => count * 7);
    const [{ ratio, verdict } = { ratio: 0, verdict: "" }] = countDispersion([bursts], [1]);
    expect(ratio).toBeGreaterThan(6);
    expect(ratio).toBeLessThan(8);
    expect(verdict).toBe("over-dispersed");
  });

  it("is below 1 where a clock makes the orders", () => {
    const [{ ratio, verdict } = { ratio: 9, verdict: "" }] = countDispersion(
      [Array.from({ length: 100 }, () => 4)],
      [1],
    );
    expect(ratio).toBe(0);
    expect(verdict).toBe("under-dispersed");
  });

  it("is not told from too little", () => {
    for (const groups of [[], [[3]], [[0, 0, 0]], [[1, 2, 3, 4]]])
      expect(countDispersion(groups, [1])[0]?.verdict).toBe("too little to tell");
  });
});
