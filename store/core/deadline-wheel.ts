/**
 * Which row's time is over: a wheel of buckets of a second, in which a row stands once. A deadline
 * that is put off costs one store to memory, for the row is looked at when its bucket comes up and
 * moved on then; so a shopper who asks for a page every minute is no work for the wheel.
 */
import { assert } from "./assert.ts";

const BUCKET_MILLIS = 1_000;
/** Deadlines farther off than so many buckets are looked at once in a turn of the wheel. */
const BUCKETS = 1_024;
const NONE = -1;

export class DeadlineWheel {
  readonly #heads = new Int32Array(BUCKETS).fill(NONE);
  #next = new Int32Array(0);
  #before = new Int32Array(0);
  /** The bucket a row stands in, or -1. */
  #bucket = new Int32Array(0);
  #deadline = new Float64Array(0);
  /** The bucket-second that is worked off next; NaN until the wheel is first used. */
  #cursor = Number.NaN;

  /** Makes room for rows below `rows`. */
  grow(rows: number): void {
    const grown = <Column extends Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
      to: Column,
      from: Column,
    ): Column => {
      to.set(from);
      return to;
    };
    const before = this.#next.length;
    this.#next = grown(new Int32Array(rows), this.#next);
    this.#before = grown(new Int32Array(rows), this.#before);
    this.#bucket = grown(new Int32Array(rows), this.#bucket).fill(NONE, before);
    this.#deadline = grown(new Float64Array(rows), this.#deadline);
  }

  deadlineOf(row: number): number {
    return this.#deadline[row] as number;
  }

  /** The row's time is over at `deadline`, not sooner or later than that as it was before. */
  set(row: number, deadline: number, now: number): void {
    if (Number.isNaN(this.#cursor)) this.#cursor = Math.floor(now / BUCKET_MILLIS);
    const before = this.#deadline[row] as number;
    this.#deadline[row] = deadline;
    if (this.#bucket[row] !== NONE) {
      if (deadline >= before) return;
      this.#unlink(row);
    }
    this.#link(row, deadline);
  }

  clear(row: number): void {
    if (this.#bucket[row] !== NONE) this.#unlink(row);
  }

  /** A row whose deadline is not after `now`, taken off the wheel, or -1 where there is none. */
  takeDue(now: number): number {
    const last = Math.floor(now / BUCKET_MILLIS);
    if (last - this.#cursor > BUCKETS) this.#cursor = last - BUCKETS;
    while (this.#cursor <= last) {
      const row = this.#heads[this.#cursor % BUCKETS] as number;
      if (row === NONE) {
        this.#cursor += 1;
        continue;
      }
      this.#unlink(row);
      const deadline = this.#deadline[row] as number;
      if (deadline <= now) return row;
      this.#link(row, deadline);
    }
    return NONE;
  }

  /** In the bucket that begins at the deadline or after it, or in the farthest there is. */
  #link(row: number, deadline: number): void {
    const due = Math.ceil(deadline / BUCKET_MILLIS);
    const second = Math.min(this.#cursor + BUCKETS - 1, Math.max(this.#cursor + 1, due));
    const bucket = second % BUCKETS;
    const head = this.#heads[bucket] as number;
    this.#bucket[row] = bucket;
    this.#next[row] = head;
    this.#before[row] = NONE;
    if (head !== NONE) this.#before[head] = row;
    this.#heads[bucket] = row;
  }

  #unlink(row: number): void {
    const bucket = this.#bucket[row] as number;
    assert(bucket !== NONE, "a row that is taken off the wheel stands on it");
    const next = this.#next[row] as number;
    const before = this.#before[row] as number;
    if (before === NONE) this.#heads[bucket] = next;
    else this.#next[before] = next;
    if (next !== NONE) this.#before[next] = before;
    this.#bucket[row] = NONE;
  }
}
