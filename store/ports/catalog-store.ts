/** Where the catalog is read: sellers, products, SKUs and what they cost. */
import { Context, type Effect } from "effect";
import type {
  CatalogPage,
  Listed,
  Listing,
  ListingConflict,
  ListingRequest,
  PageRequest,
  Product,
  Repriced,
  Repricing,
  Seller,
} from "../core/catalog.ts";
import type { UnknownSku } from "../core/hold.ts";
import type { PortUnavailable } from "./port-unavailable.ts";

export interface CatalogStoreService {
  readonly sellers: Effect.Effect<readonly Seller[], PortUnavailable>;
  readonly product: (product: string) => Effect.Effect<Product | null, PortUnavailable>;
  readonly listing: (sku: string) => Effect.Effect<Listing | null, PortUnavailable>;
  /** At most `limit` listings after a SKU, in catalog order. */
  readonly page: (request: PageRequest) => Effect.Effect<CatalogPage, PortUnavailable>;
  readonly reprice: (request: Repricing) => Effect.Effect<Repriced | UnknownSku, PortUnavailable>;
  /** Puts a SKU into the catalog with its product and its seller, or writes over what it said. */
  readonly put: (
    request: ListingRequest,
  ) => Effect.Effect<Listed | ListingConflict, PortUnavailable>;
  /** Grows with every change, so that a cached page can be told from a current one. */
  readonly version: Effect.Effect<number, PortUnavailable>;
}

export class CatalogStore extends Context.Tag("store/CatalogStore")<
  CatalogStore,
  CatalogStoreService
>() {}
