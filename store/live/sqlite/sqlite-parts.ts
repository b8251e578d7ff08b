/**
 * A live store on one SQLite file: every port that keeps something, and nothing else to install.
 * Several processes may open the same folder. The buckets of the rate limiter are the exception:
 * each process counts for itself, so a limit holds per process.
 */
import { MemoryRateLimiter } from "../../memory/rate-limiter.ts";
import type { SaleSetup } from "../../service/sale-setup.ts";
import type { GatedLedger } from "../orders-with-units.ts";
import type { LiveParts } from "../parts.ts";
import { sqliteCartStore } from "./cart-store.ts";
import { sqliteCatalogStore } from "./catalog-store.ts";
import { sqliteFeedbackLedger } from "./feedback-ledger.ts";
import { GroupCommit } from "./group-commit.ts";
import { identityOf, openLedgerFile, plainReason } from "./ledger-file.ts";
import { sqliteOrderLedger } from "./order-ledger.ts";
import { sqlitePromotionLedger } from "./promotion-ledger.ts";
import { Counters } from "./row-image.ts";
import { sqliteSaleControl } from "./sale-control.ts";
import { sqliteSaleLog } from "./sale-log.ts";
import { sqliteStockLedger } from "./stock-ledger.ts";
import { sqliteTicketQueue } from "./ticket-queue.ts";

export interface SqlitePartsOptions {
  /** Where the ledger file is; made where it is missing. */
  readonly folder: string;
  /** What the file does not know of it is added; what it knows stays as it is. */
  readonly setup: SaleSetup;
}

/** Fails with `LedgerFileRefused` or `JournalRefused` where the folder's ledger cannot be used. */
export function openSqlite({ folder, setup }: SqlitePartsOptions): LiveParts & GatedLedger {
  const group = new GroupCommit(openLedgerFile(folder));
  try {
    return partsOf(group, setup);
  } catch (error) {
    group.close();
    throw error;
  }
}

function partsOf(group: GroupCommit, setup: SaleSetup): LiveParts & GatedLedger {
  const { catalog, stock: items, holdLimits, settings, room, tries } = setup;
  const { offers } = settings.promotions;
  const counters = new Counters(group);
  const { ordersWithUnits, ...orders } = sqliteOrderLedger(group, counters);
  return {
    catalog: sqliteCatalogStore(group, counters, catalog),
    stock: sqliteStockLedger(group, counters, { items, holdLimits }),
    carts: sqliteCartStore(group, counters),
    orders,
    ordersWithUnits,
    identity: identityOf(group.connection),
    saleLog: sqliteSaleLog(group, counters),
    rateLimiter: MemoryRateLimiter.make(),
    promotions: sqlitePromotionLedger(group, tries === undefined ? { offers } : { offers, tries }),
    feedback: sqliteFeedbackLedger(group),
    control: sqliteSaleControl(group, settings.sale),
    tickets: room === null ? null : sqliteTicketQueue(group, { limits: room.limits }),
    durable: () => group.durable(),
    onHeld: (hear) => {
      group.onHeld = hear;
    },
    check: () => Promise.resolve(problemOf(group)),
    close: () => Promise.resolve(group.close()),
  };
}

/** Why the file cannot be written or read now, or null. */
function problemOf(group: GroupCommit): string | null {
  if (group.problem !== null) return group.problem;
  try {
    group.connection.prepare("SELECT value FROM counters LIMIT 1").get();
    return null;
  } catch (error) {
    return plainReason(error);
  }
}
