/**
 * A store in memory for a rehearsal: the memory adapters filled from a scenario, the twin's payment
 * networks behind the payment port, and two witnesses that audit it, one over the ledgers, one
 * over the sale log.
 */
import type { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, SECOND, type Ticks } from "../../engine/time.ts";
import type { OrderBook } from "../../store/core/order-book.ts";
import type { PromotionBook } from "../../store/core/promotion-book.ts";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { SaleTally } from "../../store/core/sale-tally.ts";
import type { Stock } from "../../store/core/stock.ts";
import { MemoryCartStore } from "../../store/memory/cart-store.ts";
import { MemoryCatalogStore } from "../../store/memory/catalog-store.ts";
import { CountedCodeSource } from "../../store/memory/code-source.ts";
import { CountedIdentifiers } from "../../store/memory/identifiers.ts";
import { MemoryOrderLedger } from "../../store/memory/order-ledger.ts";
import { MemoryPromotionLedger } from "../../store/memory/promotion-ledger.ts";
import { MemoryRateLimiter } from "../../store/memory/rate-limiter.ts";
import { MemorySaleLog } from "../../store/memory/sale-log.ts";
import { MemoryStockLedger } from "../../store/memory/stock-ledger.ts";
import type { CodeSourceService } from "../../store/ports/code-source.ts";
import type { StorePorts, StoreSettings } from "../../store/service/store-ports.ts";
import { PaymentNetwork } from "../payments/payment-network.ts";
import type { ItemSpec, PaymentsSpec, WorldSpec } from "../scenario/scenario.ts";
import { type GatewayClock, type GatewayCounts, gatewaysOf } from "./gateways.ts";

import { saleSetupOf } from "./sale-setup.ts";

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
    const setup = saleSetupOf(world, simulation.seed);
    const { payments, sellers } = world;
    this.epochMillis = world.starts.epochMillis;
    this.items = sellers.flatMap((seller) => seller.items);
    this.networks = networksOf(simulation, payments);
    const stock = MemoryStockLedger.make({
      items: setup.stock,
      holdLimits: setup.holdLimits,
    });
    const orders = MemoryOrderLedger.make();
    this.stock = stock.stock;
    this.orderBook = orders.book;
    const promotions = MemoryPromotionLedger.make({
      offers: setup.settings.promotions.offers,
      tries: setup.tries,
    });
    this.promotions = promotions.book;
    this.tally = new SaleTally();
    const timeLimit = payments.policy.timeLimit;
    this.ports = {
      catalog: MemoryCatalogStore.make(setup.catalog),
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
    this.settings = setup.settings;
    for (const { sku, floorPrice = 0 } of setup.catalog.listings) this.floors.set(sku, floorPrice);
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

/** The chance in codes: a stream of the seed, which a world without offers does not have. */
function codesFrom({ simulation, world, codeDrawsBelow }: StoreInMemoryOptions): CodeSourceService {
  if (world.promotions.offers.length === 0) return CountedCodeSource.make();
  const draws = simulation.random("promotions.code");
  return { below: (limit) => draws.below(Math.min(limit, codeDrawsBelow)) };
}
