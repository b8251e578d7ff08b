/**
 * What the server refuses when more is asked than it can do, so that what it takes it ends. Two
 * measures feed the store's own rules of load shedding: requests in work, against a limit of which
 * each priority may fill a larger part, and how late the event loop runs its timers, which is what
 * a request has waited before anybody saw it. Health and administration are never refused.
 */
import type { FastifyReply } from "fastify";
import {
  LoadShedding,
  PRIORITIES,
  type Priority,
  type RetryAfterRange,
  retryAfterSeconds,
  type SheddingLimits,
} from "../../core/load-shedding.ts";

export interface OverloadLimits {
  readonly shedding: SheddingLimits;
  readonly retryAfter: RetryAfterRange;
}

/** More in work at once than the largest load that this store was measured with has connections. */
const IN_WORK_MAX = 1_024;
/** How often the event loop is looked at. */
const LOOK_EVERY_MILLIS = 50;

/**
 * The limit at the door is fixed, for the latency of a group commit says little of the load. In
 * line a wait of 50 ms is healthy (a machine that is shared makes a loop late by itself); an arriving
 * shopper is refused from 200 ms, a payment from 3.2 s.
 */
export const OVERLOAD_LIMITS: OverloadLimits = {
  shedding: {
    codel: { interval: 500, target: 50 },
    gradient2: {
      initial: IN_WORK_MAX,
      min: IN_WORK_MAX,
      max: IN_WORK_MAX,
      smoothing: 0.2,
      queueSize: 4,
      longWindow: 600,
      warmup: 10,
    },
  },
  retryAfter: { minSeconds: 1, maxSeconds: 5 },
};

export class Overload {
  /** Requests that were taken and not yet answered. */
  inWork = 0;
  /**
   * Programs of the store that have not ended. One whose request was told to come back later goes
   * on, and takes the place of another request for as long.
   */
  underWay = 0;
  /** Requests that were refused, by the place of their priority. */
  readonly refused: number[] = PRIORITIES.map(() => 0);
  readonly #shedding: LoadShedding;
  readonly #retryAfter: RetryAfterRange;
  readonly #left: () => void;
  #lateMillis = 0;
  #lookedAt = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor({ shedding, retryAfter }: OverloadLimits) {
    this.#shedding = new LoadShedding(shedding);
    this.#retryAfter = retryAfter;
    this.#left = () => {
      this.inWork -= 1;
    };
  }

  /** How late the event loop was when it was last looked at, milliseconds. */
  get lateMillis(): number {
    return this.#lateMillis;
  }

  /** Takes the request until its answer is out, or says how many seconds to stay away. */
  take(priority: Priority, reply: FastifyReply): number | null {
    const place = PRIORITIES.indexOf(priority);
    const busy = Math.max(this.inWork, this.underWay);
    const refused =
      this.#shedding.refusesAtDoor(place, busy) ||
      this.#shedding.refusesInLine(place, this.#lateMillis, performance.now());
    if (refused) {
      this.refused[place] += 1;
      return retryAfterSeconds(this.#retryAfter, Math.random());
    }
    this.inWork += 1;
    // Comes once, whether the answer went out or the shopper went away.
    reply.raw.on("close", this.#left);
    return null;
  }

  start(): void {
    this.#lookedAt = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#lateMillis = Math.max(0, now - this.#lookedAt - LOOK_EVERY_MILLIS);
      this.#lookedAt = now;
    }, LOOK_EVERY_MILLIS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
