/**
 * The part of a visit that touches the sale: the cart, the checkout, the order. A server has taken
 * the request; the store's real programs answer it through the {@link SaleDesk}, and what the
 * shopper makes of the answer stands here.
 */
import type { Distribution } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import type { AuthenticationSpec, ShoppersSpec } from "../scenario/scenario.ts";
import { CardBanks } from "./authentication.ts";
import { WeightedChoice } from "./choice.ts";
import type { ShopperFeedback } from "./feedback.ts";
import {
  CART,
  CHECKOUT,
  type Journey,
  LEAVE,
  LIST,
  PAGE_CLASS_OF_STEP,
  SUBMIT,
} from "./journey.ts";
import type { Retries } from "./retries.ts";
import {
  ACCEPTED,
  CODE_REFUSED,
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
  AUTHENTICATED,
  BYTE_SHIFT,
  CART_VALUE,
  DECLINES,
  DOUBLE_SHIFT,
  ENTITY,
  FLAGS,
  HAS_CART,
  INVITED,
  LIMITED,
  PAGES,
  type SessionTable,
  TRIED_CHECKOUT,
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
  readonly retries: Retries;
  readonly authentication: AuthenticationSpec;
  /** Relative demand of each item. */
  readonly itemWeights: readonly number[];
  /** What shoppers come for; null where each of them looks around first. */
  readonly wishes: Wishes | null;
  readonly feedback: ShopperFeedback | null;
}

/** What is known beforehand of what a shopper wants. */
export interface Wishes {
  /** The item, by its place in the list; below 0 for whoever looks around. */
  wishOf(shopper: number): number;
}

export class Purchase implements SaleAnswers {
  private readonly spec: ShoppersSpec;
  private readonly sessions: SessionTable;
  private readonly tally: ShopperTally;
  private readonly moves: VisitMoves;
  private readonly journey: Journey;
  private readonly think: Distribution;
  private readonly desk: SaleDesk;
  private readonly retries: Retries;
  private readonly items: WeightedChoice;
  private readonly wishes: Wishes | null;
  private readonly pageDraws: RandomStream;
  /** Null where no bank asks who pays. */
  private readonly banks: CardBanks | null;
  private readonly itemDraws: RandomStream;
  private readonly cardDraws: RandomStream;
  private readonly feedback: ShopperFeedback | null;

  constructor(options: PurchaseOptions) {
    this.spec = options.spec;
    this.sessions = options.sessions;
    this.tally = options.tally;
    this.moves = options.moves;
    this.journey = options.journey;
    this.think = options.think;
    this.desk = options.desk;
    this.retries = options.retries;
    this.items = new WeightedChoice(options.itemWeights);
    this.wishes = options.wishes;
    this.pageDraws = options.pageDraws;
    const { simulation, authentication } = options;
    this.banks = authentication.share === 0 ? null : new CardBanks(simulation, authentication);
    this.itemDraws = options.simulation.random("shoppers.item");
    this.feedback = options.feedback;
    this.cardDraws = options.simulation.random("shoppers.card");
  }

  /** What touches the sale is the store's to answer, once a server has taken the request. */
  askStore(row: number, step: number): void {
    const request = this.requestOf(row);
    if (step === CART) {
      const { item, units } = this.wishOf(row);
      this.desk.addToCart(request, item, units);
    } else if (step === CHECKOUT) {
      this.triesCheckout(row);
      this.desk.startCheckout(request);
    } else if (step === SUBMIT) {
      if (this.mayBeCharged(row)) this.desk.placeOrder(request, this.cardOf(row));
    } else {
      this.moves.answered(row, this.moves.waited(row));
    }
  }

  /** What the session's request for the cart puts into it: an item's place in the list, and units. */
  wishOf(row: number): { readonly item: number; readonly units: number } {
    const { sessions } = this;
    const shopper = sessions.words[(row << WORD_SHIFT) + ENTITY];
    const known = this.wishes?.wishOf(shopper) ?? -1;
    if (known >= 0) return { item: known, units: 1 };
    const random = this.itemDraws.at(shopper, sessions.words[(row << WORD_SHIFT) + PAGES]);
    const item = this.items.draw(random);
    return { item, units: this.unitsOf(random) };
  }

  /** Counts the session among those that tried to check out, once. */
  private triesCheckout(row: number): void {
    const at = (row << BYTE_SHIFT) + FLAGS;
    const flags = this.sessions.bytes[at];
    if ((flags & TRIED_CHECKOUT) !== 0) return;
    this.sessions.bytes[at] = flags | TRIED_CHECKOUT;
    this.tally.checkouts += 1;
    this.tally.onCheckout?.(this.sessions.words[(row << WORD_SHIFT) + ENTITY]);
  }

  /** Cards that were tried before in this session. */
  private cardOf(row: number): number {
    return this.sessions.bytes[(row << BYTE_SHIFT) + DECLINES];
  }

