/** The contract of the cart store. */
import { Effect, type Layer } from "effect";
import { expect } from "vitest";
import { addLine, CART_LIMITS, type Cart, emptyCart } from "../core/cart.ts";
import { CartStore, type CartStoreService } from "../ports/cart-store.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { type ContractCase, contract } from "./contract.ts";

export function cartStoreContract(name: string, layer: Layer.Layer<CartStore>): void {
  contract(`cart store: ${name}`, cartStoreCases, layer);
}

function cartOf(cart: string, now = 0): Cart {
  return emptyCart({ cart, shopper: "ann", currency: "USD", now });
}

function withUnits(cart: Cart, sku: string, units: number): Cart {
  const line = { sku, seller: "lights", units, unitPrice: 2_500 };
  const answer = addLine(cart, line, { limits: CART_LIMITS, now: cart.updatedAt });
  expect(answer._tag).toBe("CartChanged");
  return answer._tag === "CartChanged" ? answer.cart : cart;
}

const stored = (store: CartStoreService, cart: Cart) =>
  Effect.map(store.put(cart), (answer): Cart => {
    expect(answer._tag).toBe("CartStored");
    return answer._tag === "CartStored" ? answer.cart : cart;
  });

function cartCase(
  sentence: string,
  body: (store: CartStoreService) => Effect.Effect<void, PortUnavailable>,
): ContractCase<CartStore> {
  return { sentence, program: Effect.flatMap(CartStore, body) };
}

const cartStoreCases: readonly ContractCase<CartStore>[] = [
  cartCase("a cart that was stored is there again, one version on", (store) =>
    Effect.gen(function* () {
      expect(yield* store.get("c")).toBeNull();
      const cart = yield* stored(store, withUnits(cartOf("c"), "lamp", 2));
      expect(cart.version).toBe(1);
      expect(yield* store.get("c")).toEqual(cart);
      expect(cart.lines).toMatchObject([{ sku: "lamp", units: 2 }]);
    }),
  ),
  cartCase("two tabs do not undo each other: the later put is told so", (store) =>
    Effect.gen(function* () {
      const cart = yield* stored(store, cartOf("c"));
      const first = yield* stored(store, withUnits(cart, "lamp", 1));
      const conflict = { _tag: "VersionConflict", version: 2 };
      expect(yield* store.put(withUnits(cart, "chair", 1))).toEqual(conflict);
      expect(yield* store.get("c")).toEqual(first);
      expect(yield* store.put(cartOf("c"))).toEqual(conflict);
      const gone = yield* store.put({ ...cartOf("d"), version: 3 });
      expect(gone).toEqual({ _tag: "VersionConflict", version: 0 });
    }),
  ),
  cartCase("of ten puts over one version, one is stored", (store) =>
    Effect.gen(function* () {
      const cart = yield* stored(store, cartOf("c"));
      const puts = Array.from({ length: 10 }, (_, index) =>
        Effect.zipRight(Effect.yieldNow(), store.put(withUnits(cart, `sku-${index}`, 1))),
      );
      const answers = yield* Effect.all(puts, { concurrency: "unbounded" });
      expect(answers.filter((answer) => answer._tag === "CartStored")).toHaveLength(1);
      expect((yield* store.get("c"))?.lines).toHaveLength(1);
    }),
  ),
  cartCase("a cart is removed only at the version that was seen", (store) =>
    Effect.gen(function* () {
      const cart = yield* stored(store, cartOf("c"));
      const early = yield* store.remove({ cart: "c", version: 0 });
      expect(early).toEqual({ _tag: "VersionConflict", version: 1 });
      const removed = yield* store.remove({ cart: "c", version: cart.version });
      expect(removed).toEqual({ _tag: "CartRemoved" });
      expect(yield* store.get("c")).toBeNull();
    }),
  ),
  cartCase("only carts that nobody touched for long are forgotten, the oldest first", (store) =>
    Effect.gen(function* () {
      const first = yield* stored(store, cartOf("a", 100));
      yield* stored(store, cartOf("b", 200));
      yield* stored(store, cartOf("c", 300));
      yield* stored(store, { ...first, updatedAt: 400 });
      expect(yield* store.forget({ before: 300, limit: 10 })).toBe(1);
      expect(yield* store.get("b")).toBeNull();
      expect(yield* store.forget({ before: 1_000, limit: 1 })).toBe(1);
      expect(yield* store.get("c")).toBeNull();
      expect((yield* store.get("a"))?.version).toBe(2);
    }),
  ),
];
