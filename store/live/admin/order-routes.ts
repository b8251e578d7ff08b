/**
 * Orders as those who run the sale see them: what was bought, where it stands, what money moved.
 * Nothing of the buyer beyond the name that the store gave them. Lists are read page by page, so
 * that no export of a large sale keeps a shopper waiting; orders that come meanwhile may be in it.
 */
import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { LedgerDigest } from "../../core/ledger-digest.ts";
import type { Order, PaymentRow } from "../../core/order.ts";
import type { OrderPage } from "../../core/order-book.ts";
import type { HttpDesk } from "../http/http-desk.ts";
import { problemOf, sendProblem } from "../http/problem.ts";
import {
  listOf,
  MINOR,
  NAME,
  ORDER_LINES,
  oneOf,
  shape,
  TEXT,
  TEXT_OR_NULL,
  TIME,
  WHOLE,
  WHOLE_OR_NULL,
} from "../http/schemas.ts";
import type { AdminDesk } from "./admin-desk.ts";
import {
  ADMIN,
  DIGITS,
  PAGE_LIMIT_MAX,
  type PageQuery,
  pageOf,
  ADMIN_SECURITY as security,
} from "./admin-schemas.ts";
import { csvLine } from "./csv-line.ts";

const STATES: readonly Order["state"][] = [
  "placed",
  "authorising",
  "inDoubt",
  "authorised",
  "confirmed",
  "declined",
  "cancelled",
  "expired",
  "refunding",
  "refunded",
];
const ORDER = {
  order: TEXT,
  shopper: TEXT,
  state: oneOf(...STATES),
  lines: ORDER_LINES,
  total: MINOR,
  discount: MINOR,
  currency: TEXT,
  placedAt: TIME,
  changedAt: TIME,
  gateway: TEXT_OR_NULL,
  attempts: WHOLE,
  answer: TEXT_OR_NULL,
};
const PAYMENT = shape({
  kind: oneOf("attempt", "capture", "refund"),
  gateway: TEXT,
  amount: MINOR,
  currency: TEXT,
  reference: TEXT,
  at: TIME,
});
const PAYMENTS_MAX = 100;
const ORDER_PAGE = shape({
  orders: listOf(shape(ORDER), PAGE_LIMIT_MAX),
  next: { ...WHOLE_OR_NULL, description: "`after` of the next page; null at the end" },
});
const STATE_QUERY = { state: oneOf(...STATES) };
const PAGE_QUERY = { ...STATE_QUERY, after: DIGITS, limit: DIGITS };
/** Orders of an export between two looks at what else is to be done. */
const ORDERS_AT_ONCE = 500;

interface StateQuery {
  readonly state?: Order["state"];
}

export function orderRoutes(server: FastifyInstance, admin: AdminDesk): void {
  const { desk } = admin;
  const { orders } = desk.store.ports;

  server.get<{ Querystring: PageQuery & StateQuery }>(
    "/api/admin/orders",
    {
      config: ADMIN,
      schema: {
        summary: "Orders by state, the oldest first",
        security,
        querystring: shape(PAGE_QUERY, "state", "after", "limit"),
        response: { 200: ORDER_PAGE },
      },
    },
    async (request, reply) => {
      const { state = null } = request.query;
      const page = await desk.ask(orders.page({ ...pageOf(request.query), state }));
      return reply.send({ orders: page.orders.map(orderBody), next: page.next });
    },
  );

  server.get(
    "/api/admin/ledger-digest",
    {
      config: ADMIN,
      schema: {
        summary: "All orders as 16 digits: those of the replayed sale log",
        description:
          "Orders that come while it is read may be in it; `rehearse replay` says the same of a log.",
        security,
        response: { 200: shape({ digest: TEXT, orders: WHOLE }) },
      },
    },
    async (_request, reply) => {
      const digest = new LedgerDigest();
      for (let after: number | null = 0; after !== null; ) {
        const page: OrderPage = await desk.ask(
          orders.page({ after, limit: ORDERS_AT_ONCE, state: null }),
        );
        for (const order of page.orders) digest.order(order);
        after = page.next;
      }
      return reply.send({ digest: digest.hex(), orders: digest.orders });
    },
  );

  server.get<{ Params: { readonly order: string } }>(
    "/api/admin/orders/:order",
    {
      config: ADMIN,
      schema: {
        summary: "An order with the money that moved for it",
        security,
        params: shape({ order: NAME }),
        response: { 200: shape({ ...ORDER, payments: listOf(PAYMENT, PAYMENTS_MAX) }) },
      },
    },
    async (request, reply) => {
      const order = await desk.ask(orders.find(request.params.order));
      if (order === null) return sendProblem(reply, problemOf("UnknownOrder", 404));
      const payments = await desk.ask(orders.payments(order.id));
      return reply.send({ ...orderBody(order), payments: payments.map(paymentBody) });
    },
  );

  server.get<{ Querystring: StateQuery }>(
    "/api/admin/orders.csv",
    {
      config: ADMIN,
      schema: {
        summary: "Orders as CSV, one line of an order a row",
        security,
        produces: ["text/csv"],
        querystring: shape(STATE_QUERY, "state"),
        response: {
          200: { description: "RFC 4180", content: { "text/csv": { schema: TEXT } } },
        },
      },
    },
    async (request, reply) => {
      const { state = null } = request.query;
      // The first page before the answer begins: a ledger that is away is an answer of its own.
      const first = await desk.ask(orders.page({ after: 0, limit: ORDERS_AT_ONCE, state }));
      reply.type("text/csv; charset=utf-8; header=present");
      reply.header("content-disposition", 'attachment; filename="orders.csv"');
      return reply.send(Readable.from(csvOf(desk, first, state)));
    },
  );
}

function orderBody(order: Order) {
  const { id, shopper, state, lines, total, discount, currency } = order;
  const { placedAt, changedAt, gateway, attempts, answer } = order;
  const money = { total, discount: discount?.amount ?? 0, currency };
  const of = { order: id, shopper, state, lines, ...money, placedAt, changedAt };
  return { ...of, gateway, attempts, answer: answer?._tag ?? null };
}

function paymentBody({ kind, gateway, amount, currency, reference, at }: PaymentRow) {
  return { kind, gateway, amount, currency, reference, at };
}

const COLUMNS = "order,placed_at,state,shopper,sku,units,unit_price,total,discount,currency";

async function* csvOf(
  desk: HttpDesk,
  first: OrderPage,
  state: Order["state"] | null,
): AsyncGenerator<string> {
  yield `${COLUMNS}\r\n`;
  let page = first;
  for (;;) {
    yield page.orders.map(csvLines).join("");
    if (page.next === null) return;
    const request = { after: page.next, limit: ORDERS_AT_ONCE, state };
    page = await desk.ask(desk.store.ports.orders.page(request));
  }
}

function csvLines({ id, placedAt, state, shopper, lines, ...money }: Order): string {
  const at = new Date(placedAt).toISOString();
  const { total, discount, currency } = money;
  return lines
    .map(({ sku, units, unitPrice }) => {
      const amounts = [units, unitPrice, total, discount?.amount ?? 0];
      return csvLine([id, at, state, shopper, sku, ...amounts, currency]);
    })
    .join("");
}
