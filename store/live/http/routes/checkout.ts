/** Holding units while the shopper types, and giving them back. */
import type { FastifyInstance } from "fastify";
import type { Items } from "../../../core/checkout.ts";
import { statusOf } from "../../../core/checkout.ts";
import type { OrderLine } from "../../../core/order.ts";
import { makeHoldRelease } from "../../../service/release-hold.ts";
import { type HttpDesk, identityOf, networkOf } from "../http-desk.ts";
import { codeBuckets } from "../order-attempts.ts";
import { problemOfAnswer, sendProblem } from "../problem.ts";
import {
  CODES,
  MINOR,
  NAME,
  NOTHING,
  ORDER_LINES,
  shape,
  TEXT,
  TIME,
  withItems,
} from "../schemas.ts";
import { orderProblem } from "./order-answer.ts";

const HOLD = shape({
  hold: NAME,
  expiresAt: TIME,
  lines: ORDER_LINES,
  total: MINOR,
  discount: MINOR,
  currency: TEXT,
});

export interface ItemsBody {
  readonly cart?: string;
  readonly lines?: readonly OrderLine[];
  readonly codes?: readonly string[];
}

/** The schema lets exactly one of the two through. */
export function itemsOf({ cart, lines }: ItemsBody): Items {
  return cart === undefined ? { lines: lines ?? [] } : { cart };
}

export function checkoutRoutes(server: FastifyInstance, desk: HttpDesk): void {
  const { checkout, ports } = desk.store;
  const holds = makeHoldRelease(ports);
  const config = { policy: "shopper", priority: "checkout" } as const;

  server.post<{ Body: ItemsBody }>(
    "/api/checkout",
    {
      config,
      schema: {
        summary: "Hold the units",
        description: "They are this shopper's until the hold lapses; an order names the hold.",
        body: withItems({ codes: CODES }, "codes"),
        response: { 201: HOLD },
      },
    },
    async (request, reply) => {
      const { shopper, invited } = identityOf(request);
      const { body } = request;
      const network = networkOf(request);
      const items = itemsOf(body);
      const codes = body.codes === undefined ? null : { codes: body.codes };
      const start = checkout.startCheckout({ shopper, network, items, invited, ...codes });
      const buckets = codes === null ? [] : codeBuckets(desk, request);
      const answer = await desk.change(desk.inside(request, desk.limited(buckets, start)));
      if (answer._tag === "NotInside") return sendProblem(reply, problemOfAnswer(answer, 403));
      if (answer._tag !== "CheckoutStarted") return sendProblem(reply, orderProblem(answer));
      return reply.code(statusOf(answer)).send(answer);
    },
  );

  server.delete<{ Params: { readonly hold: string } }>(
    "/api/holds/:hold",
    {
      config,
      schema: {
        summary: "Give held units back",
        params: shape({ hold: NAME }),
        response: { 204: NOTHING },
      },
    },
    async (request, reply) => {
      const { shopper } = identityOf(request);
      const { hold } = request.params;
      const answer = await desk.change(holds.release({ hold, shopper }));
      if (answer._tag === "Released") return reply.code(204).send();
      return sendProblem(reply, problemOfAnswer({ _tag: "UnknownHold" }, 404));
    },
  );
}
