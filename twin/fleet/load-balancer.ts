/**
 * Chooses the instance for a request: of two instances drawn at random, the one with fewer
 * requests in flight (Mitzenmacher, "The power of two choices", IEEE TPDS 12(10), 2001). It is what
 * nginx calls `random two least_conn` and comes close to the least-outstanding-requests routing of
 * cloud load balancers, which need a view over all instances that a row of balancers does not have;
 * round robin would go on filling an instance that has fallen behind. The pair is keyed by (session,
 * page number), so a request meets the same chance in every plan.
 */
import { assert } from "../../engine/assert.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { Simulation } from "../../engine/simulation.ts";
import { SERVING } from "./instance-table.ts";
import type { Instances } from "./instances.ts";
import { NONE } from "./jobs.ts";

export class LoadBalancer {
  readonly #draws: RandomStream;
  readonly #instances: Instances;
  /** The instances in service, by row. */
  #serving = new Int32Array(16);
  #count = 0;

  constructor(simulation: Simulation, instances: Instances) {
    this.#draws = simulation.random("fleet.balance");
    this.#instances = instances;
  }

  /** Instances in service. */
  get count(): number {
    return this.#count;
  }

  /** Takes note of who is in service; called when that changes, which is rare. */
  refresh(): void {
    const { count, state } = this.#instances;
    if (this.#serving.length < count) this.#serving = new Int32Array(state.length);
    this.#count = 0;
    for (let instance = 0; instance < count; instance += 1) {
      if (state[instance] !== SERVING) continue;
      this.#serving[this.#count] = instance;
      this.#count += 1;
    }
  }

  /**
   * The instance for the `n`th page of a session, or NONE where nobody is in service. One draw of
   * 32 bits serves both choices: what the first leaves of it chooses among the rest. No pair is
   * more likely than another by more than count^2 / 2^32, some 0.02 % among 1,000 instances.
   */
  choose(session: number, n: number): number {
    if (this.#count === 0) return NONE;
    if (this.#count === 1) return this.#serving[0];
    return this.#ofTwo(this.#draws.at(session, n).next());
  }

  /** The instance for a request whose draw, from 0 to 1, was made elsewhere; NONE as above. */
  chooseBy(draw: number): number {
    if (this.#count === 0) return NONE;
    return this.#count === 1 ? this.#serving[0] : this.#ofTwo(draw);
  }

  #ofTwo(draw: number): number {
    const scaled = draw * this.#count;
    const one = Math.floor(scaled);
    const other = one + 1 + Math.floor((scaled - one) * (this.#count - 1));
    const first = this.#serving[one];
    const second = this.#serving[other < this.#count ? other : other - this.#count];
    assert(first !== second, "a choice is between two instances");
    return this.#instances.inFlight(second) < this.#instances.inFlight(first) ? second : first;
  }
}
