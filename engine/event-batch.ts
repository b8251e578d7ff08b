/**
 * A batch of events in parallel arrays, with their times and orders copied beside the rows, so that
 * sorting and sharing out go through memory in order. It grows by doubling and never shrinks.
 */
import type { Ticks } from "./time.ts";

const ENTRIES_AT_START = 128;
/** Up to so many entries insertion is the fastest sort, and such blocks are what merging begins with. */
const INSERTION_MAX = 64;
const BLOCK = 16;

export class EventBatch {
  rows = new Int32Array(ENTRIES_AT_START);
  ats = new Float64Array(ENTRIES_AT_START);
  orders = new Float64Array(ENTRIES_AT_START);
  /** The first entry that was not taken yet, and the end. */
  head = 0;
  end = 0;
  /** Room to merge in, kept from one long sort to the next. */
  private scratch: EventBatch | null = null;

  add(row: number, at: Ticks, order: number): void {
    if (this.end === this.rows.length) this.grow();
    const entry = this.end++;
    this.rows[entry] = row;
    this.ats[entry] = at;
    this.orders[entry] = order;
  }

  clear(): void {
    this.head = 0;
    this.end = 0;
  }

  /** The earliest time of what is left. */
  firstAt(): Ticks {
    let first = Infinity;
    for (let entry = this.head; entry < this.end; entry++) {
      if (this.ats[entry] < first) first = this.ats[entry];
    }
    return first;
  }

  /** The latest time of what is left. */
  lastAt(): Ticks {
    let last = -1;
    for (let entry = this.head; entry < this.end; entry++) {
      if (this.ats[entry] > last) last = this.ats[entry];
    }
    return last;
  }

  /** How long after `origin` the events are on average. */
  meanAfter(origin: Ticks): number {
    let sum = 0;
    for (let entry = this.head; entry < this.end; entry++) sum += this.ats[entry] - origin;
    return sum / (this.end - this.head);
  }

  /** Adds what is left to another batch and is empty. */
  moveTo(batch: EventBatch): void {
    for (let entry = this.head; entry < this.end; entry++) {
      batch.add(this.rows[entry], this.ats[entry], this.orders[entry]);
    }
    this.clear();
  }

  /** Turns the order of a batch round of which nothing was taken. */
  reverse(): void {
    const { rows, ats, orders } = this;
    for (let low = 0, high = this.end - 1; low < high; low++, high--) {
      const row = rows[low];
      const at = ats[low];
      const order = orders[low];
      rows[low] = rows[high];
      ats[low] = ats[high];
      orders[low] = orders[high];
      rows[high] = row;
      ats[high] = at;
      orders[high] = order;
    }
  }

  /** Sorts by (time, order) from the head on. */
  sort(): void {
    const { head, end } = this;
    if (end - head < 2) return;
    if (end - head <= INSERTION_MAX) this.insert(head, end);
    else if (!this.isRising()) this.merge();
  }

  private isBefore(first: number, second: number): boolean {
    const difference = this.ats[first] - this.ats[second];
    return difference < 0 || (difference === 0 && this.orders[first] < this.orders[second]);
  }

  private isRising(): boolean {
    for (let entry = this.head + 1; entry < this.end; entry++) {
      if (this.isBefore(entry, entry - 1)) return false;
    }
    return true;
  }

  private insert(from: number, to: number): void {
    const { rows, ats, orders } = this;
    for (let entry = from + 1; entry < to; entry++) {
      const row = rows[entry];
      const at = ats[entry];
      const order = orders[entry];
      let hole = entry;
      for (; hole > from; hole--) {
        const other = ats[hole - 1];
        if (other < at || (other === at && orders[hole - 1] < order)) break;
        rows[hole] = rows[hole - 1];
        ats[hole] = other;
        orders[hole] = orders[hole - 1];
      }
      rows[hole] = row;
      ats[hole] = at;
      orders[hole] = order;
    }
  }

  /** Merge sort from blocks that insertion has sorted. */
  private merge(): void {
    for (let from = this.head; from < this.end; from += BLOCK) {
      this.insert(from, Math.min(from + BLOCK, this.end));
    }
    const other = this.scratch ?? new EventBatch();
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
      target.orders[entry] = this.orders[source];
    }
  }

  private exchange(other: EventBatch): void {
    const { rows, ats, orders } = this;
    this.rows = other.rows;
    this.ats = other.ats;
    this.orders = other.orders;
    other.rows = rows;
    other.ats = ats;
    other.orders = orders;
  }

  private reserve(entries: number): void {
    while (this.rows.length < entries) this.grow();
  }

  private grow(): void {
    const entries = this.rows.length * 2;
    const { rows, ats, orders } = this;
    this.rows = new Int32Array(entries);
    this.ats = new Float64Array(entries);
    this.orders = new Float64Array(entries);
    this.rows.set(rows);
    this.ats.set(ats);
    this.orders.set(orders);
  }
}
