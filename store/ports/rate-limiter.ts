/** Where buckets of requests are kept, per shopper and per network; see `core/rate-limit.ts`. */
import { Context, type Effect } from "effect";
import type { TakeAnswer, TakeRequest } from "../core/rate-limit.ts";
import type { PortUnavailable } from "./port-unavailable.ts";

export interface RateLimiterService {
  /** Takes the cost from every bucket that the request names, or from none of them. */
  readonly take: (request: TakeRequest) => Effect.Effect<TakeAnswer, PortUnavailable>;
}

export class RateLimiter extends Context.Tag("store/RateLimiter")<
  RateLimiter,
  RateLimiterService
>() {}
