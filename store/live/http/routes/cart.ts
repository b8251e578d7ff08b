/** The shopper's cart. A shopper has one, whose name follows from the shopper's own. */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Cart } from "../../../core/cart.ts";
import { totalOf } from "../../../core/money.ts";
import { type CartAnswer, cartStatusOf } from "../../../service/cart.ts";
import { type HttpDesk, identityOf, type NotInside, networkOf } from "../http-desk.ts";
import { problemOfAnswer, sendProblem } from "../problem.ts";
import { CART, NAME, shape, UNITS, UNITS_OR_NONE } from "../schemas.ts";

const SHOPPER_PREFIX = "shopper_";

/** The name of a shopper's one cart. */
export function cartOf(shopper: string): string {
  return `cart_${shopper.startsWith(SHOPPER_PREFIX) ? shopper.slice(SHOPPER_PREFIX.length) : shopper}`;
}

export function cartRoutes(server: FastifyInstance, desk: HttpDesk): void {
  const { carts } = desk.store;
  const config = { policy: "shopper", priority: "cart" } as const;

  server.get(
    "/api/cart",
    { config, schema: { summary: "The cart", response: { 200: CART } } },
    async (request, reply) => {
      const { shopper } = identityOf(request);
      const cart = cartOf(shopper);
      const read = await desk.ask(carts.read({ shopper, cart }));
      if ("_tag" in read) return reply.send({ cart, currency: null, lines: [], total: 0 });
      return reply.send(cartBody(read));
    },
  );

  server.post<{ Body: { readonly sku: string; readonly units: number } }>(
    "/api/cart/lines",
    {
      config,
      schema: {
        summary: "Put units into the cart",
        description: "Adds to what is in the cart of this item, at its present price.",
        body: shape({ sku: NAME, units: UNITS }),
        response: { 200: CART },
      },
    },
    async (request, reply) => {
      const { shopper, invited } = identityOf(request);
      const { sku, units } = request.body;
      const network = networkOf(request);
      const add = carts.add({ shopper, network, cart: cartOf(shopper), invited, sku, units });
      return tellCart(reply, await desk.change(desk.inside(request, add)));
    },
  );

  server.put<{ Params: { readonly sku: string }; Body: { readonly units: number } }>(
    "/api/cart/lines/:sku",
    {
      config,
      schema: {
        summary: "Set the units of a line",
        description: "0 takes the line out of the cart.",
        params: shape({ sku: NAME }),
        body: shape({ units: UNITS_OR_NONE }),
        response: { 200: CART },
      },
    },
    async (request, reply) => {
      const { shopper, invited } = identityOf(request);
      const { sku } = request.params;
      const { units } = request.body;
      const network = networkOf(request);
      const cart = cartOf(shopper);
      const set = carts.setUnits({ shopper, network, cart, invited, sku, units });
      return tellCart(reply, await desk.change(desk.inside(request, set)));
    },
  );
}

function tellCart(reply: FastifyReply, answer: CartAnswer | NotInside): FastifyReply {
  switch (answer._tag) {
    case "CartChanged":
      return reply.send(cartBody(answer.cart));
    case "NotInside":
      return sendProblem(reply, problemOfAnswer(answer, 403));
    default:
      return sendProblem(reply, problemOfAnswer(answer, cartStatusOf(answer)));
  }
}

function cartBody({ cart, currency, lines }: Cart) {
  return { cart, currency, lines, total: totalOf(lines) };
}
