/** Carts on SQLite: a put names the version that it was made from, and the last touch is kept. */
import { assert } from "../../core/assert.ts";
import type { Cart } from "../../core/cart.ts";
import type {
  CartRemoved,
  CartStored,
  CartStoreService,
  VersionConflict,
} from "../../ports/cart-store.ts";
import type { GroupCommit } from "./group-commit.ts";
import { PortSteps } from "./port-steps.ts";
import { type Counters, RowImage } from "./row-image.ts";

export interface SqliteCartOptions {
  /** A new cart beyond this many is refused as unavailable: a store drops none to make room. */
  readonly cartsMax?: number;
}

/** Assumed, as in memory: as many as the visits of the largest sale in the scenarios. */
const CARTS_MAX = 4_000_000;
/** Counters of the ledger file. */
const CARTS = "carts";
const TOUCHES = "carts.touches";

interface CartRow {
  readonly cart: Cart;
  readonly touched: number;
}

type Removal = Parameters<CartStoreService["remove"]>[0];
type Forgetting = Parameters<CartStoreService["forget"]>[0];

export function sqliteCartStore(
  group: GroupCommit,
  counters: Counters,
  { cartsMax = CARTS_MAX }: SqliteCartOptions = {},
): CartStoreService {
  assert(cartsMax > 0, "a cart store has room for a cart");
  const carts = new Carts(group, counters);
  const steps = new PortSteps(group, "store/CartStore");
  const full = steps.refused("too many carts");
  return {
    get: steps.read((cart: string) => carts.get(cart)),
    put: steps.write((cart: Cart) =>
      cart.version === 0 && counters.get(CARTS) >= cartsMax ? full : carts.put(cart),
    ),
    remove: steps.write((request: Removal) => carts.remove(request)),
    forget: steps.write((request: Forgetting) => carts.forget(request)),
  };
}

class Carts {
  readonly #rows: RowImage<CartRow>;
  readonly #counters: Counters;
  readonly #oldest;

  constructor(group: GroupCommit, counters: Counters) {
    this.#rows = cartRows(group);
    this.#counters = counters;
    this.#oldest = group.connection
      .prepare<[], string>("SELECT cart FROM carts ORDER BY touched LIMIT 1")
      .pluck();
  }

  get(cart: string): Cart | null {
    return this.#rows.get(cart)?.cart ?? null;
  }

  put(cart: Cart): CartStored | VersionConflict {
    const version = this.get(cart.cart)?.version ?? 0;
    if (version !== cart.version) return { _tag: "VersionConflict", version };
    const { cart: name, shopper, currency, lines, updatedAt } = cart;
    const stored = { cart: name, shopper, currency, version: version + 1, lines, updatedAt };
    if (version === 0) this.#counters.add(CARTS);
    this.#rows.put(name, { cart: stored, touched: this.#counters.add(TOUCHES) });
    return { _tag: "CartStored", cart: stored };
  }

  remove({ cart, version: expected }: Removal): CartRemoved | VersionConflict {
    const version = this.get(cart)?.version ?? 0;
    if (version !== expected) return { _tag: "VersionConflict", version };
    if (version > 0) this.#drop(cart);
    return { _tag: "CartRemoved" };
  }

  forget({ before, limit }: Forgetting): number {
    assert(limit > 0, "a sweep may forget at least one cart");
    for (let forgotten = 0; forgotten < limit; forgotten += 1) {
      this.#rows.flush();
      const oldest = this.#oldest.get();
      const cart = oldest === undefined ? null : this.get(oldest);
      if (cart === null || cart.updatedAt >= before) return forgotten;
      this.#drop(cart.cart);
    }
    return limit;
  }

  #drop(cart: string): void {
    this.#counters.add(CARTS, -1);
    this.#rows.put(cart, null);
  }
}

interface StoredCart extends Omit<Cart, "lines" | "updatedAt"> {
  readonly lines: string;
  readonly updated_at: number;
  readonly touched: number;
}

function cartRows(group: GroupCommit): RowImage<CartRow> {
  const { connection } = group;
  const load = connection.prepare<[string], StoredCart>("SELECT * FROM carts WHERE cart = ?");
  const write = connection.prepare(
    `INSERT INTO carts (cart, shopper, currency, version, lines, updated_at, touched)
       VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (cart) DO UPDATE SET shopper = excluded.shopper, currency = excluded.currency,
       version = excluded.version, lines = excluded.lines, updated_at = excluded.updated_at,
       touched = excluded.touched`,
  );
  const remove = connection.prepare<[string]>("DELETE FROM carts WHERE cart = ?");
  return new RowImage<CartRow>(group, {
    load: (name) => {
      const stored = load.get(name);
      if (stored === undefined) return null;
      const { cart, shopper, currency, version, lines, updated_at: updatedAt, touched } = stored;
      const of = { cart, shopper, currency, version };
      return { cart: { ...of, lines: JSON.parse(lines), updatedAt }, touched };
    },
    write: (name, row) => {
      if (row === null) {
        remove.run(name);
        return;
      }
      const { shopper, currency, version, lines, updatedAt } = row.cart;
      write.run(name, shopper, currency, version, JSON.stringify(lines), updatedAt, row.touched);
    },
  });
}
