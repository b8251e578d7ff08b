/** The catalog in memory. */
import { Layer } from "effect";
import {
  Catalog,
  type CatalogContent,
  type ListingRequest,
  type PageRequest,
  type Repricing,
} from "../core/catalog.ts";
import { atOnce, readAtOnce } from "../ports/at-once.ts";
import { CatalogStore, type CatalogStoreService } from "../ports/catalog-store.ts";

function make(content: CatalogContent): CatalogStoreService {
  const catalog = new Catalog(content);
  return {
    sellers: readAtOnce(() => catalog.sellers),
    product: atOnce((product: string) => catalog.product(product)),
    listing: atOnce((sku: string) => catalog.listing(sku)),
    page: atOnce((request: PageRequest) => catalog.page(request)),
    reprice: atOnce((request: Repricing) => catalog.reprice(request)),
    put: atOnce((request: ListingRequest) => catalog.put(request)),
    version: readAtOnce(() => catalog.version),
  };
}

export const MemoryCatalogStore = {
  make,
  layer: (content: CatalogContent) => Layer.sync(CatalogStore, () => make(content)),
} as const;
