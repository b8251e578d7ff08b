/** The cart of a browser: looking into it, putting in, taking out. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Cart } from "../../core/cart.ts";
import { totalOf } from "../../core/money.ts";
import { mayBuy, phaseAt } from "../../core/sale.ts";
import { type CartAnswer, cartStatusOf } from "../../service/cart.ts";
import { identityOf, networkOf } from "../http/http-desk.ts";
import { cartOf } from "../http/routes/cart.ts";
import { type CartContent, type CartRow, cartPage } from "./cart-page.ts";
import { dropCheckout } from "./checkout-note.ts";
import { fieldsOf } from "./form-fields.ts";
import { itemsNamed } from "./item-names.ts";
import { CART, CART_LINES, CART_UNITS, PRODUCTS, productPath } from "./page-paths.ts";
import { go, type PageShop, sendPage } from "./page-shop.ts";
import { type RefusalAnswer, refusalWords } from "./refusal-words.ts";

const OPTIONS = {
  config: { policy: "public", priority: "cart" },
  schema: { hide: true },
} as const;
const NAME_LENGTH_MAX = 128;

export function cartRoutes(server: FastifyInstance, shop: PageShop): void {
  const { desk } = shop;
  const { carts } = desk.store;

  server.get(CART, OPTIONS, async (request, reply) => {
    shop.visitor(request);
    return showCart(shop, request, reply, null);
  });

  server.post(CART_LINES, OPTIONS, async (request, reply) => {
    const identity = await shop.shopper(request, reply);
    if (identity === null) return reply;
    const { shopper, invited } = identity;
    const fields = fieldsOf(request.body);
    const sku = fields.text("sku", NAME_LENGTH_MAX);
    const units = fields.whole("units") ?? 0;
    const cart = cartOf(shopper);
    const add = { shopper, network: networkOf(request), cart, invited, sku, units };
    const program = () => desk.inside(request, carts.add(add));
    const listing = await desk.ask(desk.store.ports.catalog.listing(sku));
    const next = listing === null ? PRODUCTS : productPath(listing.product);
    const answer = await shop.inside(request, reply, { program, next });
    return answer === null ? reply : tellCart(shop, request, reply, answer);
  });

  server.post(CART_UNITS, OPTIONS, async (request, reply) => {
    const identity = shop.visitor(request);
    if (identity === null) return go(reply, CART);
    const { shopper, invited } = identity;
    const fields = fieldsOf(request.body);
    const sku = fields.text("sku", NAME_LENGTH_MAX);
    const units = fields.whole("units");
    if (units === null) return tellCart(shop, request, reply, { _tag: "UnitsRefused", units: 0 });
    const cart = cartOf(shopper);
    const set = { shopper, network: networkOf(request), cart, invited, sku, units };
    const program = () => desk.inside(request, carts.setUnits(set));
    const answer = await shop.inside(request, reply, { program, next: CART });
    return answer === null ? reply : tellCart(shop, request, reply, answer);
  });
}

async function tellCart(
  shop: PageShop,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: CartAnswer,
): Promise<FastifyReply> {
  if (answer._tag !== "CartChanged") {
    return showCart(shop, request, reply, { answer, status: cartStatusOf(answer) });
  }
  // What was held was for the cart as it was.
  await dropCheckout(shop.desk, request, reply);
  tellUnits(shop, reply, answer.cart);
  return go(reply, CART);
}

export interface CartProblem {
  readonly answer: RefusalAnswer;
  readonly status: number;
  /** Codes as they were typed, where it is about them. */
  readonly codes?: string;
}

/** The cart as it is, with what went wrong where something did. */
export async function showCart(
  shop: PageShop,
  request: FastifyRequest,
  reply: FastifyReply,
  problem: CartProblem | null,
): Promise<FastifyReply> {
  const { desk } = shop;
  const { settings } = desk.store;
  const cart = request.identity === null ? null : await readCart(shop, request);
  if (cart !== null) tellUnits(shop, reply, cart);
  const lines = cart?.lines ?? [];
  const rows = await rowsOf(shop, lines);
  const names = new Map(rows.map(({ sku, name }) => [sku, name]));
  const words = problem === null ? null : refusalWords(problem.answer, names);
  const aboutCode = problem !== null && problem.codes !== undefined && "code" in problem.answer;
  const content: CartContent = {
    sale: shop.sale,
    rows,
    total: totalOf(lines),
    currency: cart?.currency ?? null,
    unitsMax: settings.cartLimits.unitsPerLineMax,
    open: mayBuy(phaseAt(settings.sale, desk.now()), request.identity?.invited === true),
    problem: words === null || aboutCode ? null : { words, sku: problem?.answer.sku ?? null },
    codes:
      problem?.codes === undefined
        ? null
        : { typed: problem.codes, refused: aboutCode ? words : null },
  };
  return sendPage(reply, cartPage(content), problem?.status ?? 200);
}

/** The cart of a shopper who is known; null where nothing was put into it yet. */
export async function readCart({ desk }: PageShop, request: FastifyRequest): Promise<Cart | null> {
  const { shopper } = identityOf(request);
  const read = await desk.ask(desk.store.carts.read({ shopper, cart: cartOf(shopper) }));
  return "_tag" in read ? null : read;
}

export async function rowsOf(
  { desk }: PageShop,
  lines: Cart["lines"],
): Promise<readonly CartRow[]> {
  const listings = await itemsNamed(desk, lines);
  return lines.map(({ sku, units, unitPrice }, place) => {
    const listing = listings[place];
    const { product, name } = listing ?? { product: sku, name: sku };
    return { sku, product, name, units, unitPrice };
  });
}

/** Pages that are the same for everybody show the count from this, and ask nobody. */
export function tellUnits({ desk }: PageShop, reply: FastifyReply, { lines }: Cart): void {
  let units = 0;
  for (const line of lines) units += line.units;
  desk.session.keepNote(reply, "cart_units", String(units), true);
}
