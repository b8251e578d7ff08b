/** Carts in memory, in the order in which they were last touched. Carts are values: no copies. */
import { Effect, Layer } from "effect";
import { assert } from "../core/assert.ts";
import type { Cart } from "../core/cart.ts";
import {
  type CartRemoved,
  CartStore,
  type CartStored,
  type CartStoreService,
  type VersionConflict,
} from "../ports/cart-store.ts";
import { PortUnavailable } from "../ports/port-unavailable.ts";

export interface MemoryCartStoreOptions {
  /** A new cart beyond this many is refused as unavailable: a store drops none to make room. */
  readonly cartsMax?: number;
}

/** Assumed: as many as the visits of the largest sale in the scenarios, though few have a cart. */
const CARTS_MAX = 4_000_000;

const FULL = new PortUnavailable({ port: "store/CartStore", reason: "too many carts" });

class Carts {
  /** The cart touched longest ago first. */
  readonly #carts = new Map<string, Cart>();

  get size(): number {
    return this.#carts.size;
  }

  get(cart: string): Cart | null {
    return this.#carts.get(cart) ?? null;
  }

  put(cart: Cart): CartStored | VersionConflict {
    const version = this.#carts.get(cart.cart)?.version ?? 0;
    if (version !== cart.version) return { _tag: "VersionConflict", version };
    const stored = { ...cart, version: version + 1 };
    this.#carts.delete(cart.cart);
    this.#carts.set(cart.cart, stored);
    return { _tag: "CartStored", cart: stored };
  }

  remove(cart: string, expected: number): CartRemoved | VersionConflict {
    const version = this.#carts.get(cart)?.version ?? 0;
    if (version !== expected) return { _tag: "VersionConflict", version };
    this.#carts.delete(cart);
    return { _tag: "CartRemoved" };
  }

  forget(before: number, limit: number): number {
    assert(limit > 0, "a sweep may forget at least one cart");
    let forgotten = 0;
    for (const [name, cart] of this.#carts) {
      if (forgotten === limit || cart.updatedAt >= before) break;
      this.#carts.delete(name);
      forgotten++;
    }
    return forgotten;
  }
}

function make(options: MemoryCartStoreOptions = {}): CartStoreService {
  const carts = new Carts();
  const cartsMax = options.cartsMax ?? CARTS_MAX;
  assert(cartsMax > 0, "a cart store has room for a cart");
  return {
    get: (cart) => Effect.sync(() => carts.get(cart)),
    put: (cart) =>
      Effect.suspend(() =>
        cart.version === 0 && carts.size >= cartsMax
          ? Effect.fail(FULL)
          : Effect.succeed(carts.put(cart)),
      ),
    remove: (request) => Effect.sync(() => carts.remove(request.cart, request.version)),
    forget: (request) => Effect.sync(() => carts.forget(request.before, request.limit)),
  };
}

export const MemoryCartStore = {
  make,
  layer: (options: MemoryCartStoreOptions = {}) => Layer.sync(CartStore, () => make(options)),
} as const;
