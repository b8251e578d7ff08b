/**
 * A store of any number of nodes: Redis promises units quickly, PostgreSQL keeps what was promised
 * and sold. Every node is the same; none knows how many there are.
 */
import type { SaleSetup } from "../service/sale-setup.ts";
import type { LiveParts } from "./parts.ts";
import { connectPostgres } from "./postgres/postgres-parts.ts";
import { connectRedis } from "./redis/redis-parts.ts";

export interface SeveralNodesOptions {
  readonly redis: string;
  readonly postgres: string;
  readonly setup: SaleSetup;
  /** Connections of this node to PostgreSQL. */
  readonly connectionsMax?: number;
}

/** Connects one node; the ledger first, for the gate is put together from it. */
export async function severalNodes(options: SeveralNodesOptions): Promise<LiveParts> {
  const { redis, postgres, setup, ...rest } = options;
  const ledger = await connectPostgres({ url: postgres, setup, ...rest });
  const { orders, movements, identity, ...kept } = ledger;
  const { ordersWithUnits } = orders;
  const truth = { ledger: orders, identity, ordersWithUnits, movements };
  const gate = await connectRedis({ url: redis, setup, ...truth })
    // A gate that cannot be opened leaves no connection behind.
    .catch(async (failure) => {
      await ledger.close();
      throw failure;
    });
  return {
    ...kept,
    orders,
    stock: gate.stock,
    carts: gate.carts,
    rateLimiter: gate.rateLimiter,
    check: async () => (await ledger.check()) ?? (await gate.check()),
    close: async () => {
      await gate.close();
      await ledger.close();
    },
  };
}
