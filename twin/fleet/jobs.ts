/**
 * The requests inside the fleet, one row of 32 bytes each, so that two share a cache line. A row
 * outlives the shopper's interest in it: the server finishes what it has begun.
 */
import { assert } from "../../engine/assert.ts";
import { lengthened } from "./rows.ts";

/** Requests in the whole fleet at once; a bound on memory far above any real fleet. */
const JOBS_MAX = 2 ** 24;
const JOBS_AT_FIRST = 1024;

/** No row: the end of a list. */
export const NONE = -1;
/** Stands in NEXT of a job that has a core. */
export const ON_CORE = -2;
/** Stands in NEXT of a job that has its CPU time behind it and is with the database. */
export const AT_DATABASE = -3;

/** Doubles of row `job` begin at `job << JOB_DOUBLE_SHIFT`, its words at `job << JOB_WORD_SHIFT`. */
export const JOB_DOUBLE_SHIFT = 2;
export const JOB_WORD_SHIFT = 3;
const ROW_BYTES = 32;

/** Double: when it came in. */
export const SUBMITTED_AT = 0;
/** Double: the CPU ticks it needs while it waits, then the event that ends them. */
export const WORK = 1;
/** Word: who waits for the answer, or NONE where nobody does any more. */
export const REQUEST = 4;
/** Word: the instance that has it, or NONE in a free row. */
export const INSTANCE = 5;
/** Word: the next job in the instance's backlog or in the list of free rows, NONE, ON_CORE or AT_DATABASE. */
export const NEXT = 6;
/** Word: what it asks for, as {@link askedFor} packs it. */
export const ASKED = 7;

const PRIORITY_SHIFT = 8;
const SELLER_SHIFT = 16;
const BYTE = 0xff;

/** The seller whose sale is rehearsed; others are numbered from 1. */
export const SALE = 0;

/** A page (an index of PAGE_CLASSES), its priority (one of PRIORITIES) and its seller in one word. */
export function askedFor(page: number, priority: number, seller: number): number {
  return page | (priority << PRIORITY_SHIFT) | (seller << SELLER_SHIFT);
}

export function pageOf(asked: number): number {
  return asked & BYTE;
}

export function priorityOf(asked: number): number {
  return (asked >>> PRIORITY_SHIFT) & BYTE;
}

export function sellerOf(asked: number): number {
  return asked >>> SELLER_SHIFT;
}

export class Jobs {
  doubles: Float64Array<ArrayBuffer>;
  words: Int32Array<ArrayBuffer>;
  /** Rows in use. */
  count = 0;
  #free = NONE;
  #fresh = 0;

  constructor() {
    this.doubles = new Float64Array((JOBS_AT_FIRST * ROW_BYTES) / 8);
    this.words = new Int32Array(this.doubles.buffer);
  }

  /** Rows that have ever been used: a bound for a walk over all of them. */
  get used(): number {
    return this.#fresh;
  }

  /** A row of its own; what stands in it is whatever its last job left. */
  take(): number {
    let job = this.#free;
    if (job !== NONE) this.#free = this.words[(job << JOB_WORD_SHIFT) + NEXT];
    else {
      job = this.#fresh;
      if (job << JOB_WORD_SHIFT === this.words.length) this.#grow();
      this.#fresh += 1;
    }
    this.count += 1;
    return job;
  }

  /** Gives a row back. */
  release(job: number): void {
    const row = job << JOB_WORD_SHIFT;
    assert(this.words[row + INSTANCE] !== NONE, "a job is released once");
    this.words[row + INSTANCE] = NONE;
    this.words[row + NEXT] = this.#free;
    this.#free = job;
    this.count -= 1;
  }

  #grow(): void {
    const rows = this.#fresh * 2;
    assert(rows <= JOBS_MAX, "requests inside the fleet stay below their limit");
    this.doubles = lengthened(this.doubles, (rows * ROW_BYTES) / 8);
    this.words = new Int32Array(this.doubles.buffer);
  }
}
