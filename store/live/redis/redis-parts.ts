/**
 * What a store keeps in Redis when it is given one: stock and holds, carts, limits, and the books
 * that its nodes share. Together with a ledger, which stays the truth, they let any number of nodes
 * sell one stock.
 */
import type { CartStoreService } from "../../ports/cart-store.ts";
import type { RateLimiterService } from "../../ports/rate-limiter.ts";
import type { StockLedgerService } from "../../ports/stock-ledger.ts";
import { RedisCartStore } from "./cart-store.ts";
import { RedisRateLimiter } from "./rate-limiter.ts";
import type { RebuildOptions } from "./rebuild-gate.ts";
import { RedisConnection, type RedisConnectionOptions } from "./redis-connection.ts";
import type { KeyOwner } from "./redis-keys.ts";
import { StockGate } from "./stock-gate.ts";
import { RedisStockLedger } from "./stock-ledger.ts";

export interface RedisPartsOptions
  extends RedisConnectionOptions,
    Pick<RebuildOptions, "ledger" | "setup" | "movements" | "ordersWithUnits" | "epochsAbove"> {
  /** What tells the ledger from every other; see `orders-with-units.ts`. */
  readonly identity: string;
}

export interface RedisParts {
  readonly stock: StockLedgerService;
  readonly carts: CartStoreService;
  readonly rateLimiter: RateLimiterService;
  readonly connection: RedisConnection;
  readonly gate: StockGate;
  /** Why Redis cannot serve, in plain words, or null; a gate that was lost is rebuilt here. */
  readonly check: () => Promise<string | null>;
  readonly close: () => Promise<void>;
}

/** Connects, and opens the gate of the stock: what is answered here is ready to sell. */
export async function connectRedis(options: RedisPartsOptions): Promise<RedisParts> {
  const { setup, movements = null } = options;
  const connection = new RedisConnection(options);
  await connection.connect();
  const owner: KeyOwner = { sale: setup.name, ledger: options.identity };
  const gate = new StockGate({ ...options, connection, owner });
  const of = { connection, owner };
  const close = async () => {
    gate.close();
    await connection.close();
  };
  try {
    await gate.open();
  } catch (failure) {
    await close();
    throw failure;
  }
  const { holdLimits } = setup;
  return {
    stock: RedisStockLedger.make({ connection, gate, holdLimits, movements }),
    carts: RedisCartStore.make(of),
    rateLimiter: RedisRateLimiter.make(of),
    connection,
    gate,
    check: () => gate.check(),
    close,
  };
}
