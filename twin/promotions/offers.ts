/**
 * How shoppers meet offers. Who turns to leave may be shown one, and some of them stay; who left a
 * cart may be written to, and some of them come back to it; and some who were on their way to the
 * checkout take the code as well, which costs and brings nothing. What is offered to whom, and what
 * it takes off, is the store's affair. Each draw is keyed by the shopper and the offer, so that a
 * shopper whom an offer turns round is turned round by it in every plan.
 */
import type { Distribution } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import { isInSegment, type ShopperFacts, type Trigger } from "../../store/core/promotion.ts";
import { TIERS } from "../../store/core/tier.ts";
import { distributionOf } from "../distributions.ts";
import type { OfferSpec, WorldSpec } from "../scenario/scenario.ts";
import { CHECKOUT, LIST, PAYMENT } from "../shoppers/journey.ts";
import { Segments } from "../shoppers/segments.ts";
import {
  BYTE_SHIFT,
  CART_VALUE,
  DOUBLE_SHIFT,
  ENTITY,
  FLAGS,
  HAS_CART,
  INVITED,
  PAGES,
  type SessionTable,
  STEP,
  WORD_SHIFT,
} from "../shoppers/session-table.ts";
import type { Cause, ShopperTally } from "../shoppers/tally.ts";
import type { VisitMoves } from "../shoppers/visit-moves.ts";
import { NO_OFFER, type OfferDesk } from "./offer-desk.ts";

export interface OffersOptions {
  readonly simulation: Simulation;
  readonly world: WorldSpec;
  readonly sessions: SessionTable;
  readonly tally: ShopperTally;
  readonly moves: VisitMoves;
  readonly think: Distribution;
  readonly desk: OfferDesk;
}

/** A cart that was left, until its shopper has come back or will not. */
interface LeftCart {
  readonly shopper: number;
  readonly invited: boolean;
  readonly pages: number;
  readonly value: number;
  readonly cause: Cause;
  readonly facts: ShopperFacts;
  /** What its mail offered; null before there was one. */
  offered: Offered | null;
}

/** An offer by its place in the scenario's list, and the shopper's code of it. */
interface Offered {
  readonly offer: number;
  readonly code: string;
}

/** A shopper about to leave the page that came after `latency`. */
interface Leaving {
  readonly facts: ShopperFacts;
  readonly latency: Ticks;
  /** The first trigger to be tried. */
  readonly from: number;
}

const VIEWS_MAX = 65_535;
/** The session was asked about an offer: one is enough for a visit. */
const ASKED = 1;
/** It goes on for the sake of an offer alone. */
const TURNED = 2;
const PER_OFFER: readonly Trigger[] = ["mailed", "exit-intent"];

export class Offers {
  /** Shoppers who went on with a code in hand, and visits that a mail brought back. */
  taken = 0;
  returned = 0;
  /** True where product pages are to be told to {@link saw}. */
  readonly countsViews: boolean;
  private readonly options: OffersOptions;
  private readonly sessions: SessionTable;
  private readonly offers: readonly OfferSpec[];
  private readonly segments: Segments;
  private readonly clickDelay: Distribution;
  private readonly uptakeDraws: RandomStream;
  private readonly alarmDraws: RandomStream;
  private readonly returnDraws: RandomStream;
  private readonly mailEvent: EventKind;
  private readonly returnEvent: EventKind;
  /** The triggers of offers that are made as a shopper turns to leave, in the order of trying. */
  private readonly atExit: readonly Trigger[];
  /** True where who has no cart is offered nothing. */
  private readonly cartsOnly: boolean;
  /** Product pages of each session, by its row, and what it knows of offers. */
  private views = new Uint16Array(0);
  private flags = new Uint8Array(0);
  /** Shoppers who have been written to about a cart. */
  private readonly written = new Set<number>();
  private readonly left = new Map<number, LeftCart>();
  private leftSoFar = 0;

