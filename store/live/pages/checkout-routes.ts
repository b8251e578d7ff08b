/** From the cart to the paid order: holding the items, the form that pays, and what became of it. */
import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type PlaceOrderAnswer, statusOf } from "../../core/checkout.ts";
import { totalOf } from "../../core/money.ts";
import type { Order } from "../../core/order.ts";
import { CODES_PER_ORDER_MAX } from "../../core/promotion.ts";
import { identityOf, networkOf } from "../http/http-desk.ts";
import { codeBuckets, withinAttempts } from "../http/order-attempts.ts";
import { personMarks } from "../http/person-marks.ts";
import { problemOf, sendProblem } from "../http/problem.ts";
import { cartOf } from "../http/routes/cart.ts";
import { insideOrAgain } from "../http/routes/orders.ts";
import { cardPolicy } from "./card-form.ts";
import { readCart, rowsOf, showCart, tellUnits } from "./cart-routes.ts";
import { checkForm } from "./checkout-form.ts";
import {
  type CheckoutNote,
  checkoutOf,
  dropCheckout,
  forgetCheckout,
  keepCheckout,
} from "./checkout-note.ts";
import { type CheckoutValues, checkoutPage, type FieldErrors } from "./checkout-page.ts";
import { fieldsOf } from "./form-fields.ts";
import { itemNames } from "./item-names.ts";
import { orderPage } from "./order-page.ts";
import { CART, CHECKOUT, ORDERS, orderPath } from "./page-paths.ts";
import { go, type PageShop, sendPage } from "./page-shop.ts";
import { type RefusalAnswer, refusalWords } from "./refusal-words.ts";

const CODE_LENGTH_MAX = 64;
const KEY_LENGTH_MAX = 128;
const HIDDEN = { hide: true } as const;
const HOLDING = { config: { policy: "public", priority: "checkout" }, schema: HIDDEN } as const;
const PAYING = { config: { policy: "public", priority: "payment" }, schema: HIDDEN } as const;

export function checkoutRoutes(server: FastifyInstance, shop: PageShop): void {
  server.post(CHECKOUT, HOLDING, (request, reply) => startCheckout(shop, request, reply));
  server.get(CHECKOUT, HOLDING, (request, reply) => showCheckout(shop, request, reply, null));
  server.post(ORDERS, PAYING, (request, reply) => placeOrder(shop, request, reply));
  server.get<{ Params: { readonly order: string } }>("/orders/:order", PAYING, (request, reply) =>
    showOrder(shop, request, reply, request.params.order),
  );
}

async function startCheckout(
  shop: PageShop,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { desk } = shop;
  const identity = shop.visitor(request);
  if (identity === null) return go(reply, CART);
  const { shopper, invited } = identity;
  const typed = fieldsOf(request.body).text("codes", CODE_LENGTH_MAX * CODES_PER_ORDER_MAX);
  const codes = typed.split(/[\s,;]+/).filter((code) => code !== "");
  const open = await openOrder(shop, request);
  if (open !== null) return go(reply, orderPath(open.id));
  await dropCheckout(desk, request, reply);
  const start = {
    shopper,
    network: networkOf(request),
    items: { cart: cartOf(shopper) },
    invited,
    ...(codes.length === 0 ? null : { codes }),
  };
  const buckets = codes.length === 0 ? [] : codeBuckets(desk, request);
  const program = () =>
    desk.inside(request, desk.limited(buckets, desk.store.checkout.startCheckout(start)));
  const answer = await shop.inside(request, reply, { program, next: CART });
  if (answer === null) return reply;
  if (answer._tag !== "CheckoutStarted") {
    if (answer._tag === "PriceChanged") await takeNewPrice(shop, request, answer.sku);
    return showCart(shop, request, reply, { answer, status: statusOf(answer), codes: typed });
  }
  const { hold, expiresAt: until, discount } = answer;
  keepCheckout(desk, reply, { hold, until, key: randomUUID(), discount, codes });
  return go(reply, CHECKOUT);
}

/** The order of this browser's checkout while it is not settled: it is not paid a second time. */
async function openOrder({ desk }: PageShop, request: FastifyRequest): Promise<Order | null> {
  const note = checkoutOf(desk, request);
  if (note === null) return null;
  const { shopper } = identityOf(request);
  const order = await desk.change(desk.store.ports.orders.findByKey({ shopper, key: note.key }));
  return order === null || order.answer !== null ? null : order;
}

/** Puts the line into the cart anew, where it then stands at the price of now. */
async function takeNewPrice(shop: PageShop, request: FastifyRequest, sku: string): Promise<void> {
  const { desk } = shop;
  const { carts } = desk.store;
  const { shopper, invited } = identityOf(request);
  const line = (await readCart(shop, request))?.lines.find((each) => each.sku === sku);
  if (line === undefined) return;
  const of = { shopper, cart: cartOf(shopper), invited, sku };
  await desk.change(carts.setUnits({ ...of, units: 0 }));
  await desk.change(carts.add({ ...of, units: line.units }));
}

interface CheckoutProblem {
  readonly values: CheckoutValues;
  readonly errors: FieldErrors;
  readonly answer: RefusalAnswer | null;
  readonly status: number;
}

