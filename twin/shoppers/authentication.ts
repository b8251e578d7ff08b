/**
 * 3-D Secure: before a card is charged, its bank may ask who is paying. Most banks let the shopper
 * through without a question; the others challenge, which takes time, loses some shoppers for good
 * and some for this card. The hold of their units goes on meanwhile. Who passes comes back to the
 * shop with a request of its own, and then the order is placed.
 *
 * Draws are keyed by the shopper and the cards tried, so that the same shopper meets the same bank
 * in every plan.
 */
import type { Distribution } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import type { AuthenticationSpec } from "../scenario/scenario.ts";

/** What a bank makes of a card: nothing to ask, or a challenge of so long that ends in one of three ways. */
export type Authentication =
  | { readonly kind: "frictionless" }
  | { readonly kind: "passed" | "failed" | "abandoned"; readonly after: Ticks };

const FRICTIONLESS: Authentication = { kind: "frictionless" };

export class CardBanks {
  readonly #spec: AuthenticationSpec;
  readonly #challenge: Distribution;
  readonly #draws: RandomStream;

  constructor(simulation: Simulation, spec: AuthenticationSpec) {
    this.#spec = spec;
    this.#challenge = distributionOf(spec.challenge);
    this.#draws = simulation.random("shoppers.authentication");
  }

  /** What becomes of a shopper's `card`th card. */
  authenticate(shopper: number, card: number): Authentication {
    const { share, frictionless, abandon, fail } = this.#spec;
    const random = this.#draws.at(shopper, card);
    const asked = random.chance(share);
    const challenged = !random.chance(frictionless);
    if (!asked || !challenged) return FRICTIONLESS;
    const fate = random.next();
    const after = this.#challenge.whole(random);
    if (fate < abandon) return { kind: "abandoned", after };
    return { kind: fate < abandon + fail ? "failed" : "passed", after };
  }
}
