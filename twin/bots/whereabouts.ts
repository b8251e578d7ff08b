/**
 * Where honest shoppers come from and live. Most have an address of their own; some come from
 * behind one that many use, and a limit per network hits them together; some share a home with
 * another shopper, and a limit per person takes the two for one. Drawn by the shopper alone, so
 * that the same shopper is behind the same address in every plan.
 */
import type { RandomStream } from "../../engine/random.ts";
import type { Simulation } from "../../engine/simulation.ts";
import type { WhereaboutsSpec } from "../scenario/scenario.ts";

export class Whereabouts {
  readonly #spec: WhereaboutsSpec;
  readonly #networkDraws: RandomStream;
  readonly #homeDraws: RandomStream;

  constructor(simulation: Simulation, spec: WhereaboutsSpec) {
    this.#spec = spec;
    this.#networkDraws = simulation.random("shoppers.network");
    this.#homeDraws = simulation.random("shoppers.home");
  }

  /** The block of addresses that a shopper's requests come from. */
  networkOf(shopper: number): string {
    const random = this.#networkDraws.at(shopper);
    if (!random.chance(this.#spec.shared)) return `home-${shopper}`;
    return `shared-${random.below(this.#spec.networks)}`;
  }

  /** Whether the shopper is behind an address that many use. */
  isShared(shopper: number): boolean {
    return this.#networkDraws.at(shopper).chance(this.#spec.shared);
  }

  /** Where the shopper's orders are sent; two of a household are neighbours by number. */
  addressOf(shopper: number): string {
    const pair = Math.floor(shopper / 2);
    const shared = this.#homeDraws.at(pair).chance(this.#spec.households);
    return shared ? `address-pair-${pair}` : `address-${shopper}`;
  }
}
