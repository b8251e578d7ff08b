import { Effect, Layer } from "effect";
import { CartStore } from "../../ports/cart-store.ts";
import { cartStoreContract } from "../../testing/cart-store.contract.ts";
import { scopedNode, withRedis } from "../testing/redis-store.ts";

withRedis("carts in Redis", (server) => {
  const carts = Effect.map(scopedNode(server, { items: [] }), (parts) => parts.carts);
  cartStoreContract("redis", Layer.scoped(CartStore, carts));
});