  constructor(options: OffersOptions) {
    const { simulation, world } = options;
    this.options = options;
    this.sessions = options.sessions;
    this.offers = world.promotions.offers;
    this.atExit = PER_OFFER.filter((trigger) => this.offers.some((of) => of.trigger === trigger));
    this.countsViews = this.offers.some(({ segment }) => segment === "high-intent");
    this.cartsOnly = this.offers.every(
      ({ segment, trigger }) => segment === "cart-abandoner" || trigger !== "exit-intent",
    );
    this.segments = new Segments(simulation, world.audience.segments);
    this.clickDelay = distributionOf(world.audience.clickDelay);
    this.uptakeDraws = simulation.random("promotions.uptake");
    this.alarmDraws = simulation.random("promotions.false-alarm");
    this.returnDraws = simulation.random("promotions.return");
    this.mailEvent = simulation.defineEvent("promotions.mail", (cart) => this.write(cart));
    this.returnEvent = simulation.defineEvent("promotions.return", (cart) => this.comeBack(cart));
  }

  /** A session takes its row. */
  begins(row: number): void {
    if (row >= this.flags.length) this.grow(row);
    this.flags[row] = 0;
    this.views[row] = 0;
  }

  private grow(row: number): void {
    const rows = Math.max(1_024, row + 1, this.flags.length * 2);
    const [flags, views] = [new Uint8Array(rows), new Uint16Array(rows)];
    flags.set(this.flags);
    views.set(this.views);
    this.flags = flags;
    this.views = views;
  }

  /** A product page was read. */
  saw(row: number): void {
    this.views[row] = Math.min(VIEWS_MAX, (this.views[row] as number) + 1);
  }

  /**
   * A shopper turns to leave the page that came after `latency`. True where the store was asked for
   * an offer: the visit goes on, or ends, from its answer.
   */
  holdsBack(row: number, latency: Ticks): boolean {
    if (this.cartsOnly && !this.hasCart(row)) return false;
    if (this.flags[row] !== 0) return false;
    // The store would say no to everybody: most of a long sale is spent after the last code.
    if (this.atExit.every((trigger) => this.options.desk.isSpent(trigger))) return false;
    return this.show(row, { facts: this.factsOf(row), latency, from: 0 });
  }

  /** Asks for an offer by the first trigger from a place on that can fit; false where none can. */
  private show(row: number, at: Leaving): boolean {
    const { facts, latency } = at;
    let place = at.from;
    let trigger = this.atExit[place];
    while (trigger !== undefined && !this.mayBeMade(row, trigger, facts)) {
      place += 1;
      trigger = this.atExit[place];
    }
    if (trigger === undefined) return false;
    this.flags[row] = ASKED;
    const shopper = this.shopperOf(row);
    this.options.desk.ask({ session: row, shopper, trigger, facts }, (offer, code) => {
      if (offer !== NO_OFFER) this.decide(row, { offer, code }, latency);
      else if (!this.show(row, { facts, latency, from: place + 1 })) {
        this.options.moves.leave(row, "choice");
      }
    });
    return true;
  }

  /** Stays and goes on to pay, or to look on where there is no cart; or leaves all the same. */
  private decide(row: number, { offer, code }: Offered, latency: Ticks): void {
    const { moves, think, desk } = this.options;
    const shopper = this.shopperOf(row);
    const random = this.uptakeDraws.at(shopper, offer);
    if (!random.chance(this.offers[offer]?.uptake ?? 0)) {
      moves.leave(row, "choice");
      return;
    }
    this.taken += 1;
    this.flags[row] = ASKED | TURNED;
    desk.take({ shopper, offer, code, won: true });
    const step = this.sessions.bytes[(row << BYTE_SHIFT) + STEP] as number;
    const toPay = step >= CHECKOUT ? PAYMENT : CHECKOUT;
    moves.goOn(row, this.hasCart(row) ? toPay : LIST, latency + think.whole(random));
  }

  /** On the way to the checkout as it is: a mailed code is used, a pop-up shown by mistake as well. */
  goesToCheckout(row: number): void {
    if (this.flags[row] !== 0) return;
    const shopper = this.shopperOf(row);
    const facts = this.factsOf(row);
    const { falseAlarm } = this.options.world.promotions;
    const mailed = this.mayBeMade(row, "mailed", facts);
    const alarm = !mailed && this.alarmDraws.at(shopper).chance(falseAlarm);
    const trigger = mailed ? "mailed" : "exit-intent";
    if (!mailed && !(alarm && this.mayBeMade(row, trigger, facts))) return;
    this.flags[row] = ASKED;
    this.options.desk.ask({ session: row, shopper, trigger, facts }, (offer, code) => {
      if (offer === NO_OFFER) return;
      this.taken += 1;
      this.options.desk.take({ shopper, offer, code, won: false });
    });
  }

