/** Reading the shop: what there is, what it costs now, and whether any is left. */
import { Effect } from "effect";
import { assert } from "../core/assert.ts";
import { type Listing, unitPrice } from "../core/catalog.ts";
import type { UnknownSku } from "../core/hold.ts";
import { phaseAt, type SalePhase } from "../core/sale.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import type { StorePorts, StoreSettings } from "./store-ports.ts";

/** A list page shows no more than this many items. */
export const PAGE_LISTINGS_MAX = 100;

/** One item as a page shows it. */
export interface Offer {
  readonly _tag: "Offer";
  readonly listing: Listing;
  /** What a unit costs this shopper now, minor units. */
  readonly price: number;
  /** Units that could be held at this moment; a hold may come before the shopper's next click. */
  readonly available: number;
}

export interface OfferPage {
  readonly offers: readonly Offer[];
  /** Pass it as `after` to go on; null at the end. */
  readonly next: string | null;
}

export interface Browse {
  readonly offer: (request: {
    readonly sku: string;
    /** True for a shopper with an early-access link. */
    readonly invited: boolean;
  }) => Effect.Effect<Offer | UnknownSku, PortUnavailable>;
  readonly page: (request: {
    /** Null lists the items of every seller. */
    readonly seller: string | null;
    readonly after: string | null;
    /** From 1 to {@link PAGE_LISTINGS_MAX}. */
    readonly limit: number;
    readonly invited: boolean;
  }) => Effect.Effect<OfferPage, PortUnavailable>;
}

export function makeBrowse(ports: StorePorts, settings: StoreSettings): Browse {
  const offerOf = Effect.fnUntraced(function* (
    listing: Listing,
    phase: SalePhase,
    invited: boolean,
  ) {
    const level = yield* ports.stock.level(listing.sku);
    const available = "available" in level ? level.available : 0;
    return {
      _tag: "Offer",
      listing,
      price: unitPrice(listing, phase, invited),
      available,
    } satisfies Offer;
  });
  const phaseNow = Effect.map(Effect.clock, (clock) =>
    phaseAt(settings.sale, clock.unsafeCurrentTimeMillis()),
  );
  return {
    offer: Effect.fnUntraced(function* ({ sku, invited }) {
      const listing = yield* ports.catalog.listing(sku);
      if (listing === null) return { _tag: "UnknownSku", sku } satisfies UnknownSku;
      return yield* offerOf(listing, yield* phaseNow, invited);
    }),
    page: Effect.fnUntraced(function* (request) {
      const { limit, invited } = request;
      assert(limit >= 1 && limit <= PAGE_LISTINGS_MAX, "a page has a length within its limit");
      const page = yield* ports.catalog.page(request);
      const phase = yield* phaseNow;
      const offers: Offer[] = [];
      for (const listing of page.listings) offers.push(yield* offerOf(listing, phase, invited));
      return { offers, next: page.next } satisfies OfferPage;
    }),
  };
}
