/**
 * The door of a node of the shop while nobody has to wait. The waiting room lends it places, and it
 * lets shoppers in for them without asking about each: it counts them by when their sessions end,
 * and keeps neither a row nor a name of anybody. What a shopper carries is a stamp of that end.
 */
import { assert } from "./assert.ts";

/** A session's end is rounded up to a part of the session of this many. */
const PARTS = 256;
export const SHUT = -1;

export class OpenDoor {
  readonly #partMillis: number;
  /** Shoppers whose session ends with each part of time; parts that are over are empty. */
  readonly #ends = new Int32Array(2 * PARTS);
  /** The part of time up to which ends are counted; NaN before the first look at the time. */
  #part = Number.NaN;
  #inside = 0;
  #free = 0;
  #used = 0;

  constructor(sessionMillis: number) {
    assert(sessionMillis > 0, "a session takes time");
    this.#partMillis = Math.max(1, Math.ceil(sessionMillis / PARTS));
  }

  /** Shoppers let in since the last loan. */
  get used(): number {
    return this.#used;
  }

  /** Shoppers let in here whose sessions go on. */
  inside(now: number): number {
    this.#goOnTo(now);
    return this.#inside;
  }

  /** From here on it has so many places more than shoppers inside. */
  borrow(places: number): void {
    assert(Number.isSafeInteger(places) && places >= 0, "whole places are lent");
    this.#free = places;
    this.#used = 0;
  }

  /** Lets a shopper in and answers the stamp of their session, or SHUT. */
  letIn(now: number): number {
    if (this.#free === 0) return SHUT;
    this.#free -= 1;
    this.#used += 1;
    this.#inside += 1;
    return this.#stamped(now);
  }

  /** A request from inside: the new stamp, or SHUT where the session is over. */
  sees(stamp: number, now: number): number {
    this.#goOnTo(now);
    if (stamp <= this.#part) return SHUT;
    this.#take(stamp);
    return this.#stamped(now);
  }

  #stamped(now: number): number {
    this.#goOnTo(now);
    const stamp = this.#part + 1 + PARTS;
    const part = stamp % this.#ends.length;
    this.#ends[part] = (this.#ends[part] as number) + 1;
    return stamp;
  }

  #take(stamp: number): void {
    const part = stamp % this.#ends.length;
    assert((this.#ends[part] as number) > 0, "who was let in is counted");
    this.#ends[part] = (this.#ends[part] as number) - 1;
  }

  #goOnTo(now: number): void {
    const part = Math.floor(now / this.#partMillis);
    if (part === this.#part) return;
    const { length } = this.#ends;
    const from = Number.isNaN(this.#part) ? part : Math.max(this.#part + 1, part - length + 1);
    for (let over = from; over <= part; over += 1) {
      this.#inside -= this.#ends[over % length] as number;
      this.#ends[over % length] = 0;
    }
    this.#part = part;
  }
}
