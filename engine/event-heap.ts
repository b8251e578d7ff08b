/**
 * A 4-ary heap of few events, with their times and orders beside the rows. Four children lie in one
 * cache line of each array, and the heap is half as deep as one with two.
 */
import type { EventBatch } from "./event-batch.ts";
import type { Ticks } from "./time.ts";

const ENTRIES_AT_START = 128;

export class EventHeap {
  rows = new Int32Array(ENTRIES_AT_START);
  ats = new Float64Array(ENTRIES_AT_START);
  orders = new Float64Array(ENTRIES_AT_START);
  size = 0;

  push(row: number, at: Ticks, order: number): void {
    if (this.size === this.rows.length) this.grow();
    const { rows, ats, orders } = this;
    let hole = this.size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const other = ats[parent];
      if (other < at || (other === at && orders[parent] < order)) break;
      rows[hole] = rows[parent];
      ats[hole] = other;
      orders[hole] = orders[parent];
      hole = parent;
    }
    rows[hole] = row;
    ats[hole] = at;
    orders[hole] = order;
  }

  /** Takes the first entry away. */
  pop(): void {
    const { rows, ats, orders } = this;
    const last = --this.size;
    if (last <= 0) return;
    const at = ats[last];
    const order = orders[last];
    let hole = 0;
    for (let child = 1; child < last; child = hole * 4 + 1) {
      const best = this.firstOf(child, Math.min(child + 4, last));
      const other = ats[best];
      if (at < other || (at === other && order < orders[best])) break;
      rows[hole] = rows[best];
      ats[hole] = other;
      orders[hole] = orders[best];
      hole = best;
    }
    rows[hole] = rows[last];
    ats[hole] = at;
    orders[hole] = order;
  }

  /** Adds the entries that are not before a time to a batch and keeps the others. */
  moveTo(batch: EventBatch, from: Ticks): void {
    const { rows, ats, orders, size } = this;
    this.size = 0;
    // What is kept is put back behind the entry that is read.
    for (let entry = 0; entry < size; entry++) {
      if (ats[entry] >= from) batch.add(rows[entry], ats[entry], orders[entry]);
      else this.push(rows[entry], ats[entry], orders[entry]);
    }
  }

  private firstOf(from: number, to: number): number {
    const { ats, orders } = this;
    let best = from;
    for (let entry = from + 1; entry < to; entry++) {
      const difference = ats[entry] - ats[best];
      if (difference < 0 || (difference === 0 && orders[entry] < orders[best])) best = entry;
    }
    return best;
  }

  private grow(): void {
    const { rows, ats, orders } = this;
    this.rows = new Int32Array(rows.length * 2);
    this.ats = new Float64Array(rows.length * 2);
    this.orders = new Float64Array(rows.length * 2);
    this.rows.set(rows);
    this.ats.set(ats);
    this.orders.set(orders);
  }
}
