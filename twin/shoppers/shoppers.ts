/**
 * The shoppers: every visit, page by page, from the landing to the idle time-out. A page comes
 * from the CDN or from the fleet; what touches the sale goes on in `purchase.ts`, what fails or
 * takes too long in `retries.ts`. Each draw is keyed by who the shopper is and how many pages they
 * have asked for, so that the same shopper behaves the same in every launch plan until the plan
 * itself makes a difference.
 */
import { assert } from "../../engine/assert.ts";
import type { Distribution } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import type { Cdn } from "../cdn/cdn.ts";
import { distributionOf } from "../distributions.ts";
import { NONE } from "../fleet/jobs.ts";
import { OK, type Servers } from "../fleet/servers.ts";
import { Offers } from "../promotions/offers.ts";
import type { ShoppersSpec } from "../scenario/scenario.ts";
import type { RoomMoves, WaitingShoppers } from "../waiting-room/waiting-shoppers.ts";
import type { ShopperFeedback } from "./feedback.ts";
import {
  CART,
  CHECKOUT,
  Journey,
  LANDING,
  LEAVE,
  PAGE_CLASS_OF_STEP,
  PRODUCT,
  SUBMIT,
} from "./journey.ts";
import { Patience } from "./patience.ts";
import { Purchase } from "./purchase.ts";
import { requestPriority } from "./request-priority.ts";
import { Retries } from "./retries.ts";
import type { SaleAnswers } from "./sale-desk.ts";
import {
  AT_THE_DOOR,
  BYTE_SHIFT,
  CART_VALUE,
  DOUBLE_SHIFT,
  ENTITY,
  FAILURES,
  FLAGS,
  HAS_CART,
  INVITED,
  LAPSED,
  OWED,
  PAGES,
  REQUESTED_AT,
  SessionTable,
  STARTED_AT,
  STEP,
  WORD_SHIFT,
} from "./session-table.ts";
import { ObservedShoppers } from "./shopper-observer.ts";
import type { ShoppersOptions } from "./shoppers-options.ts";
import type { Cause, ShopperTally } from "./tally.ts";
import type { ReturnVisit, VisitMoves } from "./visit-moves.ts";

/** Pages one session may ask for; the chain leaves long before. */
const PAGES_PER_SESSION_MAX = 100_000;
const NO_ARTICLES: readonly number[] = [];

export class Shoppers implements VisitMoves, RoomMoves {
  /** Where the store's answers go. */
  readonly answers: SaleAnswers;
  /** Null in a world without offers. */
  readonly offers: Offers | null;
  private readonly simulation: Simulation;
  private readonly spec: ShoppersSpec;
  private readonly cdn: Cdn;
  private readonly fleet: Servers;
  private readonly room: WaitingShoppers | null;
  private readonly tally: ShopperTally;
  private readonly sessions = new SessionTable();
  private readonly journey: Journey;
  private readonly think: Distribution;
  private readonly patience: Patience;
  private readonly purchase: Purchase;
  private readonly retries: Retries;
  private readonly feedback: ShopperFeedback | null;
  /** Null where nobody hears of the requests. */
  private readonly observed: ObservedShoppers | null;
  private readonly pageDraws: RandomStream;
  private readonly requestEvent: EventKind;
  private readonly lapseEvent: EventKind;
  private readonly endEvent: EventKind;

  constructor(options: ShoppersOptions) {
    const { simulation, spec } = options;
    this.simulation = simulation;
    this.spec = spec;
    this.cdn = options.cdn;
    this.fleet = options.fleet;
    this.room = options.room;
    this.tally = options.tally;
    this.journey = new Journey(spec.journey, spec.bounce);
    this.think = distributionOf(spec.thinkTime);
    this.pageDraws = simulation.random("shoppers.page");
    this.requestEvent = simulation.defineEvent("shopper.request", (row) => this.request(row));
    this.lapseEvent = simulation.defineEvent("shopper.lapse", (row) => this.lapse(row));
    this.endEvent = simulation.defineEvent("shopper.end", (row) => this.end(row));
    const { sessions, fleet, tally, journey, think, pageDraws } = this;
    this.feedback = options.feedback;
    const onGivenUp = (row: number): void => this.givesUp(row);
    const patience = new Patience({ simulation, spec, sessions, fleet, onGivenUp });
    this.patience = patience;
    const shared = { simulation, spec, sessions, tally, moves: this };
    const { desk, itemWeights, wishes, retryAfter, authentication, feedback } = options;
    const retries = new Retries({ ...shared, patience, retryAfter });
    this.retries = retries;
    const buying = { desk, itemWeights, wishes, authentication, retries, feedback };
    this.purchase = new Purchase({ ...shared, journey, think, pageDraws, ...buying });
    const { purchase } = this;
    const { observer } = options;
    const watched = { simulation, sessions, purchase, authentication };
    this.observed = observer === null ? null : new ObservedShoppers({ ...watched, observer });
    this.answers = this.observed ?? purchase;
    const { promotions } = options;
    this.offers = promotions === null ? null : new Offers({ ...promotions, ...shared, think });
  }

