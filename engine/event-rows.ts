/**
 * The waiting events as rows of typed arrays: 32 bytes a row, half a cache line, so that whoever
 * touches an event fetches one line. A freed row is used again at once, while it is in the cache.
 *
 * A handle packs row and generation. Each use of a row has a generation of its own, and a row
 * whose generations are used up retires, so no two events ever share a handle.
 */
import { assert } from "./assert.ts";
import type { Ticks } from "./time.ts";

const ROW_BITS = 24;
/** Rows that a handle can name. */
const ROWS_MAX = 1 << ROW_BITS;
const ROW_MASK = ROWS_MAX - 1;
const GENERATION_MAX = 536_870_911;
const ROWS_AT_START = 1_024;
const ROW_BYTES = 32;

/** Places within a row: the first two count doubles (4 a row), the others 32-bit words (8 a row). */
export const AT = 0;
export const ORDER = 1;
export const KIND = 4;
export const SUBJECT = 5;
const GENERATION = 6;

/** In place of a kind: the event was cancelled and its row is still linked somewhere; it is free. */
const CANCELLED = -1;
const FREE = -2;
const NO_ROW = -1;

export class EventRows {
  /** The same memory twice: times and orders, and everything else. Replaced when it grows. */
  doubles = new Float64Array((ROWS_AT_START * ROW_BYTES) / 8);
  words = new Int32Array(this.doubles.buffer);
  /** What comes after a row in the list it is in; apart, because lists are changed where rows are not read. */
  links = new Int32Array(ROWS_AT_START);
  /** Events that wait, and rows that wait only to be skipped. */
  live = 0;
  cancelled = 0;
  /** Rows that were ever used. */
  used = 0;

  private capacity = ROWS_AT_START;
  private firstFree = NO_ROW;
  private readonly liveMax: number;

  constructor(liveMax: number) {
    assert(liveMax > 0 && liveMax <= ROWS_MAX, "the limit of pending events fits a handle");
    this.liveMax = liveMax;
  }

  /** Puts an event into a free row and returns the row. */
  take(at: Ticks, order: number, kind: number, subject: number): number {
    assert(this.live < this.liveMax, "the events that wait stay below their limit");
    let row = this.firstFree;
    if (row === NO_ROW) row = this.addRow();
    else this.firstFree = this.links[row];
    this.live++;
    this.doubles[row * 4 + AT] = at;
    this.doubles[row * 4 + ORDER] = order;
    this.words[row * 8 + KIND] = kind;
    this.words[row * 8 + SUBJECT] = subject;
    return row;
  }

  /** The handle of the event in a row. */
  handle(row: number): number {
    return this.words[row * 8 + GENERATION] * ROWS_MAX + row;
  }

  /** Whether the first of two rows that are due at the same tick goes first. */
  isBefore(first: number, second: number): boolean {
    return this.doubles[first * 4 + ORDER] < this.doubles[second * 4 + ORDER];
  }

  /** Marks the event as cancelled if the handle still names one. */
  cancel(handle: number): boolean {
    const row = handle & ROW_MASK;
    if (row >= this.used || this.words[row * 8 + KIND] < 0) return false;
    if (this.handle(row) !== handle) return false;
    this.words[row * 8 + KIND] = CANCELLED;
    this.live--;
    this.cancelled++;
    return true;
  }

  /** Frees the row of an event that is taken out: its kind, or a negative number if it was cancelled. */
  release(row: number): number {
    const { words } = this;
    const word = row * 8;
    const kind = words[word + KIND];
    assert(kind !== FREE, "a row is freed once");
    if (kind < 0) this.cancelled--;
    else this.live--;
    words[word + KIND] = FREE;
    const generation = words[word + GENERATION] + 1;
    words[word + GENERATION] = generation;
    if (generation < GENERATION_MAX) {
      this.links[row] = this.firstFree;
      this.firstFree = row;
    }
    return kind;
  }

  isLive(row: number): boolean {
    return this.words[row * 8 + KIND] >= 0;
  }

  isCancelled(row: number): boolean {
    return this.words[row * 8 + KIND] === CANCELLED;
  }

  private addRow(): number {
    if (this.used === this.capacity) this.grow();
    const row = this.used++;
    this.words[row * 8 + GENERATION] = 1;
    return row;
  }

  private grow(): void {
    assert(this.capacity < ROWS_MAX, "rows, cancelled ones with them, stay below their limit");
    this.capacity *= 2;
    const doubles = new Float64Array((this.capacity * ROW_BYTES) / 8);
    doubles.set(this.doubles);
    this.doubles = doubles;
    this.words = new Int32Array(doubles.buffer);
    const links = new Int32Array(this.capacity);
    links.set(this.links);
    this.links = links;
  }
}
