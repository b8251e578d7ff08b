/**
 * The sessions that are in the shop. A session is one row of 64 bytes, the size of a cache line, so
 * that an event touches memory once however many shoppers there are: whole numbers, bytes and
 * doubles are three views of the same memory. A row is taken when a visit begins and given back
 * when its idle time-out has passed.
 */
import { assert } from "../../engine/assert.ts";
import type { Ticks } from "../../engine/time.ts";

/** Sessions that may be in the shop at once; a scenario that needs more has a mistake in it. */
export const SESSIONS_MAX = 8_388_608;

const ROWS_AT_START = 1_024;
const ROW_BYTES = 64;

/** A row begins at `row << WORD_SHIFT` in `words`, and so on for the other views. */
export const BYTE_SHIFT = 6;
export const WORD_SHIFT = 4;
export const DOUBLE_SHIFT = 3;

/** Places in `words`. Who it is: the recipient's number, or a visitor's number after those. */
export const ENTITY = 0;
/** Pages asked for so far: the second half of the key of every draw. */
export const PAGES = 1;

/** The fleet's job of the current request; read only while WAIT_ENDS stands. */
export const JOB = 3;

/** Places in `bytes`. The step the session is at (journey.ts). */
export const STEP = 8;
export const FLAGS = 9;
/** Tries of the current request that failed. */
export const FAILURES = 10;
/** Cards that were declined in this session. */
export const DECLINES = 11;

/** Places in `doubles`. When the visit began, and when its last request was sent. */
export const STARTED_AT = 2;
export const REQUESTED_AT = 3;
/** What an answer still needs once the server knows it: its I/O and the network, ticks. */
export const OWED = 4;
/** Minor units in the cart. */
export const CART_VALUE = 5;
/** The event at which the wait for the current request is given up, or 0. */
export const WAIT_ENDS = 6;

/** Bits of the flags. */
export const INVITED = 1;
/** Nothing heard of the session for longer than the idle time-out; its next request revives it. */
export const LAPSED = 2;
export const HAS_CART = 4;
/** Waits before its first page: not in the shop yet. */
export const AT_THE_DOOR = 16;
/** The bank of the card has let the shopper through; the next order may be charged. */
export const AUTHENTICATED = 32;
/** A limit of the store has turned the shopper away, and the shopper has tried to check out. */
export const LIMITED = 64;
export const TRIED_CHECKOUT = 128;

export class SessionTable {
  words: Int32Array;
  bytes: Uint8Array;
  doubles: Float64Array;
  private free = new Int32Array(ROWS_AT_START);
  private freeCount = 0;
  private used = 0;

  constructor() {
    const memory = new ArrayBuffer(ROWS_AT_START * ROW_BYTES);
    this.words = new Int32Array(memory);
    this.bytes = new Uint8Array(memory);
    this.doubles = new Float64Array(memory);
  }

  /** Sessions in the table now. */
  get size(): number {
    return this.used - this.freeCount;
  }

  take(entity: number, now: Ticks): number {
    const row = this.freeCount > 0 ? this.free[--this.freeCount] : this.append();
    const first = row << DOUBLE_SHIFT;
    this.doubles.fill(0, first, first + ROW_BYTES / 8);
    this.words[(row << WORD_SHIFT) + ENTITY] = entity;
    this.doubles[first + STARTED_AT] = now;
    this.doubles[first + REQUESTED_AT] = now;
    return row;
  }

  /** Arrival times of every session in the shop. */
  *arrivals(): Generator<Ticks> {
    const free = new Set(this.free.subarray(0, this.freeCount));
    for (let row = 0; row < this.used; row += 1) {
      if (free.has(row) || this.bytes[(row << BYTE_SHIFT) + FLAGS] & AT_THE_DOOR) continue;
      yield this.doubles[(row << DOUBLE_SHIFT) + STARTED_AT];
    }
  }

  giveBack(row: number): void {
    assert(row >= 0 && row < this.used, "a session that ends is in the table");
    assert(this.freeCount < this.used, "a session ends once");
    this.free[this.freeCount++] = row;
  }

  private append(): number {
    if (this.used === this.free.length) this.grow();
    return this.used++;
  }

  private grow(): void {
    const rows = this.free.length * 2;
    assert(rows <= SESSIONS_MAX, `at most ${SESSIONS_MAX} sessions are in the shop at once`);
    const memory = new ArrayBuffer(rows * ROW_BYTES);
    const bytes = new Uint8Array(memory);
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.words = new Int32Array(memory);
    this.doubles = new Float64Array(memory);
    const free = new Int32Array(rows);
    free.set(this.free);
    this.free = free;
  }
}
