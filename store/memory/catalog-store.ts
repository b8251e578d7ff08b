/** The catalog in memory. */
import { Effect, Layer } from "effect";
import { Catalog, type CatalogContent } from "../core/catalog.ts";
import { CatalogStore, type CatalogStoreService } from "../ports/catalog-store.ts";

function make(content: CatalogContent): CatalogStoreService {
  const catalog = new Catalog(content);
  return {
    sellers: Effect.succeed(catalog.sellers),
    product: (product) => Effect.sync(() => catalog.product(product)),
    listing: (sku) => Effect.sync(() => catalog.listing(sku)),
    page: (request) => Effect.sync(() => catalog.page(request)),
    reprice: (request) => Effect.sync(() => catalog.reprice(request)),
    version: Effect.sync(() => catalog.version),
  };
}

export const MemoryCatalogStore = {
  make,
  layer: (content: CatalogContent) => Layer.sync(CatalogStore, () => make(content)),
} as const;