  /** Whether the card may be charged now; otherwise its bank has asked first, and what follows is under way. */
  private mayBeCharged(row: number): boolean {
    const { banks, sessions, tally } = this;
    if (banks === null) return true;
    const flags = (row << BYTE_SHIFT) + FLAGS;
    if (sessions.bytes[flags] & AUTHENTICATED) {
      sessions.bytes[flags] = sessions.bytes[flags] & ~AUTHENTICATED;
      return true;
    }
    const answer = banks.authenticate(
      sessions.words[(row << WORD_SHIFT) + ENTITY],
      this.cardOf(row),
    );
    if (answer.kind === "frictionless") return true;
    tally.challenged += 1;
    tally.recordLatency(PAGE_CLASS_OF_STEP[SUBMIT] as number, this.moves.waited(row));
    if (answer.kind === "abandoned") {
      tally.challengesAbandoned += 1;
      this.moves.leave(row, "payment");
    } else if (answer.kind === "failed") {
      tally.challengesFailed += 1;
      this.declined(row, answer.after);
    } else {
      sessions.bytes[flags] = sessions.bytes[flags] | AUTHENTICATED;
      this.moves.goOn(row, SUBMIT, this.moves.waited(row) + answer.after);
    }
    return false;
  }

  /** The articles in a session's cart. */
  articlesOf(row: number): readonly number[] {
    return this.desk.articlesOf(this.requestOf(row));
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
    if (this.feedback !== null && answer !== ACCEPTED)
      this.feedback.experience.refused(row, answer);
    if (answer === ACCEPTED) this.moves.answered(row, this.moves.waited(row));
    else this.turnedAway(row, answer);
  }

  onOrder(row: number, answer: SaleAnswer): void {
    if (this.feedback !== null && answer !== ACCEPTED)
      this.feedback.experience.refused(row, answer);
    if (answer === ACCEPTED || answer === IN_DOUBT) this.ordered(row);
    else if (answer === DECLINED) this.declined(row);
    else this.turnedAway(row, answer);
  }

  /** Who is turned away at the cart counts as one who would have checked out: at most too many. */
  onLimited(row: number, retryAfter: Ticks): void {
    this.triesCheckout(row);
    const at = (row << BYTE_SHIFT) + FLAGS;
    const flags = this.sessions.bytes[at];
    if ((flags & LIMITED) === 0) this.tally.limited += 1;
    this.sessions.bytes[at] = flags | LIMITED;
    this.retries.afterLimit(row, retryAfter);
  }

  /** The confirmation page is the last of the visit. */
  private ordered(row: number): void {
    const waited = this.moves.waited(row);
    this.tally.recordLatency(PAGE_CLASS_OF_STEP[SUBMIT] as number, waited);
    if (this.feedback !== null) {
      this.feedback.experience.page(row, waited);
      this.feedback.ordered(row, this.sessions.words[(row << WORD_SHIFT) + ENTITY]);
    }
    this.sessions.bytes[(row << BYTE_SHIFT) + FLAGS] =
      this.sessions.bytes[(row << BYTE_SHIFT) + FLAGS] & ~HAS_CART;
    // Whether an order in doubt was paid, the sale log says later.
    this.tally.outcomes?.left(this.sessions.words[(row << WORD_SHIFT) + ENTITY], "payment");
    this.moves.scheduleEnd(row);
  }

  /** The card was no good; `after` is what passed on top of the wait for the page. */
  private declined(row: number, after: Ticks = 0): void {
    const { sessions, spec } = this;
    const declines = sessions.bytes[(row << BYTE_SHIFT) + DECLINES] + 1;
    sessions.bytes[(row << BYTE_SHIFT) + DECLINES] = declines;
    const entity = sessions.words[(row << WORD_SHIFT) + ENTITY];
    this.tally.outcomes?.failed(entity, "payment");
    const random = this.cardDraws.at(entity, declines);
    if (declines === 1 && random.chance(spec.otherCard)) {
      this.moves.goOn(row, SUBMIT, this.moves.waited(row) + after + this.think.whole(random));
    } else {
      this.moves.leave(row, "payment");
    }
  }

  /** The store said no: what is sold out or lapsed sends back to the list, the rest away. */
  private turnedAway(row: number, answer: SaleAnswer): void {
    if (answer === CODE_REFUSED) this.moves.goOnWithoutCode(row);
    else if (answer === SALE_CLOSED) this.moves.leave(row, "closed");
    else if (answer === PAYMENT_UNAVAILABLE) this.moves.leave(row, "payment");
    else if (answer === UNAVAILABLE) this.moves.leave(row, "error");
    else {
      const { sessions } = this;
      const entity = sessions.words[(row << WORD_SHIFT) + ENTITY];
      const random = this.pageDraws.at(entity, sessions.words[(row << WORD_SHIFT) + PAGES]);
      if (answer !== LIMIT_REACHED) this.tally.outcomes?.failed(entity, "soldOut");
      const stays = this.journey.after(LIST, random.next()) !== LEAVE;
      const delay = this.moves.waited(row) + this.think.whole(random);
      if (stays) this.moves.goOn(row, LIST, delay);
      else this.moves.leave(row, answer === LIMIT_REACHED ? "choice" : "soldOut");
    }
  }
}
