import { Effect, Layer } from "effect";
import { RateLimiter } from "../../ports/rate-limiter.ts";
import { rateLimiterContract } from "../../testing/rate-limiter.contract.ts";
import { scopedNode, withRedis } from "../testing/redis-store.ts";

withRedis("limits in Redis", (server) => {
  const limiter = Effect.map(scopedNode(server, { items: [] }), (parts) => parts.rateLimiter);
  rateLimiterContract("redis", Layer.scoped(RateLimiter, limiter));
});
