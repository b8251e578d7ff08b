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
];
