/** A sale for random steps, with the names that they draw from. */
import { CART_LIMITS } from "../../../core/cart.ts";
import { FEEDBACK_POLICY } from "../../../core/feedback.ts";
import { PAYMENT_POLICY } from "../../../core/payment-policy.ts";
import type { SaleSetup } from "../../../service/sale-setup.ts";
import { offerOf } from "../../../testing/offers.ts";

export const SKUS = ["lamp", "rug", "clock", "vase"] as const;
export const SHOPPERS = ["ann", "ben", "eve", "dan"] as const;
export const MARKS = ["card 1", "card 2", "home 1"] as const;
export const NETWORKS = [undefined, "net a", "net b"] as const;
export const OFFERS = ["stay", "more"] as const;

/** A sale that sells out, fills up and runs into its limits within a few hundred steps. */
export const RANDOM_SALE: SaleSetup = {
  name: "random steps",
  catalog: {
    sellers: [{ seller: "house", name: "House" }],
    products: SKUS.map((sku) => ({ product: sku, seller: "house", name: sku, skus: [sku] })),
    listings: SKUS.map((sku, index) => {
      const of = { sku, product: sku, seller: "house", name: sku, currency: "USD" };
      const listing = { ...of, price: 4_000, salePrice: 2_500 };
      return index === 0 ? { ...listing, floorPrice: 1_000 } : listing;
    }),
  },
  stock: [
    { sku: "lamp", units: 12, limitPerShopper: null },
    { sku: "rug", units: 9, limitPerShopper: 3 },
    { sku: "clock", units: 9, limitPerShopper: 4, limitPerPerson: 3 },
    { sku: "vase", units: 0, limitPerShopper: null },
  ],
  holdLimits: {
    perShopper: 3,
    perNetwork: 4,
    afterLapse: { firstMillis: 40, maxMillis: 300 },
    spares: (shopper) => shopper === "dan",
  },
  tries: { max: 3, windowMillis: 200 },
  settings: {
    sale: { earlyAccessAt: 0, publicAt: 0, closesAt: 1_000_000_000 },
    holdForMillis: 100,
    cartLimits: CART_LIMITS,
    payment: PAYMENT_POLICY,
    promotions: {
      offers: OFFERS.map((offer) =>
        offerOf(offer, {
          budget: { codes: 6, redemptions: 4, money: 2_000 },
          validForMillis: 500,
          stacks: true,
        }),
      ),
      highIntentViews: 3,
    },
    limits: null,
  },
  room: {
    limits: {
      active: 3,
      perMinute: 60_000,
      lanes: [
        { name: "all", share: 0.7, opensAt: null },
        { name: "later", share: 0.3, opensAt: 2_000 },
      ],
      engages: { from: null, above: 1 },
      passMillis: 1_500,
      sessionMillis: 3_000,
      keptMillis: 2_000,
      adaptive: null,
      drawSeed: "a seed that was published",
    },
    laneOf: { regular: "all", loyal: "all", vip: "later" },
  },
  feedback: FEEDBACK_POLICY,
};
