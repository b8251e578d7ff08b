/**
 * Sellers side by side on one server: a bulkhead between them, so that one seller's rush cannot
 * take what another needs. Of the places for requests in work each seller is guaranteed a part,
 * may borrow what the others leave idle, and has a line of its own, with an end, for what must wait.
 *
 * A place that was lent comes back with the first request that leaves: while anybody waits below
 * their guarantee, nobody above theirs begins. A part of each guarantee is never lent (`kept`), so
 * a seller below it does not even wait for that. One who is at rest gathers no claim: turns are
 * weighed by the shares from when somebody begins to wait (start-time fair queueing: Goyal, Vin and
 * Cheng, SIGCOMM 1996), which decides where a server has fewer places than sellers.
 *
 * It counts; who holds the requests themselves (a server's lines, or promises) asks {@link next}
 * after each {@link leave} until nobody begins. One server owns one bulkhead and changes it in place.
 */
import { assert } from "./assert.ts";

export interface BulkheadSeller {
  /** Their part of all places, above 0; the shares of all sellers are at most 1 together. */
  readonly share: number;
  /** Requests that may wait; one more is refused. */
  readonly waitingMax: number;
}

export interface BulkheadSpec {
  /** Requests in work at once, of all sellers together. */
  readonly places: number;
  readonly sellers: readonly BulkheadSeller[];
  /** The part of each guarantee that is not lent while it is idle, 0 to 1. */
  readonly kept: number;
}

/** The request begins now. */
export interface Begins {
  readonly _tag: "Begins";
}
/** It waits in its seller's line; {@link Bulkhead.next} says when it begins. */
export interface Waits {
  readonly _tag: "Waits";
}
/** Its seller's line is full. */
export interface LineFull {
  readonly _tag: "LineFull";
}
export type EnterAnswer = Begins | Waits | LineFull;

const BEGINS: Begins = { _tag: "Begins" };
const WAITS: Waits = { _tag: "Waits" };
const LINE_FULL: LineFull = { _tag: "LineFull" };

/** Nobody begins. */
export const NOBODY = -1;

/** What the shares may add up to beyond 1 by rounding. */
const ROUNDING = 1e-9;

export class Bulkhead {
  readonly #places: number;
  readonly #shares: Float64Array;
  readonly #waitingMax: Float64Array;
  readonly #guaranteed: Int32Array;
  readonly #kept: Int32Array;
  readonly #inWork: Int32Array;
  readonly #waiting: Int32Array;
  /** Where each seller's next turn begins, on the clock of turns. */
  readonly #turns: Float64Array;
  /** Places in work, and those idle ones that are kept for somebody. */
  #taken = 0;
  #clock = 0;

  constructor(spec: BulkheadSpec) {
    const { places, sellers, kept } = spec;
    assert(Number.isSafeInteger(places) && places >= 1, "a bulkhead divides whole places");
    assert(sellers.length >= 1 && kept >= 0 && kept <= 1, "a bulkhead has sellers");
    const shares = sellers.map(({ share }) => share);
    const sum = shares.reduce((all, share) => all + share, 0);
    assert(
      shares.every((share) => share > 0) && sum <= 1 + ROUNDING,
      "no more is guaranteed than there is",
    );
    this.#places = places;
    this.#shares = Float64Array.from(shares);
    this.#waitingMax = Float64Array.from(sellers, ({ waitingMax }) => waitingMax);
    this.#guaranteed = Int32Array.from(shares, (share) => Math.floor(share * places + ROUNDING));
    this.#kept = this.#guaranteed.map((part) => Math.floor(part * kept + ROUNDING));
    this.#inWork = new Int32Array(sellers.length);
    this.#waiting = new Int32Array(sellers.length);
    this.#turns = new Float64Array(sellers.length);
    this.empty();
  }

  /** Places that are always the seller's: whole ones, their share rounded down. */
  guaranteed(seller: number): number {
    return this.#guaranteed[seller] as number;
  }

  inWork(seller: number): number {
    return this.#inWork[seller] as number;
  }

  waiting(seller: number): number {
    return this.#waiting[seller] as number;
  }

  /** A request of the seller comes. */
  enter(seller: number): EnterAnswer {
    assert(seller >= 0 && seller < this.#shares.length, "a request is some seller's");
    const waiting = this.#waiting[seller] as number;
    if (waiting === 0 && this.#hasRoom(seller)) {
      this.#begin(seller);
      return BEGINS;
    }
    if (waiting >= (this.#waitingMax[seller] as number)) return LINE_FULL;
    this.#waiting[seller] = waiting + 1;
    return WAITS;
  }

  /** A request of the seller that was in work is over. */
  leave(seller: number): void {
    const inWork = this.#inWork[seller] as number;
    assert(inWork > 0, "no more requests leave than began");
    this.#inWork[seller] = inWork - 1;
    if (inWork > (this.#kept[seller] as number)) this.#taken -= 1;
  }

  /** A request of the seller goes away without having begun. */
  withdraw(seller: number): void {
    const waiting = this.#waiting[seller] as number;
    assert(waiting > 0, "who withdraws has waited");
    this.#waiting[seller] = waiting - 1;
  }

  /** The seller whose first waiting request begins now, which is counted; {@link NOBODY} if none. */
  next(): number {
    let chosen = NOBODY;
    for (let seller = 0; seller < this.#shares.length; seller += 1) {
      if (this.#waiting[seller] === 0 || !this.#hasRoom(seller)) continue;
      if (chosen === NOBODY || this.#goesBefore(seller, chosen)) chosen = seller;
    }
    if (chosen === NOBODY) return NOBODY;
    this.#waiting[chosen] = (this.#waiting[chosen] as number) - 1;
    this.#begin(chosen);
    return chosen;
  }

  /** Everything in work and waiting is gone at once. */
  empty(): void {
    this.#inWork.fill(0);
    this.#waiting.fill(0);
    this.#turns.fill(0);
    this.#clock = 0;
    this.#taken = this.#kept.reduce((all, kept) => all + kept, 0);
  }

  /** Whether a place is free that is not kept for another seller. */
  #hasRoom(seller: number): boolean {
    const ownIdle = (this.#kept[seller] as number) - (this.#inWork[seller] as number);
    return this.#taken < this.#places || ownIdle > 0;
  }

  /** Who is below their guarantee first, then who has least by their share, then whose turn it is. */
  #goesBefore(one: number, other: number): boolean {
    const claims = (seller: number): boolean =>
      (this.#inWork[seller] as number) < (this.#guaranteed[seller] as number);
    if (claims(one) !== claims(other)) return claims(one);
    const [oneShare, otherShare] = [this.#shares[one] as number, this.#shares[other] as number];
    const oneHas = (this.#inWork[one] as number) * otherShare;
    const otherHas = (this.#inWork[other] as number) * oneShare;
    if (oneHas !== otherHas) return oneHas < otherHas;
    return this.#turnOf(one) < this.#turnOf(other);
  }

  #turnOf(seller: number): number {
    return Math.max(this.#clock, this.#turns[seller] as number);
  }

  #begin(seller: number): void {
    const inWork = this.#inWork[seller] as number;
    if (inWork >= (this.#kept[seller] as number)) this.#taken += 1;
    assert(this.#taken <= this.#places, "never more in work than there are places");
    this.#inWork[seller] = inWork + 1;
    this.#clock = this.#turnOf(seller);
    this.#turns[seller] = this.#clock + 1 / (this.#shares[seller] as number);
  }
}
