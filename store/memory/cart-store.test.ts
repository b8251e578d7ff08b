import { Effect } from "effect";
import { expect, it } from "vitest";
import { emptyCart } from "../core/cart.ts";
import { cartStoreContract } from "../testing/cart-store.contract.ts";
import { MemoryCartStore } from "./cart-store.ts";

cartStoreContract("memory", MemoryCartStore.layer());

it("the memory cart store refuses a new cart beyond its limit and keeps the others", () => {
  const store = MemoryCartStore.make({ cartsMax: 1 });
  const cart = (name: string) => emptyCart({ cart: name, shopper: "ann", currency: "USD", now: 0 });
  Effect.runSync(store.put(cart("a")));
  expect(Effect.runSync(Effect.flip(store.put(cart("b"))))._tag).toBe("PortUnavailable");
  const again = Effect.runSync(store.put({ ...cart("a"), version: 1 }));
  expect(again._tag).toBe("CartStored");
});
