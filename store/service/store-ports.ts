/** Everything that the store's programs stand on: its ports, gathered once, and its settings. */
import { Effect } from "effect";
import type { CartLimits } from "../core/cart.ts";
import type { PaymentPolicy } from "../core/payment-policy.ts";
import type { PromotionSettings } from "../core/promotion.ts";
import type { SaleTimes } from "../core/sale.ts";
import { CartStore, type CartStoreService } from "../ports/cart-store.ts";
import { CatalogStore, type CatalogStoreService } from "../ports/catalog-store.ts";
import { CodeSource, type CodeSourceService } from "../ports/code-source.ts";
import { Identifiers, type IdentifiersService } from "../ports/identifiers.ts";
import { OrderLedger, type OrderLedgerService } from "../ports/order-ledger.ts";
import { PaymentGateways, type PaymentGatewaysService } from "../ports/payment-gateway.ts";
import { PromotionLedger, type PromotionLedgerService } from "../ports/promotion-ledger.ts";
import { RateLimiter, type RateLimiterService } from "../ports/rate-limiter.ts";
import { SaleLog, type SaleLogService } from "../ports/sale-log.ts";
import { StockLedger, type StockLedgerService } from "../ports/stock-ledger.ts";
import type { RequestLimits } from "./limits.ts";

export interface StorePorts {
  readonly catalog: CatalogStoreService;
  readonly stock: StockLedgerService;
  readonly carts: CartStoreService;
  readonly orders: OrderLedgerService;
  readonly gateways: PaymentGatewaysService["gateways"];
  readonly saleLog: SaleLogService;
  readonly rateLimiter: RateLimiterService;
  readonly identifiers: IdentifiersService;
  readonly promotions: PromotionLedgerService;
  readonly codes: CodeSourceService;
}

export interface StoreSettings {
  readonly sale: SaleTimes;
  /** How long a hold keeps its units, milliseconds. */
  readonly holdForMillis: number;
  /** Sellers whose holds last for another time; a cart over several takes the shortest of theirs. */
  readonly holdForMillisOfSeller?: ReadonlyMap<string, number>;
  readonly cartLimits: CartLimits;
  readonly payment: PaymentPolicy;
  /** The offers here are those that the ledger of codes was opened with. */
  readonly promotions: PromotionSettings;
  /** How often somebody may ask; null is no limit. */
  readonly limits: RequestLimits | null;
}

/** Takes every port out of the context once, so that no order has to look for one. */
export const storePorts: Effect.Effect<
  StorePorts,
  never,
  | CatalogStore
  | StockLedger
  | CartStore
  | OrderLedger
  | PaymentGateways
  | SaleLog
  | RateLimiter
  | Identifiers
  | PromotionLedger
  | CodeSource
> = Effect.all({
  catalog: CatalogStore,
  stock: StockLedger,
  carts: CartStore,
  orders: OrderLedger,
  gateways: Effect.map(PaymentGateways, ({ gateways }) => gateways),
  saleLog: SaleLog,
  rateLimiter: RateLimiter,
  identifiers: Identifiers,
  promotions: PromotionLedger,
  codes: CodeSource,
});
