/** Every port on SQLite under the contract of its port. */
import { CartStore } from "../../ports/cart-store.ts";
import { CatalogStore } from "../../ports/catalog-store.ts";
import { FeedbackLedger } from "../../ports/feedback-ledger.ts";
import { OrderLedger } from "../../ports/order-ledger.ts";
import { PromotionLedger } from "../../ports/promotion-ledger.ts";
import { SaleControl } from "../../ports/sale-control.ts";
import { SaleLog } from "../../ports/sale-log.ts";
import { StockLedger } from "../../ports/stock-ledger.ts";
import { TicketQueue } from "../../ports/ticket-queue.ts";
import { cartStoreContract } from "../../testing/cart-store.contract.ts";
import { CONTRACT_CATALOG, catalogStoreContract } from "../../testing/catalog-store.contract.ts";
import { feedbackLedgerContract } from "../../testing/feedback-ledger.contract.ts";
import { orderLedgerContract } from "../../testing/order-ledger.contract.ts";
import {
  CONTRACT_OFFERS,
  CONTRACT_TRIES,
  promotionLedgerContract,
} from "../../testing/promotion-ledger.contract.ts";
import { CONTRACT_TIMES, saleControlContract } from "../../testing/sale-control.contract.ts";
import { saleLogContract } from "../../testing/sale-log.contract.ts";
import { CONTRACT_ITEMS, stockLedgerContract } from "../../testing/stock-ledger.contract.ts";
import { CONTRACT_ROOM, ticketQueueContract } from "../../testing/ticket-queue.contract.ts";
import { sqliteCartStore } from "./cart-store.ts";
import { sqliteCatalogStore } from "./catalog-store.ts";
import { sqliteFeedbackLedger } from "./feedback-ledger.ts";
import { sqliteOrderLedger } from "./order-ledger.ts";
import { sqlitePromotionLedger } from "./promotion-ledger.ts";
import { sqliteSaleControl } from "./sale-control.ts";
import { sqliteSaleLog } from "./sale-log.ts";
import { sqliteStockLedger } from "./stock-ledger.ts";
import { onNewFile } from "./testing/temporary-ledger.ts";
import { sqliteTicketQueue } from "./ticket-queue.ts";

stockLedgerContract(
  "sqlite",
  onNewFile(StockLedger, ({ group, counters }) =>
    sqliteStockLedger(group, counters, { items: CONTRACT_ITEMS }),
  ),
);
orderLedgerContract(
  "sqlite",
  onNewFile(OrderLedger, ({ group, counters }) => sqliteOrderLedger(group, counters)),
);
cartStoreContract(
  "sqlite",
  onNewFile(CartStore, ({ group, counters }) => sqliteCartStore(group, counters)),
);
catalogStoreContract(
  "sqlite",
  onNewFile(CatalogStore, ({ group, counters }) =>
    sqliteCatalogStore(group, counters, CONTRACT_CATALOG),
  ),
);
saleLogContract(
  "sqlite",
  onNewFile(SaleLog, ({ group, counters }) => sqliteSaleLog(group, counters)),
);
promotionLedgerContract(
  "sqlite",
  onNewFile(PromotionLedger, ({ group }) =>
    sqlitePromotionLedger(group, { offers: CONTRACT_OFFERS, tries: CONTRACT_TRIES }),
  ),
);
feedbackLedgerContract(
  "sqlite",
  onNewFile(FeedbackLedger, ({ group }) => sqliteFeedbackLedger(group)),
);
ticketQueueContract(
  "sqlite",
  onNewFile(TicketQueue, ({ group }) => sqliteTicketQueue(group, { limits: CONTRACT_ROOM })),
);
saleControlContract(
  "sqlite",
  onNewFile(SaleControl, ({ group }) => sqliteSaleControl(group, CONTRACT_TIMES)),
);
