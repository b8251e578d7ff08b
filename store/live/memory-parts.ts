/**
 * A live store in memory: everything is gone when the process ends. For trying the store out and
 * for tests of what stands in front of it.
 */
import { MemoryCartStore } from "../memory/cart-store.ts";
import { MemoryCatalogStore } from "../memory/catalog-store.ts";
import { MemoryFeedbackLedger } from "../memory/feedback-ledger.ts";
import { MemoryOrderLedger } from "../memory/order-ledger.ts";
import { MemoryPromotionLedger } from "../memory/promotion-ledger.ts";
import { MemoryRateLimiter } from "../memory/rate-limiter.ts";
import { MemorySaleControl } from "../memory/sale-control.ts";
import { MemorySaleLog } from "../memory/sale-log.ts";
import { MemoryStockLedger } from "../memory/stock-ledger.ts";
import { MemoryTicketQueue } from "../memory/ticket-queue.ts";
import type { SaleSetup } from "../service/sale-setup.ts";
import type { LiveParts } from "./parts.ts";
import { secureHashKey } from "./secure-random.ts";

export function memoryParts(setup: SaleSetup): LiveParts {
  const { catalog, stock: items, holdLimits, settings, room, tries } = setup;
  const { offers } = settings.promotions;
  const nameKey = secureHashKey();
  return {
    catalog: MemoryCatalogStore.make(catalog),
    stock: MemoryStockLedger.make({ items, holdLimits }),
    carts: MemoryCartStore.make(),
    orders: MemoryOrderLedger.make(),
    saleLog: MemorySaleLog.make(),
    rateLimiter: MemoryRateLimiter.make(),
    promotions: MemoryPromotionLedger.make(tries === undefined ? { offers } : { offers, tries }),
    feedback: MemoryFeedbackLedger.make(),
    control: MemorySaleControl.make(settings.sale),
    tickets: room === null ? null : MemoryTicketQueue.make({ limits: room.limits, nameKey }),
    durable: () => Promise.resolve(),
    check: () => Promise.resolve(null),
    close: () => Promise.resolve(),
  };
}
