/** The contract of the catalog store. */
import { Effect, type Layer } from "effect";
import { expect } from "vitest";
import type { CatalogContent, Listing } from "../core/catalog.ts";
import { CatalogStore, type CatalogStoreService } from "../ports/catalog-store.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { type ContractCase, contract } from "./contract.ts";

function listingOf(sku: string, product: string, seller: string): Listing {
  const name = `${product}, ${sku}`;
  return { sku, product, seller, name, currency: "USD", price: 5_000, salePrice: 2_500 };
}

/** The catalog that an adapter under contract starts with. */
export const CONTRACT_CATALOG: CatalogContent = {
  sellers: [
    { seller: "lights", name: "Lights of Lund" },
    { seller: "seats", name: "Seats and Sofas" },
  ],
  products: [
    { product: "lamp", seller: "lights", name: "Lamp", skus: ["lamp-red", "lamp-blue"] },
    { product: "chair", seller: "seats", name: "Chair", skus: ["chair"] },
  ],
  listings: [
    listingOf("lamp-red", "lamp", "lights"),
    listingOf("chair", "chair", "seats"),
    listingOf("lamp-blue", "lamp", "lights"),
  ],
};

/** Runs every case against fresh stores with {@link CONTRACT_CATALOG}. */
export function catalogStoreContract(name: string, layer: Layer.Layer<CatalogStore>): void {
  contract(`catalog store: ${name}`, catalogStoreCases, layer);
}

function catalogCase(
  sentence: string,
  body: (store: CatalogStoreService) => Effect.Effect<void, PortUnavailable>,
): ContractCase<CatalogStore> {
  return { sentence, program: Effect.flatMap(CatalogStore, body) };
}

