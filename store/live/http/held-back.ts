/**
 * Holds back who fails too often at something that is worth trying: a token, a card. Only failures
 * count, so whoever does it right is never held back for it; who has used up a bucket waits until
 * there is a token in it again. Kept by each process for itself.
 */
import { type Bucket, RateLimiter } from "../../core/rate-limit.ts";

/** Assumed: a raid's identities in the time that a bucket takes to fill. */
const WATCHED_MAX = 100_000;

export class HeldBack {
  readonly #failures = new RateLimiter({ bucketsMax: WATCHED_MAX });
  readonly #until = new Map<string, number>();

  /** How long this one has to wait, milliseconds; 0 where it may try. */
  waitMillis(key: string, now: number): number {
    const until = this.#until.get(key);
    if (until === undefined) return 0;
    if (until > now) return until - now;
    this.#until.delete(key);
    return 0;
  }

  countFailure(bucket: Bucket, now: number): void {
    const taken = this.#failures.take({ buckets: [bucket], cost: 1, now });
    if (taken._tag === "Allowed") return;
    if (this.#until.size >= WATCHED_MAX) this.#until.clear();
    this.#until.set(bucket.key, now + taken.retryAfterMillis);
  }
}
