/**
 * The shoppers: every visit, page by page, from the landing to the idle time-out. A page comes
 * from the CDN or from the fleet; what touches the sale is asked of the store. Each draw is keyed
 * by who the shopper is and how many pages they have asked for, so that the same shopper behaves
 * the same in every launch plan until the plan itself makes a difference.
 */
import { assert } from "../../engine/assert.ts";
import type { Distribution } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import type { Cdn } from "../cdn/cdn.ts";
import { distributionOf } from "../distributions.ts";
import { type Fleet, OK, REFUSED } from "../fleet/fleet.ts";
import { NONE } from "../fleet/jobs.ts";
import type { ShoppersSpec } from "../scenario/scenario.ts";
import { WeightedChoice } from "./choice.ts";
import {
  CART,
  CHECKOUT,
  Journey,
  LANDING,
  LEAVE,
  LIST,
  PAGE_CLASS_OF_STEP,
  SUBMIT,
} from "./journey.ts";
import { Patience, PURPOSES_PER_PAGE } from "./patience.ts";
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
import type { Cause, ShopperTally } from "./tally.ts";

/** Pages one session may ask for; the chain leaves long before. */
const PAGES_PER_SESSION_MAX = 100_000;

export interface ShoppersOptions {
  readonly simulation: Simulation;
  readonly spec: ShoppersSpec;
  readonly cdn: Cdn;
  readonly fleet: Fleet;
  readonly desk: SaleDesk;
  readonly tally: ShopperTally;
  /** Relative demand of each item. */
  readonly itemWeights: readonly number[];
}

export class Shoppers implements SaleAnswers {
  private readonly simulation: Simulation;
  private readonly spec: ShoppersSpec;
  private readonly cdn: Cdn;
  private readonly fleet: Fleet;
  private readonly desk: SaleDesk;
  private readonly tally: ShopperTally;
  private readonly sessions = new SessionTable();
  private readonly journey: Journey;
  private readonly items: WeightedChoice;
  private readonly think: Distribution;
  private readonly patience: Patience;
  private readonly retryDelay: Distribution;
  private readonly pageDraws: RandomStream;
  private readonly retryDraws: RandomStream;
  private readonly itemDraws: RandomStream;
  private readonly cardDraws: RandomStream;
  private readonly requestEvent: EventKind;
  private readonly lapseEvent: EventKind;
  private readonly endEvent: EventKind;

  constructor(options: ShoppersOptions) {
    const { simulation, spec } = options;
    this.simulation = simulation;
    this.spec = spec;
    this.cdn = options.cdn;
    this.fleet = options.fleet;
    this.desk = options.desk;
    this.tally = options.tally;
    this.journey = new Journey(spec.journey, spec.bounce);
    this.items = new WeightedChoice(options.itemWeights);
    this.think = distributionOf(spec.thinkTime);
    this.retryDelay = distributionOf(spec.retry.delay);
    this.pageDraws = simulation.random("shoppers.page");
    this.retryDraws = simulation.random("shoppers.retry");
    this.itemDraws = simulation.random("shoppers.item");
    this.cardDraws = simulation.random("shoppers.card");
    this.requestEvent = simulation.defineEvent("shopper.request", (row) => this.request(row));
    this.lapseEvent = simulation.defineEvent("shopper.lapse", (row) => this.lapse(row));
    this.endEvent = simulation.defineEvent("shopper.end", (row) => this.end(row));
    const { sessions, fleet } = this;
    const onGivenUp = (row: number): void => this.givesUp(row, this.sinceRequest(row));
    this.patience = new Patience({ simulation, spec, sessions, fleet, onGivenUp });
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
    this.tally.sessions += 1;
    this.tally.visits.arrive(now);
    this.tally.concurrent.update(now, this.tally.concurrent.value + 1);
    this.request(row);
  }