const catalogStoreCases: readonly ContractCase<CatalogStore>[] = [
  catalogCase("sellers, products and SKUs are found by their names", (store) =>
    Effect.gen(function* () {
      expect(yield* store.sellers).toEqual(CONTRACT_CATALOG.sellers);
      expect(yield* store.product("lamp")).toEqual(CONTRACT_CATALOG.products[0]);
      expect(yield* store.listing("chair")).toEqual(CONTRACT_CATALOG.listings[1]);
      expect(yield* store.product("boat")).toBeNull();
      expect(yield* store.listing("boat")).toBeNull();
    }),
  ),
  catalogCase("a list comes page by page in the order of the catalog", (store) =>
    Effect.gen(function* () {
      const first = yield* store.page({ seller: null, after: null, limit: 2 });
      expect(first.listings.map((listing) => listing.sku)).toEqual(["lamp-red", "chair"]);
      expect(first.next).toBe("chair");
      const second = yield* store.page({ seller: null, after: first.next, limit: 2 });
      expect(second.listings.map((listing) => listing.sku)).toEqual(["lamp-blue"]);
      expect(second.next).toBeNull();
    }),
  ),
  catalogCase("a seller's list leaves out what others sell", (store) =>
    Effect.gen(function* () {
      const page = yield* store.page({ seller: "lights", after: null, limit: 2 });
      expect(page.listings.map((listing) => listing.sku)).toEqual(["lamp-red", "lamp-blue"]);
      expect(page.next).toBeNull();
      const none = yield* store.page({ seller: "boats", after: null, limit: 2 });
      expect(none).toEqual({ listings: [], next: null });
    }),
  ),
  catalogCase("a new price is read at once, and the version of the catalog grows", (store) =>
    Effect.gen(function* () {
      const version = yield* store.version;
      const answer = yield* store.reprice({ sku: "chair", price: 4_000, salePrice: 2_000 });
      expect(answer._tag).toBe("Repriced");
      expect(yield* store.listing("chair")).toMatchObject({ price: 4_000, salePrice: 2_000 });
      expect(yield* store.version).toBeGreaterThan(version);
      const unknown = yield* store.reprice({ sku: "boat", price: 1, salePrice: 1 });
      expect(unknown).toEqual({ _tag: "UnknownSku", sku: "boat" });
    }),
  ),
  catalogCase("a floor comes with a new price, and stays where nothing is said", (store) =>
    Effect.gen(function* () {
      yield* store.reprice({ sku: "chair", price: 4_000, salePrice: 2_000, floorPrice: 1_500 });
      expect(yield* store.listing("chair")).toMatchObject({ salePrice: 2_000, floorPrice: 1_500 });
      yield* store.reprice({ sku: "chair", price: 4_000, salePrice: 1_800 });
      expect(yield* store.listing("chair")).toMatchObject({ salePrice: 1_800, floorPrice: 1_500 });
    }),
  ),
  catalogCase("a SKU that is new comes last, with its product and its seller", (store) =>
    Effect.gen(function* () {
      const version = yield* store.version;
      const seller = { seller: "sails", name: "Sails" };
      const product = { product: "boat", name: "Boat" };
      const listing = listingOf("boat-small", "boat", "sails");
      const answer = yield* store.put({ seller, product, listing });
      expect(answer).toEqual({ _tag: "Listed", isNew: true, listing });
      expect(yield* store.listing("boat-small")).toEqual(listing);
      expect(yield* store.sellers).toEqual([...CONTRACT_CATALOG.sellers, seller]);
      const page = yield* store.page({ seller: null, after: "lamp-blue", limit: 5 });
      expect(page).toEqual({ listings: [listing], next: null });
      const larger = { ...listingOf("boat-large", "boat", "sails"), floorPrice: 100 };
      yield* store.put({ seller, product, listing: larger });
      expect(yield* store.product("boat")).toMatchObject({ skus: ["boat-small", "boat-large"] });
      expect(yield* store.listing("boat-large")).toEqual(larger);
      expect(yield* store.version).toBeGreaterThan(version);
    }),
  ),
  catalogCase("a SKU that is known takes the new names and prices, and keeps its place", (store) =>
    Effect.gen(function* () {
      const seller = { seller: "lights", name: "Lights of Malmö" };
      const product = { product: "lamp", name: "Desk lamp" };
      const listing = { ...listingOf("lamp-red", "lamp", "lights"), name: "Red", price: 9_000 };
      const answer = yield* store.put({ seller, product, listing });
      expect(answer).toEqual({ _tag: "Listed", isNew: false, listing });
      expect(yield* store.sellers).toContainEqual(seller);
      const skus = ["lamp-red", "lamp-blue"];
      expect(yield* store.product("lamp")).toEqual({ ...product, seller: "lights", skus });
      const page = yield* store.page({ seller: null, after: null, limit: 1 });
      expect(page.listings).toEqual([listing]);
    }),
  ),
  catalogCase("a SKU does not change its product, seller or currency", (store) =>
    Effect.gen(function* () {
      const version = yield* store.version;
      const lights = { seller: "lights", name: "Lights of Lund" };
      const lamp = { product: "lamp", name: "Lamp" };
      const red = listingOf("lamp-red", "lamp", "lights");
      const refused = (member: string, known: string, sku = "lamp-red") => {
        return { _tag: "ListingConflict", sku, member, known };
      };
      const euros = { seller: lights, product: lamp, listing: { ...red, currency: "EUR" } };
      expect(yield* store.put(euros)).toEqual(refused("currency", "USD"));
      const bulb = { product: "bulb", name: "Bulb" };
      const moved = { seller: lights, product: bulb, listing: { ...red, product: "bulb" } };
      expect(yield* store.put(moved)).toEqual(refused("product", "lamp"));
      const seats = { seller: "seats", name: "Seats and Sofas" };
      const green = listingOf("lamp-green", "lamp", "seats");
      const taken = yield* store.put({ seller: seats, product: lamp, listing: green });
      expect(taken).toEqual(refused("seller", "lights", "lamp-green"));
      expect(yield* store.listing("lamp-red")).toEqual(red);
      expect(yield* store.listing("lamp-green")).toBeNull();
      expect(yield* store.version).toBe(version);
    }),
  ),
];
