/**
 * Which hold is due next: a binary heap by (time, epoch). A hold that ends early is not searched
 * for; its entry goes stale and is dropped when it surfaces, or when more entries are stale than
 * live, so the queue never holds more than twice the live holds and a constant.
 */
import { assert } from "./assert.ts";

export interface Expiring {
  readonly epoch: number;
  readonly expiresAt: number;
}

/** Below this many stale entries a rebuild costs more than it frees. */
const STALE_ENTRIES_KEPT = 1024;

interface Entry<Row extends Expiring> {
  readonly at: number;
  readonly epoch: number;
  readonly row: Row;
}

export class ExpiryQueue<Row extends Expiring> {
  #entries: Entry<Row>[] = [];
  #live = 0;
  readonly #isLive: (row: Row) => boolean;

  /** `isLive` says whether a row still waits for its end at its present epoch. */
  constructor(isLive: (row: Row) => boolean) {
    this.#isLive = isLive;
  }

  /** Entries in memory, stale ones included. */
  get size(): number {
    return this.#entries.length;
  }

  add(row: Row): void {
    assert(Number.isFinite(row.expiresAt), "a hold ends at a finite time");
    this.#entries.push({ at: row.expiresAt, epoch: row.epoch, row });
    this.#live++;
    this.#rise(this.#entries.length - 1);
  }

  /** Tells that one row, which was added, has ended. */
  ended(): void {
    this.#live--;
    assert(this.#live >= 0, "no more holds end than were added");
    if (this.#entries.length > 2 * this.#live + STALE_ENTRIES_KEPT) this.#dropStale();
  }

  /** The live row with the earliest end, or null; it stays in the queue. */
  first(): Row | null {
    while (this.#entries.length > 0) {
      const top = this.#entries[0];
      if (this.#current(top)) return top.row;
      this.#removeFirst();
    }
    return null;
  }

  #current(entry: Entry<Row>): boolean {
    return entry.row.epoch === entry.epoch && this.#isLive(entry.row);
  }

  #dropStale(): void {
    this.#entries = this.#entries.filter((entry) => this.#current(entry));
    assert(this.#entries.length === this.#live, "every live hold has one entry");
    for (let index = (this.#entries.length >> 1) - 1; index >= 0; index--) this.#sink(index);
  }

  #removeFirst(): void {
    const last = this.#entries.pop();
    if (last === undefined || this.#entries.length === 0) return;
    this.#entries[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    const entries = this.#entries;
    const moving = entries[from];
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(moving, entries[parent])) break;
      entries[index] = entries[parent];
      index = parent;
    }
    entries[index] = moving;
  }

  #sink(from: number): void {
    const entries = this.#entries;
    const moving = entries[from];
    let index = from;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && before(entries[child + 1], entries[child])) child++;
      if (!before(entries[child], moving)) break;
      entries[index] = entries[child];
      index = child;
    }
    entries[index] = moving;
  }
}

function before(one: Entry<Expiring>, other: Entry<Expiring>): boolean {
  return one.at < other.at || (one.at === other.at && one.epoch < other.epoch);
}
