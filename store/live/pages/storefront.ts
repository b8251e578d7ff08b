/**
 * The storefront: pages that a person can buy from, beside the API and by the same rules. They are
 * made here and work without a script; the script makes them live. A form is taken from the shop's
 * own pages alone.
 *
 * ```ts
 * const server = buildServer({ …, problemPage });
 * server.register(storefront);
 * ```
 */
import type { FastifyInstance } from "fastify";
import { problemOf, sendProblem } from "../http/problem.ts";
import { isMeant } from "../http/same-origin.ts";
import { type CardForm, SANDBOX_FORM } from "./card-form.ts";
import { cartRoutes } from "./cart-routes.ts";
import { checkoutRoutes } from "./checkout-routes.ts";
import { feedbackRoutes } from "./feedback-routes.ts";
import { takeForms } from "./form-fields.ts";
import { leavingRoutes } from "./leaving-routes.ts";
import { PageShop } from "./page-shop.ts";
import { queueRoutes } from "./queue-routes.ts";
import { StaticPages } from "./static-pages.ts";
import { staticRoutes } from "./static-routes.ts";

export interface StorefrontOptions {
  /** How a buyer names a card; among those of the sandbox where nothing is said. */
  readonly card?: CardForm;
}

export async function storefront(
  server: FastifyInstance,
  { card = SANDBOX_FORM }: StorefrontOptions,
): Promise<void> {
  const { desk } = server;
  const { store } = desk;
  const pages = new StaticPages({
    store,
    now: () => desk.now(),
    ask: (program) => desk.ask(program),
  });
  const shop = new PageShop({ desk, pages, card });
  takeForms(server);
  server.addHook("onRequest", (request, reply, done) => {
    if (isMeant(request)) return done();
    sendProblem(reply, problemOf("CrossOrigin", 403));
  });
  staticRoutes(server, shop);
  cartRoutes(server, shop);
  checkoutRoutes(server, shop);
  queueRoutes(server, shop);
  feedbackRoutes(server, shop);
  leavingRoutes(server, shop);
}
