/**
 * Finding items by a word of their name. The names are read from the catalog once and kept until
 * the catalog says that it has changed; a search goes through all of them, which for the few
 * thousand items of a sale takes well under a millisecond.
 */
import type { Listing } from "../../core/catalog.ts";
import type { CatalogStoreService } from "../../ports/catalog-store.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { Steps } from "../../service/program.ts";

/** Items whose names are kept; what a catalog has beyond them is not found by name. */
const NAMES_MAX = 20_000;
const PAGE = 500;

interface Name {
  readonly listing: Listing;
  readonly plain: string;
}

export interface FoundPage {
  readonly listings: readonly Listing[];
  readonly next: string | null;
}

export class CatalogSearch {
  readonly #catalog: CatalogStoreService;
  #version = -1;
  #names: readonly Name[] = [];

  constructor(catalog: CatalogStoreService) {
    this.#catalog = catalog;
  }

  /** Items after a SKU in whose name or seller every word occurs, in catalog order. */
  *find(request: {
    readonly words: string;
    readonly seller: string | null;
    readonly after: string | null;
    readonly limit: number;
  }): Steps<FoundPage, PortUnavailable> {
    yield* this.#refresh();
    const { seller, after, limit } = request;
    const words = plainOf(request.words)
      .split(" ")
      .filter((word) => word !== "");
    const from = after === null ? 0 : this.#placeAfter(after);
    const listings: Listing[] = [];
    for (let place = from; place < this.#names.length; place += 1) {
      const { listing, plain } = this.#names[place];
      if (seller !== null && listing.seller !== seller) continue;
      if (!words.every((word) => plain.includes(word))) continue;
      if (listings.length === limit) return { listings, next: listings[limit - 1].sku };
      listings.push(listing);
    }
    return { listings, next: null };
  }

  #placeAfter(sku: string): number {
    const place = this.#names.findIndex(({ listing }) => listing.sku === sku);
    return place < 0 ? this.#names.length : place + 1;
  }

  *#refresh(): Steps<void, PortUnavailable> {
    const version = yield* this.#catalog.version;
    if (version === this.#version) return;
    const names: Name[] = [];
    let after: string | null = null;
    while (names.length < NAMES_MAX) {
      const page: FoundPage = yield* this.#catalog.page({ seller: null, after, limit: PAGE });
      for (const listing of page.listings) {
        names.push({ listing, plain: plainOf(`${listing.name} ${listing.seller}`) });
      }
      if (page.next === null) break;
      after = page.next;
    }
    this.#names = names;
    this.#version = version;
  }
}

/** Small letters without accents, so that a shopper need not know how the seller writes. */
function plainOf(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number} ]/gu, "");
}
