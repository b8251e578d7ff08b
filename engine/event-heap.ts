/**
 * A 4-ary heap of few events, with their times beside the rows. Four children lie in one cache line
 * of each array, and the heap is half as deep as one with two.
 */
import type { EventBatch } from "./event-batch.ts";
import { AT, type EventRows } from "./event-rows.ts";
import type { Ticks } from "./time.ts";

const ENTRIES_AT_START = 128;

export class EventHeap {
  rows = new Int32Array(ENTRIES_AT_START);
  ats = new Float64Array(ENTRIES_AT_START);
  size = 0;
  private readonly queued: EventRows;

  constructor(queued: EventRows) {
    this.queued = queued;
  }

  push(row: number): void {
    if (this.size === this.rows.length) this.grow();
    const { rows, ats, queued } = this;
    const at = queued.doubles[row * 4 + AT];
    let hole = this.size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const other = ats[parent];
      if (other < at || (other === at && queued.isBefore(rows[parent], row))) break;
      rows[hole] = rows[parent];
      ats[hole] = other;
      hole = parent;
    }
    rows[hole] = row;
    ats[hole] = at;
  }

  /** Takes the first entry away. */
  pop(): void {
    const { rows, ats, queued } = this;
    const last = --this.size;
    if (last <= 0) return;
    const at = ats[last];
    const row = rows[last];
    let hole = 0;
    for (let child = 1; child < last; child = hole * 4 + 1) {
      const best = this.firstOf(child, Math.min(child + 4, last));
      const other = ats[best];
      if (at < other || (at === other && queued.isBefore(row, rows[best]))) break;
      rows[hole] = rows[best];
      ats[hole] = other;
      hole = best;
    }
    rows[hole] = row;
    ats[hole] = at;
  }

  /** Adds the entries that are not before a time to a batch and keeps the others. */
  moveTo(batch: EventBatch, from: Ticks): void {
    const { rows, ats, size } = this;
    this.size = 0;
    // What is kept is put back behind the entry that is read.
    for (let entry = 0; entry < size; entry++) {
      if (ats[entry] >= from) batch.add(rows[entry]);
      else this.push(rows[entry]);
    }
  }

  private firstOf(from: number, to: number): number {
    const { rows, ats, queued } = this;
    let best = from;
    for (let entry = from + 1; entry < to; entry++) {
      const difference = ats[entry] - ats[best];
      if (difference < 0 || (difference === 0 && queued.isBefore(rows[entry], rows[best]))) {
        best = entry;
      }
    }
    return best;
  }

  private grow(): void {
    const { rows, ats } = this;
    this.rows = new Int32Array(rows.length * 2);
    this.ats = new Float64Array(rows.length * 2);
    this.rows.set(rows);
    this.ats.set(ats);
  }
}