  /** Sessions in the shop whose end has not come. */
  get present(): number {
    return this.sessions.size;
  }

  /** Asserts that Little's law holds for the visits so far. */
  assertLittlesLaw(): void {
    this.tally.visits.report(this.simulation.now, this.sessions.arrivals());
  }

  /** A shopper arrives now. `entity` is theirs alone in this rehearsal. */
  visit(entity: number, invited: boolean): void {
    const { now } = this.simulation;
    const row = this.sessions.take(entity, now);
    if (invited) this.sessions.bytes[(row << BYTE_SHIFT) + FLAGS] = INVITED;
    if (this.offers !== null) this.offers.begins(row);
    this.arrives(row, entity);
  }

  /** To the waiting room where there is one, else in. */
  private arrives(row: number, shopper: number): void {
    if (this.feedback !== null) this.feedback.experience.begin(row);
    this.tally.sessions += 1;
    if (this.room !== null) {
      const flags = (row << BYTE_SHIFT) + FLAGS;
      this.sessions.bytes[flags] = this.sessions.bytes[flags] | AT_THE_DOOR;
      if (!this.room.arrives(row, shopper)) return;
    }
    this.enter(row);
  }

  /** The visit begins. */
  private enter(row: number): void {
    const { now } = this.simulation;
    const flags = (row << BYTE_SHIFT) + FLAGS;
    this.sessions.bytes[flags] = this.sessions.bytes[flags] & ~AT_THE_DOOR;
    this.tally.visits.arrive(now);
    this.tally.concurrent.update(now, this.tally.concurrent.value + 1);
    this.request(row);
  }

  visitAgain({ shopper, invited, pages, value }: ReturnVisit, begins: (row: number) => void): void {
    const { sessions } = this;
    const row = sessions.take(shopper, this.simulation.now);
    sessions.bytes[(row << BYTE_SHIFT) + FLAGS] = HAS_CART | (invited ? INVITED : 0);
    sessions.bytes[(row << BYTE_SHIFT) + STEP] = CHECKOUT;
    sessions.words[(row << WORD_SHIFT) + PAGES] = pages;
    sessions.doubles[(row << DOUBLE_SHIFT) + CART_VALUE] = value;
    this.offers?.begins(row);
    begins(row);
    this.arrives(row, shopper);
  }

  /** Who was in the shop before is not, while they wait to come back. */
  waits(row: number): void {
    const flags = this.sessions.bytes[(row << BYTE_SHIFT) + FLAGS];
    if ((flags & (AT_THE_DOOR | LAPSED)) === 0) this.lapse(row);
  }

  /** Out of the waiting room: a visit begins, or goes on with the page that it was to be. */
  cameIn(row: number): void {
    if (this.sessions.bytes[(row << BYTE_SHIFT) + FLAGS] & AT_THE_DOOR) {
      this.sessions.doubles[(row << DOUBLE_SHIFT) + STARTED_AT] = this.simulation.now;
      this.enter(row);
    } else this.request(row);
  }

  /** Away from the waiting room; who had been in the shop before leaves it with their cart. */
  wentAway(row: number, soldOut: boolean): void {
    const flags = this.sessions.bytes[(row << BYTE_SHIFT) + FLAGS];
    if (flags & AT_THE_DOOR) {
      const shopper = this.sessions.words[(row << WORD_SHIFT) + ENTITY];
      this.tally.outcomes?.left(shopper, soldOut ? "soldOut" : "wait");
      this.sessions.giveBack(row);
      return;
    }
    if (flags & LAPSED) this.revive(row);
    this.leave(row, soldOut ? "soldOut" : "wait");
  }

