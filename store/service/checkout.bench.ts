/**
 * What one confirmed checkout and one added cart line cost over the memory ports, CPU time of a
 * warmed-up loop. The caller brings the clock, because the store reads none of its own.
 */
import { Effect } from "effect";
import { assert } from "../core/assert.ts";
import { CART_LIMITS } from "../core/cart.ts";
import { PAYMENT_POLICY } from "../core/payment-policy.ts";
import { NO_PROMOTIONS } from "../core/promotion.ts";
import { MemoryCartStore } from "../memory/cart-store.ts";
import { MemoryCatalogStore } from "../memory/catalog-store.ts";
import { CountedCodeSource } from "../memory/code-source.ts";
import { CountedIdentifiers } from "../memory/identifiers.ts";
import { MemoryOrderLedger } from "../memory/order-ledger.ts";
import { MemoryPromotionLedger } from "../memory/promotion-ledger.ts";
import { MemoryRateLimiter } from "../memory/rate-limiter.ts";
import { MemorySaleLog } from "../memory/sale-log.ts";
import { ScriptedGateway } from "../memory/scripted-gateway.ts";
import { MemoryStockLedger } from "../memory/stock-ledger.ts";
import { makeCarts } from "./cart.ts";
import { makeCheckout } from "./checkout.ts";
import type { StorePorts, StoreSettings } from "./store-ports.ts";

export interface CheckoutCost {
  readonly checkoutMicros: number;
  readonly cartAddMicros: number;
}

const SKU = "BENCH-1";
const PRICE = 4_999;

const SETTINGS: StoreSettings = {
  sale: { earlyAccessAt: 0, publicAt: 0, closesAt: Number.MAX_SAFE_INTEGER },
  holdForMillis: 600_000,
  cartLimits: CART_LIMITS,
  payment: PAYMENT_POLICY,
  promotions: NO_PROMOTIONS,
  limits: null,
};

function benchPorts(units: number): StorePorts {
  const of = { product: "bench", seller: "bench", name: "bench" };
  return {
    catalog: MemoryCatalogStore.make({
      sellers: [{ seller: "bench", name: "bench" }],
      products: [{ product: "bench", seller: "bench", name: "bench", skus: [SKU] }],
      listings: [{ ...of, sku: SKU, currency: "USD", price: 9_999, salePrice: PRICE }],
    }),
    stock: MemoryStockLedger.make({ items: [{ sku: SKU, units, limitPerShopper: 4 }] }),
    carts: MemoryCartStore.make(),
    orders: MemoryOrderLedger.make(),
    gateways: [ScriptedGateway.make({ name: "bench" })],
    saleLog: MemorySaleLog.make({ keptMax: 1_000 }),
    rateLimiter: MemoryRateLimiter.make(),
    identifiers: CountedIdentifiers.make(),
    promotions: MemoryPromotionLedger.make({ offers: [] }),
    codes: CountedCodeSource.make(),
  };
}

/** Runs `rounds` of each, twice as many before to warm up; `nowMicros` is a clock of the caller. */
export function benchCheckout(rounds: number, nowMicros: () => number): CheckoutCost {
  const ports = benchPorts(rounds * 4);
  const checkout = makeCheckout(ports, SETTINGS);
  const carts = makeCarts(ports, SETTINGS);
  const items = { lines: [{ sku: SKU, units: 1, unitPrice: PRICE }] };
  const paymentToken = "token";
  const order = (index: number) =>
    checkout.placeOrder({ shopper: `s${index}`, key: "k", items, paymentToken, invited: false });
  const add = (index: number) =>
    carts.add({ shopper: `s${index}`, cart: null, sku: SKU, units: 1, invited: false });
  const loop = (
    first: number,
    count: number,
    of: (index: number) => Effect.Effect<unknown, unknown>,
  ) =>
    Effect.runSync(
      Effect.withTracerEnabled(
        Effect.gen(function* () {
          for (let index = first; index < first + count; index += 1) yield* of(index);
        }),
        false,
      ),
    );
  const timed = (of: (index: number) => Effect.Effect<unknown, unknown>): number => {
    loop(0, rounds * 2, of);
    const before = nowMicros();
    loop(rounds * 2, rounds, of);
    return (nowMicros() - before) / rounds;
  };
  const result = { checkoutMicros: timed(order), cartAddMicros: timed(add) };
  const level = Effect.runSync(ports.stock.level(SKU));
  assert("sold" in level && level.sold === rounds * 3, "every checkout of the bench was confirmed");
  return result;
}
