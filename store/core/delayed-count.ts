/**
 * A count as it was some time ago, to within a part of that time, in memory that does not grow: it
 * was nothing before the first time that it was told.
 */
import { assert } from "./assert.ts";

const PARTS = 32;

export class DelayedCount {
  readonly #partMillis: number;
  readonly #counts = new Float64Array(PARTS);
  /** Whose turn to be written it is, so the oldest. */
  #next = 0;
  #last = 0;
  #nextAt = Number.NaN;

  constructor(delayMillis: number) {
    assert(delayMillis > 0, "a delay takes time");
    this.#partMillis = delayMillis / PARTS;
  }

  /** The count of that time ago, as of the last note. */
  get earlier(): number {
    return this.#counts[this.#next] as number;
  }

  note(now: number, count: number): void {
    if (Number.isNaN(this.#nextAt)) this.#nextAt = now;
    // After a long silence the whole memory holds what was told last.
    const due = Math.floor((now - this.#nextAt) / this.#partMillis) + 1;
    for (let part = Math.min(due, PARTS + 1); part > 0; part -= 1) {
      this.#counts[this.#next] = part === 1 ? count : this.#last;
      this.#next = (this.#next + 1) % PARTS;
    }
    if (due > 0) this.#nextAt += due * this.#partMillis;
    this.#last = count;
  }
}
