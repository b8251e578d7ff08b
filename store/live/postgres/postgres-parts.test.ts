import { CatalogStore } from "../../ports/catalog-store.ts";
import { FeedbackLedger } from "../../ports/feedback-ledger.ts";
import { OrderLedger } from "../../ports/order-ledger.ts";
import { PromotionLedger } from "../../ports/promotion-ledger.ts";
import { SaleControl } from "../../ports/sale-control.ts";
import { SaleLog } from "../../ports/sale-log.ts";
import { TicketQueue } from "../../ports/ticket-queue.ts";
import { CONTRACT_CATALOG, catalogStoreContract } from "../../testing/catalog-store.contract.ts";
import { feedbackLedgerContract } from "../../testing/feedback-ledger.contract.ts";
import { orderLedgerContract } from "../../testing/order-ledger.contract.ts";
import {
  CONTRACT_OFFERS,
  CONTRACT_TRIES,
  promotionLedgerContract,
} from "../../testing/promotion-ledger.contract.ts";
import { describeWithServer } from "../../testing/real-servers.ts";
import { CONTRACT_TIMES, saleControlContract } from "../../testing/sale-control.contract.ts";
import { saleLogContract } from "../../testing/sale-log.contract.ts";
import { CONTRACT_ROOM, ticketQueueContract } from "../../testing/ticket-queue.contract.ts";
import { postgresLayer } from "../testing/postgres-store.ts";
import { addToCatalog, postgresCatalogStore } from "./catalog-store.ts";
import { postgresOrderLedger } from "./order-ledger.ts";
import { postgresSaleLog } from "./sale-log.ts";
import {
  postgresFeedbackLedger,
  postgresPromotionLedger,
  postgresSaleControl,
  postgresTicketQueue,
} from "./shared-books.ts";
import { addStockItems } from "./stock-units.ts";

await describeWithServer("postgres", "the ports on PostgreSQL", ({ url }) => {
  orderLedgerContract(
    "postgres",
    postgresLayer(url, OrderLedger, async (pool) => {
      await addStockItems(pool, [{ sku: "lamp", units: 1_000, limitPerShopper: null }]);
      return postgresOrderLedger(pool, postgresSaleLog(pool, pool));
    }),
  );
  saleLogContract(
    "postgres",
    postgresLayer(url, SaleLog, async (pool) => postgresSaleLog(pool, pool)),
  );
  catalogStoreContract(
    "postgres",
    postgresLayer(url, CatalogStore, async (pool) => {
      await addToCatalog(pool, CONTRACT_CATALOG);
      return postgresCatalogStore(pool);
    }),
  );
  const codes = { offers: CONTRACT_OFFERS, tries: CONTRACT_TRIES };
  promotionLedgerContract(
    "postgres",
    postgresLayer(url, PromotionLedger, (pool) => postgresPromotionLedger(pool, codes)),
  );
  feedbackLedgerContract(
    "postgres",
    postgresLayer(url, FeedbackLedger, (pool) => postgresFeedbackLedger(pool)),
  );
  saleControlContract(
    "postgres",
    postgresLayer(url, SaleControl, (pool) => postgresSaleControl(pool, CONTRACT_TIMES)),
  );
  ticketQueueContract(
    "postgres",
    postgresLayer(url, TicketQueue, (pool) => postgresTicketQueue(pool, { limits: CONTRACT_ROOM })),
  );
});
