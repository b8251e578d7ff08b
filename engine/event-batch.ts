/**
 * A batch of events in parallel arrays, with their times copied beside the rows, so that sorting and
 * sharing out go through memory in order; the rows are asked only who goes first of two at one tick.
 * It grows by doubling and never shrinks.
 */
import { AT, type EventRows } from "./event-rows.ts";
import type { Ticks } from "./time.ts";

const ENTRIES_AT_START = 128;
/** Up to so many entries insertion is the fastest sort, and such blocks are what merging begins with. */
const INSERTION_MAX = 64;
const BLOCK = 16;

export class EventBatch {
  rows = new Int32Array(ENTRIES_AT_START);
  ats = new Float64Array(ENTRIES_AT_START);
  /** The first entry that was not taken yet, and the end. */
  head = 0;
  end = 0;
  private readonly queued: EventRows;
  /** Room to merge in, kept from one long sort to the next. */
  private scratch: EventBatch | null = null;

  constructor(queued: EventRows) {
    this.queued = queued;
  }

  add(row: number): void {
    const entry = this.end;
    if (entry === this.rows.length) this.grow();
    this.rows[entry] = row;
    this.ats[entry] = this.queued.doubles[row * 4 + AT];
    this.end = entry + 1;
  }

  /** Adds a list of rows: `head` is its first row plus 1, as `links` has them, and 0 the end. */
  addList(links: Int32Array, head: number): void {
    const { doubles } = this.queued;
    let { rows, ats } = this;
    let entry = this.end;
    for (let link = head; link > 0; link = links[link - 1]) {
      if (entry === rows.length) {
        this.grow();
        rows = this.rows;
        ats = this.ats;
      }
      rows[entry] = link - 1;
      ats[entry] = doubles[(link - 1) * 4 + AT];
      entry++;
    }
    this.end = entry;
  }

  clear(): void {
    this.head = 0;
    this.end = 0;
  }

  /** The earliest time of what is left. */
  firstAt(): Ticks {
    const { ats, head, end } = this;
    let first = Infinity;
    for (let entry = head; entry < end; entry++) {
      const at = ats[entry];
      if (at < first) first = at;
    }
    return first;
  }

  /** The latest time of what is left. */
  lastAt(): Ticks {
    const { ats, head, end } = this;
    let last = -1;
    for (let entry = head; entry < end; entry++) {
      const at = ats[entry];
      if (at > last) last = at;
    }
    return last;
  }

  /** How long after `origin` the events are on average. */
  meanAfter(origin: Ticks): number {
    const { ats, head, end } = this;
    let sum = 0;
    for (let entry = head; entry < end; entry++) sum += ats[entry] - origin;
    return sum / (end - head);
  }

  /** Adds what is left to another batch and is empty. */
  moveTo(batch: EventBatch): void {
    for (let entry = this.head; entry < this.end; entry++) batch.add(this.rows[entry]);
    this.clear();
  }

  /** Turns the order of a batch round of which nothing was taken. */
  reverse(): void {
    this.rows.subarray(0, this.end).reverse();
    this.ats.subarray(0, this.end).reverse();
  }

  /** Sorts by (time, order) from the head on. */
  sort(): void {
    const { head, end } = this;
    if (end - head <= INSERTION_MAX) this.insert(head, end);
    else if (!this.isRising()) this.merge();
  }

  private isBefore(first: number, second: number): boolean {
    const { rows, ats } = this;
    const difference = ats[first] - ats[second];
    return difference < 0 || (difference === 0 && this.queued.isBefore(rows[first], rows[second]));
  }

  private isRising(): boolean {
    for (let entry = this.head + 1; entry < this.end; entry++) {
      if (this.isBefore(entry, entry - 1)) return false;
    }
    return true;
  }

  private insert(from: number, to: number): void {
    const { rows, ats, queued } = this;
    let before = -1;
    for (let entry = from; entry < to; entry++) {
      const at = ats[entry];
      // Buckets are moved here in their order, so that most entries stand where they belong.
      if (at > before) {
        before = at;
        continue;
      }
      const row = rows[entry];
      let hole = entry;
      for (; hole > from; hole--) {
        const other = ats[hole - 1];
        if (other < at || (other === at && queued.isBefore(rows[hole - 1], row))) break;
        rows[hole] = rows[hole - 1];
        ats[hole] = other;
      }
      rows[hole] = row;
      ats[hole] = at;
    }
  }

  /** Merge sort from blocks that insertion has sorted. */
  private merge(): void {
    for (let from = this.head; from < this.end; from += BLOCK) {
      this.insert(from, Math.min(from + BLOCK, this.end));
    }
    const other = this.scratch ?? new EventBatch(this.queued);
    this.scratch = other;
    other.reserve(this.rows.length);
    for (let width = BLOCK; width < this.end - this.head; width *= 2) {
      for (let from = this.head; from < this.end; from += 2 * width) {
        const middle = Math.min(from + width, this.end);
        this.mergeInto(other, from, middle, Math.min(from + 2 * width, this.end));
      }
      this.exchange(other);
    }
  }

  private mergeInto(target: EventBatch, from: number, middle: number, to: number): void {
    let left = from;
    let right = middle;
    for (let entry = from; entry < to; entry++) {
      const takeLeft = right >= to || (left < middle && this.isBefore(left, right));
      const source = takeLeft ? left++ : right++;
      target.rows[entry] = this.rows[source];
      target.ats[entry] = this.ats[source];
    }
  }

  private exchange(other: EventBatch): void {
    const { rows, ats } = this;
    this.rows = other.rows;
    this.ats = other.ats;
    other.rows = rows;
    other.ats = ats;
  }

  private reserve(entries: number): void {
    while (this.rows.length < entries) this.grow();
  }

  private grow(): void {
    const entries = this.rows.length * 2;
    const { rows, ats } = this;
    this.rows = new Int32Array(entries);
    this.ats = new Float64Array(entries);
    this.rows.set(rows);
    this.ats.set(ats);
  }
}
