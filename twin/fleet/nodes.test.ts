import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { SECOND } from "../../engine/time.ts";
import { fleetSpec } from "./fleet.fixture.ts";
import { Fleet } from "./fleet.ts";

/** Pods that boot 97 s and warm up 60 s, two on a node that takes 200 s, and one place free. */
function cluster() {
  const simulation = new Simulation({ seed: "nodes" });
  const nodes = {
    pods: 2,
    spare: 1,
    provisioning: { kind: "constant", value: 200 * SECOND },
  } as const;
  const fleet = new Fleet(simulation, fleetSpec({ instances: 2, fleet: { nodes } }), () => {});
  const { lifecycle } = fleet;
  const servingAt = (seconds: number) => {
    simulation.run({ until: seconds * SECOND });
    return lifecycle.balancer.count;
  };
  return { lifecycle, servingAt };
}

describe("pods on nodes", () => {
  /**
   * Three pods more: the first takes the free place and serves at 157 s; the others need a node,
   * one for both, and serve at 200 s + 157 s.
   */
  it("wait for a node only where no place is left", () => {
    const { lifecycle, servingAt } = cluster();
    lifecycle.resize(5);
    const times = [156, 157, 356, 357];
    expect(times.map(servingAt)).toEqual([2, 3, 3, 5]);
  });

  /**
   * Two pods more at 0 s, one of them on a node that stands at 200 s. At 100 s both go again: their
   * places are the free one and two on the coming node. At 100 s three pods: one at 257 s, two when
   * the node stands, at 357 s.
   */
  it("leave their places to others, on nodes that are still to come as well", () => {
    const { lifecycle, servingAt } = cluster();
    lifecycle.resize(4);
    expect(servingAt(100)).toBe(2);
    lifecycle.resize(2);
    lifecycle.resize(5);
    const times = [256, 257, 356, 357];
    expect(times.map(servingAt)).toEqual([2, 3, 3, 5]);
  });

  it("come back to the nodes of the start", () => {
    const { lifecycle, servingAt } = cluster();
    lifecycle.resize(1);
    lifecycle.resize(3);
    const times = [156, 157];
    expect(times.map(servingAt)).toEqual([1, 3]);
  });
});
