/** Buckets in memory, no more than a number of them: full ones go first, and nothing is lost. */
import { Layer } from "effect";
import {
  type RateLimiterOptions,
  RateLimiter as Rules,
  type TakeRequest,
} from "../core/rate-limit.ts";
import { atOnce } from "../ports/at-once.ts";
import { RateLimiter, type RateLimiterService } from "../ports/rate-limiter.ts";

export interface MemoryRateLimiterService extends RateLimiterService {
  /** The rules themselves, for whoever looks at the memory that they take. */
  readonly rules: Rules;
}

function make(options: RateLimiterOptions = {}): MemoryRateLimiterService {
  const rules = new Rules(options);
  return { rules, take: atOnce((request: TakeRequest) => rules.take(request)) };
}

export const MemoryRateLimiter = {
  make,
  layer: (options: RateLimiterOptions = {}) => Layer.sync(RateLimiter, () => make(options)),
} as const;
