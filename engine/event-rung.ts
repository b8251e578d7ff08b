/**
 * One rung of the ladder: buckets of equal width over a span of time, each an unsorted list of
 * rows. Buckets are taken from the first to the last; those taken are empty, so that the rung's
 * memory is clean when it is used again. The last bucket also takes whatever lies beyond it.
 */
import type { EventBatch } from "./event-batch.ts";
import type { Ticks } from "./time.ts";

const BUCKETS_AT_START = 128;
/** Events for which a bucket is laid; fewer would scatter over more memory than the sorting saves. */
const EVENTS_PER_BUCKET = 1;
/** Buckets a rung has at most: 16 MB of heads. */
const BUCKETS_MAX = 1 << 22;

/** Buckets that are taken together, and the events below and above which these are more or one. */
const TOGETHER_MAX = 16;
const BATCH_LOW = 12;
const BATCH_HIGH = 32;

export class EventRung {
  /** The start of the first bucket that was not taken; earlier events belong to a finer rung. */
  next: Ticks = 0;

  /** The first row of each bucket plus 1, or 0. */
  private heads = new Int32Array(BUCKETS_AT_START);
  private together = 1;
  private buckets = 0;
  private taken = 0;
  private start: Ticks = 0;
  private width: Ticks = 1;
  private widthInverse = 1;

  /** Lays buckets from `first` on, one for every few events, up to `last` or beyond. */
  lay(first: Ticks, last: Ticks, events: number): void {
    const bucketsMax = Math.min(Math.ceil(events / EVENTS_PER_BUCKET), BUCKETS_MAX);
    let width = 1;
    while ((last - first) / width >= bucketsMax) width *= 2;
    this.start = first;
    this.width = width;
    this.widthInverse = 1 / width;
    this.buckets = Math.floor((last - first) / width) + 1;
    this.taken = 0;
    this.together = 1;
    this.next = first;
    if (this.heads.length < this.buckets) {
      let length = this.heads.length;
      while (length < this.buckets) length *= 2;
      this.heads = new Int32Array(length);
    }
  }

  /** Where the buckets end. */
  get end(): Ticks {
    return this.start + this.buckets * this.width;
  }

  get isTaken(): boolean {
    return this.taken === this.buckets;
  }

  /** Puts a row, whose event is not before `next`, at the head of its bucket. */
  add(links: Int32Array, row: number, at: Ticks): void {
    const place = (at - this.start) * this.widthInverse;
    const bucket = place < this.buckets ? place | 0 : this.buckets - 1;
    links[row] = this.heads[bucket];
    this.heads[bucket] = row + 1;
  }

  /**
   * Moves the next buckets that are not empty and begin at `until` or before to a batch; false when
   * there is none. Several small ones are moved at once, so that the processor waits for the memory
   * of their rows at the same time instead of once after the other.
   */
  take(until: Ticks, links: Int32Array, batch: EventBatch): boolean {
    const { heads } = this;
    const place = (until - this.start) * this.widthInverse;
    const last = place < this.buckets ? Math.floor(place) + 1 : this.buckets;
    let bucket = this.taken;
    const most = this.together;
    let found = 0;
    for (; bucket < last && found < most; bucket++) {
      const head = heads[bucket];
      if (head === 0) continue;
      heads[bucket] = 0;
      found++;
      batch.addList(links, head);
    }
    this.taken = Math.max(bucket, this.taken);
    this.next = this.start + this.taken * this.width;
    // Lists are last in, first out; turned round, events of one tick mostly need no sorting.
    if (most === 1) batch.reverse();
    if (batch.end < BATCH_LOW && most < TOGETHER_MAX) this.together = most * 2;
    else if (batch.end > BATCH_HIGH) this.together = 1;
    return found > 0;
  }

  /** Forgets every row. */
  clear(): void {
    this.heads.fill(0, this.taken, this.buckets);
    this.taken = this.buckets;
  }
}
