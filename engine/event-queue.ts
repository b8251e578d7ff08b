/**
 * The queue of waiting events: a ladder queue (W. T. Tang, R. S. M. Goh, I. L.-J. Thng, ACM TOMACS
 * 15(3), 2005), whose cost per event does not grow with the number that wait and does not suffer
 * when everybody is due at the same tick. From late to soon, an event lies in
 *
 * - the far batch, unsorted, at or after `farStart`;
 * - a rung, in the bucket of its time; a bucket that is too full becomes a finer rung when its turn comes;
 * - the run, the sorted batch of the bucket whose turn it is;
 * - the heap, when it came late: before the first bucket that was not taken. While few events wait
 *   there are no rungs, and all of them are here.
 *
 * The next event is the first of run and heap by (tick, priority, sequence), a total order.
 */
import { assert } from "./assert.ts";
import { EventBatch } from "./event-batch.ts";
import { EventHeap } from "./event-heap.ts";
import { AT, EventRows, SUBJECT } from "./event-rows.ts";
import { EventRung } from "./event-rung.ts";
import type { Ticks } from "./time.ts";

/** So many events are sorted rather than shared out to buckets, and so many a heap holds well. */
const SORTED_MAX = 64;
/** A rung is at least 32 times finer than the one above, so that 53 bits of time need 11. */
const RUNGS_MAX = 12;
/** So many cancelled events may lie about before they are swept away. */
const CANCELLED_MAX = 4_096;
/** Events that a queue orders in its life; a priority stands above these 40 bits. */
const SEQUENCE_MAX = 1_099_511_627_776;

export class EventQueue {
  /** The event that `pop` took out last. */
  at: Ticks = 0;
  kind = 0;
  subject = 0;

  private readonly rows: EventRows;
  private readonly run: EventBatch;
  private readonly far: EventBatch;
  private readonly moved: EventBatch;
  private readonly heap: EventHeap;
  private readonly rungs: EventRung[] = [];
  private rungCount = 0;
  private farStart: Ticks = Infinity;
  private heapMax = SORTED_MAX;
  private sequence = 0;

  constructor(pendingMax: number) {
    this.rows = new EventRows(pendingMax);
    this.run = new EventBatch(this.rows);
    this.far = new EventBatch(this.rows);
    this.moved = new EventBatch(this.rows);
    this.heap = new EventHeap(this.rows);
    for (let rung = 0; rung < RUNGS_MAX; rung++) this.rungs.push(new EventRung());
  }

  /** Events that wait. */
  get size(): number {
    return this.rows.live;
  }

  /** Adds an event and returns its handle. */
  push(at: Ticks, priority: number, kind: number, subject: number): number {
    const sequence = ++this.sequence;
    assert(sequence < SEQUENCE_MAX, "the queue orders no more events than it can count");
    const order = priority * SEQUENCE_MAX + sequence;
    const row = this.rows.take(at, order, kind, subject);
    if (at >= this.farStart) this.far.add(row);
    else this.addNear(row);
    return this.rows.handle(row);
  }

  /** Takes an event back; false when it is gone already. */
  cancel(handle: number): boolean {
    if (!this.rows.cancel(handle)) return false;
    const { cancelled, live } = this.rows;
    if (cancelled > CANCELLED_MAX && cancelled > live) this.sweep();
    return true;
  }

  /** Takes the next event out, unless it is later than `until` or there is none. */
  pop(until: Ticks): boolean {
    const { run, heap, rows } = this;
    for (;;) {
      if (run.head === run.end && heap.size === 0 && !this.pull(until)) return false;
      const fromRun = heap.size === 0 || (run.head < run.end && this.isRunBeforeHeap());
      const at = fromRun ? run.ats[run.head] : heap.ats[0];
      if (at > until) return false;
      const row = fromRun ? run.rows[run.head++] : heap.rows[0];
      if (!fromRun) heap.pop();
      const kind = rows.release(row);
      if (kind < 0) continue;
      this.at = at;
      this.kind = kind;
      this.subject = rows.words[row * 8 + SUBJECT];
      return true;
    }
  }

  private isRunBeforeHeap(): boolean {
    const { run, heap } = this;
    const difference = run.ats[run.head] - heap.ats[0];
    if (difference !== 0) return difference < 0;
    return this.rows.isBefore(run.rows[run.head], heap.rows[0]);
  }

  private addNear(row: number): void {
    const { rows, rungs, rungCount } = this;
    const at = rows.doubles[row * 4 + AT];
    for (let rung = 0; rung < rungCount; rung++) {
      if (at >= rungs[rung].next) {
        rungs[rung].add(rows.links, row, at);
        return;
      }
    }
    this.addSoon(row);
  }