  /** Asks for the page of the session's step: at the edge of the CDN, else of the fleet. */
  private request(row: number): void {
    const { sessions, simulation } = this;
    const { now } = simulation;
    if (sessions.bytes[(row << BYTE_SHIFT) + FLAGS] & LAPSED) this.revive(row);
    const page = PAGE_CLASS_OF_STEP[sessions.bytes[(row << BYTE_SHIFT) + STEP]] as number;
    const number = sessions.words[(row << WORD_SHIFT) + PAGES] + 1;
    assert(number <= PAGES_PER_SESSION_MAX, "a session comes to an end");
    sessions.words[(row << WORD_SHIFT) + PAGES] = number;
    sessions.doubles[(row << DOUBLE_SHIFT) + REQUESTED_AT] = now;
    const entity = sessions.words[(row << WORD_SHIFT) + ENTITY];
    this.tally.pages[page] = (this.tally.pages[page] as number) + 1;
    if (this.cdn.serves(page, entity, number)) {
      this.answered(row, this.cdn.hitLatency(entity, number));
    } else {
      const job = this.fleet.submit(row, page, entity, number);
      if (job !== NONE) this.patience.begin(row, job);
    }
  }

  /** The fleet's word on a request: `elapsed` from the request to the answer, the network left out. */
  onOutcome(row: number, outcome: number, elapsed: Ticks): void {
    this.patience.end(row);
    if (outcome !== OK) {
      this.afterError(row, outcome, elapsed);
      return;
    }
    const { sessions, simulation } = this;
    const entity = sessions.words[(row << WORD_SHIFT) + ENTITY];
    const network = this.cdn.missLatency(entity, sessions.words[(row << WORD_SHIFT) + PAGES]);
    const step = sessions.bytes[(row << BYTE_SHIFT) + STEP];
    const asked = sessions.doubles[(row << DOUBLE_SHIFT) + REQUESTED_AT];
    sessions.doubles[(row << DOUBLE_SHIFT) + OWED] = asked + elapsed + network - simulation.now;
    if (step >= CART) this.askStore(row, step);
    else this.answered(row, elapsed + network);
  }

  /** A page is there after `latency` since its request: wait no longer, or read and go on. */
  private answered(row: number, latency: Ticks): void {
    const { sessions } = this;
    const step = sessions.bytes[(row << BYTE_SHIFT) + STEP];
    const page = PAGE_CLASS_OF_STEP[step] as number;
    this.tally.recordLatency(page, latency);
    if (this.patience.isLostAfter(row, latency)) {
      // What the store has taken is not asked of it again.
      if (step < CART) this.givesUp(row, latency);
      else this.leavesTired(row);
      return;
    }
    sessions.bytes[(row << BYTE_SHIFT) + FAILURES] = 0;
    const entity = sessions.words[(row << WORD_SHIFT) + ENTITY];
    const random = this.pageDraws.at(entity, sessions.words[(row << WORD_SHIFT) + PAGES]);
    const draw = random.next();
    const next =
      step === LANDING ? this.journey.afterLanding(draw, latency) : this.journey.after(step, draw);
    if (next === LEAVE) this.leave(row, "choice");
    else this.goOn(row, next, latency + this.think.whole(random));
  }

  /** Asks for the page of `next` after `delay`, whole ticks counted from the last request. */
  private goOn(row: number, next: number, delay: Ticks): void {
    const { sessions, simulation, spec } = this;
    sessions.bytes[(row << BYTE_SHIFT) + STEP] = next;
    const from = sessions.doubles[(row << DOUBLE_SHIFT) + REQUESTED_AT];
    const lapsesAt = from + spec.idleTimeout;
    const at = Math.max(simulation.now, from + delay);
    if (at > lapsesAt && lapsesAt >= simulation.now) {
      simulation.schedule(lapsesAt, this.lapseEvent, row);
    }
    simulation.schedule(at, this.requestEvent, row);
  }

