/**
 * A store in memory for a rehearsal: the memory adapters filled from a scenario, the twin's payment
 * networks behind the payment port, and two witnesses that audit it, one over the ledgers, one
 * over the sale log.
 */
import type { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, SECOND, type Ticks } from "../../engine/time.ts";
import { CART_LIMITS } from "../../store/core/cart.ts";
import type { OrderBook } from "../../store/core/order-book.ts";
import { PAYMENT_POLICY, type PaymentPolicy } from "../../store/core/payment-policy.ts";
import type { Offer } from "../../store/core/promotion.ts";
import type { PromotionBook } from "../../store/core/promotion-book.ts";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { SaleTally } from "../../store/core/sale-tally.ts";
import type { Stock } from "../../store/core/stock.ts";
import { MemoryCartStore } from "../../store/memory/cart-store.ts";
import { MemoryCatalogStore } from "../../store/memory/catalog-store.ts";
import { CountedCodeSource } from "../../store/memory/code-source.ts";
import { CountedIdentifiers } from "../../store/memory/identifiers.ts";
import { MemoryOrderLedger } from "../../store/memory/order-ledger.ts";
import {
  MemoryPromotionLedger,
  type MemoryPromotionLedgerService,
} from "../../store/memory/promotion-ledger.ts";

import { MemoryRateLimiter } from "../../store/memory/rate-limiter.ts";
import { MemorySaleLog } from "../../store/memory/sale-log.ts";
import { MemoryStockLedger } from "../../store/memory/stock-ledger.ts";
import type { CodeSourceService } from "../../store/ports/code-source.ts";
import type { StorePorts, StoreSettings } from "../../store/service/store-ports.ts";
import { PaymentNetwork } from "../payments/payment-network.ts";
import type { ItemSpec, PaymentsSpec, WorldSpec } from "../scenario/scenario.ts";
import { type GatewayClock, type GatewayCounts, gatewaysOf } from "./gateways.ts";

import { holdLimits, requestLimits } from "./store-limits.ts";

export type { GatewayCounts };

/** How often lapsed holds are put back on sale: a hold outlives its time by this at most. */
export const SWEEP_EVERY: Ticks = 10 * SECOND;

/** The network that is asked first. */
export const PRIMARY_NETWORK = "primary";

export interface StoreInMemoryOptions {
  readonly simulation: Simulation;
  readonly world: WorldSpec;
  readonly clock: GatewayClock;
  readonly counts: GatewayCounts;
  readonly onSaleEvent: (event: SaleEvent) => void;
  /** Bound of each draw of a code; infinite where all codes are possible. */
  readonly codeDrawsBelow: number;
}

export class StoreInMemory {
  readonly ports: StorePorts;
  /** Wall time of tick 0. */
  readonly epochMillis: number;
  readonly sweepEveryMillis = SWEEP_EVERY / MILLISECOND;
  readonly settings: StoreSettings;
  /** The rules behind the stock and order ports, to be read within one event. */
  readonly stock: Stock;
  readonly orderBook: OrderBook;
  /** The rules behind the port of codes. */
  readonly promotions: PromotionBook;
  readonly networks: readonly PaymentNetwork[];
  readonly items: readonly ItemSpec[];
  /** Fed by the sale log alone; `tally.audit` compares it with the ledgers. */
  readonly tally: SaleTally;

  private readonly floors = new Map<string, number>();

  constructor(options: StoreInMemoryOptions) {
    const { simulation, world, clock, counts, onSaleEvent } = options;
    const { payments, sellers } = world;
    this.epochMillis = world.starts.epochMillis;
    this.items = sellers.flatMap((seller) => seller.items);
    this.networks = networksOf(simulation, payments);
    const stock = MemoryStockLedger.make({
      items: stockItems(world),
      holdLimits: holdLimits(world.limits),
    });
    const orders = MemoryOrderLedger.make();
    this.stock = stock.stock;
    this.orderBook = orders.book;
    const promotions = promotionLedgerOf(world);
    this.promotions = promotions.book;
    this.tally = new SaleTally();
    const timeLimit = payments.policy.timeLimit;
    this.ports = {
      catalog: MemoryCatalogStore.make(catalogOf(world)),
      stock,
      carts: MemoryCartStore.make(),
      orders,
      gateways: gatewaysOf(this.networks.map((network) => ({ network, clock, counts, timeLimit })))
        .gateways,
      saleLog: MemorySaleLog.make({
        keptMax: 0,
        observe: (event) => {
          this.tally.observe(event);
          onSaleEvent(event);
        },
      }),
      rateLimiter: MemoryRateLimiter.make(),
      identifiers: CountedIdentifiers.make(),
      promotions,
      codes: codesFrom(options),
    };
    this.settings = settingsOf(world);
    for (const { sku, floorPrice } of catalogOf(world).listings) this.floors.set(sku, floorPrice);
  }

