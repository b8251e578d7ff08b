/**
 * Shoppers in the waiting room: they take a ticket before their first page, look now and then or
 * press reload, lose patience, or come in when their page shows that it is their turn. Nobody has
 * an event for every look: a look that changes nothing only keeps the place, so one is made as
 * often as that needs, and the last before the turn is drawn.
 */
import type { Distribution } from "../../engine/distribution.ts";
import { nearestWhole } from "../../engine/nearest-whole.ts";
import type { RandomStream } from "../../engine/random.ts";
import { type EventKind, NO_EVENT, type Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, SECOND, type Ticks } from "../../engine/time.ts";
import { SHUT } from "../../store/core/open-door.ts";
import type { StoreHealth } from "../../store/core/ticket.ts";
import { distributionOf } from "../distributions.ts";
import type { WaitingRoomSpec } from "../scenario/waiting-room-spec.ts";
import type { Segments } from "../shoppers/segments.ts";
import {
  CALLED,
  type Call,
  CLOSED,
  IN,
  type RoomAnswer,
  type RoomDesk,
  WAITS,
} from "./room-desk.ts";
import { RoomFigures } from "./room-figures.ts";

/** How often the room calls those whose turn it is. */
const ROUND_EVERY: Ticks = SECOND;
/** How often the room looks at what the sale has left, and at who has left while nobody waits. */
const STOCKTAKING_EVERY: Ticks = 10 * SECOND;
/** A session may end too early by one part in so many: who has left is not told of for less. */
const RENEWALS_PER_SESSION = 4;

/**
 * Assumed: who has waited so long is as likely to miss their turn as ever. Who took their ticket a
 * minute ago still has the page before them; a share of no-shows is one of long queues.
 */
const NO_SHOW_FULL_AFTER: Ticks = 600 * SECOND;

const ROWS_AT_START = 1_024;

export interface WaitingShoppersOptions {
  readonly simulation: Simulation;
  readonly spec: WaitingRoomSpec;
  readonly lasts: Ticks;
  readonly desk: RoomDesk;
  readonly segments: Segments;
  /** Who waits; bound late, because the shoppers need the room first. */
  readonly moves: () => RoomMoves;
}

/** What becomes of a session that waited. */
export interface RoomMoves {
  waits(row: number): void;
  cameIn(row: number): void;
  /** Out of patience, or told that there is nothing to wait for. */
  wentAway(row: number, soldOut: boolean): void;
}

export class WaitingShoppers {
  readonly figures = new RoomFigures();
  private readonly simulation: Simulation;
  private readonly spec: WaitingRoomSpec;
  private readonly desk: RoomDesk;
  private readonly segments: Segments;
  private readonly moves: () => RoomMoves;
  private readonly patience: Distribution;
  private readonly patienceDraws: RandomStream;
  private readonly lookDraws: RandomStream;
  private readonly turnDraws: RandomStream;
  private readonly wakeEvent: EventKind;
  private readonly enterEvent: EventKind;
  private readonly roundEvent: EventKind;
  /** From one look that keeps the place to the next: whole polls within the time that it is kept. */
  private readonly keepsAfter: Ticks;
  private readonly renewAfter: Ticks;
  /** By session row: who it is, their ticket, and when the room last heard of them. */
  private entity = new Int32Array(ROWS_AT_START);
  /** Negative is the stamp of who came in by the open door. */
  private ticket = new Float64Array(ROWS_AT_START);
  private seenAt = new Float64Array(ROWS_AT_START);
  private since = new Float64Array(ROWS_AT_START);
  private losesPatienceAt = new Float64Array(ROWS_AT_START);
  private wake = new Float64Array(ROWS_AT_START);
  private looks = new Int32Array(ROWS_AT_START);
  /** The rows of those who wait, by ticket. */
  private readonly waiting = new Map<number, number>();
  /** The rows of those who have been called and do not know it yet. */
  private readonly called = new Set<number>();
  private nextRound = NO_EVENT;
  private nextRoundAt: Ticks = 0;
  private stockTakenAt: Ticks = Number.NEGATIVE_INFINITY;
  private isClosed = false;
  private answers = 0;
  private answerSum = 0;
  private quickest = Number.POSITIVE_INFINITY;

