/**
 * Who hears of the shoppers' requests as they are made, and of what became of their orders: to send
 * the same requests to a store that runs. Hearing changes nothing, for every draw is keyed by who
 * asks and how often they have asked.
 */
import type { Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import type { AuthenticationSpec } from "../scenario/scenario.ts";
import { CardBanks } from "./authentication.ts";
import { CART, SUBMIT } from "./journey.ts";
import type { Purchase } from "./purchase.ts";
import type { SaleAnswer, SaleAnswers } from "./sale-desk.ts";
import {
  AUTHENTICATED,
  BYTE_SHIFT,
  DECLINES,
  ENTITY,
  FLAGS,
  INVITED,
  type SessionTable,
  STEP,
  WORD_SHIFT,
} from "./session-table.ts";

/** A page that a shopper asks for. */
export interface ShopperRequest {
  readonly at: Ticks;
  readonly shopper: number;
  readonly invited: boolean;
  /** A step of journey.ts. */
  readonly step: number;
  /** Answered at the edge of the CDN: the servers do not see it. */
  readonly isAtEdge: boolean;
  /** Of a step into the cart: the item's place in the store's list, and how many; else -1 and 0. */
  readonly item: number;
  readonly units: number;
  /** Of an order whose card's bank asks its holder in vain: it will not be charged. */
  readonly isChallenged: boolean;
}

export interface ShopperObserver {
  asks(request: ShopperRequest): void;
  /** The answer to the order that the shopper has asked for last. */
  ordered(shopper: number, answer: SaleAnswer): void;
}

export interface ObservedShoppersOptions {
  readonly simulation: Simulation;
  readonly sessions: SessionTable;
  readonly purchase: Purchase;
  readonly authentication: AuthenticationSpec;
  readonly observer: ShopperObserver;
}

/** Stands before the purchase and hears the store's answers first. */
export class ObservedShoppers implements SaleAnswers {
  private readonly options: ObservedShoppersOptions;
  /** Null where no bank asks who pays. */
  private readonly banks: CardBanks | null;

  constructor(options: ObservedShoppersOptions) {
    const { simulation, authentication } = options;
    this.options = options;
    this.banks = authentication.share === 0 ? null : new CardBanks(simulation, authentication);
  }

  asks(row: number, isAtEdge: boolean): void {
    const { simulation, sessions, purchase, observer } = this.options;
    const shopper = sessions.words[(row << WORD_SHIFT) + ENTITY];
    const step = sessions.bytes[(row << BYTE_SHIFT) + STEP];
    const invited = (sessions.bytes[(row << BYTE_SHIFT) + FLAGS] & INVITED) !== 0;
    const bank = step === SUBMIT ? this.bankOf(row, shopper) : "frictionless";
    // Who passes comes back with the request that is the order.
    if (bank === "passed") return;
    const { item, units } = step === CART ? purchase.wishOf(row) : { item: -1, units: 0 };
    const isChallenged = bank !== "frictionless";
    const asked = { shopper, invited, step, isAtEdge, item, units, isChallenged };
    observer.asks({ at: simulation.now, ...asked });
  }

  onCart(row: number, answer: SaleAnswer, value: number): void {
    this.options.purchase.onCart(row, answer, value);
  }

  onCheckout(row: number, answer: SaleAnswer): void {
    this.options.purchase.onCheckout(row, answer);
  }

  onOrder(row: number, answer: SaleAnswer): void {
    const { sessions, purchase, observer } = this.options;
    observer.ordered(sessions.words[(row << WORD_SHIFT) + ENTITY], answer);
    purchase.onOrder(row, answer);
  }

  onLimited(row: number, retryAfter: Ticks): void {
    this.options.purchase.onLimited(row, retryAfter);
  }

  private bankOf(row: number, shopper: number) {
    const { sessions } = this.options;
    const flags = sessions.bytes[(row << BYTE_SHIFT) + FLAGS];
    if (this.banks === null || flags & AUTHENTICATED) return "frictionless";
    return this.banks.authenticate(shopper, sessions.bytes[(row << BYTE_SHIFT) + DECLINES]).kind;
  }
}
