/** Carts in memory, in the order in which they were last touched. Carts are values: no copies. */
import { Layer } from "effect";
import { assert } from "../core/assert.ts";
import type { Cart } from "../core/cart.ts";
import { atOnce, Refused } from "../ports/at-once.ts";
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

const FULL = new Refused(
  new PortUnavailable({ port: "store/CartStore", reason: "too many carts" }),
);

/** A cart in its place between the one touched before it and the one touched after it. */
interface Row {
  cart: Cart;
  before: Row | null;
  after: Row | null;
}

/**
 * Carts by name, and a list of them by their last touch. A touch moves a row in the list and
 * leaves the map alone: most calls touch a cart that is there, and a large map is slow to change.
 */
class Carts {
  readonly #rows = new Map<string, Row>();
  /** The row touched longest ago, and the one touched last. */
  #oldest: Row | null = null;
  #newest: Row | null = null;

  get size(): number {
    return this.#rows.size;
  }

  get(cart: string): Cart | null {
    return this.#rows.get(cart)?.cart ?? null;
  }

  put(cart: Cart): CartStored | VersionConflict {
    const row = this.#rows.get(cart.cart);
    const version = row?.cart.version ?? 0;
    if (version !== cart.version) return { _tag: "VersionConflict", version };
    const { cart: name, shopper, currency, lines, updatedAt } = cart;
    const stored = { cart: name, shopper, currency, version: version + 1, lines, updatedAt };
    if (row === undefined)
      this.#rows.set(name, this.#append({ cart: stored, before: null, after: null }));
    else this.#touch(row, stored);
    return { _tag: "CartStored", cart: stored };
  }

  remove({ cart, version: expected }: Removal): CartRemoved | VersionConflict {
    const row = this.#rows.get(cart);
    const version = row?.cart.version ?? 0;
    if (version !== expected) return { _tag: "VersionConflict", version };
    if (row !== undefined) this.#drop(row);
    return { _tag: "CartRemoved" };
  }

  forget({ before, limit }: Forgetting): number {
    assert(limit > 0, "a sweep may forget at least one cart");
    let forgotten = 0;
    while (forgotten < limit && this.#oldest !== null && this.#oldest.cart.updatedAt < before) {
      this.#drop(this.#oldest);
      forgotten++;
    }
    return forgotten;
  }

  #touch(row: Row, cart: Cart): void {
    row.cart = cart;
    if (row === this.#newest) return;
    this.#unlink(row);
    this.#append(row);
  }

  #drop(row: Row): void {
    this.#rows.delete(row.cart.cart);
    this.#unlink(row);
  }

  #append(row: Row): Row {
    row.before = this.#newest;
    row.after = null;
    if (this.#newest === null) this.#oldest = row;
    else this.#newest.after = row;
    this.#newest = row;
    return row;
  }

  #unlink({ before, after }: Row): void {
    if (before === null) this.#oldest = after;
    else before.after = after;
    if (after === null) this.#newest = before;
    else after.before = before;
  }
}

type Removal = Parameters<CartStoreService["remove"]>[0];
type Forgetting = Parameters<CartStoreService["forget"]>[0];

function make(options: MemoryCartStoreOptions = {}): CartStoreService {
  const carts = new Carts();
  const cartsMax = options.cartsMax ?? CARTS_MAX;
  assert(cartsMax > 0, "a cart store has room for a cart");
  return {
    get: atOnce((cart: string) => carts.get(cart)),
    put: atOnce((cart: Cart) =>
      cart.version === 0 && carts.size >= cartsMax ? FULL : carts.put(cart),
    ),
    remove: atOnce((request: Removal) => carts.remove(request)),
    forget: atOnce((request: Forgetting) => carts.forget(request)),
  };
}

export const MemoryCartStore = {
  make,
  layer: (options: MemoryCartStoreOptions = {}) => Layer.sync(CartStore, () => make(options)),
} as const;
