/**
 * What a store keeps in PostgreSQL when it is given one: the ledger of orders and units, the sale
 * log, the catalog, codes, feedback, the times of the sale and the places of the waiting room. Any
 * number of nodes work on one database; each says how many connections it may have.
 */
import type { CatalogStoreService } from "../../ports/catalog-store.ts";
import type { FeedbackLedgerService } from "../../ports/feedback-ledger.ts";
import type { PromotionLedgerService } from "../../ports/promotion-ledger.ts";
import type { SaleControlService } from "../../ports/sale-control.ts";
import type { SaleLogService } from "../../ports/sale-log.ts";
import type { TicketQueueService } from "../../ports/ticket-queue.ts";
import type { SaleSetup } from "../../service/sale-setup.ts";
import type { HeldListener } from "../parts.ts";
import type { StockMovements } from "../stock-movements.ts";
import {
  addToCatalog,
  type PostgresCatalogOptions,
  postgresCatalogStore,
} from "./catalog-store.ts";
import { migrate } from "./migrate.ts";
import { type PostgresOrderLedger, postgresOrderLedger } from "./order-ledger.ts";
import { PostgresFailure, type PostgresOptions, PostgresPool } from "./postgres-pool.ts";
import { postgresSaleLog } from "./sale-log.ts";
import {
  postgresFeedbackLedger,
  postgresPromotionLedger,
  postgresSaleControl,
  postgresTicketQueue,
} from "./shared-books.ts";
import { addStockItems, postgresStockUnits } from "./stock-units.ts";

export interface PostgresPartsOptions extends Omit<PostgresOptions, "isDurable"> {
  readonly setup: SaleSetup;
  readonly catalogOptions?: PostgresCatalogOptions;
  /** How old what a shopper in the queue is told may be, milliseconds. */
  readonly glanceMillis?: number;
}

export interface PostgresParts {
  /** Made with the ledger, and no other's. */
  readonly identity: string;
  readonly catalog: CatalogStoreService;
  readonly orders: PostgresOrderLedger;
  /** The units behind the gate: told of every restock and write-off, and what it is rebuilt from. */
  readonly movements: StockMovements;
  readonly saleLog: SaleLogService;
  readonly promotions: PromotionLedgerService;
  readonly feedback: FeedbackLedgerService;
  readonly control: SaleControlService;
  /** Null where the sale has no waiting room. */
  readonly tickets: TicketQueueService | null;
  /** At once: what was answered is on the server's disk, but for the last lines of the log. */
  readonly durable: () => Promise<void>;
  readonly onHeld: (hear: HeldListener) => void;
  /** Why PostgreSQL cannot serve, in plain words, or null. */
  readonly check: () => Promise<string | null>;
  readonly close: () => Promise<void>;
}

const CLAIM = {
  name: "sale-claim",
  text: "INSERT INTO sale (name) VALUES ($1) ON CONFLICT DO NOTHING",
};
const KEPT = { name: "sale-kept", text: "SELECT name, identity FROM sale" };
const CHECK = { name: "check", text: "SELECT pg_is_in_recovery() AS standby" };

/** Connects, brings the tables up to date, and adds what they do not know of the sale. */
export async function connectPostgres(options: PostgresPartsOptions): Promise<PostgresParts> {
  const { setup, catalogOptions, glanceMillis, ...connection } = options;
  const glancing = glanceMillis === undefined ? null : { glanceMillis };
  const pool = new PostgresPool(connection);
  const logging = new PostgresPool({ ...connection, connectionsMax: 1, isDurable: false });
  const close = async () => {
    await Promise.all([pool.close(), logging.close()]);
  };
  try {
    await migrate(pool);
    const identity = await claimForSale(pool, setup.name);
    await addToCatalog(pool, setup.catalog);
    await addStockItems(pool, setup.stock);
    const catalog = postgresCatalogStore(pool, catalogOptions);
    return { ...(await partsOn(pool, logging, setup, glancing)), identity, catalog, close };
  } catch (failure) {
    await close();
    throw failure;
  }
}

/** One schema keeps one sale: two in one would sell each other's catalog. */
async function claimForSale(pool: PostgresPool, sale: string): Promise<string> {
  await pool.query(CLAIM, [sale]);
  const [{ name: kept, identity } = {}] = await pool.query(KEPT);
  if (kept === sale) return identity as string;
  throw new PostgresFailure(
    `the schema ${pool.schema} keeps the sale "${kept}", not "${sale}": ` +
      "give another database, or another schema by ?schema=NAME in its address",
    "",
  );
}

async function partsOn(
  pool: PostgresPool,
  logging: PostgresPool,
  { settings, tries, room }: SaleSetup,
  glancing: Pick<PostgresPartsOptions, "glanceMillis"> | null,
): Promise<Omit<PostgresParts, "identity" | "catalog" | "close">> {
  const { offers } = settings.promotions;
  const saleLog = postgresSaleLog(pool, logging);
  return {
    orders: postgresOrderLedger(pool, saleLog),
    movements: postgresStockUnits(pool),
    saleLog,
    promotions: await postgresPromotionLedger(
      pool,
      tries === undefined ? { offers } : { offers, tries },
    ),
    feedback: await postgresFeedbackLedger(pool),
    control: await postgresSaleControl(pool, settings.sale),
    tickets:
      room === null ? null : await postgresTicketQueue(pool, { limits: room.limits, ...glancing }),
    durable: () => Promise.resolve(),
    onHeld: (hear) => {
      pool.onHeld = hear;
    },
    check: () => check(pool),
  };
}

async function check(pool: PostgresPool): Promise<string | null> {
  try {
    const [answer] = await pool.query(CHECK);
    return answer?.standby === true ? "PostgreSQL is a standby, which takes no orders" : null;
  } catch (failure) {
    if (failure instanceof PostgresFailure) return failure.message;
    throw failure;
  }
}
