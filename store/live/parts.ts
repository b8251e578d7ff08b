/**
 * What a live store stands on: an adapter for every port that keeps something, and the three
 * things that only a real one has: a moment from which on a write outlives a crash, a way to say
 * that it cannot serve, and an end.
 */
import type { CartStoreService } from "../ports/cart-store.ts";
import type { CatalogStoreService } from "../ports/catalog-store.ts";
import type { FeedbackLedgerService } from "../ports/feedback-ledger.ts";
import type { OrderLedgerService } from "../ports/order-ledger.ts";
import type { PromotionLedgerService } from "../ports/promotion-ledger.ts";
import type { RateLimiterService } from "../ports/rate-limiter.ts";
import type { SaleControlService } from "../ports/sale-control.ts";
import type { SaleLogService } from "../ports/sale-log.ts";
import type { StockLedgerService } from "../ports/stock-ledger.ts";
import type { TicketQueueService } from "../ports/ticket-queue.ts";

export type HeldListener = (seconds: number) => void;

export interface LiveParts {
  readonly catalog: CatalogStoreService;
  readonly stock: StockLedgerService;
  readonly carts: CartStoreService;
  readonly orders: OrderLedgerService;
  readonly saleLog: SaleLogService;
  readonly rateLimiter: RateLimiterService;
  readonly promotions: PromotionLedgerService;
  readonly feedback: FeedbackLedgerService;
  readonly control: SaleControlService;
  /** Null where the sale has no waiting room. */
  readonly tickets: TicketQueueService | null;
  /**
   * Resolves when every write that was answered before the call survives a crash. Nobody is told
   * of a write, and no money moves for one, before that.
   */
  readonly durable: () => Promise<void>;
  /**
   * From now on calls back with the seconds for which a write held what others may wait for: the
   * lock of the ledger's file, or a connection to its database. Left out where nothing is held.
   */
  readonly onHeld?: (hear: HeldListener) => void;
  /** Why nothing can be served now, in plain words, or null. */
  readonly check: () => Promise<string | null>;
  readonly close: () => Promise<void>;
}
