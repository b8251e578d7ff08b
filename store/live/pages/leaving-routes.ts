/**
 * What a shopper who turns to leave is shown: an offer that fits them, or the question why, or
 * nothing. The script of the pages asks; who is offered or asked what is decided here, by what the
 * store has seen of them. Pages of products that a sale has offers for count who looked at them.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { problemOf, problemOfAnswer, sendProblem } from "../http/problem.ts";
import { buckets, exitQuestion } from "../http/routes/feedback.ts";
import { offerTo } from "../http/routes/offers.ts";
import { readCart, tellUnits } from "./cart-routes.ts";
import { fieldsOf } from "./form-fields.ts";
import { exitDialog, offerDialog } from "./leaving-dialogs.ts";
import { LEAVING, VIEWS } from "./page-paths.ts";
import { type PageShop, sendPage } from "./page-shop.ts";
import { discountText } from "./sale-words.ts";

const OPTIONS = {
  config: { policy: "public", priority: "browsing" },
  schema: { hide: true },
} as const;
const NAME_LENGTH_MAX = 128;

export function leavingRoutes(server: FastifyInstance, shop: PageShop): void {
  const { desk } = shop;

  server.post(LEAVING, OPTIONS, async (request, reply) => {
    const identity = shop.visitor(request);
    if (identity === null) return reply.code(204).send();
    const { shopper, tier } = identity;
    const views = desk.views.of(shopper);
    const asking = offerTo(desk, { shopper, tier, views, trigger: "exit-intent" });
    const limits = buckets(desk, shopper);
    const offer = await desk.change(desk.limited(limits, asking));
    if (offer._tag === "TooManyRequests") return sendProblem(reply, problemOfAnswer(offer, 429));
    if (offer._tag === "OfferMade") {
      const currency = await currencyOf(shop, request);
      return sendPage(
        reply,
        offerDialog({ ...offer, off: discountText(offer.discount, currency) }),
      );
    }
    const asked = await desk.change(exitQuestion(desk, shopper));
    return asked._tag === "ExitAsked" ? sendPage(reply, exitDialog()) : reply.code(204).send();
  });

  server.post(VIEWS, OPTIONS, async (request, reply) => {
    const name = fieldsOf(request.body).text("product", NAME_LENGTH_MAX);
    const product = await desk.ask(desk.store.ports.catalog.product(name));
    if (product === null) return sendProblem(reply, problemOf("UnknownProduct", 404));
    const isNew = shop.visitor(request) === null;
    const identity = await shop.shopper(request, reply);
    if (identity === null) return reply;
    // The script goes by this note: it says that the shop knows this browser.
    if (isNew) tellUnits(shop, reply, null);
    desk.views.saw(identity.shopper);
    return reply.code(204).send();
  });
}

/** The currency of the cart, or that of the shop. */
async function currencyOf(shop: PageShop, request: FastifyRequest): Promise<string | null> {
  const cart = await readCart(shop, request);
  if (cart !== null && cart.currency !== null) return cart.currency;
  const { catalog } = shop.desk.store.ports;
  const { listings } = await shop.desk.ask(catalog.page({ seller: null, after: null, limit: 1 }));
  return listings[0]?.currency ?? null;
}