  /** The least that a unit of the SKU may cost, minor units. */
  floorOf(sku: string): number {
    return this.floors.get(sku) ?? 0;
  }

  /** No unit is held, no order is open and no code is claimed. */
  get isSettled(): boolean {
    const { stock, orderBook, promotions } = this;
    return stock.liveHolds + orderBook.unfinishedSize + promotions.openClaims === 0;
  }

  /** Longer than a checkout that is alive may go without writing to the ledger. */
  get quietForMillis(): number {
    const { timeLimitMillis, backoff, lookUpsPerLostAnswer } = this.settings.payment;
    return (timeLimitMillis + backoff.maxMillis) * (2 + lookUpsPerLostAnswer);
  }
}

function networksOf(simulation: Simulation, payments: PaymentsSpec): readonly PaymentNetwork[] {
  const primary = new PaymentNetwork(simulation, PRIMARY_NETWORK, payments.primary);
  if (payments.fallback === null) return [primary];
  return [primary, new PaymentNetwork(simulation, "fallback", payments.fallback)];
}

function stockItems({ sellers, limits: { perPerson: limitPerPerson } }: WorldSpec) {
  return sellers.flatMap(({ items, limitPerShopper }) =>
    items.map(({ sku, units }) => ({ sku, units, limitPerShopper, limitPerPerson })),
  );
}

function catalogOf({ sellers, currency }: WorldSpec) {
  const each = sellers.flatMap(({ name: seller, items, floor }) =>
    items.map((item) => ({ seller, product: `product-${item.sku}`, item, floor })),
  );
  return {
    sellers: sellers.map(({ name }) => ({ seller: name, name })),
    products: each.map(({ seller, product, item: { name, sku } }) => ({
      product,
      seller,
      name,
      skus: [sku],
    })),
    listings: each.map(({ seller, product, floor, item: { sku, name, price, salePrice } }) => ({
      sku,
      product,
      seller,
      name,
      currency,
      price,
      salePrice,
      floorPrice: Math.floor(salePrice * floor),
    })),
  };
}

function settingsOf(world: WorldSpec): StoreSettings {
  const { sale, starts, sellers, payments } = world;
  const at = (ticks: number) => starts.epochMillis + Math.round(ticks / MILLISECOND);
  const holdFor = Math.min(...sellers.map((seller) => seller.holdFor));
  return {
    sale: {
      earlyAccessAt: at(sale.earlyAccessAt),
      publicAt: at(sale.publicAt),
      closesAt: at(sale.closesAt),
    },
    holdForMillis: Math.round(holdFor / MILLISECOND),
    holdForMillisOfSeller: new Map(
      sellers.map((seller) => [seller.name, Math.round(seller.holdFor / MILLISECOND)]),
    ),
    cartLimits: CART_LIMITS,
    payment: policyOf(payments.policy),
    promotions: { offers: offersOf(world), highIntentViews: world.promotions.highIntentViews },
    limits: requestLimits(world.limits),
  };
}

function promotionLedgerOf(world: WorldSpec): MemoryPromotionLedgerService {
  const { max, within } = world.promotions.wrongCodes;
  const tries = { max, windowMillis: Math.max(1, Math.round(within / MILLISECOND)) };
  return MemoryPromotionLedger.make({ offers: offersOf(world), tries });
}

function offersOf({ promotions }: WorldSpec): readonly Offer[] {
  return promotions.offers.map(({ name, segment, trigger, discount, budget, ...rest }) => ({
    offer: name,
    segment,
    trigger,
    discount,
    budget,
    validForMillis: Math.max(1, Math.round(rest.validFor / MILLISECOND)),
    floor: rest.floor,
    stacks: rest.stacks,
  }));
}

/** The chance in codes: a stream of the seed, which a world without offers does not have. */
function codesFrom({ simulation, world, codeDrawsBelow }: StoreInMemoryOptions): CodeSourceService {
  if (world.promotions.offers.length === 0) return CountedCodeSource.make();
  const draws = simulation.random("promotions.code");
  return { below: (limit) => draws.below(Math.min(limit, codeDrawsBelow)) };
}

function policyOf(policy: PaymentsSpec["policy"]): PaymentPolicy {
  return {
    ...PAYMENT_POLICY,
    attemptsPerGateway: policy.attempts,
    timeLimitMillis: Math.round(policy.timeLimit / MILLISECOND),
    backoff: {
      initialMillis: Math.round(policy.backoff.initial / MILLISECOND),
      maxMillis: Math.round(policy.backoff.max / MILLISECOND),
    },
    breaker: {
      failures: policy.breaker.failures,
      openForMillis: Math.round(policy.breaker.openFor / MILLISECOND),
    },
  };
}
