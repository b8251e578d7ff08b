/**
 * A limit of a rate that allows bursts, as gateways and mail senders apply it. Kept as one number,
 * the instant at which the bucket would be full (the generic cell rate algorithm, ITU-T I.371), so
 * that nothing ticks.
 */
import { assert } from "./assert.ts";
import { SECOND, type Ticks } from "./time.ts";

export interface TokenBucketOptions {
  /** Tokens that come back per second. */
  readonly perSecond: number;
  /** Tokens that the bucket holds; it starts full. */
  readonly burst: number;
}

export class TokenBucket {
  private readonly ticksPerToken: number;
  private readonly burst: number;
  private fullAt = 0;

  constructor(options: TokenBucketOptions) {
    const { perSecond, burst } = options;
    assert(perSecond > 0 && Number.isFinite(perSecond), "tokens come back at a positive rate");
    assert(burst > 0 && Number.isFinite(burst), "a bucket holds some tokens");
    this.ticksPerToken = SECOND / perSecond;
    this.burst = burst;
  }

  /** Takes tokens if there are enough now; else takes none and answers false. */
  take(now: Ticks, amount = 1): boolean {
    if (now < this.readyAt(now, amount)) return false;
    this.fullAt = Math.max(this.fullAt, now) + amount * this.ticksPerToken;
    return true;
  }

  /**
   * Ticks until that many tokens are there if nobody else takes any. After them `take` succeeds.
   */
  wait(now: Ticks, amount = 1): Ticks {
    return Math.max(0, Math.ceil(this.readyAt(now, amount)) - now);
  }

  /** Tokens in the bucket now. */
  level(now: Ticks): number {
    return Math.max(0, this.burst - Math.max(0, this.fullAt - now) / this.ticksPerToken);
  }

  private readyAt(now: Ticks, amount: number): number {
    assert(
      amount > 0 && amount <= this.burst,
      "no more tokens are asked for than the bucket can hold",
    );
    return Math.max(this.fullAt, now) + (amount - this.burst) * this.ticksPerToken;
  }
}
