/**
 * Carts in Redis: the text of each behind its version, and an index by the last touch. They last
 * as long as the server's memory or its append-only file; no unit and no money depends on them.
 */
import { assert } from "../../core/assert.ts";
import type { Cart } from "../../core/cart.ts";
import type { CartStored, CartStoreService, VersionConflict } from "../../ports/cart-store.ts";
import { type RedisConnection, StepRefused } from "./redis-connection.ts";
import { checkedName, type KeyOwner, partKeyOf } from "./redis-keys.ts";
import { type Script, script } from "./script.ts";

export interface RedisCartStoreOptions {
  readonly connection: RedisConnection;
  readonly owner: KeyOwner;
  /** A new cart beyond this many is refused as unavailable: a store drops none to make room. */
  readonly cartsMax?: number;
}

const PORT = "store/CartStore";
/** As many as the visits of the largest sale in the scenarios, though few have a cart. */
const CARTS_MAX = 4_000_000;
/** Carts that one script forgets: about a millisecond of the server's time. */
const FORGOTTEN_PER_SCRIPT = 500;

/** KEYS: carts, touched. The version stands before the first blank of a stored cart. */
const VERSION = `
local stored = redis.call('HGET', KEYS[1], ARGV[1])
local version = stored and string.match(stored, '^%d+') or '0'
if version ~= ARGV[2] then return {'VersionConflict', tonumber(version)} end
`;

const PUT: Script = script(
  "put a cart",
  VERSION,
  `
-- ARGV: cart, the version it was made from, when it was touched, the text to store, most carts
if not stored and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[5]) then return {'Full'} end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return {'CartStored'}
`,
);

const REMOVE: Script = script(
  "remove a cart",
  VERSION,
  `
-- ARGV: cart, version
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return {'CartRemoved'}
`,
);

const FORGET: Script = script(
  "forget old carts",
  `
-- KEYS: carts, touched. ARGV: before, limit
local old = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
for _, cart in ipairs(old) do
  redis.call('HDEL', KEYS[1], cart)
  redis.call('ZREM', KEYS[2], cart)
end
return #old
`,
);

type Told = readonly [string, number?];

function conflictOf(version: number | undefined): VersionConflict {
  return { _tag: "VersionConflict", version: version ?? 0 };
}

class RedisCarts {
  readonly #connection: RedisConnection;
  readonly #keys: readonly [carts: string, touched: string];
  readonly #cartsMax: number;

  constructor({ connection, owner, cartsMax }: RedisCartStoreOptions) {
    this.#connection = connection;
    const under = partKeyOf(owner, "carts");
    this.#keys = [under, `${under}:touched`];
    this.#cartsMax = cartsMax ?? CARTS_MAX;
    assert(this.#cartsMax > 0, "a cart store has room for a cart");
  }

  async get(cart: string): Promise<Cart | null> {
    const stored = await this.#connection.read((client) =>
      client.hget(this.#keys[0], checkedName(cart)),
    );
    return stored === null ? null : (JSON.parse(stored.slice(stored.indexOf(" "))) as Cart);
  }

  async put(cart: Cart): Promise<CartStored | VersionConflict> {
    const { cart: name, shopper, currency, version, lines, updatedAt } = cart;
    const next: Cart = { cart: name, shopper, currency, version: version + 1, lines, updatedAt };
    const text = `${next.version} ${JSON.stringify(next)}`;
    const args = [checkedName(name), version, updatedAt, text, this.#cartsMax];
    const [word, there] = (await this.#connection.run(PUT, this.#keys, args)) as Told;
    if (word === "Full") throw new StepRefused("too many carts");
    return word === "CartStored" ? { _tag: "CartStored", cart: next } : conflictOf(there);
  }

  async remove({ cart, version }: { readonly cart: string; readonly version: number }) {
    const args = [checkedName(cart), version];
    const [word, there] = (await this.#connection.run(REMOVE, this.#keys, args)) as Told;
    return word === "CartRemoved" ? ({ _tag: "CartRemoved" } as const) : conflictOf(there);
  }

  async forget({ before, limit }: { readonly before: number; readonly limit: number }) {
    assert(limit > 0, "a sweep may forget at least one cart");
    let forgotten = 0;
    while (forgotten < limit) {
      const atOnce = Math.min(FORGOTTEN_PER_SCRIPT, limit - forgotten);
      const count = Number(await this.#connection.run(FORGET, this.#keys, [before, atOnce]));
      forgotten += count;
      if (count < atOnce) break;
    }
    return forgotten;
  }
}

function make(options: RedisCartStoreOptions): CartStoreService {
  const { connection } = options;
  const carts = new RedisCarts(options);
  return {
    get: (cart) => connection.asStep(PORT, () => carts.get(cart)),
    put: (cart) => connection.asStep(PORT, () => carts.put(cart)),
    remove: (request) => connection.asStep(PORT, () => carts.remove(request)),
    forget: (request) => connection.asStep(PORT, () => carts.forget(request)),
  };
}

export const RedisCartStore = { make } as const;
