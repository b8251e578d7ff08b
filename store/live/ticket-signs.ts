/**
 * Signs of life of those who wait or are inside, gathered by a node until it tells the waiting
 * room. A ticket is told of once in a while and not at each look: a page asks every few seconds,
 * and a place is kept for minutes. So a place may end up to that while before its time, counted
 * from the last look of a shopper who then stays away; whoever goes on looking keeps it.
 */
import { assert } from "../core/assert.ts";
import type { RoomLimits, SeenInside } from "../core/ticket.ts";

/** The part of the time that a place is kept in which a ticket is told of once. */
const TOLD_AGAIN_PART = 6;
/** A node that only answers looks tells of them all the same, this long after the first. */
const TELL_WITHIN_MILLIS = 1_000;

export class TicketSigns {
  readonly #toldAgainMillis: number;
  /** Tickets that were noted since a time: no more than looked within it. */
  #noted = new Set<number>();
  #notedSince = Number.NEGATIVE_INFINITY;
  #signs = new Map<number, number>();
  /** When the first of the signs that are to be told was noted. */
  #signsSince = Number.POSITIVE_INFINITY;

  /** Notes a ticket at most once in so many milliseconds; 0 notes every sign. */
  constructor(toldAgainMillis: number) {
    assert(toldAgainMillis >= 0, "a time is not negative");
    this.#toldAgainMillis = toldAgainMillis;
  }

  static of({ keptMillis, sessionMillis }: RoomLimits): TicketSigns {
    return new TicketSigns(Math.floor(Math.min(keptMillis, sessionMillis) / TOLD_AGAIN_PART));
  }

  note(ticket: number, now: number): void {
    const passed = now - this.#notedSince;
    if (passed >= this.#toldAgainMillis || passed < 0) {
      this.#noted.clear();
      this.#notedSince = now;
    }
    if (this.#noted.has(ticket)) return;
    if (this.#toldAgainMillis > 0) this.#noted.add(ticket);
    this.#signs.set(ticket, now);
    this.#signsSince = Math.min(this.#signsSince, now);
  }

  /** Whether signs wait to be told that long that whoever asks next has to do it. */
  isDue(now: number): boolean {
    return now - this.#signsSince >= TELL_WITHIN_MILLIS;
  }

  /** What the room has to be told, in the order in which it was first seen; null where nothing is. */
  take(): SeenInside | null {
    const { size } = this.#signs;
    if (size === 0) return null;
    const seen = {
      count: size,
      tickets: Float64Array.from(this.#signs.keys()),
      at: Float64Array.from(this.#signs.values()),
    };
    this.#signs = new Map();
    this.#signsSince = Number.POSITIVE_INFINITY;
    return seen;
  }

  /** Takes back what could not be told, unless there is a later sign. */
  giveBack({ count, tickets, at }: SeenInside): void {
    for (let index = 0; index < count; index += 1) {
      const [ticket, seen] = [tickets[index] as number, at[index] as number];
      if (!this.#signs.has(ticket)) this.#signs.set(ticket, seen);
      this.#signsSince = Math.min(this.#signsSince, seen);
    }
  }
}
