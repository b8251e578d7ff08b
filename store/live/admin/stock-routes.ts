/** Units and prices, changed while the sale is on. Nothing here touches what shoppers hold. */
import type { Effect } from "effect";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { StockLevel, StockMoved, TooFew, UnknownSku } from "../../core/hold.ts";
import type { SaleEvent } from "../../core/sale-event.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import { problemOf, sendProblem } from "../http/problem.ts";
import {
  listOf,
  MINOR,
  NAME,
  oneOf,
  shape,
  TEXT,
  TEXT_OR_NULL,
  WHOLE,
  WHOLE_OR_NULL,
} from "../http/schemas.ts";
import type { AdminDesk } from "./admin-desk.ts";
import {
  ADMIN,
  DIGITS,
  limitOf,
  PAGE_LIMIT_MAX,
  type PageQuery,
  PRICE,
  SKU_PARAMS,
  ADMIN_SECURITY as security,
} from "./admin-schemas.ts";

const LEVEL = shape({
  sku: TEXT,
  initial: WHOLE,
  restocked: WHOLE,
  writtenOff: WHOLE,
  available: WHOLE,
  held: WHOLE,
  sold: WHOLE,
  quarantined: WHOLE,
  limitPerShopper: WHOLE_OR_NULL,
  limitPerPerson: WHOLE_OR_NULL,
});
const MOVED = shape({ available: WHOLE, quarantined: WHOLE });
const LISTING = shape(
  {
    sku: TEXT,
    product: TEXT,
    seller: TEXT,
    name: TEXT,
    currency: TEXT,
    price: MINOR,
    salePrice: MINOR,
    floorPrice: MINOR,
  },
  "floorPrice",
);
/** More than any delivery; a slip of a digit is stopped. */
const UNITS_MOVED = { type: "integer", minimum: 1, maximum: 1_000_000 } as const;
const FROM = oneOf("available", "quarantined");

interface Moving {
  readonly sku: string;
  readonly units: number;
  readonly from: "available" | "quarantined";
}
type Moved = StockMoved | TooFew | UnknownSku;

interface Movement {
  readonly action: string;
  readonly summary: string;
  readonly move: (moving: Moving) => Effect.Effect<Moved, PortUnavailable>;
  readonly kind: "StockAdded" | "StockWrittenOff" | null;
}

export function stockRoutes(server: FastifyInstance, admin: AdminDesk): void {
  const { stock } = admin.desk.store.ports;
  levelRoute(server, admin);
  priceRoute(server, admin);
  const movements: readonly Movement[] = [
    {
      action: "restock",
      summary: "New units on sale",
      move: (line) => stock.restock(line),
      kind: "StockAdded",
    },
    {
      action: "quarantine",
      summary: "Set units aside",
      move: (line) => stock.quarantine(line),
      kind: null,
    },
    {
      action: "readmit",
      summary: "Put units back on sale that were set aside",
      move: (line) => stock.readmit(line),
      kind: null,
    },
    {
      action: "write-off",
      summary: "Write units off",
      move: (moving) => stock.writeOff(moving),
      kind: "StockWrittenOff",
    },
  ];
  for (const movement of movements) movementRoute(server, admin, movement);
}

function movementRoute(server: FastifyInstance, admin: AdminDesk, movement: Movement): void {
  const { action, summary, move, kind } = movement;
  const takesFrom = action === "write-off";
  const units = { units: UNITS_MOVED };
  server.post<{ Params: { readonly sku: string }; Body: Omit<Moving, "sku"> }>(
    `/api/admin/stock/:sku/${action}`,
    {
      config: ADMIN,
      schema: {
        summary,
        security,
        params: SKU_PARAMS,
        body: shape(takesFrom ? { ...units, from: FROM } : units),
        response: { 200: MOVED },
      },
    },
    async (request, reply) => {
      const moving = { sku: request.params.sku, ...request.body };
      const act = { action: `stock.${action}`, details: moving };
      const answer = await admin.act(request, act, move(moving), ({ _tag }, at): SaleEvent[] => {
        if (_tag !== "StockMoved" || kind === null) return [];
        return [{ kind, at, sku: moving.sku, units: moving.units }];
      });
      return tellMoved(reply, answer);
    },
  );
}

function tellMoved(reply: FastifyReply, answer: Moved): FastifyReply {
  if (answer._tag === "UnknownSku") return sendProblem(reply, problemOf("UnknownSku", 404));
  if (answer._tag === "TooFew") {
    return sendProblem(reply, problemOf("TooFew", 409, { available: answer.there }));
  }
  return reply.send(answer);
}

function levelRoute(server: FastifyInstance, { desk }: AdminDesk): void {
  const { catalog, stock } = desk.store.ports;
  const schema = {
    summary: "The stock of every item, in the order of the catalog",
    security,
    querystring: shape({ after: NAME, limit: DIGITS }, "after", "limit"),
    response: {
      200: shape({ levels: listOf(LEVEL, PAGE_LIMIT_MAX), next: TEXT_OR_NULL }),
    },
  };
  server.get<{ Querystring: PageQuery }>(
    "/api/admin/stock",
    { config: ADMIN, schema },
    async (request, reply) => {
      const { after = null } = request.query;
      const limit = limitOf(request.query.limit);
      const page = await desk.ask(catalog.page({ seller: null, after, limit }));
      const levels: StockLevel[] = [];
      for (const { sku } of page.listings) {
        const level = await desk.ask(stock.level(sku));
        if ("available" in level) levels.push(level);
      }
      return reply.send({ levels, next: page.next });
    },
  );
}

interface PriceBody {
  readonly price: number;
  readonly salePrice: number;
  readonly floorPrice?: number;
}

function priceRoute(server: FastifyInstance, admin: AdminDesk): void {
  const { catalog } = admin.desk.store.ports;
  server.put<{ Params: { readonly sku: string }; Body: PriceBody }>(
    "/api/admin/prices/:sku",
    {
      config: ADMIN,
      schema: {
        summary: "New prices of an item",
        description:
          "Orders at a price that was shown before are refused with the new one. A floor that " +
          "is left out stays as it is.",
        security,
        params: SKU_PARAMS,
        body: shape({ price: PRICE, salePrice: PRICE, floorPrice: PRICE }, "floorPrice"),
        response: { 200: LISTING },
      },
    },
    async (request, reply) => {
      const { sku } = request.params;
      const { salePrice, floorPrice = 0 } = request.body;
      if (floorPrice > salePrice) {
        const detail = "the floor is above the price in the sale";
        return sendProblem(reply, problemOf("PriceRefused", 422, { detail }));
      }
      const repricing = { sku, ...request.body };
      const act = { action: "catalog.reprice", details: repricing };
      const answer = await admin.act(request, act, catalog.reprice(repricing));
      if (answer._tag === "UnknownSku") return sendProblem(reply, problemOf("UnknownSku", 404));
      return reply.send(answer.listing);
    },
  );
}
