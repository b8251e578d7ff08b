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
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { SaleTally } from "../../store/core/sale-tally.ts";
import type { Stock } from "../../store/core/stock.ts";
import { MemoryCartStore } from "../../store/memory/cart-store.ts";
import { MemoryCatalogStore } from "../../store/memory/catalog-store.ts";
import { CountedIdentifiers } from "../../store/memory/identifiers.ts";
import { MemoryOrderLedger } from "../../store/memory/order-ledger.ts";
import { MemorySaleLog } from "../../store/memory/sale-log.ts";
import { MemoryStockLedger } from "../../store/memory/stock-ledger.ts";
import type { StorePorts, StoreSettings } from "../../store/service/store-ports.ts";
import { PaymentNetwork } from "../payments/payment-network.ts";
import type { ItemSpec, PaymentsSpec, WorldSpec } from "../scenario/scenario.ts";
import { type GatewayClock, type GatewayCounts, gatewaysOf } from "./gateways.ts";

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
  readonly networks: readonly PaymentNetwork[];
  readonly items: readonly ItemSpec[];
  /** Fed by the sale log alone; `tally.audit` compares it with the ledgers. */
  readonly tally: SaleTally;

  constructor({ simulation, world, clock, counts, onSaleEvent }: StoreInMemoryOptions) {
    const { payments, sellers } = world;
    this.epochMillis = world.starts.epochMillis;
    this.items = sellers.flatMap((seller) => seller.items);
    this.networks = networksOf(simulation, payments);
    const stock = MemoryStockLedger.make({ items: stockItems(world) });
    const orders = MemoryOrderLedger.make();
    this.stock = stock.stock;
    this.orderBook = orders.book;
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
      identifiers: CountedIdentifiers.make(),
    };
    this.settings = settingsOf(world);
  }

  /** No unit is held and no order is open. */
  get isSettled(): boolean {
    return this.stock.liveHolds === 0 && this.orderBook.unfinishedSize === 0;
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

function stockItems({ sellers }: WorldSpec) {
  return sellers.flatMap((seller) =>
    seller.items.map(({ sku, units }) => ({ sku, units, limitPerShopper: seller.limitPerShopper })),
  );
}

function catalogOf({ sellers, currency }: WorldSpec) {
  const each = sellers.flatMap(({ name: seller, items }) =>
    items.map((item) => ({ seller, product: `product-${item.sku}`, item })),
  );
  return {
    sellers: sellers.map(({ name }) => ({ seller: name, name })),
    products: each.map(({ seller, product, item: { name, sku } }) => ({
      product,
      seller,
      name,
      skus: [sku],
    })),
    listings: each.map(({ seller, product, item: { sku, name, price, salePrice } }) => ({
      sku,
      product,
      seller,
      name,
      currency,
      price,
      salePrice,
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
  };
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