  /** Whether the shopper goes on to buy when the store refuses their code. */
  staysWithoutCode(row: number): boolean {
    return ((this.flags[row] as number) & TURNED) === 0;
  }

  /** A cart was left for good in this visit; there may be a mail about it. */
  leftCart(row: number, cause: Cause): void {
    const { simulation, world, desk } = this.options;
    const shopper = this.shopperOf(row);
    // Nobody is called back to what is gone.
    if (cause === "soldOut" || cause === "closed" || this.written.has(shopper)) return;
    const facts = this.factsOf(row);
    const offer = this.fitting("abandoned-cart", facts);
    if (offer === undefined || simulation.now + offer.after >= world.lasts) return;
    this.written.add(shopper);
    const invited = ((this.sessions.bytes[(row << BYTE_SHIFT) + FLAGS] as number) & INVITED) !== 0;
    const pages = this.sessions.words[(row << WORD_SHIFT) + PAGES] as number;
    const value = this.sessions.doubles[(row << DOUBLE_SHIFT) + CART_VALUE] as number;
    desk.leaveCart(row, shopper);
    const cart = this.leftSoFar++;
    this.left.set(cart, { shopper, invited, pages, value, cause, facts, offered: null });
    simulation.scheduleAfter(offer.after, this.mailEvent, cart);
  }

  /** The mail about a cart goes out; its reader comes back while the code is valid, or not at all. */
  private write(cart: number): void {
    const { simulation, world, desk } = this.options;
    const left = this.left.get(cart);
    if (left === undefined) return;
    const { shopper, facts } = left;
    desk.ask({ session: null, shopper, trigger: "abandoned-cart", facts }, (offer, code) => {
      const spec = this.offers[offer];
      if (spec === undefined) {
        this.left.delete(cart);
        return;
      }
      left.offered = { offer, code };
      const random = this.returnDraws.at(shopper, offer);
      const comes = random.chance(spec.uptake);
      const delay = this.clickDelay.whole(random);
      const inTime = delay < spec.validFor && simulation.now + delay < world.lasts;
      if (comes && inTime) simulation.scheduleAfter(delay, this.returnEvent, cart);
      else this.left.delete(cart);
    });
  }

  private comeBack(cart: number): void {
    const { tally, moves, desk } = this.options;
    const left = this.left.get(cart);
    if (left === undefined || left.offered === null) return;
    this.left.delete(cart);
    const { shopper, invited, pages, value, cause, offered } = left;
    this.taken += 1;
    this.returned += 1;
    tally.takeUp(cause, value);
    desk.take({ shopper, ...offered, won: true });
    moves.visitAgain({ shopper, invited, pages, value }, (row) => {
      this.flags[row] = ASKED | TURNED;
      desk.comeBack(row, shopper);
    });
  }

  /** Whether an offer of this trigger can fit; the store judges again, and knows the budgets. */
  private mayBeMade(row: number, trigger: Trigger, facts: ShopperFacts): boolean {
    if (trigger === "mailed") {
      const { recipients } = this.options.world.audience;
      if (!facts.leavesCart || this.shopperOf(row) >= recipients) return false;
    }
    return this.fitting(trigger, facts) !== undefined;
  }

  private fitting(trigger: Trigger, facts: ShopperFacts): OfferSpec | undefined {
    const { promotions } = this.options.world;
    for (const offer of this.offers) {
      if (offer.trigger === trigger && isInSegment(offer.segment, facts, promotions)) return offer;
    }
    return undefined;
  }

  /** `leavesCart` is how it looks to the shop, which sees a cart and somebody who turns away. */
  private factsOf(row: number): ShopperFacts {
    const tier = TIERS[this.segments.of(this.shopperOf(row))] ?? "regular";
    return { tier, productViews: this.views[row] as number, leavesCart: this.hasCart(row) };
  }

  private shopperOf(row: number): number {
    return this.sessions.words[(row << WORD_SHIFT) + ENTITY] as number;
  }

  private hasCart(row: number): boolean {
    return ((this.sessions.bytes[(row << BYTE_SHIFT) + FLAGS] as number) & HAS_CART) !== 0;
  }
}
