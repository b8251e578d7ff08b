/**
 * The store's promotions as the shoppers of a rehearsal meet them: the real service makes the
 * offers, and the codes that shoppers go by are named with their orders.
 */

import { assert } from "../../engine/assert.ts";
import type { Trigger } from "../../store/core/promotion.ts";
import { PortUnavailable } from "../../store/ports/port-unavailable.ts";
import { makePromotions, type Promotions } from "../../store/service/promote.ts";
import {
  NO_OFFER,
  type OfferAsk,
  type OfferDesk,
  type TakenOffer,
} from "../promotions/offer-desk.ts";
import type { OfferSpec } from "../scenario/scenario.ts";
import { shopperName } from "../shoppers/shopper-name.ts";
import type { StoreInMemory } from "./store-in-memory.ts";
import type { VirtualRuntime } from "./virtual-effect.ts";

/** The carts of sessions, which the desk of the sale keeps. */
export interface CartKeeper {
  /** What the store calls the shopper's cart in a session; null where there is none. */
  cartOf(session: number, shopper: number): string | null;
  /** Keeps the session's cart under the shopper's number, and answers with its name. */
  keepCart(session: number, shopper: number): string | null;
  /** Puts a kept cart into a new session. */
  giveCart(session: number, shopper: number): void;
}

interface Code {
  readonly code: string;
  readonly stacks: boolean;
}

export class PromotionDesk implements OfferDesk {
  /** Codes that the store refused when shoppers named them. */
  refused = 0;
  private readonly offers: readonly OfferSpec[];
  private readonly runtime: VirtualRuntime<never>;
  private readonly promotions: Promotions;
  private readonly carts: CartKeeper;
  /** The place of each offer in the scenario's list, by its name. */
  private readonly places: ReadonlyMap<string, number>;
  /** By shopper, the codes that they go by. */
  private readonly held = new Map<number, readonly Code[]>();
  private readonly keptCarts = new Map<number, string>();
  /** By the place of each offer, how many of its codes the store has not given out yet. */
  private readonly codesLeft: number[];
  /** Triggers none of whose offers has a code left; the store gives none of them again. */
  private readonly spent = new Set<Trigger>();
  private readonly wonCodes = new Set<string>();

  constructor(options: {
    readonly offers: readonly OfferSpec[];
    readonly store: StoreInMemory;
    readonly runtime: VirtualRuntime<never>;
    readonly carts: CartKeeper;
  }) {
    this.offers = options.offers;
    this.places = new Map(options.offers.map(({ name }, place) => [name, place]));
    this.codesLeft = options.offers.map(({ budget }) => budget.codes);
    this.runtime = options.runtime;
    this.carts = options.carts;
    this.promotions = makePromotions(options.store.ports, options.store.settings);
  }

  /** Whether the code turned its shopper round. */
  won(code: string): boolean {
    return this.wonCodes.has(code);
  }

  isSpent(trigger: Trigger): boolean {
    return this.spent.has(trigger);
  }

  ask(
    { session, shopper, trigger, facts }: OfferAsk,
    answer: (offer: number, code: string) => void,
  ): void {
    const cart =
      session === null
        ? (this.keptCarts.get(shopper) ?? null)
        : this.carts.cartOf(session, shopper);
    const request = { shopper: shopperName(shopper), trigger, facts, cart };
    this.runtime.ask(this.promotions.offer(request), (made) => {
      assert(!(made instanceof PortUnavailable), "a port in memory answers");
      if (made._tag === "NoOffer" || made.again) {
        answer(NO_OFFER, "");
        return;
      }
      const place = this.places.get(made.offer);
      assert(place !== undefined, "the store makes offers of the scenario");
      this.noteGiven(place);
      answer(place, made.code);
    });
  }

  private noteGiven(place: number): void {
    const { codesLeft, offers } = this;
    codesLeft[place] = (codesLeft[place] as number) - 1;
    const trigger = offers[place]?.trigger;
    if (trigger === undefined || codesLeft[place] !== 0) return;
    const isSpent = offers.every((offer, at) => offer.trigger !== trigger || codesLeft[at] === 0);
    if (isSpent) this.spent.add(trigger);
  }

  take({ shopper, offer, code, won }: TakenOffer): void {
    const spec = this.offers[offer];
    assert(spec !== undefined, "a code is taken after it was offered");
    if (won) this.wonCodes.add(code);
    const taken: Code = { code, stacks: spec.stacks };
    const held = this.held.get(shopper) ?? [];
    const together = taken.stacks && held.every(({ stacks }) => stacks);
    this.held.set(shopper, together ? [...held, taken] : [taken]);
  }

  /** The codes that the shopper names with an order. */
  codesOf(shopper: number): readonly string[] {
    return (this.held.get(shopper) ?? []).map(({ code }) => code);
  }

  /** The store has refused a code of the shopper's: they name none any more. */
  drop(shopper: number): void {
    this.refused += 1;
    this.held.delete(shopper);
  }

  leaveCart(session: number, shopper: number): void {
    const cart = this.carts.keepCart(session, shopper);
    if (cart !== null) this.keptCarts.set(shopper, cart);
  }

  comeBack(session: number, shopper: number): void {
    this.keptCarts.delete(shopper);
    this.carts.giveCart(session, shopper);
  }
}
