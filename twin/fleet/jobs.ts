/**
 * The requests inside the fleet, one row each in typed arrays. A row outlives the shopper's
 * interest in it: the server finishes what it has begun for somebody who has left.
 */
import { assert } from "../../engine/assert.ts";
import { lengthened } from "./rows.ts";

/** Requests in the whole fleet at once; a bound on memory far above any real fleet. */
const JOBS_MAX = 2 ** 24;
const JOBS_AT_FIRST = 1024;

/** No row: the end of a list, a request without a job, a job without a request. */
export const NONE = -1;

export class Jobs {
  /** Who waits for the answer, or NONE when nobody does any more. */
  request = new Int32Array(JOBS_AT_FIRST);
  /** The instance that has it, or NONE in a free row. */
  instance = new Int32Array(JOBS_AT_FIRST).fill(NONE);
  page = new Uint8Array(JOBS_AT_FIRST);
  /** CPU time that it needs, ticks. */
  cpu = new Float64Array(JOBS_AT_FIRST);
  submittedAt = new Float64Array(JOBS_AT_FIRST);
  /** The event that ends its CPU time; 0 while it waits for a core. */
  completion = new Float64Array(JOBS_AT_FIRST);
  /** The next job in the instance's backlog, or in the list of free rows. */
  next = new Int32Array(JOBS_AT_FIRST);
  /** Rows in use. */
  count = 0;
  #free = NONE;
  #fresh = 0;

  /** Rows that have ever been used: a bound for a walk over all of them. */
  get used(): number {
    return this.#fresh;
  }

  /** A row of its own, with nothing in it. */
  take(): number {
    let job = this.#free;
    if (job !== NONE) this.#free = this.next[job];
    else {
      if (this.#fresh === this.request.length) this.#grow();
      job = this.#fresh;
      this.#fresh += 1;
    }
    this.count += 1;
    this.next[job] = NONE;
    this.completion[job] = 0;
    return job;
  }

  /** Gives a row back. */
  release(job: number): void {
    assert(this.instance[job] !== NONE, "a job is released once");
    this.instance[job] = NONE;
    this.request[job] = NONE;
    this.next[job] = this.#free;
    this.#free = job;
    this.count -= 1;
  }

  #grow(): void {
    const length = this.request.length * 2;
    assert(length <= JOBS_MAX, "requests inside the fleet stay below their limit");
    this.request = lengthened(this.request, length);
    this.instance = lengthened(this.instance, length);
    this.page = lengthened(this.page, length);
    this.cpu = lengthened(this.cpu, length);
    this.submittedAt = lengthened(this.submittedAt, length);
    this.completion = lengthened(this.completion, length);
    this.next = lengthened(this.next, length);
  }
}
