/**
 * A line of tickets in their order: joined at the end, left from anywhere, admitted at the head,
 * and asked how many stand before one, each in O(log n). A Fenwick tree (P. Fenwick, 1994) counts
 * those that still stand; slots that were left are closed up when the line has to grow.
 */
import { assert } from "./assert.ts";

const EMPTY = -1;
const SLOTS_AT_START = 256;

export class TicketLine {
  /** The row that stands in a slot, or -1. */
  #rows = new Int32Array(SLOTS_AT_START);
  /** `#counts[i]` counts the slots from `i - lowest bit of i` to `i - 1` in which a row stands. */
  #counts = new Int32Array(SLOTS_AT_START + 1);
  #used = 0;
  #head = 0;
  #length = 0;
  readonly #moved: (row: number, slot: number) => void;

  /** `moved` is told when a row stands in another slot than `join` said. */
  constructor(moved: (row: number, slot: number) => void) {
    this.#moved = moved;
  }

  get length(): number {
    return this.#length;
  }

  /** Slots in memory, those that were left included. */
  get size(): number {
    return this.#rows.length;
  }

  /** Puts the row at the end and answers in which slot. */
  join(row: number): number {
    if (this.#used === this.#rows.length) this.#makeRoom();
    const slot = this.#used++;
    this.#rows[slot] = row;
    this.#length += 1;
    const last = slot + 1;
    const first = last - (last & -last);
    let count = 1;
    for (let index = slot; index > first; index -= index & -index) {
      count += this.#counts[index] as number;
    }
    this.#counts[last] = count;
    return slot;
  }

  leave(slot: number): void {
    assert(slot < this.#used && this.#rows[slot] !== EMPTY, "who leaves a line stands in it");
    this.#rows[slot] = EMPTY;
    this.#length -= 1;
    for (let index = slot + 1; index <= this.#used; index += index & -index) {
      this.#counts[index] = (this.#counts[index] as number) - 1;
    }
  }

  /** How many stand before the slot. */
  aheadOf(slot: number): number {
    let count = 0;
    for (let index = slot; index > 0; index -= index & -index) {
      count += this.#counts[index] as number;
    }
    return count;
  }

  /** The row whose turn is next, or -1. */
  first(): number {
    if (this.#length === 0) return EMPTY;
    while (this.#rows[this.#head] === EMPTY) this.#head += 1;
    assert(this.#head < this.#used, "a line that is not empty has a head");
    return this.#rows[this.#head] as number;
  }

  /** Every row that stands, in order. */
  *rows(): Generator<number> {
    for (let slot = this.#head; slot < this.#used; slot += 1) {
      const row = this.#rows[slot] as number;
      if (row !== EMPTY) yield row;
    }
  }

  /** Closes the line up; doubles its slots where more than half would still be taken. */
  #makeRoom(): void {
    const before = this.#rows;
    const slots = this.#length * 2 > before.length ? before.length * 2 : before.length;
    const rows = new Int32Array(slots);
    let used = 0;
    for (let slot = 0; slot < before.length; slot += 1) {
      const row = before[slot] as number;
      if (row === EMPTY) continue;
      rows[used] = row;
      this.#moved(row, used);
      used += 1;
    }
    assert(used === this.#length, "a line closed up holds who stood in it");
    this.#rows = rows;
    this.#counts = new Int32Array(slots + 1);
    for (let index = 1; index <= used; index += 1) this.#counts[index] = index & -index;
    this.#used = used;
    this.#head = 0;
  }
}
