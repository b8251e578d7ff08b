/**
 * A small sale to try the store with: a few dozen handbags, scarves and lamps of three sellers,
 * open from now for a day. Names and prices are made up.
 */
import { CART_LIMITS } from "../core/cart.ts";
import type { CatalogContent, Listing } from "../core/catalog.ts";
import { FEEDBACK_POLICY } from "../core/feedback.ts";
import type { StockItem } from "../core/hold.ts";
import { PAYMENT_POLICY } from "../core/payment-policy.ts";
import type { SaleSetup } from "../service/sale-setup.ts";

const DAY = 86_400_000;
const MINUTE = 60_000;
/**
 * The sandbox answers at once or never. What a killed node leaves open is ended by another only
 * after longer than a checkout may be silent, which hangs on this.
 */
const PAYMENT_TIME_LIMIT = 10_000;

interface DemoItem {
  readonly sku: string;
  readonly name: string;
  readonly seller: string;
  /** Dollars outside the sale and in it. */
  readonly price: number;
  readonly salePrice: number;
  readonly units: number;
}

const SELLERS = [
  { seller: "atelier-nord", name: "Atelier Nord" },
  { seller: "lumen", name: "Lumen" },
  { seller: "weaver-and-daughters", name: "Weaver & Daughters" },
] as const;

const ITEMS: readonly DemoItem[] = [
  item("handbag-ivy", "Handbag Ivy", "atelier-nord", 240, 96, 120),
  item("handbag-juno", "Handbag Juno", "atelier-nord", 310, 124, 80),
  item("handbag-last", "Handbag Solo, the last one", "atelier-nord", 690, 207, 1),
  item("satchel-oak", "Satchel Oak", "atelier-nord", 180, 90, 200),
  item("wallet-fern", "Wallet Fern", "atelier-nord", 70, 35, 400),
  item("belt-rowan", "Belt Rowan", "atelier-nord", 60, 27, 300),
  item("lamp-arc", "Floor lamp Arc", "lumen", 220, 110, 60),
  item("lamp-bead", "Table lamp Bead", "lumen", 95, 47, 150),
  item("lamp-cone", "Reading lamp Cone", "lumen", 75, 37, 150),
  item("lantern-dusk", "Lantern Dusk", "lumen", 55, 22, 20),
  item("scarf-heath", "Scarf Heath", "weaver-and-daughters", 85, 42, 250),
  item("blanket-moor", "Blanket Moor", "weaver-and-daughters", 160, 72, 100),
  item("shawl-tarn", "Shawl Tarn", "weaver-and-daughters", 130, 58, 0),
];

function item(
  sku: string,
  name: string,
  seller: (typeof SELLERS)[number]["seller"],
  price: number,
  salePrice: number,
  units: number,
): DemoItem {
  return { sku, name, seller, price, salePrice, units };
}

/** The demonstration, open from `opensAt` (milliseconds since 1970) for a day. */
export function demoSale(opensAt: number): SaleSetup {
  return {
    name: "Demonstration sale",
    catalog: CATALOG,
    stock: ITEMS.map(
      ({ sku, units }): StockItem => ({ sku, units, limitPerShopper: 5, limitPerPerson: 10 }),
    ),
    holdLimits: {
      perShopper: 5,
      perNetwork: 500,
      afterLapse: { firstMillis: MINUTE / 2, maxMillis: 10 * MINUTE },
    },
    settings: {
      sale: { earlyAccessAt: opensAt, publicAt: opensAt, closesAt: opensAt + DAY },
      holdForMillis: 10 * MINUTE,
      cartLimits: CART_LIMITS,
      payment: { ...PAYMENT_POLICY, timeLimitMillis: PAYMENT_TIME_LIMIT },
      promotions: { offers: [], highIntentViews: 3 },
      limits: {
        perShopper: { tokens: 5, everyMillis: 1_000, burst: 40 },
        perNetwork: { tokens: 500, everyMillis: 1_000, burst: 4_000 },
      },
    },
    room: null,
    feedback: FEEDBACK_POLICY,
  };
}

const CENTS = 100;

const CATALOG: CatalogContent = {
  sellers: SELLERS,
  products: ITEMS.map(({ sku, name, seller }) => ({ product: sku, seller, name, skus: [sku] })),
  listings: ITEMS.map(
    ({ sku, name, seller, price, salePrice }): Listing => ({
      sku,
      product: sku,
      seller,
      name,
      currency: "USD",
      price: price * CENTS,
      salePrice: salePrice * CENTS,
      floorPrice: 0,
    }),
  ),
};
