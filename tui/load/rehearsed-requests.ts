/**
 * The requests of a rehearsal's shoppers, as a rehearsal of the same plan and seed makes them: the
 * rehearsal itself runs ahead of them, a slice at a time. Its memory is that of the shoppers in
 * the shop and of what they ask for within {@link SETTLES_WITHIN}.
 */
/// <reference types="node" />
import { MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import { sealed } from "../../twin/adapters/sealed-globals.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { SUBMIT } from "../../twin/shoppers/journey.ts";
import type { SaleAnswer } from "../../twin/shoppers/sale-desk.ts";
import type { ShopperObserver, ShopperRequest } from "../../twin/shoppers/shopper-observer.ts";
import { World } from "../../twin/world.ts";

/** By then the rehearsal knows what becomes of an order; one that is not answered is in doubt. */
const SETTLES_WITHIN: Ticks = 2 * MINUTE;
/** Events of the rehearsal between two looks at what else there is to do: some milliseconds. */
const SLICE_EVENTS = 256;
/** And no further than this, for the requests are told as far as it has come. */
const SLICE_TICKS: Ticks = SECOND;

/** Which part of a sale is asked for, in virtual time. */
export interface SaleWindow {
  readonly from: Ticks;
  /** Not included. */
  readonly to: Ticks;
}

export interface RehearsedRequest extends ShopperRequest {
  /** What the rehearsal answered an order; null for other steps, and where it has not. */
  readonly answer: SaleAnswer | null;
}

export interface RehearsedRequestsOptions extends SaleWindow {
  readonly plan: PlanSpec;
  readonly seed: string;
}

/** In the order of their times. */
export async function* rehearsedRequests(
  options: RehearsedRequestsOptions,
): AsyncGenerator<RehearsedRequest> {
  const { plan, seed, from, to } = options;
  const pending = new PendingRequests();
  const world = sealed(() => new World({ plan, seed, observer: pending }));
  for (let isOver = false; !isOver; ) {
    const stretch = { until: world.simulation.now + SLICE_TICKS, events: SLICE_EVENTS };
    isOver = sealed(() => world.advance(stretch)) === "over";
    const settled = isOver ? Infinity : world.simulation.now - SETTLES_WITHIN;
    for (let next = pending.take(settled); next !== null; next = pending.take(settled)) {
      if (next.at >= to) return;
      if (next.at >= from) yield next;
    }
    await turn();
  }
}

interface Pending extends ShopperRequest {
  answer: SaleAnswer | null;
}

/** Requests whose outcome may still come. */
class PendingRequests implements ShopperObserver {
  #requests: Pending[] = [];
  /** Where in `#requests` the first stands that is not taken. */
  #first = 0;
  /** By shopper, the order that they have asked for last. */
  readonly #orders = new Map<number, Pending>();

  asks(request: ShopperRequest): void {
    const pending = { ...request, answer: null };
    this.#requests.push(pending);
    if (request.step === SUBMIT) this.#orders.set(request.shopper, pending);
  }

  ordered(shopper: number, answer: SaleAnswer): void {
    const order = this.#orders.get(shopper);
    if (order !== undefined) order.answer = answer;
    this.#orders.delete(shopper);
  }

  /** Takes the first of those up to a time; null where there is none. */
  take(until: Ticks): Pending | null {
    const request = this.#requests[this.#first];
    if (request === undefined || request.at > until) return null;
    this.#first += 1;
    if (this.#orders.get(request.shopper) === request) this.#orders.delete(request.shopper);
    if (this.#first * 2 > this.#requests.length) {
      this.#requests = this.#requests.slice(this.#first);
      this.#first = 0;
    }
    return request;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
