/**
 * How many may be let in now: no more than are free places, no more than the rate allows, fewer
 * while the store answers slowly. It is Cloudflare's rule, min(new per minute, total - active),
 * with the minute spread out; the total follows Gradient2 where the room is adaptive, and while
 * CoDel finds the store overloaded nobody is let in at all.
 */
import { assert } from "./assert.ts";
import { type Codel, refuses, startCodel } from "./codel.ts";
import {
  admitsAtOnce,
  GRADIENT2_LIMITS,
  type Gradient2,
  type Gradient2Limits,
  noteLatency,
  startGradient2,
} from "./gradient2.ts";
import type { RoomLimits, StoreHealth } from "./ticket.ts";

/** What the rate allows is saved up over this time at most. */
const BURST_MILLIS = 5_000;
const MINUTE_MILLIS = 60_000;
/** While the store is well an adaptive limit grows by this share of its greatest at a time. */
const GROWTH_SHARE = 0.01;

/** Of the places that are free an open door is lent this share, and at most so many. */
const LENT_SHARE = 0.5;
export const LENT_MAX = 65_536;

export class AdmissionPace {
  readonly #limits: RoomLimits;
  /** Shoppers that may be inside at once while the store is well. */
  #active: number | null;
  /** Shoppers inside from whom on anybody is held back. */
  holdsBackFrom: number;
  #gradientLimits: Gradient2Limits | null;
  readonly #gradient: Gradient2 | null;
  readonly #codel: Codel = startCodel();
  /** Admissions that the rate allows now, with a fraction. */
  #allowance: number;
  readonly #allowanceMax: number;
  /** Of the admissions that the rate allowed, those lent out. */
  #lent = 0;
  /** NaN before the first look at the time. */
  #at = Number.NaN;

  constructor(limits: RoomLimits) {
    const { active, perMinute, adaptive } = limits;
    assert(active === null || active >= 1, "a room has a place");
    assert(perMinute === null || perMinute > 0, "a room lets somebody in");
    this.#limits = limits;
    this.#active = active;
    this.holdsBackFrom = limits.engages.above;
    this.#allowanceMax =
      perMinute === null
        ? Number.POSITIVE_INFINITY
        : Math.max(1, (perMinute * BURST_MILLIS) / MINUTE_MILLIS);
    this.#allowance = this.#allowanceMax;
    this.#gradientLimits =
      adaptive === null || active === null ? null : gradientOf(active, adaptive.activeMin);
    this.#gradient = this.#gradientLimits === null ? null : startGradient2(this.#gradientLimits);
  }

  /** Shoppers that may be inside at once; null is no limit. */
  get activeLimit(): number | null {
    return this.#gradient === null ? this.#active : admitsAtOnce(this.#gradient);
  }

  get overloaded(): boolean {
    return this.#codel.overloaded;
  }

  /** Lets so many be inside from now on, and holds back from the same share of them on. */
  resize(active: number): void {
    assert(active >= 1, "a room has a place");
    const before = this.#active;
    this.#active = active;
    if (before === null) return;
    this.holdsBackFrom = Math.round((this.holdsBackFrom * active) / before);
    if (this.#gradient === null) return;
    const limits = gradientOf(active, this.#limits.adaptive?.activeMin ?? 1);
    const grown = (this.#gradient.limit * active) / before;
    this.#gradient.limit = Math.max(limits.min, Math.min(limits.max, grown));
    this.#gradientLimits = limits;
  }

  /** Whether one more may be let in beside `active` others. */
  allows(active: number, now: number): boolean {
    this.#refill(now);
    if (this.#codel.overloaded || this.#allowance < 1) return false;
    const limit = this.activeLimit;
    return limit === null || active < limit;
  }

  /** One was let in. */
  take(): void {
    this.#allowance = Math.max(0, this.#allowance - 1);
  }

  /**
   * Answers how many may be let in elsewhere beside `active` others; until that is settled, no
   * more is saved up beside them.
   */
  lend(active: number, now: number): number {
    assert(this.#lent === 0, "a loan is settled before the next");
    if (!this.allows(active, now)) return 0;
    const limit = this.activeLimit;
    const free = limit === null ? this.#allowance : Math.min(this.#allowance, limit - active);
    this.#lent = Math.min(LENT_MAX, Math.floor(free * LENT_SHARE));
    this.#allowance -= this.#lent;
    return this.#lent;
  }

  /** Of those lent so many were let in. */
  settle(used: number, now: number): void {
    this.#allowance += Math.max(0, this.#lent - used);
    this.#lent = 0;
    this.#refill(now);
  }

  /** Takes in how the store answered since the last time; without an answer it is not overloaded. */
  note(health: StoreHealth | null, active: number, now: number): void {
    const { adaptive } = this.#limits;
    if (adaptive === null) return;
    const { intervalMillis: interval, targetMillis: target } = adaptive;
    refuses(this.#codel, { interval, target }, health?.quickestMillis ?? 0, now);
    if (health === null || this.#gradient === null || this.#gradientLimits === null) return;
    noteLatency(this.#gradient, this.#gradientLimits, Math.max(1, health.meanMillis), active);
  }

  #refill(now: number): void {
    const { perMinute } = this.#limits;
    if (perMinute === null || this.#at === now) return;
    const since = Number.isNaN(this.#at) ? 0 : now - this.#at;
    this.#at = now;
    if (since <= 0) return;
    const more = (perMinute * since) / MINUTE_MILLIS;
    this.#allowance = Math.min(this.#allowanceMax - this.#lent, this.#allowance + more);
  }
}

function gradientOf(active: number, activeMin: number): Gradient2Limits {
  return {
    ...GRADIENT2_LIMITS,
    initial: active,
    min: Math.max(1, Math.min(active, activeMin)),
    max: active,
    queueSize: Math.max(GRADIENT2_LIMITS.queueSize, active * GROWTH_SHARE),
  };
}
