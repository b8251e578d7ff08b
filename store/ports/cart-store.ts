/**
 * Where carts are kept. A put names the version that it was made from (compare-and-set), and a
 * cart that was stored is there until it is removed or forgotten: it survives queues and restarts.
 */
import { Context, type Effect } from "effect";
import type { Cart } from "../core/cart.ts";
import type { PortUnavailable } from "./port-unavailable.ts";

export interface CartStored {
  readonly _tag: "CartStored";
  /** The cart with its new version. */
  readonly cart: Cart;
}

/** The stored cart is not the version that the put was made from; nothing was changed. */
export interface VersionConflict {
  readonly _tag: "VersionConflict";
  /** The version that is stored; 0 where there is none. */
  readonly version: number;
}

export interface CartRemoved {
  readonly _tag: "CartRemoved";
}

export interface CartStoreService {
  readonly get: (cart: string) => Effect.Effect<Cart | null, PortUnavailable>;
  /** Stores `cart` over the version that it carries and answers with the next version. */
  readonly put: (cart: Cart) => Effect.Effect<CartStored | VersionConflict, PortUnavailable>;
  readonly remove: (request: {
    readonly cart: string;
    readonly version: number;
  }) => Effect.Effect<CartRemoved | VersionConflict, PortUnavailable>;
  /** Removes carts untouched since before `before`, oldest first, and answers how many. */
  readonly forget: (request: {
    readonly before: number;
    readonly limit: number;
  }) => Effect.Effect<number, PortUnavailable>;
}

export class CartStore extends Context.Tag("store/CartStore")<CartStore, CartStoreService>() {}
