import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { SERVING } from "./instance-table.ts";
import { Instances } from "./instances.ts";
import { NONE } from "./jobs.ts";
import { LoadBalancer } from "./load-balancer.ts";

function balanced(count: number) {
  const instances = new Instances();
  for (let row = 0; row < count; row += 1) instances.state[instances.add(0, 0)] = SERVING;
  const balancer = new LoadBalancer(new Simulation({ seed: "balance" }), instances);
  balancer.refresh();
  return { instances, balancer };
}

describe("the load balancer", () => {
  it("has nobody to choose, or only one", () => {
    expect(balanced(0).balancer.choose(1, 1)).toBe(NONE);
    expect(balanced(1).balancer.choose(1, 1)).toBe(0);
  });

  it("draws every pair of instances equally often", () => {
    // Row r holds r requests, so that the lesser of a pair is chosen: of 5 rows, row r has 4 - r
    // rows above it, and of the 10 pairs as many choose it.
    const { instances, balancer } = balanced(5);
    for (let row = 0; row < 5; row += 1)
      for (let inside = 0; inside < row; inside += 1) instances.enter(row, 0);
    const draws = 100_000;
    const chosen = [0, 0, 0, 0, 0];
    for (let session = 0; session < draws; session += 1) chosen[balancer.choose(session, 1)] += 1;
    for (const [row, times] of chosen.entries()) {
      const share = (4 - row) / 10;
      // Five standard errors.
      const error = 5 * Math.sqrt((share * (1 - share)) / draws);
      expect(Math.abs(times / draws - share)).toBeLessThanOrEqual(error);
    }
  });

  it("chooses either of two that are alike, and always the lesser of two that are not", () => {
    const { instances, balancer } = balanced(2);
    const choices = () =>
      Array.from({ length: 200 }, (_none, session) => balancer.choose(session, 1));
    expect(new Set(choices())).toEqual(new Set([0, 1]));
    instances.enter(1, 0);
    expect(new Set(choices())).toEqual(new Set([0]));
  });
});