  constructor(options: WaitingShoppersOptions) {
    const { simulation, spec } = options;
    this.simulation = simulation;
    this.spec = spec;
    this.desk = options.desk;
    this.segments = options.segments;
    this.moves = options.moves;
    this.patience = distributionOf(spec.patience);
    this.patienceDraws = simulation.random("waiting-room.patience");
    this.lookDraws = simulation.random("waiting-room.look");
    this.turnDraws = simulation.random("waiting-room.turn");
    this.wakeEvent = simulation.defineEvent("waiting-room.wake", (row) => this.wakeUp(row));
    this.enterEvent = simulation.defineEvent("waiting-room.enter", (row) => this.enter(row));
    this.roundEvent = simulation.defineEvent("waiting-room.round", () => this.round());
    const polls = Math.max(1, Math.floor((spec.placeKept - spec.poll) / spec.poll));
    this.keepsAfter = polls * spec.poll;
    this.renewAfter = Math.floor(spec.session / RENEWALS_PER_SESSION);
    const over = simulation.defineEvent("waiting-room.over", () =>
      this.figures.close(simulation.now),
    );
    simulation.schedule(options.lasts, over, 0);
    this.roundAfter(ROUND_EVERY);
  }

  /** A shopper at the door: true where they may go in at once; else they wait, or are sent away. */
  arrives(row: number, entity: number): boolean {
    if (row >= this.entity.length) this.grow(row);
    this.entity[row] = entity;
    return this.joins(row);
  }

  /** A request from inside: false where the shopper was away too long and waits again. */
  passes(row: number): boolean {
    const { now } = this.simulation;
    if (now - (this.seenAt[row] as number) < this.spec.session) return true;
    return this.joins(row);
  }

  /**
   * The next request will come at `next`, or never. The room hears of this one where it would
   * otherwise forget the shopper sooner than it has to; a request that changes nothing costs nothing.
   */
  hasAsked(row: number, next: Ticks): void {
    const { now } = this.simulation;
    const seenAt = this.seenAt[row] as number;
    if (next - seenAt < this.spec.session || now - seenAt < this.renewAfter) return;
    const ticket = this.ticket[row] as number;
    if (ticket < 0) {
      const stamp = this.desk.sees(-ticket);
      if (stamp === SHUT) return;
      this.ticket[row] = -stamp;
    }
    // Told of with others before the next round; at once where it would be too late by then.
    else if (now - seenAt < this.spec.session - STOCKTAKING_EVERY) this.desk.seen(ticket);
    else if (this.desk.renew(ticket, this.nameOf(row)) !== IN) return;
    this.seenAt[row] = now;
  }

  /** The servers have answered a request after so long. */
  noteAnswer(elapsed: Ticks): void {
    if (this.spec.adaptive === null) return;
    this.answers += 1;
    this.answerSum += elapsed;
    if (elapsed < this.quickest) this.quickest = elapsed;
  }

  /** Asserts that Little's law holds for the waits so far. */
  assertLittlesLaw(): void {
    const rows = [...this.waiting.values(), ...this.called];
    this.figures.law.report(
      this.simulation.now,
      rows.map((row) => this.since[row] as number),
    );
  }

  private joins(row: number): boolean {
    const { now } = this.simulation;
    this.seenAt[row] = now;
    const stamp = this.desk.letIn();
    if (stamp !== SHUT) {
      this.ticket[row] = -stamp;
      return true;
    }
    const entity = this.entity[row] as number;
    const answer = this.desk.arrive(this.nameOf(row), this.segments.of(entity));
    this.ticket[row] = this.desk.ticket;
    if (answer === IN) return true;
    this.since[row] = now;
    this.looks[row] = 0;
    this.losesPatienceAt[row] = now + nearestWhole(this.patience.at(this.patienceDraws, entity));
    this.figures.lineUp(now);
    this.hastenRound();
    this.moves().waits(row);
    this.goesOn(row, answer);
    return false;
  }

  /** What an answer of the room means to who waits. */
  private goesOn(row: number, answer: RoomAnswer): void {
    const ticket = this.ticket[row] as number;
    if (answer === WAITS) {
      this.waiting.set(ticket, row);
      this.sleep(row);
    } else if (answer === IN) this.comesIn(row);
    else if (answer === CALLED) this.seesTurn(row);
    else this.goesAway(row, answer === CLOSED);
  }

  private nameOf(row: number): string {
    return `shopper-${this.entity[row] as number}`;
  }

  /** Until patience ends, or the place has to be asked for so that it is kept. */
  private sleep(row: number): void {
    const { now } = this.simulation;
    const at = Math.min(this.losesPatienceAt[row] as number, now + this.keepsAfter);
    this.wake[row] = this.simulation.schedule(Math.max(now, at), this.wakeEvent, row);
  }

  private wakeUp(row: number): void {
    const ticket = this.ticket[row] as number;
    this.wake[row] = NO_EVENT;
    const looks = (this.looks[row] as number) + 1;
    this.looks[row] = looks;
    const draws = this.lookDraws.at(this.entity[row] as number, looks);
    const name = this.nameOf(row);
    const reloads = draws.chance(this.spec.reload);
    this.waiting.delete(ticket);
    const answer = reloads ? this.arrivesAgain(row) : this.desk.look(ticket, name);
    // The last look of who has lost patience: the room learns of it by their silence.
    if (this.simulation.now >= (this.losesPatienceAt[row] as number)) this.goesAway(row, false);
    else this.goesOn(row, answer);
  }

