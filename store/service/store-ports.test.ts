import { Effect, Layer } from "effect";
import { describe, expect, it } from "vitest";
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
import { PaymentGateways } from "../ports/payment-gateway.ts";
import { answerOf, findings, openCheckout, request, trialStore } from "../testing/trial-store.ts";
import { storePorts } from "./store-ports.ts";

describe("the ports of a store", () => {
  it("are gathered from whatever layers answer them, and the store runs on them", () => {
    const trial = trialStore();
    const of = { product: "kitchen", seller: "hearth", name: "Toaster", currency: "USD" };
    const layers = Layer.mergeAll(
      MemoryCatalogStore.layer({
        sellers: [{ seller: "hearth", name: "Hearth" }],
        products: [{ product: "kitchen", seller: "hearth", name: "Kitchen", skus: ["TOASTER"] }],
        listings: [{ ...of, sku: "TOASTER", price: 4_000, salePrice: 2_500 }],
      }),
      MemoryStockLedger.layer({ items: [{ sku: "TOASTER", units: 1, limitPerShopper: null }] }),
      MemoryCartStore.layer(),
      MemoryOrderLedger.layer(),
      MemorySaleLog.layer(),
      MemoryRateLimiter.layer(),
      CountedIdentifiers.layer("layered-"),
      MemoryPromotionLedger.layer({ offers: [] }),
      CountedCodeSource.layer(),
      Layer.succeed(PaymentGateways, { gateways: [ScriptedGateway.make({ name: "first" })] }),
    );
    const ports = answerOf(trial, Effect.provide(storePorts, layers));
    const checkout = openCheckout(trial, ports);
    const answer = answerOf(trial, checkout.placeOrder(request()));
    expect(answer).toMatchObject({ _tag: "Confirmed", order: "layered-order-1" });
    expect(answerOf(trial, checkout.placeOrder(request({ key: "key-2" })))._tag).toBe("SoldOut");
    expect(findings(trial)).toEqual([]);
  });
});
