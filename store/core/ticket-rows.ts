/**
 * The tickets that live, a row each in typed arrays, so that a million of them are a few dozen
 * megabytes and no work for the collector. A ticket's number names its row and how many tickets
 * there were before it, so it is found without a search and never means another one later.
 */
import { assert } from "./assert.ts";
import type { HashKey } from "./keyed-hash.ts";
import { NameIndex } from "./name-index.ts";
import type { PlaceEnd } from "./ticket.ts";

export const FREE = 0;
/** Came before its lane opened. */
export const LOBBY = 1;
export const WAITING = 2;
/** Has a pass that is not redeemed yet. */
export const ADMITTED = 3;
export const INSIDE = 4;

/** Tickets that may live at once. */
const ROWS_MAX = 4_194_304;
const ROWS_AT_START = 1_024;

/** What it means that a ticket in this state has run out of time. */
export function lapsedAs(state: number | undefined): PlaceEnd {
  if (state === INSIDE) return "idle";
  return state === ADMITTED ? "noShow" : "abandoned";
}

export class TicketRows {
  state = new Uint8Array(ROWS_AT_START);
  lane = new Uint8Array(ROWS_AT_START);
  /** The ticket whose row it is now. */
  ticket = new Float64Array(ROWS_AT_START);
  /** The place in the order of the whole room. */
  number = new Float64Array(ROWS_AT_START);
  /** When it began to wait, epoch milliseconds. */
  since = new Float64Array(ROWS_AT_START);
  /** What its shopper was told at first, milliseconds; negative where nothing. */
  estimate = new Float64Array(ROWS_AT_START);
  /** The pace of its lane then, and how many the lane had admitted. */
  paceThen = new Float64Array(ROWS_AT_START);
  admittedThen = new Float64Array(ROWS_AT_START);
  aheadThen = new Int32Array(ROWS_AT_START);
  slot = new Int32Array(ROWS_AT_START);
  readonly shopper: string[] = [];
  readonly #byShopper: NameIndex;
  readonly #free: number[] = [];
  #used = 0;
  #taken = 0;
  readonly #grown: (rows: number) => void;

  /** `nameKey` is that of the index of names; `grown` is told how many rows there may be. */
  constructor(nameKey: HashKey, grown: (rows: number) => void) {
    this.#byShopper = new NameIndex(this.shopper, nameKey);
    this.#grown = grown;
    this.#byShopper.grow(ROWS_AT_START);
    grown(ROWS_AT_START);
  }

  /** Tickets taken so far. */
  get taken(): number {
    return this.#taken;
  }

  /** Tickets that live. */
  get living(): number {
    return this.#byShopper.size;
  }

  /** A lane has put the row's ticket into another slot of its line. */
  readonly moved = (row: number, slot: number): void => {
    this.slot[row] = slot;
  };

  take(shopper: string, lane: number): number {
    const row = this.#free.pop() ?? this.#append();
    this.#taken += 1;
    this.ticket[row] = this.#taken * ROWS_MAX + row;
    this.shopper[row] = shopper;
    this.lane[row] = lane;
    this.#byShopper.add(row);
    return row;
  }

  giveBack(row: number): void {
    assert(this.state[row] !== FREE, "a ticket ends once");
    this.state[row] = FREE;
    this.#byShopper.remove(row);
    this.#free.push(row);
  }

  /** The row of a shopper's living ticket, or -1. */
  of(shopper: string): number {
    return this.#byShopper.of(shopper);
  }

  /** The row of a living ticket of this shopper, or -1. */
  find(ticket: number, shopper: string): number {
    const row = this.rowOf(ticket);
    return row !== -1 && this.shopper[row] === shopper ? row : -1;
  }

  /** The row of a living ticket, or -1. */
  rowOf(ticket: number): number {
    const row = ticket % ROWS_MAX;
    return this.ticket[row] === ticket && this.state[row] !== FREE ? row : -1;
  }

  #append(): number {
    if (this.#used === this.state.length) this.#grow();
    return this.#used++;
  }

  #grow(): void {
    const rows = this.state.length * 2;
    assert(rows <= ROWS_MAX, `at most ${ROWS_MAX} tickets live at once`);
    const bytes = (from: Uint8Array<ArrayBuffer>) => copied(new Uint8Array(rows), from);
    const words = (from: Int32Array<ArrayBuffer>) => copied(new Int32Array(rows), from);
    const doubles = (from: Float64Array<ArrayBuffer>) => copied(new Float64Array(rows), from);
    this.state = bytes(this.state);
    this.lane = bytes(this.lane);
    this.ticket = doubles(this.ticket);
    this.number = doubles(this.number);
    this.since = doubles(this.since);
    this.estimate = doubles(this.estimate);
    this.paceThen = doubles(this.paceThen);
    this.admittedThen = doubles(this.admittedThen);
    this.aheadThen = words(this.aheadThen);
    this.slot = words(this.slot);
    this.#byShopper.grow(rows);
    this.#grown(rows);
  }
}

function copied<
  Column extends Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>,
>(to: Column, from: Column): Column {
  to.set(from);
  return to;
}