  /** Asks for the page of the session's step: at the edge of the CDN, else of the fleet. */
  private request(row: number): void {
    const { sessions, simulation } = this;
    const { now } = simulation;
    if (this.room !== null && !this.room.passes(row)) return;
    if (sessions.bytes[(row << BYTE_SHIFT) + FLAGS] & LAPSED) this.revive(row);
    const page = PAGE_CLASS_OF_STEP[sessions.bytes[(row << BYTE_SHIFT) + STEP]] as number;
    const number = sessions.words[(row << WORD_SHIFT) + PAGES] + 1;
    assert(number <= PAGES_PER_SESSION_MAX, "a session comes to an end");
    sessions.words[(row << WORD_SHIFT) + PAGES] = number;
    sessions.doubles[(row << DOUBLE_SHIFT) + REQUESTED_AT] = now;
    const entity = sessions.words[(row << WORD_SHIFT) + ENTITY];
    this.tally.pages[page] = (this.tally.pages[page] as number) + 1;
    const isAtEdge = this.cdn.serves(page, entity, number);
    this.observed?.asks(row, isAtEdge);
    if (isAtEdge) {
      this.answered(row, this.cdn.hitLatency(entity, number));
    } else {
      const flags = sessions.bytes[(row << BYTE_SHIFT) + FLAGS];
      const priority = this.fleet.sheds ? requestPriority(page, flags) : 0;
      const job = this.fleet.submit(row, page, entity, number, priority);
      if (job !== NONE) this.patience.begin(row, job);
    }
  }

  /** The articles whose stock the session's request changes: those of a cart that is held or bought. */
  articlesChangedBy(row: number): readonly number[] {
    const step = this.sessions.bytes[(row << BYTE_SHIFT) + STEP];
    return step === CHECKOUT || step === SUBMIT ? this.purchase.articlesOf(row) : NO_ARTICLES;
  }

  /** The fleet's word on a request: `elapsed` from the request to the answer, the network left out. */
  onOutcome(row: number, outcome: number, elapsed: Ticks): void {
    this.patience.end(row);
    if (outcome !== OK) {
      if (this.feedback !== null) this.feedback.experience.failedPage(row);
      this.failed(row, outcome, elapsed);
      return;
    }
    if (this.room !== null) this.room.noteAnswer(elapsed);
    const { sessions, simulation } = this;
    const entity = sessions.words[(row << WORD_SHIFT) + ENTITY];
    const network = this.cdn.missLatency(entity, sessions.words[(row << WORD_SHIFT) + PAGES]);
    const step = sessions.bytes[(row << BYTE_SHIFT) + STEP];
    const asked = sessions.doubles[(row << DOUBLE_SHIFT) + REQUESTED_AT];
    sessions.doubles[(row << DOUBLE_SHIFT) + OWED] = asked + elapsed + network - simulation.now;
    if (step >= CART) this.purchase.askStore(row, step);
    else this.answered(row, elapsed + network);
  }

  /** The servers could not make a page: the edge may have an old copy. */
  private failed(row: number, outcome: number, elapsed: Ticks): void {
    const { sessions } = this;
    const page = PAGE_CLASS_OF_STEP[sessions.bytes[(row << BYTE_SHIFT) + STEP]] as number;
    const entity = sessions.words[(row << WORD_SHIFT) + ENTITY];
    const number = sessions.words[(row << WORD_SHIFT) + PAGES];
    const latency = this.cdn.staleLatency(page, entity, number);
    if (latency === null) this.retries.afterError(row, outcome, elapsed);
    else this.answered(row, elapsed + latency);
  }

  /** A page is there after `latency` since its request: wait no longer, or read and go on. */
  answered(row: number, latency: Ticks): void {
    const { sessions } = this;
    const step = sessions.bytes[(row << BYTE_SHIFT) + STEP];
    const page = PAGE_CLASS_OF_STEP[step] as number;
    this.tally.recordLatency(page, latency);
    if (this.patience.isLostAfter(row, latency)) {
      if (this.feedback !== null) this.feedback.experience.waited(row, latency);
      // What the store has taken is not asked of it again.
      if (step < CART) this.retries.givesUp(row, latency);
      else this.retries.leavesTired(row);
      return;
    }
    if (this.feedback !== null) this.feedback.experience.page(row, latency);
    sessions.bytes[(row << BYTE_SHIFT) + FAILURES] = 0;
    const entity = sessions.words[(row << WORD_SHIFT) + ENTITY];
    const random = this.pageDraws.at(entity, sessions.words[(row << WORD_SHIFT) + PAGES]);
    const draw = random.next();
    const next =
      step === LANDING ? this.journey.afterLanding(draw, latency) : this.journey.after(step, draw);
    const { offers } = this;
    if (offers !== null && step === PRODUCT && offers.countsViews) offers.saw(row);
    if (next === LEAVE) {
      if (step === LANDING) this.noteSlowLanding(entity, draw);
      if (offers?.holdsBack(row, latency) !== true) this.leave(row, "choice");
      return;
    }
    if (offers !== null && next === CHECKOUT) offers.goesToCheckout(row);
    this.goOn(row, next, latency + this.think.whole(random));
  }