/** The form; whoever has sent it before sees what became of that instead. */
async function showCheckout(
  shop: PageShop,
  request: FastifyRequest,
  reply: FastifyReply,
  problem: CheckoutProblem | null,
): Promise<FastifyReply> {
  const { desk } = shop;
  const identity = shop.visitor(request);
  const note = checkoutOf(desk, request);
  if (identity === null || note === null) return go(reply, CART);
  const { shopper } = identity;
  const placed = await desk.change(desk.store.ports.orders.findByKey({ shopper, key: note.key }));
  if (placed !== null) return go(reply, orderPath(placed.id));
  const cart = await readCart(shop, request);
  if (cart === null || cart.lines.length === 0 || note.until <= desk.now()) return go(reply, CART);
  const rows = await rowsOf(shop, cart.lines);
  const names = new Map(rows.map(({ sku, name }) => [sku, name]));
  const made = checkoutPage({
    sale: shop.sale,
    rows,
    currency: cart.currency,
    total: totalOf(cart.lines) - note.discount,
    discount: note.discount,
    key: note.key,
    until: note.until,
    card: shop.card,
    mailed: desk.mails !== null,
    values: problem?.values ?? null,
    errors: problem?.errors ?? {},
    problem:
      problem === null || problem.answer === null ? null : refusalWords(problem.answer, names),
  });
  allowCard(shop, reply);
  return sendPage(reply, made, problem?.status ?? 200);
}

/** Lets this page load what takes a card. */
function allowCard({ card }: PageShop, reply: FastifyReply): void {
  const policy = String(reply.getHeader("content-security-policy"));
  reply.header("content-security-policy", cardPolicy(card, policy));
}

async function placeOrder(
  shop: PageShop,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { desk } = shop;
  const identity = shop.visitor(request);
  if (identity === null) return go(reply, CART);
  const { shopper } = identity;
  const fields = fieldsOf(request.body);
  const key = fields.text("key", KEY_LENGTH_MAX);
  const note = checkoutOf(desk, request);
  const { orders } = desk.store.ports;
  const before = key === "" ? null : await desk.change(orders.findByKey({ shopper, key }));
  // Sent again: the order that the first sending made, whatever has become of it.
  if (before !== null && before.answer !== null) return go(reply, orderPath(before.id));
  if (note === null || note.key !== key) {
    return go(reply, before === null ? CHECKOUT : orderPath(before.id));
  }
  const form = checkForm(fields, shop.card);
  const { values, errors } = form;
  if (Object.keys(errors).length > 0) {
    return showCheckout(shop, request, reply, { values, errors, answer: null, status: 422 });
  }
  const answer = await pay(shop, request, reply, note, values);
  if (answer === null) return reply;
  const placed = await desk.change(orders.findByKey({ shopper, key }));
  if (placed !== null) return go(reply, orderPath(placed.id));
  return showCheckout(shop, request, reply, { values, errors, answer, status: statusOf(answer) });
}

async function pay(
  shop: PageShop,
  request: FastifyRequest,
  reply: FastifyReply,
  { key, hold, codes }: CheckoutNote,
  values: CheckoutValues,
): Promise<PlaceOrderAnswer | null> {
  const { desk } = shop;
  const { shopper, invited } = identityOf(request);
  const { email, street, city, postcode, country, paymentToken } = values;
  const of = { shopper, key };
  const place = (placed: (order: string) => void) =>
    desk.store.checkout.placeOrder({
      shopper,
      network: networkOf(request),
      items: { cart: cartOf(shopper) },
      invited,
      key,
      hold,
      paymentToken,
      placed,
      ...personMarks(desk.tokens, { email, address: { street, city, postcode, country } }),
      ...(codes.length === 0 ? null : { codes }),
    });
  const asked = (placed: (order: string) => void) => {
    const program = () => {
      const paying = place(placed);
      const allowed = insideOrAgain(desk, of, paying, desk.inside(request, paying));
      return withinAttempts(desk, request, { key, codes }, allowed);
    };
    return shop.inside<PlaceOrderAnswer>(request, reply, { program, next: CHECKOUT });
  };
  return desk.mailed(of, email, () => desk.left.during(asked));
}

async function showOrder(
  shop: PageShop,
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
): Promise<FastifyReply> {
  const { desk } = shop;
  const identity = shop.visitor(request);
  const order = identity === null ? null : await desk.change(desk.store.ports.orders.find(name));
  if (order === null || order.shopper !== identity?.shopper) {
    return sendProblem(reply, problemOf("UnknownOrder", 404));
  }
  if (order.answer !== null && checkoutOf(desk, request)?.key === order.key) {
    forgetCheckout(desk, reply);
    tellUnits(shop, reply, await readCart(shop, request));
  }
  const names = await itemNames(desk, order.lines);
  const { shopper } = order;
  const survey = await desk.ask(desk.store.surveys.surveyOf({ order: order.id, shopper }));
  const secret = shop.card.kind === "stripe" ? await desk.cardholderSecret(order) : null;
  if (secret !== null) allowCard(shop, reply);
  const { sale, card } = shop;
  return sendPage(reply, orderPage({ sale, order, names, survey, card, secret }));
}
