/**
 * The machines under a fleet whose instances are pods. A pod takes a free place where there is one;
 * where there is none a new node is ordered, and until it stands the pod waits (parameters.md
 * section 3.2). Nodes stay: what a cluster saves by removing them lies beyond a flash sale.
 */
import { assert } from "../../engine/assert.ts";
import type { Distribution } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import type { NodesSpec } from "../scenario/scenario.ts";

interface Node {
  readonly readyAt: Ticks;
  /** Places that no pod has. */
  free: number;
}

export class Nodes {
  readonly #simulation: Simulation;
  readonly #spec: NodesSpec;
  readonly #provisioning: Distribution;
  readonly #draws: RandomStream;
  /** In the order of their orders; the first stands for all nodes of the start. */
  readonly #nodes: Node[];
  /** The node of each pod that was ordered during the sale. */
  readonly #nodeOf = new Map<number, Node>();

  constructor(simulation: Simulation, spec: NodesSpec) {
    assert(spec.pods >= 1, "a node holds a pod");
    this.#simulation = simulation;
    this.#spec = spec;
    this.#provisioning = distributionOf(spec.provisioning);
    this.#draws = simulation.random("fleet.nodes");
    this.#nodes = [{ readyAt: 0, free: spec.spare }];
  }

  /** A pod takes a place, on the node that stands first; ticks until it does. */
  take(pod: number): Ticks {
    const { now } = this.#simulation;
    const withRoom = this.#nodes.filter(({ free }) => free > 0);
    const [first, ...others] = withRoom;
    const node =
      first === undefined
        ? this.#order()
        : others.reduce((best, one) => (one.readyAt < best.readyAt ? one : best), first);
    node.free -= 1;
    this.#nodeOf.set(pod, node);
    return Math.max(0, node.readyAt - now);
  }

  /** A pod is gone and its place free, or will be as soon as its node stands. */
  release(pod: number): void {
    const node = this.#nodeOf.get(pod) ?? this.#nodes[0];
    node.free += 1;
    this.#nodeOf.delete(pod);
  }

  #order(): Node {
    const wait = Math.round(this.#provisioning.at(this.#draws, this.#nodes.length, 0));
    const node = { readyAt: this.#simulation.now + wait, free: this.#spec.pods };
    this.#nodes.push(node);
    return node;
  }
}
