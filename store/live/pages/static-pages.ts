/**
 * The pages that are the same bytes for everybody: home, lists and products. Each is made once for
 * a version of the catalog and a phase of the sale, and kept with its digest; a browser or a cache
 * that has it already is told so in a few bytes. Whether the sale has moved on is asked twice a
 * second, and never by each request.
 */
import { createHash } from "node:crypto";
import type { Effect } from "effect";
import type { Seller } from "../../core/catalog.ts";
import { nextPhaseAt, type SalePhase, type SaleTimes } from "../../core/sale.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import { Program, type Steps } from "../../service/program.ts";
import type { LiveStore } from "../live-store.ts";
import { homePage } from "./home-page.ts";
import type { Html } from "./html.ts";
import { listPage } from "./list-page.ts";
import { productPage } from "./product-page.ts";
import { featuredOf, frontAt, listOf, productOf, type ShopFront } from "./shop-front.ts";

export type StaticPageName =
  | { readonly page: "home" }
  | { readonly page: "list"; readonly seller: string | null; readonly after: string | null }
  | { readonly page: "product"; readonly product: string };

export interface StaticPage {
  readonly bytes: Buffer;
  /** In the quotes that HTTP wants. */
  readonly etag: string;
  readonly cacheControl: string;
}

/** How stale the pages may be beside the catalog. */
const LOOK_EVERY_MILLIS = 500;
/** How long a shared cache may show a page, and then once more while it asks anew, seconds. */
const SHARED_SECONDS = 10;
const STALE_SECONDS = 60;
/** Pages and bytes that are kept; over that all are forgotten, for they are quickly made again. */
const PAGES_MAX = 5_000;
const BYTES_MAX = 64 * 1_024 * 1_024;
const SECOND = 1_000;

/** What the kept pages were made from. */
interface Edition {
  readonly version: number;
  readonly phase: SalePhase;
  readonly times: SaleTimes;
  /** When the phase ends by the clock; null where it does not. */
  readonly endsAt: number | null;
  readonly sellers: readonly Seller[];
}

export interface StaticPagesParts {
  readonly store: LiveStore;
  readonly now: () => number;
  readonly ask: <Answer>(
    program: Effect.Effect<Answer, PortUnavailable>,
  ) => Answer | Promise<Answer>;
}

export class StaticPages {
  readonly #parts: StaticPagesParts;
  #pages = new Map<string, StaticPage>();
  #bytes = 0;
  #edition: Edition | null = null;
  #lookAgainAt = 0;

  constructor(parts: StaticPagesParts) {
    this.#parts = parts;
  }

  /** The page from what is kept, or null where it has to be asked for by `page`. */
  kept(key: string): StaticPage | null {
    if (this.#parts.now() >= this.#lookAgainAt) return null;
    return this.#pages.get(key) ?? null;
  }

  /** The page, made anew where it has to be; null where there is no such page. */
  async page(name: StaticPageName, key: string, invited: boolean): Promise<StaticPage | null> {
    const edition = await this.#current();
    const kept = this.#pages.get(key);
    if (kept !== undefined) return kept;
    const front = this.#front(edition, invited);
    const made = await this.#parts.ask(pageOf(this.#parts.store, front, name));
    if (made === null) return null;
    const page = sealed(made, cacheControlOf(edition, this.#parts.now()));
    if (this.#edition === edition) this.#keep(key, page);
    return page;
  }

  /** The sale as the pages tell it now. */
  async front(invited: boolean): Promise<ShopFront> {
    return this.#front(await this.#current(), invited);
  }

  #front({ sellers }: Edition, invited: boolean): ShopFront {
    return frontAt(this.#parts.store, { now: this.#parts.now(), invited, sellers });
  }

  #keep(key: string, page: StaticPage): void {
    if (this.#pages.size >= PAGES_MAX || this.#bytes >= BYTES_MAX) this.#forget();
    this.#pages.set(key, page);
    this.#bytes += page.bytes.length;
  }

  #forget(): void {
    this.#pages = new Map();
    this.#bytes = 0;
  }

  /** Looks whether the sale has moved on, and forgets the pages if it has. */
  async #current(): Promise<Edition> {
    const { store, now, ask } = this.#parts;
    const at = now();
    if (this.#edition !== null && at < this.#lookAgainAt) return this.#edition;
    const { catalog } = store.ports;
    const version = await ask(catalog.version);
    const times = { ...store.settings.sale };
    const { phase } = frontAt(store, { now: at, invited: false, sellers: [] });
    const endsAt = nextPhaseAt(times, at);
    const last = this.#edition;
    // Pages that a cache may hold beyond the phase are made anew, to be held for less.
    const ending = endsAt !== null && endsAt - at <= (SHARED_SECONDS + STALE_SECONDS) * SECOND;
    const same = last?.version === version && last.phase === phase && areSame(last.times, times);
    if (last === null || !same || ending) {
      const sellers = await ask(catalog.sellers);
      this.#edition = { version, phase, times, endsAt, sellers };
      this.#forget();
    }
    this.#lookAgainAt = Math.min(at + LOOK_EVERY_MILLIS, endsAt ?? Number.MAX_SAFE_INTEGER);
    return this.#edition as Edition;
  }
}

/** The text of a page, from the catalog as it is now; null where there is no such page. */
export function pageOf(
  { ports: { catalog } }: LiveStore,
  front: ShopFront,
  name: StaticPageName,
): Program<Html | null, PortUnavailable> {
  return new Program(function* (): Steps<Html | null, PortUnavailable> {
    switch (name.page) {
      case "home":
        return homePage(front, yield* featuredOf(catalog, front));
      case "list": {
        const content = yield* listOf(catalog, front, name);
        return content === null ? null : listPage(front, content);
      }
      case "product": {
        const content = yield* productOf(catalog, front, name.product);
        return content === null ? null : productPage(front, content);
      }
    }
  });
}

function sealed(made: Html, cacheControl: string): StaticPage {
  const bytes = Buffer.from(String(made));
  const digest = createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
  return { bytes, etag: `"${digest}"`, cacheControl };
}

/** No cache shows a phase of the sale after its end. */
function cacheControlOf({ endsAt }: Edition, now: number): string {
  const left = endsAt === null ? Number.POSITIVE_INFINITY : Math.floor((endsAt - now) / SECOND);
  const shared = Math.max(0, Math.min(SHARED_SECONDS, left));
  const stale = Math.max(0, Math.min(STALE_SECONDS, left - shared));
  return `public, max-age=0, s-maxage=${shared}, stale-while-revalidate=${stale}`;
}

function areSame(one: SaleTimes, other: SaleTimes): boolean {
  const { earlyAccessAt, publicAt, closesAt } = other;
  const isSame = one.earlyAccessAt === earlyAccessAt && one.publicAt === publicAt;
  return isSame && one.closesAt === closesAt;
}
