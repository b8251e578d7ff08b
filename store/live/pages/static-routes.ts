/** Home, lists, products, search, pictures, style and script: all that nobody needs a name for. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { mayBuy, phaseAt } from "../../core/sale.ts";
import { Program } from "../../service/program.ts";
import { CatalogSearch } from "../http/catalog-search.ts";
import { problemOf, problemOfAnswer, sendProblem } from "../http/problem.ts";
import { searchBuckets } from "../http/routes/catalog.ts";
import { searchPage } from "./list-page.ts";
import { listPath, PRODUCTS, productPath, SEARCH } from "./page-paths.ts";
import { type PageShop, sendPage } from "./page-shop.ts";
import { productArt } from "./product-art.ts";
import { SHOP_ASSETS } from "./shop-assets.ts";
import { LIST_ITEMS, priced } from "./shop-front.ts";
import type { StaticPage, StaticPageName } from "./static-pages.ts";

const CONFIG = { policy: "public", priority: "browsing" } as const;
const OPTIONS = { config: CONFIG, schema: { hide: true } } as const;
const FOR_GOOD = "public, max-age=31536000, immutable";
/** A picture hangs on its name alone, but may be drawn differently by a later store. */
const FOR_A_WEEK = "public, max-age=604800";
const SEARCHED = "public, max-age=0, s-maxage=5";
const SEARCH_LENGTH_MAX = 80;
const NAME_LENGTH_MAX = 128;

export function staticRoutes(server: FastifyInstance, shop: PageShop): void {
  const home: StaticPageName = { page: "home" };
  const all: StaticPageName = { page: "list", seller: null, after: null };
  server.get("/", OPTIONS, (request, reply) => answer(shop, request, reply, home, "/"));
  server.get(PRODUCTS, OPTIONS, (request, reply) => answer(shop, request, reply, all, PRODUCTS));
  server.get<{ Params: { readonly after: string } }>(
    "/products/from/:after",
    OPTIONS,
    (request, reply) => list(shop, request, reply, null, request.params.after),
  );
  server.get<{ Params: { readonly seller: string } }>(
    "/sellers/:seller",
    OPTIONS,
    (request, reply) => list(shop, request, reply, request.params.seller, null),
  );
  server.get<{ Params: { readonly seller: string; readonly after: string } }>(
    "/sellers/:seller/from/:after",
    OPTIONS,
    (request, reply) => list(shop, request, reply, request.params.seller, request.params.after),
  );
  server.get<{ Params: { readonly product: string } }>(
    "/product/:product",
    OPTIONS,
    (request, reply) => {
      const { product } = request.params;
      return answer(shop, request, reply, { page: "product", product }, productPath(product));
    },
  );
  searchRoute(server, shop);
  assetRoutes(server);
}

function list(
  shop: PageShop,
  request: FastifyRequest,
  reply: FastifyReply,
  seller: string | null,
  after: string | null,
) {
  const key = listPath(seller, after);
  return answer(shop, request, reply, { page: "list", seller, after }, key);
}

/** From what is kept where it is there; the first to ask for a page has it made. */
function answer(
  shop: PageShop,
  request: FastifyRequest,
  reply: FastifyReply,
  name: StaticPageName,
  path: string,
): FastifyReply | Promise<FastifyReply> {
  const invited = seesInvitedPrices(shop, request, reply);
  const key = invited ? `invited ${path}` : path;
  const kept = shop.pages.kept(key);
  if (kept !== null) return give(request, reply, kept, invited);
  return shop.pages.page(name, key, invited).then((made) => {
    if (made !== null) return give(request, reply, made, invited);
    return sendProblem(reply, problemOf("NotFound", 404));
  });
}

/** Only in early access does it matter who looks; then no cache may take one for the other. */
function seesInvitedPrices(shop: PageShop, request: FastifyRequest, reply: FastifyReply): boolean {
  const { desk } = shop;
  if (phaseAt(desk.store.settings.sale, desk.now()) !== "early-access") return false;
  reply.header("vary", "cookie");
  return shop.visitor(request)?.invited === true;
}

function give(
  request: FastifyRequest,
  reply: FastifyReply,
  { bytes, etag, cacheControl }: StaticPage,
  invited: boolean,
): FastifyReply {
  reply.header("cache-control", invited ? "private, no-cache" : cacheControl);
  reply.header("etag", etag);
  if (hasIt(request.headers["if-none-match"], etag)) return reply.code(304).send();
  return reply.header("content-type", "text/html; charset=utf-8").send(bytes);
}

/** A cache in between may have made the digest a weak one. */
function hasIt(named: string | undefined, etag: string): boolean {
  if (named === undefined) return false;
  return named === etag || named === "*" || named.includes(etag);
}

function searchRoute(server: FastifyInstance, shop: PageShop): void {
  const { desk } = shop;
  const search = new CatalogSearch(desk.store.ports.catalog);
  server.get<{ Querystring: { readonly q?: string; readonly after?: string } }>(
    SEARCH,
    OPTIONS,
    async (request, reply) => {
      const words = String(request.query.q ?? "").slice(0, SEARCH_LENGTH_MAX);
      const { after: named } = request.query;
      // Said twice it is a list, as the words are.
      const after = named === undefined ? null : String(named).slice(0, NAME_LENGTH_MAX);
      const invited = seesInvitedPrices(shop, request, reply);
      const front = await shop.pages.front(invited);
      if (words.trim() === "") {
        return sendPage(reply, searchPage(front, { words: "", items: [], after, next: null }));
      }
      const program = new Program(function* () {
        return yield* search.find({ words, seller: null, after, limit: LIST_ITEMS });
      });
      const found = await desk.ask(desk.limited(searchBuckets(desk, request, words), program));
      if ("_tag" in found) return sendProblem(reply, problemOfAnswer(found, 429));
      const items = found.listings.map((listing) => priced(front, listing));
      if (!mayBuy(front.phase, invited) || !invited) reply.header("cache-control", SEARCHED);
      return sendPage(reply, searchPage(front, { words, items, after, next: found.next }));
    },
  );
}

function assetRoutes(server: FastifyInstance): void {
  for (const { path, contentType, bytes } of SHOP_ASSETS) {
    server.get(path, OPTIONS, (_request, reply) =>
      reply.header("cache-control", FOR_GOOD).type(contentType).send(bytes),
    );
  }
  server.get<{ Params: { readonly product: string } }>(
    "/art/:product.svg",
    OPTIONS,
    (request, reply) => {
      const { product } = request.params;
      if (product.length > NAME_LENGTH_MAX) return sendProblem(reply, problemOf("NotFound", 404));
      const drawn = productArt(product);
      return reply.header("cache-control", FOR_A_WEEK).type("image/svg+xml").send(drawn);
    },
  );
}
