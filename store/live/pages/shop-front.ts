/**
 * What the pages that are the same for everybody are made of: the sale as it stands, and the parts
 * of the catalog that a page shows.
 */
import { type Listing, type Product, type Seller, unitPrice } from "../../core/catalog.ts";
import { mayBuy, phaseAt, type SalePhase, type SaleTimes } from "../../core/sale.ts";
import type { CatalogStoreService } from "../../ports/catalog-store.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { Steps } from "../../service/program.ts";
import type { LiveStore } from "../live-store.ts";

/** Items of one list page: a phone loads their pictures as they come into view. */
export const LIST_ITEMS = 24;
/** Items that are looked through for the home page, and that it shows. */
const FEATURED_FROM = 500;
const FEATURED_ITEMS = 8;
/** Items of one product that its page offers. */
const VARIANTS_MAX = 50;

/** The sale as a page tells it. */
export interface ShopFront {
  readonly sale: string;
  readonly times: SaleTimes;
  readonly phase: SalePhase;
  /** True for who may buy in early access, and sees what they pay. */
  readonly invited: boolean;
  readonly hasRoom: boolean;
  readonly sellers: readonly Seller[];
  /** The most units of one line of a cart. */
  readonly unitsMax: number;
  /** True where the sale has offers for who looks at several products. */
  readonly countsViews: boolean;
}

export interface PricedListing {
  readonly listing: Listing;
  /** What a unit costs now, minor units. */
  readonly price: number;
}

export interface ListContent {
  readonly seller: Seller | null;
  readonly after: string | null;
  readonly items: readonly PricedListing[];
  readonly next: string | null;
}

export interface ProductContent {
  readonly product: Product;
  readonly seller: Seller;
  readonly items: readonly PricedListing[];
}

export function frontAt(
  { setup, settings, admission }: LiveStore,
  at: {
    readonly now: number;
    readonly invited: boolean;
    readonly sellers: readonly Seller[];
  },
): ShopFront {
  const { sale: times, cartLimits, promotions } = settings;
  const { now, invited, sellers } = at;
  return {
    sale: setup.name,
    times,
    phase: phaseAt(times, now),
    invited,
    hasRoom: admission !== null,
    sellers,
    unitsMax: cartLimits.unitsPerLineMax,
    countsViews: promotions.offers.some(
      ({ trigger, segment }) => trigger === "exit-intent" && segment === "high-intent",
    ),
  };
}

export function canBuy({ phase, invited }: ShopFront): boolean {
  return mayBuy(phase, invited);
}

export function priced(front: ShopFront, listing: Listing): PricedListing {
  return { listing, price: unitPrice(listing, front.phase, front.invited) };
}

/** The items with the most taken off, the first of the catalog among equals. */
export function* featuredOf(
  catalog: CatalogStoreService,
  front: ShopFront,
): Steps<readonly PricedListing[], PortUnavailable> {
  const { listings } = yield* catalog.page({ seller: null, after: null, limit: FEATURED_FROM });
  const saved = ({ listing, price }: PricedListing) => (listing.price - price) / listing.price;
  return listings
    .map((listing) => priced(front, listing))
    .sort((one, other) => saved(other) - saved(one))
    .slice(0, FEATURED_ITEMS);
}

/** A page of a list; null where there is no such seller. */
export function* listOf(
  catalog: CatalogStoreService,
  front: ShopFront,
  asked: { readonly seller: string | null; readonly after: string | null },
): Steps<ListContent | null, PortUnavailable> {
  const { seller: name, after } = asked;
  const seller = front.sellers.find((each) => each.seller === name) ?? null;
  if (name !== null && seller === null) return null;
  const found = yield* catalog.page({ seller: name, after, limit: LIST_ITEMS });
  if (after !== null && found.listings.length === 0) return null;
  const items = found.listings.map((listing) => priced(front, listing));
  return { seller, after, items, next: found.next };
}

export function* productOf(
  catalog: CatalogStoreService,
  front: ShopFront,
  name: string,
): Steps<ProductContent | null, PortUnavailable> {
  const product = yield* catalog.product(name);
  if (product === null) return null;
  const items: PricedListing[] = [];
  for (const sku of product.skus.slice(0, VARIANTS_MAX)) {
    const listing = yield* catalog.listing(sku);
    if (listing !== null) items.push(priced(front, listing));
  }
  const known = front.sellers.find((each) => each.seller === product.seller);
  return { product, seller: known ?? { seller: product.seller, name: product.seller }, items };
}
