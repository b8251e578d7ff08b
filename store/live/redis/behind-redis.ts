/** One machine with Redis: it promises units quickly, and the ledger of the machine is the truth. */
import type { SaleSetup } from "../../service/sale-setup.ts";
import type { GatedLedger } from "../orders-with-units.ts";
import type { LiveParts } from "../parts.ts";
import { connectRedis } from "./redis-parts.ts";

/** The ledger's parts with what is hot in Redis; it gates, and the ledger stays the truth. */
export async function behindRedis(
  url: string,
  setup: SaleSetup,
  ledger: LiveParts & GatedLedger,
): Promise<LiveParts> {
  const { identity, ordersWithUnits, ...parts } = ledger;
  const { orders, stock: movements } = parts;
  const truth = { ledger: orders, identity, ordersWithUnits, movements };
  const gate = await connectRedis({ url, setup, ...truth }).catch(async (failure) => {
    await ledger.close();
    throw failure;
  });
  return {
    ...parts,
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
