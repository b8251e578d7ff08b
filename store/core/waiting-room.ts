/**
 * The waiting room: who may come in when. It promises that a shopper has one place, that within a
 * lane tickets are admitted in their order and never out of turn, that every lane gets its share,
 * that no more are inside than the limit says, and that a place nobody comes for is given to the
 * next. Joining, admitting and a place in the line cost a logarithm of those who wait.
 */
import { AdmissionPace, LENT_MAX } from "./admission-pace.ts";
import { assert } from "./assert.ts";
import { DeadlineWheel } from "./deadline-wheel.ts";
import type { HashKey } from "./keyed-hash.ts";
import { Lane, rateOf } from "./lane.ts";
import { LaneTurns } from "./lane-turns.ts";
import type {
  AdmitAnswer,
  AdmitRequest,
  AdmittedTicket,
  DrawnLot,
  EndedPlace,
  HealthReport,
  Inside,
  JoinAnswer,
  JoinRequest,
  LoanRequest,
  LookAnswer,
  NoPlace,
  PassLate,
  PlaceEnd,
  RedeemAnswer,
  RoomClosed,
  RoomLimits,
  RoomSnapshot,
  SaleLeft,
  SeenInside,
  TicketReference,
  Waiting,
} from "./ticket.ts";
import { ADMITTED, INSIDE, LOBBY, lapsedAs, TicketRows, WAITING } from "./ticket-rows.ts";
import { admittedOf, endedOf, waitingOf } from "./ticket-view.ts";

const NONE = -1;
const NO_PLACE: NoPlace = { _tag: "NoPlace" };
const PASS_LATE: PassLate = { _tag: "PassLate" };

export class WaitingRoom {
  readonly #limits: RoomLimits;
  readonly #lanes: readonly Lane[];
  readonly #turns: LaneTurns;
  readonly #pace: AdmissionPace;
  readonly #wheel = new DeadlineWheel();
  readonly #rows: TicketRows;
  readonly #waits = (lane: number): boolean => this.#laneAt(lane).line.length > 0;
  /** Ends that a join found out about, to be told by the next sweep. */
  readonly #untold: EndedPlace[] = [];
  #lots: DrawnLot[] = [];
  #left: SaleLeft = "some";
  #waiting = 0;
  #passes = 0;
  #inside = 0;
  #ended = 0;
  #numbers = 0;
  /** Of the open door: who is inside by it, and the places that it may fill. */
  #byDoor = 0;
  #lent = 0;

  constructor(limits: RoomLimits, nameKey: HashKey, pace = new AdmissionPace(limits)) {
    assert(limits.lanes.length > 0 && limits.lanes.length < 256, "a room has a few lanes");
    this.#limits = limits;
    this.#rows = new TicketRows(nameKey, (rows) => this.#wheel.grow(rows));
    const { moved } = this.#rows;
    this.#lanes = limits.lanes.map((lane) => new Lane(lane, limits.keptMillis, moved));
    this.#turns = new LaneTurns(limits.lanes.map(({ share }) => share));
    this.#pace = pace;
  }

