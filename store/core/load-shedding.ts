/**
 * What a server refuses first when more is asked of it than it can do, and what it tells whom it
 * refuses. Requests are refused in the order of {@link PRIORITIES}: who is not known to be a person
 * and who only arrives go before who looks around, those before who has a cart, and who is paying
 * goes last, for in them the most work and the most money are at stake.
 *
 * Two rules say when, alone or together. *In line* (CoDel): once even the luckiest request has
 * waited too long, a request is refused when a worker would take it up, after a wait that doubles
 * with each priority. So the line gets no longer than what the least of those present would stand,
 * and no work goes to whom has given up. *At the door* (Gradient2): no more than a limit that is
 * learned from latency are inside at once, and each priority may fill a larger part of it.
 *
 * Neither rule refuses a priority where it would take a lower one. One server owns one of these,
 * or one for each seller, and changes it in place. Times are in any one unit.
 */
import { assert } from "./assert.ts";
import { type Codel, type CodelLimits, refuses, startCodel } from "./codel.ts";
import {
  admitsAtOnce,
  type Gradient2,
  type Gradient2Limits,
  noteLatency,
  startGradient2,
} from "./gradient2.ts";

/** In the order in which they are refused. */
export const PRIORITIES = [
  "unknown",
  "arriving",
  "browsing",
  "cart",
  "checkout",
  "payment",
] as const;
export type Priority = (typeof PRIORITIES)[number];

/** By priority: how many times CoDel's own bound a request may have waited. Assumed: doubling. */
const STANDS_TARGETS = [1, 2, 4, 8, 16, 32];
/** By priority: the part of the limit that they may fill. Assumed: a tenth more for each. */
const FILLS_OF_LIMIT = [0.5, 0.6, 0.7, 0.8, 0.9, 1];
/** CoDel refuses after so many targets; see `codel.ts`. */
const CODEL_TARGETS = 2;

export interface SheddingLimits {
  /** Null where nothing is refused in line. */
  readonly codel: CodelLimits | null;
  /** Null where nothing is refused at the door. */
  readonly gradient2: Gradient2Limits | null;
}

/** How long the refused are told to stay away, whole seconds, each from `min` to `max`. */
export interface RetryAfterRange {
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

/** An HTTP answer 503 with this in its Retry-After. */
export interface RetryAfter {
  readonly _tag: "RetryAfter";
  readonly seconds: number;
}
/** The shopper gets a ticket of the waiting room in place of an error. */
export interface SentToWaitingRoom {
  readonly _tag: "SentToWaitingRoom";
}
export type Told = RetryAfter | SentToWaitingRoom;

export interface RequestFacts {
  /** False for who has given no sign of being a person. */
  readonly known: boolean;
  readonly hasCart: boolean;
  readonly page: "landing" | "list" | "product" | "cart" | "checkout" | "payment";
}

/** An index of {@link PRIORITIES}. */
export function priorityOf({ known, hasCart, page }: RequestFacts): number {
  return PRIORITIES.indexOf(priorityNamed(known, hasCart, page));
}

function priorityNamed(known: boolean, hasCart: boolean, page: RequestFacts["page"]): Priority {
  if (!known) return "unknown";
  if (page === "payment" || page === "checkout") return page;
  if (hasCart || page === "cart") return "cart";
  return page === "landing" ? "arriving" : "browsing";
}

/** Seconds for one who is refused; `chance` is drawn evenly from 0 to 1, so that few come back at once. */
export function retryAfterSeconds(range: RetryAfterRange, chance: number): number {
  const { minSeconds, maxSeconds } = range;
  assert(minSeconds >= 1 && minSeconds <= maxSeconds, "a time to stay away is in order");
  assert(chance >= 0 && chance < 1, "a chance is a share");
  return minSeconds + Math.floor(chance * (maxSeconds - minSeconds + 1));
}

/**
 * What one who is refused is told. Where a waiting room is open, who has nothing in the shop yet
 * waits there; who has a cart is asked to try again, for a room would part them from it.
 */
export function toldTo(
  priority: number,
  options: { readonly roomOpen: boolean; readonly range: RetryAfterRange; readonly chance: number },
): Told {
  const nothingYet = priority < PRIORITIES.indexOf("cart");
  if (options.roomOpen && nothingYet) return { _tag: "SentToWaitingRoom" };
  return { _tag: "RetryAfter", seconds: retryAfterSeconds(options.range, options.chance) };
}

export class LoadShedding {
  readonly #limits: SheddingLimits;
  #codel: Codel;
  #limiter: Gradient2 | null;

  constructor(limits: SheddingLimits) {
    assert(STANDS_TARGETS.length === PRIORITIES.length, "each priority stands some wait");
    assert(FILLS_OF_LIMIT.length === PRIORITIES.length, "each priority has a part of the limit");
    this.#limits = limits;
    this.#codel = startCodel();
    this.#limiter = limits.gradient2 === null ? null : startGradient2(limits.gradient2);
  }

  /** How many may be inside at once; without end where nothing is refused at the door. */
  get limit(): number {
    return this.#limiter === null ? Number.POSITIVE_INFINITY : admitsAtOnce(this.#limiter);
  }

  /** Whether a request that comes to `inFlight` others is refused. */
  refusesAtDoor(priority: number, inFlight: number): boolean {
    if (this.#limiter === null) return false;
    // At least one place each, or a limit of one would admit nobody but payments.
    const part = Math.max(1, Math.floor(this.limit * (FILLS_OF_LIMIT[priority] as number)));
    return inFlight >= part;
  }

  /** Whether a request is refused that a worker takes up now, after it has `waited`. */
  refusesInLine(priority: number, waited: number, now: number): boolean {
    const { codel } = this.#limits;
    if (codel === null) return false;
    if (!refuses(this.#codel, codel, waited, now)) return false;
    return waited > CODEL_TARGETS * codel.target * (STANDS_TARGETS[priority] as number);
  }

  /** A request was answered after `latency`, with `inFlight` inside, itself included. */
  noteAnswer(latency: number, inFlight: number): void {
    const { gradient2 } = this.#limits;
    if (this.#limiter === null || gradient2 === null || latency <= 0) return;
    noteLatency(this.#limiter, gradient2, latency, inFlight);
  }

  /** The server starts anew and has learned nothing. */
  restart(): void {
    const { gradient2 } = this.#limits;
    this.#codel = startCodel();
    this.#limiter = gradient2 === null ? null : startGradient2(gradient2);
  }
}
