/**
 * How often somebody may ask: a token bucket per key, in the form of the generic cell rate
 * algorithm. A bucket is one whole number, what it lacks to be full, so that no rounding ever
 * gives or takes a token; a bucket that is full again is dropped, because a new one answers the
 * same. One owner mutates it in place; a step takes from every bucket that it names, or from none.
 */
import { assert } from "./assert.ts";

/** `tokens` come every `everyMillis`, evenly; a bucket holds `burst` of them and begins full. */
export interface RateLimit {
  readonly tokens: number;
  readonly everyMillis: number;
  readonly burst: number;
}

/** One bucket to take from. A key is always asked for under the same limit. */
export interface Bucket {
  readonly key: string;
  readonly limit: RateLimit;
}

export interface TakeRequest {
  readonly buckets: readonly Bucket[];
  /** Tokens that the step costs in each bucket: whole, above zero and at most a burst. */
  readonly cost: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface Allowed {
  readonly _tag: "Allowed";
}

/** Nothing was taken: a bucket has too few tokens until `retryAfterMillis` have passed. */
export interface Limited {
  readonly _tag: "Limited";
  /** The bucket that lacks tokens the longest. */
  readonly key: string;
  readonly retryAfterMillis: number;
  /** True at the first refusal since this bucket last gave a token: what a log needs to be told. */
  readonly first: boolean;
}

export type TakeAnswer = Allowed | Limited;

export interface RateLimiterOptions {
  /** Buckets that are remembered; one more forgets the bucket that was asked the longest ago. */
  readonly bucketsMax?: number;
}

/** What a bucket lacks to be full, in token-milliseconds, at a time. */
interface Level {
  readonly limit: RateLimit;
  debt: number;
  at: number;
  dry: boolean;
}

/** Assumed: a raid with a million identities in the time that its slowest bucket takes to fill. */
const BUCKETS_MAX = 1_000_000;
/** Buckets looked at for each new one: more than one, so that full ones go faster than they come. */
const LOOKED_AT = 4;

const ALLOWED: Allowed = { _tag: "Allowed" };

/** Why a limit cannot be kept exactly, or null where it can. */
export function limitProblem({ tokens, everyMillis, burst }: RateLimit): string | null {
  for (const count of [tokens, everyMillis, burst]) {
    if (!Number.isSafeInteger(count) || count < 1) return "its numbers are whole and above zero";
  }
  if (!Number.isSafeInteger(2 * burst * everyMillis))
    return "its burst lasts too long to be counted";
  return null;
}

export class RateLimiter {
  readonly #levels = new Map<string, Level>();
  readonly #bucketsMax: number;
  #forgotten = 0;

  constructor(options: RateLimiterOptions = {}) {
    this.#bucketsMax = options.bucketsMax ?? BUCKETS_MAX;
    assert(this.#bucketsMax > 0, "a rate limiter has room for a bucket");
  }

  /** Buckets in memory. */
  get size(): number {
    return this.#levels.size;
  }

  /** Buckets that had to go before they were full: each may have given tokens twice. */
  get forgotten(): number {
    return this.#forgotten;
  }

  take({ buckets, cost, now }: TakeRequest): TakeAnswer {
    let limited: Limited | null = null;
    for (const { key, limit } of buckets) {
      const wait = this.#waitOf(key, limit, cost, now);
      if (wait > (limited?.retryAfterMillis ?? 0)) {
        limited = { _tag: "Limited", key, retryAfterMillis: wait, first: false };
      }
    }
    if (limited !== null) return this.#refuse(limited);
    for (const { key, limit } of buckets) this.#spend(key, limit, cost * limit.everyMillis, now);
    return ALLOWED;
  }

  /** How long until the bucket has the tokens, milliseconds; 0 where it has them. */
  #waitOf(key: string, limit: RateLimit, cost: number, now: number): number {
    assert(Number.isSafeInteger(cost) && cost > 0 && cost <= limit.burst, "a burst pays a step");
    const level = this.#levels.get(key);
    if (level === undefined) return 0;
    assert(
      level.limit.tokens === limit.tokens && level.limit.everyMillis === limit.everyMillis,
      "a key has one limit",
    );
    const lacks = debtAt(level, now) + (cost - limit.burst) * limit.everyMillis;
    return lacks <= 0 ? 0 : Math.ceil(lacks / limit.tokens);
  }

  #refuse(limited: Limited): Limited {
    const level = this.#levels.get(limited.key);
    assert(level !== undefined, "only a bucket that gave tokens lacks some");
    const first = !level.dry;
    level.dry = true;
    return { ...limited, first };
  }

  #spend(key: string, limit: RateLimit, price: number, now: number): void {
    const level = this.#levels.get(key);
    if (level === undefined) {
      this.#makeRoom(now);
      this.#levels.set(key, { limit, debt: price, at: now, dry: false });
      return;
    }
    level.debt = debtAt(level, now) + price;
    // A wall clock may be set back; a bucket does not fill twice for it.
    level.at = Math.max(level.at, now);
    level.dry = false;
    assert(level.debt <= limit.burst * limit.everyMillis, "a bucket never owes more than a burst");
    this.#levels.delete(key);
    this.#levels.set(key, level);
  }

  /** Drops full buckets among those asked the longest ago, and one that is not where it must. */
  #makeRoom(now: number): void {
    let looked = 0;
    for (const [key, level] of this.#levels) {
      if (looked === LOOKED_AT) break;
      looked += 1;
      const full = debtAt(level, now) === 0;
      if (full || this.#levels.size >= this.#bucketsMax) {
        this.#levels.delete(key);
        if (!full) this.#forgotten += 1;
      }
    }
  }
}

/** What the bucket lacks now, in token-milliseconds. */
function debtAt({ limit, debt, at }: Level, now: number): number {
  const elapsed = Math.max(0, now - at);
  // Past this the product may leave the whole numbers, and the bucket is full anyway.
  if (elapsed >= debt) return 0;
  return Math.max(0, debt - elapsed * limit.tokens);
}
