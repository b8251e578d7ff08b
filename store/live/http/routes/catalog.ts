/**
 * The catalog and the stock. What an item costs hangs on the phase of the sale and on who asks, and
 * not on what is left of it: so a list can be cached, and the stock is asked for by itself.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Listing, unitPrice } from "../../../core/catalog.ts";
import { phaseAt } from "../../../core/sale.ts";
import type { PortUnavailable } from "../../../ports/port-unavailable.ts";
import { PAGE_LISTINGS_MAX } from "../../../service/browse.ts";
import { Program, type Steps } from "../../../service/program.ts";
import { CatalogSearch } from "../catalog-search.ts";
import { identify } from "../guards.ts";
import { type HttpDesk, networkOf } from "../http-desk.ts";
import { problemOf, problemOfAnswer, sendProblem } from "../problem.ts";
import { FLAG, listOf, MINOR, NAME, shape, TEXT, TEXT_OR_NULL, text } from "../schemas.ts";

const ITEM = shape({
  sku: TEXT,
  product: TEXT,
  seller: TEXT,
  name: TEXT,
  currency: TEXT,
  price: { ...MINOR, description: "what a unit costs this shopper now, minor units" },
  listPrice: { ...MINOR, description: "what a unit costs outside the sale, minor units" },
});
const PAGE = shape({ items: listOf(ITEM, PAGE_LISTINGS_MAX), next: TEXT_OR_NULL });
const PRODUCT_ITEMS_MAX = 200;
const PRODUCT = shape({
  product: TEXT,
  seller: TEXT,
  name: TEXT,
  items: listOf(ITEM, PRODUCT_ITEMS_MAX),
});
const STOCK_SKUS_MAX = 50;
const STOCK = shape({
  levels: listOf(
    shape({ sku: TEXT, available: { type: "integer" }, soldOut: FLAG }),
    STOCK_SKUS_MAX,
  ),
});

const PAGE_DEFAULT = 24;
/** How long a list may be shown by a cache, and then once more while it asks anew, seconds. */
const SHARED = "public, max-age=0, s-maxage=5, stale-while-revalidate=30";
const OWN = "private, no-cache";

interface Query {
  readonly seller?: string;
  readonly after?: string;
  readonly limit?: string;
  readonly q?: string;
}

export function catalogRoutes(server: FastifyInstance, desk: HttpDesk): void {
  const config = { policy: "public", priority: "browsing" } as const;
  const { catalog } = desk.store.ports;
  const search = new CatalogSearch(catalog);

  server.get<{ Querystring: Query }>(
    "/api/products",
    {
      config,
      schema: {
        summary: "Items for sale",
        querystring: shape(
          {
            seller: NAME,
            after: NAME,
            limit: { type: "string", pattern: "^\\d{1,3}$" },
            q: text(80),
          },
          "seller",
          "after",
          "limit",
          "q",
        ),
        response: { 200: PAGE },
      },
    },
    async (request, reply) => {
      const { seller = null, after = null, limit: asked, q } = request.query;
      const limit = Math.max(1, Math.min(PAGE_LISTINGS_MAX, Number(asked ?? PAGE_DEFAULT)));
      const price = pricesFor(desk, request, reply);
      const program = new Program(function* () {
        if (q !== undefined) return yield* search.find({ words: q, seller, after, limit });
        return yield* catalog.page({ seller, after, limit });
      });
      const found = await desk.ask(desk.limited(searchBuckets(desk, request, q), program));
      if ("_tag" in found) return sendProblem(reply, problemOfAnswer(found, 429));
      return reply.send({ items: found.listings.map(price), next: found.next });
    },
  );

  server.get<{ Params: { readonly product: string } }>(
    "/api/products/:product",
    {
      config,
      schema: {
        summary: "A product and its items",
        params: shape({ product: NAME }),
        response: { 200: PRODUCT },
      },
    },
    async (request, reply) => {
      const price = pricesFor(desk, request, reply);
      const found = await desk.ask(productOf(desk, request.params.product));
      if (found === null) return sendProblem(reply, problemOf("UnknownProduct", 404));
      if (request.identity !== null) desk.views.saw(request.identity.shopper);
      const { product, seller, name, listings } = found;
      return reply.send({ product, seller, name, items: listings.map(price) });
    },
  );

  server.get<{ Querystring: { readonly sku: string } }>(
    "/api/stock",
    {
      config,
      schema: {
        summary: "What is left of some items",
        description: `Up to ${STOCK_SKUS_MAX} items, their names with commas between.`,
        querystring: shape({ sku: text(4_000) }),
        response: { 200: STOCK },
      },
    },
    async (request, reply) => {
      const skus = request.query.sku.split(",");
      if (skus.length > STOCK_SKUS_MAX) {
        const detail = `up to ${STOCK_SKUS_MAX} items can be asked for at once`;
        return sendProblem(reply, problemOf("BadRequest", 400, { detail }));
      }
      return reply.send({ levels: await desk.ask(levelsOf(desk, skus)) });
    },
  );
}

export function searchBuckets(desk: HttpDesk, request: FastifyRequest, words: string | undefined) {
  const limit = desk.limits?.searchesPerNetwork;
  if (words === undefined || limit === undefined) return [];
  return [{ key: `search ${networkOf(request)}`, limit, by: "network" as const }];
}

/** How this shopper sees a listing now; says in the headers who may keep the answer. */
function pricesFor(desk: HttpDesk, request: FastifyRequest, reply: FastifyReply) {
  identify(desk, request);
  const invited = request.identity?.invited === true;
  reply.header("cache-control", invited ? OWN : SHARED);
  reply.header("vary", "authorization, cookie");
  const phase = phaseAt(desk.store.settings.sale, desk.now());
  return (listing: Listing) => {
    const { sku, product, seller, name, currency, price: listPrice } = listing;
    const price = unitPrice(listing, phase, invited);
    return { sku, product, seller, name, currency, price, listPrice };
  };
}

function productOf({ store: { ports } }: HttpDesk, name: string) {
  return new Program(function* () {
    const product = yield* ports.catalog.product(name);
    if (product === null) return null;
    const listings: Listing[] = [];
    for (const sku of product.skus.slice(0, PRODUCT_ITEMS_MAX)) {
      const listing = yield* ports.catalog.listing(sku);
      if (listing !== null) listings.push(listing);
    }
    return { ...product, listings };
  });
}

interface Level {
  readonly sku: string;
  readonly available: number;
  readonly soldOut: boolean;
}

/** The stock of the items that there are; `soldOut` where none is on its way back either. */
function levelsOf({ store: { ports } }: HttpDesk, skus: readonly string[]) {
  return new Program(function* (): Steps<readonly Level[], PortUnavailable> {
    const levels: Level[] = [];
    for (const sku of skus) {
      const level = yield* ports.stock.level(sku);
      if (!("available" in level)) continue;
      const { available, held } = level;
      levels.push({ sku, available, soldOut: available + held === 0 });
    }
    return levels;
  });
}