  /** Who loads the page anew asks for a place as if they had none. */
  private arrivesAgain(row: number): RoomAnswer {
    const tier = this.segments.of(this.entity[row] as number);
    const answer = this.desk.arrive(this.nameOf(row), tier);
    if (answer === WAITS || answer === CALLED || answer === IN) this.ticket[row] = this.desk.ticket;
    return answer;
  }

  private roundAfter(delay: Ticks): void {
    this.nextRoundAt = this.simulation.now + delay;
    this.nextRound = this.simulation.scheduleAfter(delay, this.roundEvent, 0);
  }

  /** While nobody waits the rounds are rare; the first who does is not to wait for one of those. */
  private hastenRound(): void {
    if (this.nextRoundAt <= this.simulation.now + ROUND_EVERY) return;
    this.simulation.cancel(this.nextRound);
    this.roundAfter(ROUND_EVERY);
  }

  private round(): void {
    const isQuiet = this.desk.waiting === 0 && this.spec.adaptive === null;
    const isDue = this.simulation.now - this.stockTakenAt >= STOCKTAKING_EVERY;
    if (isDue && (!isQuiet || this.isClosed)) this.takeStock();
    for (const call of this.desk.round(this.takeHealth())) this.call(call);
    this.roundAfter(isQuiet ? STOCKTAKING_EVERY : ROUND_EVERY);
  }

  private takeStock(): void {
    this.stockTakenAt = this.simulation.now;
    this.isClosed = this.desk.tellLeft();
    if (this.isClosed) this.sendHome();
  }

  private takeHealth(): StoreHealth | null {
    if (this.answers === 0) return null;
    const meanMillis = this.answerSum / this.answers / MILLISECOND;
    const quickestMillis = this.quickest / MILLISECOND;
    this.answers = 0;
    this.answerSum = 0;
    this.quickest = Number.POSITIVE_INFINITY;
    return { meanMillis, quickestMillis };
  }

  private sendHome(): void {
    for (const row of [...this.waiting.values()]) {
      this.stopsWaiting(row);
      this.goesAway(row, true);
    }
  }

  /** The page shows the turn at its next look; some do not see it any more. */
  private call(call: Call): void {
    const row = this.waiting.get(call.ticket);
    if (row === undefined) return;
    this.figures.score(call);
    this.stopsWaiting(row);
    const draws = this.turnDraws.at(this.entity[row] as number, this.looks[row] as number);
    const waited = this.simulation.now - (this.since[row] as number);
    const noShow = this.spec.noShow * Math.min(1, waited / NO_SHOW_FULL_AFTER);
    if (draws.chance(noShow)) this.goesAway(row, false);
    else {
      this.called.add(row);
      const delay = Math.floor(draws.next() * this.spec.poll);
      this.simulation.scheduleAfter(delay, this.enterEvent, row);
    }
  }

  /** Who reloads just when it is their turn. */
  private seesTurn(row: number): void {
    this.called.add(row);
    this.simulation.scheduleAfter(0, this.enterEvent, row);
  }

  private enter(row: number): void {
    this.called.delete(row);
    const answer = this.desk.enter(this.ticket[row] as number, this.nameOf(row));
    if (answer === IN) this.comesIn(row);
    else if (answer === WAITS || answer === CLOSED) this.goesOn(row, answer);
    // The pass ran out before they saw it: they take another ticket.
    else this.goesOn(row, this.arrivesAgain(row));
  }

  private stopsWaiting(row: number): void {
    this.waiting.delete(this.ticket[row] as number);
    this.simulation.cancel(this.wake[row] as number);
    this.wake[row] = NO_EVENT;
  }

  private comesIn(row: number): void {
    const { now } = this.simulation;
    this.seenAt[row] = now;
    this.figures.comesIn(now, this.since[row] as number);
    this.moves().cameIn(row);
  }

  private goesAway(row: number, soldOut: boolean): void {
    this.figures.goesAway(this.simulation.now, this.since[row] as number);
    this.moves().wentAway(row, soldOut);
  }

  private grow(row: number): void {
    let rows = this.entity.length;
    while (rows <= row) rows *= 2;
    this.entity = wholes(rows, this.entity);
    this.looks = wholes(rows, this.looks);
    this.ticket = doubles(rows, this.ticket);
    this.seenAt = doubles(rows, this.seenAt);
    this.since = doubles(rows, this.since);
    this.losesPatienceAt = doubles(rows, this.losesPatienceAt);
    this.wake = doubles(rows, this.wake);
  }
}

function wholes(rows: number, from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const to = new Int32Array(rows);
  to.set(from);
  return to;
}

function doubles(rows: number, from: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const to = new Float64Array(rows);
  to.set(from);
  return to;
}
