/**
 * The bots of a scenario. Their programs ask the same servers and the same store as shoppers do,
 * through the same desk, and are answered alike; they only behave worse. A program that hoards
 * takes a hold and goes on as the next identity, to take the units again when they come back; one
 * that buys orders what an identity may have and goes on as the next; one that cracks fills a cart
 * and guesses discount codes for it; one that refreshes loads pages. Behind many identities stand few networks and fewer people, which is how a store can find
 * them. A program that is limited and adapts comes back as another identity from another network.
 */
import { assert } from "../../engine/assert.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import { SECOND, type Ticks } from "../../engine/time.ts";
import { drawCode } from "../../store/core/promotion-code.ts";
import type { Cdn } from "../cdn/cdn.ts";
import { OK, type Servers } from "../fleet/servers.ts";
import { PAGE_CLASSES, type RaidSpec } from "../scenario/scenario.ts";
import { WeightedChoice } from "../shoppers/choice.ts";
import { strangerPriority } from "../shoppers/request-priority.ts";
import {
  ACCEPTED,
  CODE_GUESSED,
  CODE_REFUSED,
  IN_DOUBT,
  LIMIT_REACHED,
  type SaleAnswer,
  type SaleAnswers,
  type SaleDesk,
  type SaleRequest,
  SOLD_OUT,
} from "../shoppers/sale-desk.ts";
import { FIRST_BOT, FIRST_PROGRAM, IDENTITIES_OF_A_RAID } from "./numbers.ts";
import { Programs, TO_CHECKOUT, TO_ORDER } from "./programs.ts";

const CART_PAGE = PAGE_CLASSES.indexOf("cart");
const CHECKOUT_PAGE = PAGE_CLASSES.indexOf("checkout");
const PAYMENT_PAGE = PAGE_CLASSES.indexOf("payment");
const LANDING_PAGE = PAGE_CLASSES.indexOf("landing");
const PRODUCT_PAGE = PAGE_CLASSES.indexOf("product");
const PAGE_OF_STEP = [CART_PAGE, CHECKOUT_PAGE, PAYMENT_PAGE] as const;

/** A program looks this often whether units have come back before it tries another item. */
const POLLS_MAX = 5;
/** A raid that refreshes follows the shoppers' pages second by second. */
const FOLLOW_EVERY: Ticks = SECOND;

export interface BotsOptions {
  readonly simulation: Simulation;
  /** At least one. */
  readonly raids: readonly RaidSpec[];
  readonly desk: SaleDesk;
  readonly fleet: Servers;
  readonly cdn: Cdn;
  /** Relative demand of each item: bots want what shoppers want. */
  readonly itemWeights: readonly number[];
  /** The most units of each item that one shopper may buy. */
  readonly itemLimits: readonly number[];
  /** How long a hold keeps its units. */
  readonly holdFor: Ticks;
  /** Pages that shoppers have asked for so far. */
  readonly pages: () => number;
  /** Bound of each draw of a code; see `RehearsalInput`. */
  readonly codeDrawsBelow: number;
}

export class Bots implements SaleAnswers {
  /** Page requests of bots. */
  requests = 0;
  /** Of those, the ones that the CDN did not answer: what the servers saw. */
  requestsToServers = 0;
  /** Requests that a limit of the store turned away. */
  limited = 0;
  /** Discount codes that were guessed and looked at by the store, and those that are live ones. */
  codesTried = 0;
  codesFound = 0;
  readonly #options: BotsOptions;
  readonly #raids: readonly Programs[];
  readonly #raidOfProgram: Int32Array;
  readonly #items: WeightedChoice;
  readonly #waitDraws: RandomStream;
  readonly #itemDraws: RandomStream;
  readonly #adaptDraws: RandomStream;
  readonly #guessDraws: RandomStream;
  readonly #actEvent: EventKind;
  readonly #followEvent: EventKind;
  readonly #refreshEvent: EventKind;
  /** By raid that refreshes: the part of a request still owed, and the pages it has followed. */
  readonly #owed: Float64Array;
  readonly #pagesSeen: Float64Array;

