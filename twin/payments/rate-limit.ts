/**
 * A limit of calls per second as payment networks keep it: a bucket that holds one second's calls,
 * full at the beginning, and is filled evenly; a call that finds less than one call in it is refused.
 */
import { assert } from "../../engine/assert.ts";
import { SECOND, type Ticks } from "../../engine/time.ts";

export class RateLimit {
  readonly #perSecond: number;
  /** What the bucket holds: one second's calls, and at least one. */
  readonly #room: number;
  /** Calls in the bucket when it was looked at last. */
  #calls: number;
  #lookedAt: Ticks;

  constructor({ perSecond, now }: { readonly perSecond: number; readonly now: Ticks }) {
    assert(perSecond > 0, "a rate limit lets something through");
    this.#perSecond = perSecond;
    this.#room = Math.max(1, perSecond);
    this.#calls = this.#room;
    this.#lookedAt = now;
  }

  /** Whether a call may come now; if so, it is counted. */
  admits(now: Ticks): boolean {
    const since = (now - this.#lookedAt) / SECOND;
    this.#calls = Math.min(this.#room, this.#calls + since * this.#perSecond);
    this.#lookedAt = now;
    if (this.#calls < 1) return false;
    this.#calls -= 1;
    return true;
  }
}
