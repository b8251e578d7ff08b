/**
 * Where a shopper goes after a page: a Markov chain over the steps of a visit (parameters.md
 * section 2.3), with the bounce from the landing page rising with its load time (Google and
 * SOASTA 2017, section 2.4).
 */

import { assert } from "../../engine/assert.ts";
import { exp } from "../../engine/elementary.ts";
import { SECOND, type Ticks } from "../../engine/time.ts";
import type { JourneySpec, ShoppersSpec } from "../scenario/scenario.ts";

/** The steps of a visit. `SUBMIT` is the order itself, sent from the payment page. */
export const LANDING = 0;
export const LIST = 1;
export const PRODUCT = 2;
export const CART = 3;
export const CHECKOUT = 4;
export const PAYMENT = 5;
export const SUBMIT = 6;
export const LEAVE = 7;
/** The page class of each step, as an index into PAGE_CLASSES: an order is work of the payment page. */
export const PAGE_CLASS_OF_STEP = new Uint8Array([0, 1, 2, 3, 4, 5, 5]);

/** Steps that a row of the chain leads to at most. */
const WAYS = 3;

/** Chance of one step after another; what a row leaves to 1 leaves the shop. */
type Row = readonly (readonly [step: number, share: number])[];

export class Journey {
  /** For each step its ways: where to, and the share of draws below which it is taken. */
  private readonly ways: Uint8Array;
  private readonly below: Float64Array;
  private readonly bounce: ShoppersSpec["bounce"];
  private readonly landingExit: number;
  private readonly relativeAtReference: number;

  constructor(spec: JourneySpec, bounce: ShoppersSpec["bounce"]) {
    const rows = rowsOf(spec);
    this.ways = new Uint8Array(rows.length * WAYS).fill(LEAVE);
    this.below = new Float64Array(rows.length * WAYS).fill(1);
    for (const [step, row] of rows.entries()) this.layWays(step, row);
    this.bounce = bounce;
    this.landingExit = 1 - spec.landing.list - spec.landing.product;
    this.relativeAtReference = this.relativeBounce(bounce.reference);
  }

  private layWays(step: number, row: Row): void {
    assert(row.length <= WAYS, "a step leads to few others");
    let sum = 0;
    for (const [way, [next, share]] of row.entries()) {
      sum += share;
      this.ways[step * WAYS + way] = next;
      this.below[step * WAYS + way] = sum;
    }
    assert(sum <= 1 + 1e-9, "the shares of a step sum to at most 1");
  }

  /** The step after `step`, for a uniform draw below 1; LEAVE where the visit ends. */
  after(step: number, draw: number): number {
    const last = (step + 1) * WAYS;
    for (let way = step * WAYS; way < last; way += 1) {
      if (draw < this.below[way]) return this.ways[way];
    }
    return LEAVE;
  }

  /**
   * The step after the landing page. Its exit share holds where the page needs `reference` to
   * load; `latency`, what the servers and the network took, comes on top of that.
   */
  afterLanding(draw: number, latency: Ticks): number {
    const exit = this.bounceAt(latency);
    if (draw >= 1 - exit) return LEAVE;
    return this.after(LANDING, (draw / (1 - exit)) * (1 - this.landingExit));
  }

  /** Share of visits that end at a landing page that took `latency`. */
  bounceAt(latency: Ticks): number {
    const relative =
      this.relativeBounce(this.bounce.reference + latency) / this.relativeAtReference;
    return Math.min(1, this.landingExit * relative);
  }

  /** Bounce against a page that loads in a second (smooth fit, parameters.md section 2.4). */
  private relativeBounce(load: Ticks): number {
    return 1 + this.bounce.rise * (this.risen(load) - this.risen(SECOND));
  }

  private risen(load: Ticks): number {
    return 1 / (1 + exp((-this.bounce.steepness * (load - this.bounce.middle)) / SECOND));
  }
}

/** The chain itself: where each step leads and how often, at the landing page's reference load time. */
export function rowsOf(spec: JourneySpec): readonly Row[] {
  return [
    [
      [LIST, spec.landing.list],
      [PRODUCT, spec.landing.product],
    ],
    [
      [LIST, spec.list.list],
      [PRODUCT, spec.list.product],
    ],
    [
      [LIST, spec.product.list],
      [PRODUCT, spec.product.product],
      [CART, spec.product.cart],
    ],
    [
      [LIST, spec.cart.list],
      [CHECKOUT, spec.cart.checkout],
    ],
    [[PAYMENT, spec.checkout.payment]],
    [[SUBMIT, spec.payment.submit]],
    [],
  ];
}
