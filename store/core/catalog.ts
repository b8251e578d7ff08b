/**
 * What is for sale: sellers, their products, and the SKUs that a shopper can put into a cart.
 * Prices are integer minor units. The {@link Catalog} is changed in place by its one owner;
 * the listings that it hands out are values.
 */
import { assert } from "./assert.ts";
import type { UnknownSku } from "./hold.ts";
import { mayBuy, type SalePhase } from "./sale.ts";

export interface Seller {
  readonly seller: string;
  readonly name: string;
}

/** What a product page shows; each variant that can be bought is a SKU. */
export interface Product {
  readonly product: string;
  readonly seller: string;
  readonly name: string;
  readonly skus: readonly string[];
}

export interface Listing {
  readonly sku: string;
  readonly product: string;
  readonly seller: string;
  readonly name: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Outside the sale. */
  readonly price: number;
  /** For whoever the sale admits. */
  readonly salePrice: number;
  /** No promotion sells a unit under this; 0 where the seller says nothing. */
  readonly floorPrice?: number;
}

export interface CatalogContent {
  readonly sellers: readonly Seller[];
  readonly products: readonly Product[];
  readonly listings: readonly Listing[];
}

export interface Repriced {
  readonly _tag: "Repriced";
  readonly listing: Listing;
}

/** One line of a seller's list: the SKU with the product and the seller that it belongs to. */
export interface ListingRequest {
  readonly seller: Seller;
  /** The product's own name; each of its SKUs has one of its own. */
  readonly product: { readonly product: string; readonly name: string };
  readonly listing: Listing;
}

/** The SKU is in the catalog as asked, with its product and its seller. */
export interface Listed {
  readonly _tag: "Listed";
  /** True where the catalog did not know the SKU. */
  readonly isNew: boolean;
  readonly listing: Listing;
}

/** What a SKU and a product belong to stays as it is; nothing was changed. */
export interface ListingConflict {
  readonly _tag: "ListingConflict";
  readonly sku: string;
  /** The member of the listing that is another one in the catalog. */
  readonly member: "seller" | "product" | "currency";
  /** What the catalog has there. */
  readonly known: string;
}

export interface Repricing {
  readonly sku: string;
  readonly price: number;
  readonly salePrice: number;
  /** Left out, the floor stays as it is. */
  readonly floorPrice?: number;
}

export interface CatalogPage {
  readonly listings: readonly Listing[];
  /** The `after` of the next page; null at the end. */
  readonly next: string | null;
}

export interface PageRequest {
  /** Null lists every seller. */
  readonly seller: string | null;
  readonly after: string | null;
  readonly limit: number;
}

/** The price of one unit for this shopper now, minor units. A pause changes no price tag. */
export function unitPrice(listing: Listing, phase: SalePhase, invited: boolean): number {
  return phase === "paused" || mayBuy(phase, invited) ? listing.salePrice : listing.price;
}

export class Catalog {
  readonly #sellers = new Map<string, Seller>();
  readonly #products = new Map<string, Product>();
  /** In catalog order; the position of each SKU is in `#positions`. */
  readonly #listings: Listing[] = [];
  readonly #positions = new Map<string, number>();
  #version = 1;