  /** What touches the sale is the store's to answer, once a server has taken the request. */
  private askStore(row: number, step: number): void {
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
      this.answered(row, this.waited(row));
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

  private sinceRequest(row: number): Ticks {
    return this.simulation.now - this.sessions.doubles[(row << DOUBLE_SHIFT) + REQUESTED_AT];
  }

  /** Time since the request, and what the server's I/O and the way back still take. */
  private waited(row: number): Ticks {
    const owed = this.sessions.doubles[(row << DOUBLE_SHIFT) + OWED];
    return this.sinceRequest(row) + owed;
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
    this.answered(row, this.waited(row));
  }

  onCheckout(row: number, answer: SaleAnswer): void {
    if (answer === ACCEPTED) this.answered(row, this.waited(row));
    else this.turnedAway(row, answer);
  }

  onOrder(row: number, answer: SaleAnswer): void {
    if (answer === ACCEPTED || answer === IN_DOUBT) this.ordered(row);
    else if (answer === DECLINED) this.declined(row);
    else this.turnedAway(row, answer);
  }

  /** The confirmation page is the last of the visit. */
  private ordered(row: number): void {
    this.tally.recordLatency(PAGE_CLASS_OF_STEP[SUBMIT] as number, this.waited(row));
    this.sessions.bytes[(row << BYTE_SHIFT) + FLAGS] =
      this.sessions.bytes[(row << BYTE_SHIFT) + FLAGS] & ~HAS_CART;
    this.scheduleEnd(row);
  }

  private declined(row: number): void {
    const { sessions, spec } = this;
    const declines = sessions.bytes[(row << BYTE_SHIFT) + DECLINES] + 1;
    sessions.bytes[(row << BYTE_SHIFT) + DECLINES] = declines;
    const random = this.cardDraws.at(sessions.words[(row << WORD_SHIFT) + ENTITY], declines);
    if (declines === 1 && random.chance(spec.otherCard)) {
      this.goOn(row, SUBMIT, this.waited(row) + this.think.whole(random));
    } else {
      this.leave(row, "payment");
    }
  }

  /** The store said no: what is sold out or lapsed sends back to the list, the rest away. */
  private turnedAway(row: number, answer: SaleAnswer): void {
    if (answer === SALE_CLOSED) this.leave(row, "closed");
    else if (answer === PAYMENT_UNAVAILABLE) this.leave(row, "payment");
    else if (answer === UNAVAILABLE) this.leave(row, "error");
    else {
      const { sessions } = this;
      const entity = sessions.words[(row << WORD_SHIFT) + ENTITY];
      const random = this.pageDraws.at(entity, sessions.words[(row << WORD_SHIFT) + PAGES]);
      const stays = this.journey.after(LIST, random.next()) !== LEAVE;
      const delay = this.waited(row) + this.think.whole(random);
      if (stays) this.goOn(row, LIST, delay);
      else this.leave(row, answer === LIMIT_REACHED ? "choice" : "soldOut");
    }
  }

  /** A page took longer than the shopper would wait: some load it again at once, the rest leave. */
  private givesUp(row: number, elapsed: Ticks): void {
    const { sessions, spec, tally } = this;
    const failures = sessions.bytes[(row << BYTE_SHIFT) + FAILURES] + 1;
    if (failures > spec.retry.limit || !this.patience.reloads(row)) {
      this.leavesTired(row);
      return;
    }
    tally.impatient += 1;
    sessions.bytes[(row << BYTE_SHIFT) + FAILURES] = failures;
    tally.retries += 1;
    this.goOn(row, sessions.bytes[(row << BYTE_SHIFT) + STEP], elapsed);
  }

  private leavesTired(row: number): void {
    this.tally.impatient += 1;
    this.leave(row, "wait");
  }

  /** Refused or lost on the way: some try again, a few times, the rest go elsewhere. */
  private afterError(row: number, outcome: number, elapsed: Ticks): void {
    const { sessions, spec } = this;
    if (outcome === REFUSED) this.tally.refused += 1;
    else this.tally.failed += 1;
    const failures = sessions.bytes[(row << BYTE_SHIFT) + FAILURES] + 1;
    sessions.bytes[(row << BYTE_SHIFT) + FAILURES] = failures;
    const key = sessions.words[(row << WORD_SHIFT) + PAGES] * PURPOSES_PER_PAGE + failures;
    const random = this.retryDraws.at(sessions.words[(row << WORD_SHIFT) + ENTITY], key);
    if (failures <= spec.retry.limit && random.chance(spec.retry.share)) {
      this.tally.retries += 1;
      const delay = elapsed + this.retryDelay.whole(random);
      this.goOn(row, sessions.bytes[(row << BYTE_SHIFT) + STEP], delay);
    } else {
      this.tally.gaveUp += 1;
      this.leave(row, "error");
    }
  }

  private leave(row: number, cause: Cause): void {
    const { sessions, tally } = this;
    if (sessions.words[(row << WORD_SHIFT) + PAGES] === 1) tally.bounces += 1;
    if (sessions.bytes[(row << BYTE_SHIFT) + FLAGS] & HAS_CART) {
      tally.abandon(cause, sessions.doubles[(row << DOUBLE_SHIFT) + CART_VALUE]);
    }
    this.scheduleEnd(row);
  }

  /** The visit counts as concurrent until the idle time-out after its last request. */
  private scheduleEnd(row: number): void {
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