  constructor(options: BotsOptions) {
    const { simulation, raids } = options;
    this.#options = options;
    let first = 0;
    this.#raids = raids.map((spec) => {
      const programs = new Programs(spec, first);
      first += spec.programs;
      return programs;
    });
    this.#raidOfProgram = new Int32Array(first);
    this.#raids.forEach(({ first: from, spec }, raid) => {
      this.#raidOfProgram.fill(raid, from, from + spec.programs);
    });
    this.#owed = new Float64Array(raids.length);
    this.#pagesSeen = new Float64Array(raids.length).fill(Number.POSITIVE_INFINITY);
    this.#items = new WeightedChoice(options.itemWeights);
    this.#waitDraws = simulation.random("bots.wait");
    this.#itemDraws = simulation.random("bots.item");
    this.#adaptDraws = simulation.random("bots.adapts");
    this.#guessDraws = simulation.random("bots.guess");
    this.#actEvent = simulation.defineEvent("bot.acts", (row) => this.#act(row));
    this.#followEvent = simulation.defineEvent("bot.follows", (raid) => this.#follow(raid));
    this.#refreshEvent = simulation.defineEvent("bot.refreshes", (raid) => this.#refresh(raid));
    for (const [raid, programs] of this.#raids.entries()) this.#begin(raid, programs);
  }

  #begin(raid: number, { spec, first }: Programs): void {
    const { simulation } = this.#options;
    if (spec.kind === "refresh") {
      simulation.schedule(spec.at, this.#followEvent, raid);
      return;
    }
    for (let row = first; row < first + spec.programs; row += 1) {
      const wait = this.#waitDraws.at(row).exponential() * meanWait(spec);
      simulation.schedule(spec.at + Math.round(wait), this.#actEvent, row);
    }
  }

  /** A program asks for its next page, unless its raid is over. */
  #act(row: number): void {
    const raid = this.#raidOf(row);
    const program = row - raid.first;
    const { now } = this.#options.simulation;
    if (now >= raid.spec.ends) return;
    if (raid.identity[program] < 0 && !raid.takeIdentity(program, now)) {
      this.#actAgain(row);
      return;
    }
    const page = PAGE_OF_STEP[raid.step[program]] as number;
    if (this.#load(row, page, this.#shopperOf(raid, program))) this.#arrived(row);
  }

  /** Asks the edge or the servers for a page; true where the edge has answered it. */
  #load(row: number, page: number, shopper: number): boolean {
    const { cdn, fleet } = this.#options;
    this.requests += 1;
    if (cdn.serves(page, shopper, this.requests)) {
      // The place in the edge's stream belongs to this page alone; nobody waits for its time.
      cdn.hitLatency(shopper, this.requests);
      return true;
    }
    this.requestsToServers += 1;
    const priority = fleet.sheds ? strangerPriority(page) : 0;
    fleet.submit(FIRST_PROGRAM + row, page, shopper, this.requests, priority);
    return false;
  }

  /** The fleet's word on a program's request, by the row that it was asked with. */
  onOutcome(request: number, outcome: number): void {
    const row = request - FIRST_PROGRAM;
    const raid = this.#raidOf(row);
    if (raid.spec.kind === "refresh") return;
    const program = row - raid.first;
    if (outcome === OK && raid.identity[program] >= 0) this.#arrived(row);
    else this.#actAgain(row);
  }

  /** A server has the request: what touches the sale is the store's to answer. */
  #arrived(row: number): void {
    const raid = this.#raidOf(row);
    const program = row - raid.first;
    const { desk, itemLimits } = this.#options;
    const request = this.#requestOf(row, raid, program);
    const step = raid.step[program];
    if (step === TO_CHECKOUT) desk.startCheckout(request);
    else if (step === TO_ORDER) desk.placeOrder(request, 0);
    else {
      const item = this.#items.draw(this.#itemDraws.at(request.shopper, this.requests));
      raid.item[program] = item;
      if (raid.isFound(raid.identity[program], item)) this.#goOnAsAnother(row, raid);
      else desk.addToCart(request, item, itemLimits[item] as number);
    }
  }

  #goOnAsAnother(row: number, raid: Programs): void {
    raid.identity[row - raid.first] = -1;
    this.#actAgain(row);
  }

  onCart(row: number, answer: SaleAnswer): void {
    const raid = this.#raidOf(row);
    const program = row - raid.first;
    if (answer === ACCEPTED) raid.step[program] = TO_CHECKOUT;
    else raid.identity[program] = -1;
    this.#actAgain(row);
  }

  onCheckout(row: number, answer: SaleAnswer): void {
    const raid = this.#raidOf(row);
    const program = row - raid.first;
    const { now } = this.#options.simulation;
    if (answer === CODE_REFUSED || answer === CODE_GUESSED) {
      // The cart stays as it is, for the next guess.
      this.codesTried += 1;
      if (answer === CODE_GUESSED) this.codesFound += 1;
    } else if (answer === ACCEPTED && raid.spec.kind === "buy") raid.step[program] = TO_ORDER;
    else if (answer === ACCEPTED) {
      // The units are kept for as long as the hold lasts; then this identity may take them again.
      raid.rest(raid.identity[program], now + this.#options.holdFor);
      raid.identity[program] = -1;
    } else if (answer === SOLD_OUT && raid.polls[program] < POLLS_MAX) raid.polls[program] += 1;
    else {
      if (answer === LIMIT_REACHED) this.#spent(raid, program);
      raid.identity[program] = -1;
    }
    this.#actAgain(row);
  }

  onOrder(row: number, answer: SaleAnswer): void {
    const raid = this.#raidOf(row);
    const program = row - raid.first;
    if (answer === ACCEPTED || answer === IN_DOUBT) this.#spent(raid, program);
    else if (answer === LIMIT_REACHED) raid.find(raid.identity[program], raid.item[program]);
    this.#goOnAsAnother(row, raid);
  }

  /** The store turned the request away: some come back as somebody else, the others wait. */
  onLimited(row: number, retryAfter: Ticks): void {
    const raid = this.#raidOf(row);
    const program = row - raid.first;
    const { simulation } = this.#options;
    this.limited += 1;
    const adapts = this.#adaptDraws.at(row).chance(raid.spec.adapts);
    if (!adapts) {
      simulation.scheduleAfter(retryAfter, this.#actEvent, row);
      return;
    }
    raid.rest(raid.identity[program], simulation.now + retryAfter);
    this.#goOnAsAnother(row, raid);
  }

  /** An identity that has all that it may have is of no use any more. */
  #spent(raid: Programs, program: number): void {
    raid.rest(raid.identity[program], Number.POSITIVE_INFINITY);
  }

  #actAgain(row: number): void {
    const { spec } = this.#raidOf(row);
    const wait = this.#waitDraws.at(row, this.requests).exponential() * meanWait(spec);
    this.#options.simulation.scheduleAfter(Math.max(1, Math.round(wait)), this.#actEvent, row);
  }

  #requestOf(row: number, raid: Programs, program: number): SaleRequest {
    const identity = raid.identity[program];
    const { first } = raid;
    return {
      session: row,
      shopper: this.#shopperOf(raid, program),
      invited: false,
      guise: {
        answers: this,
        network: `bots-${first}-${raid.networkOf(identity)}`,
        person: `bots-${first}-${raid.personOf(identity)}`,
        ...this.#guess(row, raid),
      },
    };
  }

  /** A code as well made as those of the store. */
  #guess(row: number, { spec }: Programs): { readonly guess: string } | null {
    if (spec.kind !== "crack") return null;
    const random = this.#guessDraws.at(row, this.requests);
    const { codeDrawsBelow } = this.#options;
    return { guess: drawCode((limit) => random.below(Math.min(limit, codeDrawsBelow))) };
  }

  #shopperOf(raid: Programs, program: number): number {
    const place = this.#raids.indexOf(raid);
    return FIRST_BOT + place * IDENTITIES_OF_A_RAID + Math.max(0, raid.identity[program]);
  }

  #raidOf(row: number): Programs {
    const raid = this.#raids[this.#raidOfProgram[row]];
    assert(raid !== undefined, "a program belongs to a raid");
    return raid;
  }

  /** Once a second: as many requests as make the raid's share of what shoppers asked for. */
  #follow(raid: number): void {
    const { simulation, pages } = this.#options;
    const { spec } = this.#raids[raid] as Programs;
    if (simulation.now >= spec.ends) return;
    const asked = pages();
    const came = asked - this.#pagesSeen[raid];
    // The first second has none before it to follow.
    const owed = this.#owed[raid] + (came > 0 ? (came * spec.share) / (1 - spec.share) : 0);
    const whole = Math.floor(owed);
    this.#pagesSeen[raid] = asked;
    this.#owed[raid] = owed - whole;
    for (let index = 0; index < whole; index += 1) {
      const at = simulation.now + Math.floor((index * FOLLOW_EVERY) / whole);
      simulation.schedule(at, this.#refreshEvent, raid);
    }
    simulation.scheduleAfter(FOLLOW_EVERY, this.#followEvent, raid);
  }

  #refresh(raid: number): void {
    const { first } = this.#raids[raid] as Programs;
    const page = this.requests % 2 === 0 ? LANDING_PAGE : PRODUCT_PAGE;
    this.#load(first, page, FIRST_BOT + raid * IDENTITIES_OF_A_RAID);
  }
}

/** From one request of a program to its next, so that all of them together keep the raid's rate. */
function meanWait({ rate, programs }: RaidSpec): Ticks {
  return (programs / rate) * SECOND;
}