  /** An event before every bucket: at the run's end if it belongs there, or in the heap. */
  private addSoon(row: number): void {
    const { run, heap, rows } = this;
    const at = rows.doubles[row * 4 + AT];
    const last = run.end - 1;
    if (last >= run.head && at >= run.ats[last] && !rows.isBefore(row, run.rows[last])) {
      // Only events of its last tick make a run long, which keeps it cheap to move in `relieve`.
      if (at === run.ats[last] || last - run.head < SORTED_MAX) {
        run.add(row);
        return;
      }
    }
    heap.push(row);
    if (heap.size > this.heapMax) this.relieve();
  }

  /** Shares a heap that has become too large out to a rung of its own. */
  private relieve(): void {
    const { run, heap, moved } = this;
    const dueNow = run.head < run.end && run.ats[run.end - 1] <= heap.ats[0];
    const floor = dueNow ? run.ats[run.end - 1] + 1 : this.at;
    if (this.rungCount < RUNGS_MAX) {
      if (!dueNow) run.moveTo(moved);
      heap.moveTo(moved, floor);
      if (moved.end > 0) this.layRung(moved, floor);
    }
    // What could not be moved is due now, or the ladder is at its limit: the heap bears more.
    this.heapMax = Math.max(SORTED_MAX, heap.size * 2);
  }

  /** Fills the run with the next events; false when there are none up to `until`. */
  private pull(until: Ticks): boolean {
    const { run, far } = this;
    this.heapMax = SORTED_MAX;
    run.clear();
    while (run.end === 0) {
      if (this.rungCount > 0) {
        if (!this.pullBucket(until)) return false;
        if (run.end > SORTED_MAX) this.refine(run);
      } else {
        if (far.end === 0 || this.farStart > until) return false;
        this.farStart = Infinity;
        if (far.end <= SORTED_MAX || !this.refine(far)) far.moveTo(run);
      }
    }
    run.sort();
    return true;
  }

  /** Moves the finest rung's next buckets to the run; they may turn out to be empty. */
  private pullBucket(until: Ticks): boolean {
    const rung = this.rungs[this.rungCount - 1];
    const isFilled = rung.take(until, this.rows.links, this.run);
    if (rung.isTaken) this.rungCount--;
    return isFilled || rung.isTaken;
  }

  /** Shares a batch that is too long to sort out to a rung, unless it is all of one tick. */
  private refine(batch: EventBatch): boolean {
    const first = batch.firstAt();
    const last = batch.lastAt();
    if (first < last && this.rungCount < RUNGS_MAX) {
      this.layRung(batch, first);
      return true;
    }
    if (this.farStart === Infinity) this.farStart = last + 1;
    return false;
  }

  /**
   * Empties a batch into a new finest rung that begins at `first`. The rung spans twice the mean
   * distance, which is at least half of the events (Markov) whatever the tail; what is later stays
   * in the far batch, or lies in the last bucket.
   */
  private layRung(batch: EventBatch, first: Ticks): void {
    assert(this.rungCount < RUNGS_MAX, "the ladder has no more rungs than its limit");
    const rung = this.rungs[this.rungCount++];
    const last = Math.min(batch.lastAt(), first + Math.ceil(2 * batch.meanAfter(first)));
    rung.lay(first, last, batch.end - batch.head);
    if (this.farStart === Infinity) this.farStart = rung.end;
    this.share(batch, rung);
  }

  private share(batch: EventBatch, rung: EventRung): void {
    const { far, farStart } = this;
    const { links } = this.rows;
    const { rows, ats, head, end } = batch;
    batch.clear();
    for (let entry = head; entry < end; entry++) {
      const at = ats[entry];
      if (at < farStart) rung.add(links, rows[entry], at);
      else far.add(rows[entry]);
    }
  }

  /** Frees the rows of cancelled events, and lays all others together anew. */
  private sweep(): void {
    const { rows, far } = this;
    for (let rung = 0; rung < this.rungCount; rung++) this.rungs[rung].clear();
    this.rungCount = 0;
    this.run.clear();
    this.heap.size = 0;
    far.clear();
    for (let row = 0; row < rows.used; row++) {
      if (rows.isCancelled(row)) rows.release(row);
      else if (rows.isLive(row)) {
        far.add(row);
      }
    }
    this.farStart = -Infinity;
    assert(far.end === rows.live && rows.cancelled === 0, "a sweep loses no event");
  }
}