  /** Shoppers who wait, those included whose lane has not opened. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Settles an open door's last loan and answers how many more it may let in without asking: none
   * while anybody waits, for then everybody has to come to the line.
   */
  lend({ now, used, inside }: LoanRequest): number {
    assert(used <= this.#lent && inside <= this.#byDoor + used, "a door uses what it was lent");
    this.#pace.settle(used, now);
    this.#byDoor = inside;
    this.#lent = 0;
    const { from } = this.#limits.engages;
    if (this.#waiting > 0 || this.#left !== "some") return 0;
    if (from !== null && now < from) this.#lent = LENT_MAX;
    else if (this.#lanes.some((lane) => !lane.isOpen)) this.#lent = 0;
    else if (this.#holdsBack()) this.#lent = this.#pace.lend(this.#active, now);
    else this.#lent = Math.min(LENT_MAX, this.#pace.holdsBackFrom - this.#active);
    return this.#lent;
  }

  /** Whether the shopper has a place. */
  knows(shopper: string): boolean {
    return this.#rows.of(shopper) !== NONE;
  }

  /** Asked again, it answers for the place that the shopper has. */
  join({ shopper, lane: name, now }: JoinRequest): JoinAnswer {
    const known = this.#rows.of(shopper);
    if (known !== NONE) {
      const answer = this.#answer(known, now);
      if (answer._tag === "Waiting") this.#stay(known, now);
      if (answer._tag !== "NoPlace") return answer;
      this.#untold.push(this.#end(known, lapsedAs(this.#rows.state[known]), now));
    }
    const lane = this.#lanes.findIndex((one) => one.name === name);
    if (lane === NONE) return { _tag: "UnknownLane", lane: name };
    const closed = this.#closed();
    if (closed !== null) return closed;
    const { from } = this.#limits.engages;
    const isFree = from !== null && now < from;
    const inLobby = !isFree && !this.#laneAt(lane).isOpen;
    const isHeld = !isFree && !inLobby && this.#holdsBack();
    const walksIn = isFree || (!inLobby && (!isHeld || this.#mayWalkIn(now)));
    const row = this.#rows.take(shopper, lane);
    if (inLobby) return this.#enterLobby(row, now);
    if (isHeld && walksIn) this.#pace.take();
    if (walksIn) {
      this.#numbers += 1;
      return this.#comeIn(row, now);
    }
    this.#lineUp(row, now);
    return this.#place(row, true, now);
  }

  /** What became of the ticket; who asks shows that they still wait. */
  look(request: TicketReference): LookAnswer {
    const answer = this.view(request);
    if (answer._tag === "Waiting") this.#stay(this.#rows.rowOf(request.ticket), request.now);
    return answer;
  }

  /** The same answer, without the sign: for whoever tells of it later by {@link renewAll}. */
  view({ ticket, shopper, now }: TicketReference): LookAnswer {
    const row = this.#rows.find(ticket, shopper);
    return row === NONE ? NO_PLACE : this.#answer(row, now);
  }

  /** Comes in with a pass; asked again, it says so again. */
  redeem({ ticket, shopper, now }: TicketReference): RedeemAnswer {
    const row = this.#rows.find(ticket, shopper);
    if (row === NONE) return NO_PLACE;
    const state = this.#rows.state[row];
    if (this.#wheel.deadlineOf(row) <= now) return state === ADMITTED ? PASS_LATE : NO_PLACE;
    if (state === INSIDE) return { _tag: "Inside", ticket, entered: false };
    if (state !== ADMITTED) return NO_PLACE;
    this.#passes -= 1;
    return this.#comeIn(row, now);
  }

  /** A request from inside: the shopper counts as inside from here on for a whole session again. */
  renew({ ticket, shopper, now }: TicketReference): Inside | NoPlace {
    const row = this.#rows.find(ticket, shopper);
    if (row === NONE || this.#rows.state[row] !== INSIDE) return NO_PLACE;
    if (this.#wheel.deadlineOf(row) <= now) return NO_PLACE;
    this.#wheel.set(row, now + this.#limits.sessionMillis, now);
    return { _tag: "Inside", ticket, entered: false };
  }

  /** Signs of life of many; who was seen in time keeps a place that no sweep has ended. */
  renewAll({ count, tickets, at }: SeenInside): void {
    assert(count <= tickets.length && count <= at.length, "who was seen stands in the columns");
    const { sessionMillis } = this.#limits;
    for (let index = 0; index < count; index += 1) {
      const row = this.#rows.rowOf(tickets[index] as number);
      if (row === NONE || this.#rows.state[row] === ADMITTED) continue;
      const seen = at[index] as number;
      const deadline = this.#wheel.deadlineOf(row);
      if (this.#rows.state[row] !== INSIDE) this.#stay(row, seen);
      else if (seen < deadline && deadline < seen + sessionMillis)
        this.#wheel.set(row, seen + sessionMillis, seen);
    }
  }

  /** Gives the place up; null where there is none. */
  leave({ ticket, shopper, now }: TicketReference): EndedPlace | null {
    const row = this.#rows.find(ticket, shopper);
    return row === NONE ? null : this.#end(row, "left", now);
  }

  /** Takes in how the store answered lately. */
  report({ now, health }: HealthReport): void {
    this.#pace.note(health, this.#active, now);
  }

  /** Draws the lots that are due and gives passes to those whose turn it is. */
  admit({ now, limit }: AdmitRequest): AdmitAnswer {
    assert(limit > 0, "a step may admit somebody");
    this.#openLanes(now);
    const before = this.#lanes.map((lane) => lane.line.length);
    const admitted: AdmittedTicket[] = [];
    while (admitted.length < limit) {
      const ticket = this.#admitNext(now);
      if (ticket === null) break;
      admitted.push(ticket);
    }
    this.#lanes.forEach((lane, index) => {
      lane.note(now, before[index] ?? 0);
    });
    const lots = this.#lots;
    this.#lots = [];
    return { lots, admitted };
  }

  /** Ends one place whose time is over, or one that waits for nothing; null where there is none. */
  endNext(now: number): EndedPlace | null {
    const untold = this.#untold.pop();
    if (untold !== undefined) return untold;
    const closed = this.#closed();
    const waits = closed === null ? NONE : this.#anyWaiting();
    if (closed !== null && waits !== NONE) return this.#end(waits, closed.why, now);
    const row = this.#wheel.takeDue(now);
    return row === NONE ? null : this.#end(row, lapsedAs(this.#rows.state[row]), now);
  }

  /** What there is left to come in for: nothing but `some` admits, and `none` and `over` end all waits. */
  tell(left: SaleLeft): void {
    this.#left = left;
  }

  snapshot(): RoomSnapshot {
    return {
      taken: this.#rows.taken,
      waiting: this.#waiting,
      passes: this.#passes,
      inside: this.#inside,
      ended: this.#ended,
      lent: this.#byDoor + this.#lent,
      activeLimit: this.#pace.activeLimit,
      lanes: this.#lanes.map((lane) => lane.waiting),
    };
  }

  /** Everybody who takes up a place: inside, about to be, or by the places that are lent. */
  get #active(): number {
    return this.#passes + this.#inside + this.#byDoor + this.#lent;
  }

  #laneAt(lane: number): Lane {
    const found = this.#lanes[lane];
    assert(found !== undefined, "a ticket is of a lane of the room");
    return found;
  }

  #laneOf(row: number): Lane {
    return this.#laneAt(this.#rows.lane[row] as number);
  }

  #closed(): RoomClosed | null {
    if (this.#left === "none") return { _tag: "RoomClosed", why: "soldOut" };
    return this.#left === "over" ? { _tag: "RoomClosed", why: "over" } : null;
  }

  /** Above its load; once somebody waits it goes on until nobody does. */
  #holdsBack(): boolean {
    return this.#waiting > 0 || this.#active >= this.#pace.holdsBackFrom;
  }

  #mayWalkIn(now: number): boolean {
    if (this.#left !== "some" || this.#lanes.some((lane) => lane.line.length > 0)) return false;
    if (this.#pace.allows(this.#active, now)) return true;
    // Nobody is kept waiting by a place whose time is over and that no sweep has found yet.
    for (let row = this.#wheel.takeDue(now); row !== NONE; row = this.#wheel.takeDue(now)) {
      this.#untold.push(this.#end(row, lapsedAs(this.#rows.state[row]), now));
    }
    return this.#pace.allows(this.#active, now);
  }

  #comeIn(row: number, now: number): Inside {
    this.#rows.state[row] = INSIDE;
    this.#inside += 1;
    this.#wheel.set(row, now + this.#limits.sessionMillis, now);
    return { _tag: "Inside", ticket: this.#rows.ticket[row] as number, entered: true };
  }

  #enterLobby(row: number, now: number): Waiting {
    const lane = this.#laneOf(row);
    this.#rows.state[row] = LOBBY;
    this.#rows.since[row] = now;
    this.#waiting += 1;
    lane.enterLobby(this.#rows.ticket[row] as number);
    this.#stay(row, now);
    return this.#place(row, true, now);
  }

  #openLanes(now: number): void {
    for (const lane of this.#lanes) {
      if (lane.isOpen || lane.opensAt === null || now < lane.opensAt) continue;
      const drawn = lane.open(this.#limits.drawSeed, this.#rows);
      this.#waiting -= drawn.length;
      this.#lots.push({ lane: lane.name, tickets: drawn.length, first: this.#numbers + 1 });
      for (const row of drawn) this.#lineUp(row, now);
    }
  }

  #lineUp(row: number, now: number): void {
    const rows = this.#rows;
    const lane = this.#laneOf(row);
    if (rows.state[row] !== LOBBY) this.#stay(row, now);
    const ahead = lane.line.length;
    this.#numbers += 1;
    this.#waiting += 1;
    rows.state[row] = WAITING;
    rows.number[row] = this.#numbers;
    rows.since[row] = now;
    rows.aheadThen[row] = ahead;
    rows.admittedThen[row] = lane.admitted;
    rows.slot[row] = lane.line.join(row);
    const rate = this.#rateOf(lane);
    rows.estimate[row] = lane.estimate(ahead, rate, now) ?? -1;
    lane.forecast.joined(now);
    rows.paceThen[row] = lane.paceOr(rate);
  }

  #rateOf(lane: Lane): number | null {
    return rateOf(lane, this.#lanes, this.#limits.perMinute);
  }

  #admitNext(now: number): AdmittedTicket | null {
    if (this.#left !== "some") return null;
    if (!this.#pace.allows(this.#active, now)) return null;
    const turn = this.#turns.next(this.#waits);
    if (turn === NONE) return null;
    const lane = this.#laneAt(turn);
    const row = lane.line.first();
    const rows = this.#rows;
    this.#pace.take();
    lane.line.leave(rows.slot[row] as number);
    lane.forecast.admitted(rows.since[row] as number);
    lane.admitted += 1;
    this.#waiting -= 1;
    this.#passes += 1;
    rows.state[row] = ADMITTED;
    this.#wheel.set(row, now + this.#limits.passMillis, now);
    return admittedOf(rows, row, lane, { now, until: this.#wheel.deadlineOf(row) });
  }

  /** Who waits and was seen is kept a place from then on. */
  #stay(row: number, seen: number): void {
    this.#wheel.set(row, seen + this.#limits.keptMillis, seen);
  }

  /** What to tell about a living ticket. */
  #answer(row: number, now: number): LookAnswer {
    const rows = this.#rows;
    const state = rows.state[row];
    const ticket = rows.ticket[row] as number;
    if (state === WAITING || state === LOBBY) {
      const closed = this.#closed();
      if (closed !== null) return closed;
      return this.#place(row, false, now);
    }
    const until = this.#wheel.deadlineOf(row);
    if (until <= now) return NO_PLACE;
    if (state === INSIDE) return { _tag: "Inside", ticket, entered: false };
    return { _tag: "Admitted", ticket, shopper: rows.shopper[row] as string, until };
  }

  #place(row: number, taken: boolean, at: number): Waiting {
    const lane = this.#laneOf(row);
    const now = { at, taken, rate: this.#rateOf(lane), soldOut: this.#left !== "some" };
    return waitingOf(this.#rows, row, lane, now);
  }

  #anyWaiting(): number {
    for (const lane of this.#lanes) {
      const row = lane.anyWaiting((ticket) => this.#rows.rowOf(ticket));
      if (row !== NONE) return row;
    }
    return NONE;
  }

  #end(row: number, why: PlaceEnd, now: number): EndedPlace {
    const rows = this.#rows;
    const lane = this.#laneOf(row);
    const state = rows.state[row];
    const place = endedOf(rows, row, lane, why);
    if (state === INSIDE) this.#inside -= 1;
    else if (state === ADMITTED) this.#passes -= 1;
    else {
      this.#waiting -= 1;
      if (state === WAITING) {
        lane.line.leave(rows.slot[row] as number);
        lane.forecast.left(rows.since[row] as number, now);
      } else lane.inLobby -= 1;
    }
    this.#ended += 1;
    this.#wheel.clear(row);
    rows.giveBack(row);
    const somewhere = this.#waiting + this.#passes + this.#inside;
    assert(rows.living === somewhere, "every ticket is somewhere");
    return place;
  }
}