  constructor(content: CatalogContent) {
    for (const seller of content.sellers) this.#sellers.set(seller.seller, seller);
    const names = this.#sellers;
    assert(names.size === content.sellers.length, "a seller is in the catalog once");
    for (const product of content.products) {
      assert(names.has(product.seller), `the seller of ${product.product} is in the catalog`);
      assert(!this.#products.has(product.product), `${product.product} is in the catalog once`);
      this.#products.set(product.product, product);
    }
    for (const listing of content.listings) this.#add(listing);
    for (const product of content.products) {
      for (const sku of product.skus) {
        assert(this.listing(sku)?.product === product.product, `${sku} belongs to its product`);
      }
    }
  }

  get sellers(): readonly Seller[] {
    return [...this.#sellers.values()];
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  product(product: string): Product | null {
    return this.#products.get(product) ?? null;
  }

  listing(sku: string): Listing | null {
    const position = this.#positions.get(sku);
    return position === undefined ? null : this.#listings[position];
  }

  /** Listings after a SKU in catalog order; after an unknown SKU there are none. */
  page(request: PageRequest): CatalogPage {
    assert(request.limit > 0, "a page has room for a listing");
    const listings: Listing[] = [];
    let position = 0;
    if (request.after !== null) {
      position = (this.#positions.get(request.after) ?? this.#listings.length) + 1;
    }
    for (; position < this.#listings.length; position++) {
      const listing = this.#listings[position];
      if (request.seller !== null && listing.seller !== request.seller) continue;
      if (listings.length === request.limit) {
        return { listings, next: listings[listings.length - 1].sku };
      }
      listings.push(listing);
    }
    return { listings, next: null };
  }

  /** Puts a SKU into the catalog, or writes over what it said of names and prices. */
  put({ seller, product, listing }: ListingRequest): Listed | ListingConflict {
    const { sku } = listing;
    assert(listing.seller === seller.seller, `${sku} is listed with its seller`);
    assert(listing.product === product.product, `${sku} is listed with its product`);
    assertPrices(listing);
    const known = this.listing(sku);
    const conflict = listingConflict(listing, known, this.product(listing.product));
    if (conflict !== null) return conflict;
    this.#sellers.set(seller.seller, seller);
    const skus = this.product(product.product)?.skus ?? [];
    const all = skus.includes(sku) ? skus : [...skus, sku];
    this.#products.set(product.product, { ...product, seller: seller.seller, skus: all });
    if (known === null) this.#add(listing);
    else this.#listings[this.#positions.get(sku) as number] = listing;
    this.#version++;
    return { _tag: "Listed", isNew: known === null, listing };
  }

  reprice(change: Repricing): Repriced | UnknownSku {
    const position = this.#positions.get(change.sku);
    if (position === undefined) return { _tag: "UnknownSku", sku: change.sku };
    const { sku: _sku, ...prices } = change;
    const listing = { ...this.#listings[position], ...prices };
    assertPrices(listing);
    this.#listings[position] = listing;
    this.#version++;
    return { _tag: "Repriced", listing };
  }

  #add(listing: Listing): void {
    assert(!this.#positions.has(listing.sku), `the SKU ${listing.sku} is in the catalog once`);
    const product = this.#products.get(listing.product);
    assert(product !== undefined, `the product of ${listing.sku} is in the catalog`);
    assert(product.seller === listing.seller, `${listing.sku} and its product have one seller`);
    assert(product.skus.includes(listing.sku), `the product of ${listing.sku} names it`);
    assertPrices(listing);
    this.#positions.set(listing.sku, this.#listings.length);
    this.#listings.push(listing);
  }
}

/** What of a listing is another one in the catalog, or null. */
export function listingConflict(
  listing: Listing,
  known: Listing | null,
  product: Product | null,
): ListingConflict | null {
  const { sku } = listing;
  if (known !== null) {
    for (const member of ["seller", "product", "currency"] as const) {
      if (known[member] === listing[member]) continue;
      return { _tag: "ListingConflict", sku, member, known: known[member] };
    }
  }
  if (product === null || product.seller === listing.seller) return null;
  return { _tag: "ListingConflict", sku, member: "seller", known: product.seller };
}

function assertPrices(listing: Listing): void {
  assert(
    [listing.price, listing.salePrice, listing.floorPrice ?? 0].every(Number.isSafeInteger),
    `the prices of ${listing.sku} are whole minor units`,
  );
  assert(
    listing.price >= 0 && listing.salePrice >= 0 && (listing.floorPrice ?? 0) >= 0,
    `the prices of ${listing.sku} are not negative`,
  );
}
