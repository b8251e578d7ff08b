import { Effect } from "effect";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SaleSetup } from "../../service/sale-setup.ts";
import { demoSale } from "../demo-sale.ts";
import type { LiveParts } from "../parts.ts";
import { openSqlite } from "./sqlite-parts.ts";
import { removeFolder, temporaryFolder } from "./testing/temporary-ledger.ts";

const DEMO = demoSale(0);
const SKU = "handbag-ivy";

let folder: string;
let opened: LiveParts[];
beforeEach(() => {
  folder = temporaryFolder();
  opened = [];
});
afterEach(async () => {
  for (const parts of opened) await parts.close();
  removeFolder(folder);
});

function open(setup: SaleSetup = DEMO): LiveParts {
  const parts = openSqlite({ folder, setup });
  opened.push(parts);
  return parts;
}

/** The demonstration with another product, and another price of a known one. */
function withLamp(): SaleSetup {
  const { catalog, stock } = DEMO;
  const of = {
    sku: "lamp-new",
    product: "lamp-new",
    seller: "lumen",
    name: "New",
    currency: "USD",
  };
  return {
    ...DEMO,
    catalog: {
      sellers: catalog.sellers,
      products: [
        ...catalog.products,
        { product: "lamp-new", seller: "lumen", name: "New", skus: ["lamp-new"] },
      ],
      listings: [
        ...catalog.listings.map((listing) => ({ ...listing, price: 1, salePrice: 1 })),
        { ...of, price: 200, salePrice: 100 },
      ],
    },
    stock: [
      ...stock.map((item) => ({ ...item, units: 9_999 })),
      { sku: "lamp-new", units: 7, limitPerShopper: null },
    ],
  };
}

describe("a live store on SQLite", () => {
  it("keeps what was sold, held and repriced when it is opened again", async () => {
    const before = open();
    const lines = [{ sku: SKU, units: 2 }];
    Effect.runSync(before.stock.hold({ hold: "h", shopper: "ann", lines, now: 0, expiresAt: 99 }));
    Effect.runSync(before.catalog.reprice({ sku: SKU, price: 5, salePrice: 4 }));
    await before.close();
    const after = open();
    expect(Effect.runSync(after.stock.level(SKU))).toMatchObject({ available: 118, held: 2 });
    expect(Effect.runSync(after.catalog.listing(SKU))).toMatchObject({ price: 5, salePrice: 4 });
    expect(Effect.runSync(after.catalog.version)).toBe(2);
  });

  it("takes in what is new in its sale, and leaves what it knows as it is", () => {
    const before = open();
    const version = Effect.runSync(before.catalog.version);
    const known = Effect.runSync(before.catalog.listing(SKU));
    const after = open(withLamp());
    expect(Effect.runSync(after.stock.level("lamp-new"))).toMatchObject({ available: 7 });
    expect(Effect.runSync(after.stock.level(SKU))).toMatchObject({ available: 120 });
    expect(Effect.runSync(after.catalog.listing(SKU))).toEqual(known);
    // A process that had the file open sees it too.
    expect(Effect.runSync(before.catalog.listing("lamp-new"))).toMatchObject({ salePrice: 100 });
    expect(Effect.runSync(before.catalog.version)).toBeGreaterThan(version);
  });

  it("says when it cannot serve", async () => {
    const parts = open();
    expect(await parts.check()).toBeNull();
    await parts.close();
    expect(await parts.check()).toBe("the ledger is closed");
  });

  it("makes what was written before its end durable", async () => {
    const parts = open();
    Effect.runSync(parts.stock.restock({ sku: SKU, units: 1 }));
    await parts.close();
    expect(Effect.runSync(open().stock.level(SKU))).toMatchObject({ available: 121 });
  });
});
