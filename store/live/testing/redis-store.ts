/** Sales of a test's own on one private server: each has a name that no other test has. */
import { Effect, type Scope } from "effect";
import { afterAll, beforeAll, describe } from "vitest";
import type { StockItem } from "../../core/hold.ts";
import type { HoldLimits } from "../../core/hold-watch.ts";
import { MemoryOrderLedger } from "../../memory/order-ledger.ts";
import type { OrderLedgerService } from "../../ports/order-ledger.ts";
import { connectRedis, type RedisParts, type RedisPartsOptions } from "../redis/redis-parts.ts";
import { type RedisServer, redisMissing, startRedis } from "./redis-server.ts";

let sales = 0;

/** A name that no sale in this process, or in another, has. */
export function saleName(): string {
  sales += 1;
  return `sale ${process.pid}-${sales}`;
}

export interface TrialRedisOptions extends Partial<RedisPartsOptions> {
  readonly items: readonly StockItem[];
  readonly holdLimits?: HoldLimits | null;
  readonly name?: string;
  readonly ledger?: OrderLedgerService;
}

/** A node on the server; epochs begin at 0, as in memory. */
export function connectNode(server: RedisServer, options: TrialRedisOptions): Promise<RedisParts> {
  const {
    items,
    holdLimits = null,
    name = saleName(),
    ledger = MemoryOrderLedger.make(),
  } = options;
  const setup = { name, stock: items, holdLimits };
  const of = { url: server.url, identity: "the only ledger", epochsAbove: () => 0 };
  return connectRedis({ ...of, ...options, setup, ledger });
}

/** A node that is closed when whoever asked for it is done. */
export function scopedNode(
  server: () => RedisServer,
  options: TrialRedisOptions,
): Effect.Effect<RedisParts, never, Scope.Scope> {
  return Effect.acquireRelease(
    Effect.promise(() => connectNode(server(), options)),
    (parts) => Effect.promise(() => parts.close()),
  );
}

/** Tests around one server, which is started before the first of them and stopped after the last. */
export function withRedis(name: string, tests: (server: () => RedisServer) => void): void {
  const missing = redisMissing();
  describe.skipIf(missing !== null)(
    missing === null ? name : `${name} (skipped: ${missing})`,
    () => {
      let server: RedisServer | null = null;
      beforeAll(async () => {
        server = await startRedis();
      });
      afterAll(async () => {
        await server?.stop();
      });
      tests(() => {
        if (server === null) throw new Error("the server is started before a test asks for it");
        return server;
      });
    },
  );
}
