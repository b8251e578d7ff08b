/**
 * The part of a visit that touches the sale: the cart, the checkout, the order. A server has taken
 * the request; the store's real programs answer it through the {@link SaleDesk}, and what the
 * shopper makes of the answer stands here.
 */
import type { Distribution } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { Simulation } from "../../engine/simulation.ts";
import type { ShoppersSpec } from "../scenario/scenario.ts";
import { WeightedChoice } from "./choice.ts";
import {
  CART,
  CHECKOUT,
  type Journey,
  LEAVE,
  LIST,
  PAGE_CLASS_OF_STEP,
  SUBMIT,
} from "./journey.ts";
import {
  ACCEPTED,
  DECLINED,
  IN_DOUBT,
  LIMIT_REACHED,
  PAYMENT_UNAVAILABLE,
  SALE_CLOSED,
  type SaleAnswer,
  type SaleAnswers,
  type SaleDesk,
  type SaleRequest,
  UNAVAILABLE,
} from "./sale-desk.ts";
import {
  BYTE_SHIFT,
  CART_VALUE,
  DECLINES,
  DOUBLE_SHIFT,
  ENTITY,
  FLAGS,
  HAS_CART,
  INVITED,
  PAGES,
  type SessionTable,
  WORD_SHIFT,
} from "./session-table.ts";
import type { ShopperTally } from "./tally.ts";
import type { VisitMoves } from "./visit-moves.ts";

export interface PurchaseOptions {
  readonly simulation: Simulation;
  readonly spec: ShoppersSpec;
  readonly sessions: SessionTable;
  readonly tally: ShopperTally;
  readonly moves: VisitMoves;
  readonly journey: Journey;
  readonly think: Distribution;
  readonly pageDraws: RandomStream;
  readonly desk: SaleDesk;
  /** Relative demand of each item. */
  readonly itemWeights: readonly number[];
}

export class Purchase implements SaleAnswers {
  private readonly spec: ShoppersSpec;
  private readonly sessions: SessionTable;
  private readonly tally: ShopperTally;
  private readonly moves: VisitMoves;
  private readonly journey: Journey;
  private readonly think: Distribution;
  private readonly desk: SaleDesk;
  private readonly items: WeightedChoice;
  private readonly pageDraws: RandomStream;
  private readonly itemDraws: RandomStream;
  private readonly cardDraws: RandomStream;

  constructor(options: PurchaseOptions) {
    this.spec = options.spec;
    this.sessions = options.sessions;
    this.tally = options.tally;
    this.moves = options.moves;
    this.journey = options.journey;
    this.think = options.think;
    this.desk = options.desk;
    this.items = new WeightedChoice(options.itemWeights);
    this.pageDraws = options.pageDraws;
    this.itemDraws = options.simulation.random("shoppers.item");
    this.cardDraws = options.simulation.random("shoppers.card");
  }

  /** What touches the sale is the store's to answer, once a server has taken the request. */
  askStore(row: number, step: number): void {
    const request = this.requestOf(row);
    if (step === CART) {
      const random = this.itemDraws.at(
        request.shopper,
        this.sessions.words[(row << WORD_SHIFT) + PAGES],
      );
      const item = this.items.draw(random);
      this.desk.addToCart(request, item, this.unitsOf(random));
    } else if (step === CHECKOUT) {
      this.desk.startCheckout(request);
    } else if (step === SUBMIT) {
      this.desk.placeOrder(request, this.sessions.bytes[(row << BYTE_SHIFT) + DECLINES]);
    } else {
      this.moves.answered(row, this.moves.waited(row));
    }
  }

  /** 1 and, with a chance that gives the wanted mean, one more, and one more after that. */
  private unitsOf(random: RandomStream): number {
    const mean = this.spec.extraUnitsMean;
    const another = mean / (1 + mean);
    let units = 1;
    while (units < 20 && random.chance(another)) units += 1;
    return units;
  }

  private requestOf(row: number): SaleRequest {
    return {
      session: row,
      shopper: this.sessions.words[(row << WORD_SHIFT) + ENTITY],
      invited: (this.sessions.bytes[(row << BYTE_SHIFT) + FLAGS] & INVITED) !== 0,
    };
  }

  onCart(row: number, answer: SaleAnswer, value: number): void {
    if (answer !== ACCEPTED) {
      this.turnedAway(row, answer);
      return;
    }
    const flags = this.sessions.bytes[(row << BYTE_SHIFT) + FLAGS];
    if ((flags & HAS_CART) === 0) this.tally.carts += 1;
    this.sessions.bytes[(row << BYTE_SHIFT) + FLAGS] = flags | HAS_CART;
    this.sessions.doubles[(row << DOUBLE_SHIFT) + CART_VALUE] = value;
    this.moves.answered(row, this.moves.waited(row));
  }

  onCheckout(row: number, answer: SaleAnswer): void {
    if (answer === ACCEPTED) this.moves.answered(row, this.moves.waited(row));
    else this.turnedAway(row, answer);
  }

  onOrder(row: number, answer: SaleAnswer): void {
    if (answer === ACCEPTED || answer === IN_DOUBT) this.ordered(row);
    else if (answer === DECLINED) this.declined(row);
    else this.turnedAway(row, answer);
  }

  /** The confirmation page is the last of the visit. */
  private ordered(row: number): void {
    this.tally.recordLatency(PAGE_CLASS_OF_STEP[SUBMIT] as number, this.moves.waited(row));
    this.sessions.bytes[(row << BYTE_SHIFT) + FLAGS] =
      this.sessions.bytes[(row << BYTE_SHIFT) + FLAGS] & ~HAS_CART;
    this.moves.scheduleEnd(row);
  }

  private declined(row: number): void {
    const { sessions, spec } = this;
    const declines = sessions.bytes[(row << BYTE_SHIFT) + DECLINES] + 1;
    sessions.bytes[(row << BYTE_SHIFT) + DECLINES] = declines;
    const random = this.cardDraws.at(sessions.words[(row << WORD_SHIFT) + ENTITY], declines);
    if (declines === 1 && random.chance(spec.otherCard)) {
      this.moves.goOn(row, SUBMIT, this.moves.waited(row) + this.think.whole(random));
    } else {
      this.moves.leave(row, "payment");
    }
  }

  /** The store said no: what is sold out or lapsed sends back to the list, the rest away. */
  private turnedAway(row: number, answer: SaleAnswer): void {
    if (answer === SALE_CLOSED) this.moves.leave(row, "closed");
    else if (answer === PAYMENT_UNAVAILABLE) this.moves.leave(row, "payment");
    else if (answer === UNAVAILABLE) this.moves.leave(row, "error");
    else {
      const { sessions } = this;
      const entity = sessions.words[(row << WORD_SHIFT) + ENTITY];
      const random = this.pageDraws.at(entity, sessions.words[(row << WORD_SHIFT) + PAGES]);
      const stays = this.journey.after(LIST, random.next()) !== LEAVE;
      const delay = this.moves.waited(row) + this.think.whole(random);
      if (stays) this.moves.goOn(row, LIST, delay);
      else this.moves.leave(row, answer === LIMIT_REACHED ? "choice" : "soldOut");
    }
  }
}
