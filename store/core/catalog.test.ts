import { describe, expect, it } from "vitest";
import { Catalog, type CatalogContent, type Listing, unitPrice } from "./catalog.ts";

const LISTING: Listing = {
  sku: "lamp",
  product: "lamp",
  seller: "lights",
  name: "Lamp",
  currency: "USD",
  price: 5_000,
  salePrice: 2_500,
};
const CONTENT: CatalogContent = {
  sellers: [{ seller: "lights", name: "Lights" }],
  products: [{ product: "lamp", seller: "lights", name: "Lamp", skus: ["lamp"] }],
  listings: [LISTING],
};

describe("the catalog", () => {
  it("gives the sale price to whoever the sale admits, and the price to all others", () => {
    expect(unitPrice(LISTING, "scheduled", true)).toBe(5_000);
    expect(unitPrice(LISTING, "early-access", true)).toBe(2_500);
    expect(unitPrice(LISTING, "early-access", false)).toBe(5_000);
    expect(unitPrice(LISTING, "public", false)).toBe(2_500);
    expect(unitPrice(LISTING, "closed", true)).toBe(5_000);
  });

  it("hands out listings that a later price does not change", () => {
    const catalog = new Catalog(CONTENT);
    const before = catalog.listing("lamp");
    catalog.reprice({ sku: "lamp", price: 4_000, salePrice: 2_000 });
    expect(before).toEqual(LISTING);
    expect(catalog.listing("lamp")?.price).toBe(4_000);
    expect(catalog.version).toBe(2);
  });

  it("lists nothing after a SKU that it does not know", () => {
    const catalog = new Catalog(CONTENT);
    const page = catalog.page({ seller: null, after: "boat", limit: 5 });
    expect(page).toEqual({ listings: [], next: null });
  });

  it("crashes on content that does not hang together", () => {
    const make = (changes: Partial<CatalogContent>) => () =>
      new Catalog({ ...CONTENT, ...changes });
    expect(make({ sellers: [] })).toThrow("the seller of lamp is in the catalog");
    expect(make({ listings: [] })).toThrow("lamp belongs to its product");
    expect(make({ listings: [LISTING, LISTING] })).toThrow("in the catalog once");
    expect(make({ products: [] })).toThrow("the product of lamp is in the catalog");
    expect(make({ listings: [{ ...LISTING, price: 0.5 }] })).toThrow("whole minor units");
    expect(make({ listings: [{ ...LISTING, salePrice: -1 }] })).toThrow("not negative");
  });
});