  /** The wait for a page is over before the page is there. */
  private givesUp(row: number): void {
    const waited = this.sinceRequest(row);
    if (this.feedback !== null) this.feedback.experience.waited(row, waited);
    this.retries.givesUp(row, waited);
  }

  /** Who would have stayed had the landing page come at once left for the wait. */
  private noteSlowLanding(entity: number, draw: number): void {
    const { outcomes } = this.tally;
    if (outcomes !== null && this.journey.afterLanding(draw, 0) !== LEAVE)
      outcomes.failed(entity, "wait");
  }

  /** Asks for the page of `next` after `delay`, whole ticks counted from the last request. */
  goOn(row: number, next: number, delay: Ticks): void {
    const { sessions, simulation, spec } = this;
    sessions.bytes[(row << BYTE_SHIFT) + STEP] = next;
    const from = sessions.doubles[(row << DOUBLE_SHIFT) + REQUESTED_AT];
    const lapsesAt = from + spec.idleTimeout;
    const at = Math.max(simulation.now, from + delay);
    if (this.room !== null) this.room.hasAsked(row, at);
    if (at > lapsesAt && lapsesAt >= simulation.now) {
      simulation.schedule(lapsesAt, this.lapseEvent, row);
    }
    simulation.schedule(at, this.requestEvent, row);
  }

  sinceRequest(row: number): Ticks {
    return this.simulation.now - this.sessions.doubles[(row << DOUBLE_SHIFT) + REQUESTED_AT];
  }

  /** Time since the request, and what the server's I/O and the way back still take. */
  waited(row: number): Ticks {
    const owed = this.sessions.doubles[(row << DOUBLE_SHIFT) + OWED];
    return this.sinceRequest(row) + owed;
  }

  leave(row: number, cause: Cause): void {
    const { sessions, tally } = this;
    const hasCart = (sessions.bytes[(row << BYTE_SHIFT) + FLAGS] & HAS_CART) !== 0;
    if (sessions.words[(row << WORD_SHIFT) + PAGES] === 1) tally.bounces += 1;
    if (hasCart) {
      tally.abandon(cause, sessions.doubles[(row << DOUBLE_SHIFT) + CART_VALUE]);
      this.offers?.leftCart(row, cause);
    }
    if (this.feedback !== null) {
      this.feedback.leaves(row, sessions.words[(row << WORD_SHIFT) + ENTITY], cause, hasCart);
    }
    tally.outcomes?.left(sessions.words[(row << WORD_SHIFT) + ENTITY], cause);
    this.scheduleEnd(row);
  }

  goOnWithoutCode(row: number): void {
    const { sessions } = this;
    const step = sessions.bytes[(row << BYTE_SHIFT) + STEP];
    if (this.offers?.staysWithoutCode(row) === true) this.goOn(row, step, this.waited(row));
    else this.leave(row, "choice");
  }

  /** The visit counts as concurrent until the idle time-out after its last request. */
  scheduleEnd(row: number): void {
    if (this.room !== null) this.room.hasAsked(row, Number.POSITIVE_INFINITY);
    const lapses =
      this.sessions.doubles[(row << DOUBLE_SHIFT) + REQUESTED_AT] + this.spec.idleTimeout;
    this.simulation.schedule(Math.max(this.simulation.now, lapses), this.endEvent, row);
  }

  private lapse(row: number): void {
    const { sessions, simulation, tally } = this;
    sessions.bytes[(row << BYTE_SHIFT) + FLAGS] =
      sessions.bytes[(row << BYTE_SHIFT) + FLAGS] | LAPSED;
    tally.concurrent.update(simulation.now, tally.concurrent.value - 1);
  }

  private revive(row: number): void {
    const { sessions, simulation, tally } = this;
    sessions.bytes[(row << BYTE_SHIFT) + FLAGS] =
      sessions.bytes[(row << BYTE_SHIFT) + FLAGS] & ~LAPSED;
    tally.concurrent.update(simulation.now, tally.concurrent.value + 1);
  }

  private end(row: number): void {
    const { sessions, simulation, tally } = this;
    const { now } = simulation;
    tally.visits.depart(now, sessions.doubles[(row << DOUBLE_SHIFT) + STARTED_AT]);
    tally.concurrent.update(now, tally.concurrent.value - 1);
    sessions.giveBack(row);
  }
}
