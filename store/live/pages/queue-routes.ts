/** The pages of the waiting room: taking a place, waiting, going away. */
import type { FastifyInstance, FastifyReply } from "fastify";
import { problemOfAnswer, sendProblem } from "../http/problem.ts";
import { fieldsOf, ownPath } from "./form-fields.ts";
import { HOME, QUEUE, QUEUE_LEAVE, queuePath } from "./page-paths.ts";
import { go, type PageShop, type PlaceAnswer, sendPage } from "./page-shop.ts";
import { doorPage, waitingPage } from "./queue-page.ts";

const OPTIONS = {
  config: { policy: "public", priority: "arriving" },
  schema: { hide: true },
} as const;
const PATH_LENGTH_MAX = 500;
/** A browser without the script asks again after a tenth of the wait, within bounds: seconds. */
const ASK_AGAIN = { part: 10_000, min: 3, max: 30 } as const;

export function queueRoutes(server: FastifyInstance, shop: PageShop): void {
  server.get<{ Querystring: { readonly next?: string; readonly still?: string } }>(
    QUEUE,
    OPTIONS,
    async (request, reply) => {
      shop.visitor(request);
      const next = ownPath(request.query.next) ?? HOME;
      const place = await shop.look(request);
      return tellPlace(shop, reply, place, { next, still: request.query.still !== undefined });
    },
  );

  server.post(QUEUE, OPTIONS, async (request, reply) => {
    const identity = await shop.shopper(request, reply);
    if (identity === null) return reply;
    const next = ownPath(fieldsOf(request.body).text("next", PATH_LENGTH_MAX)) ?? HOME;
    const place = await shop.place(request, reply);
    if (place._tag === "Waiting") return go(reply, queuePath(next));
    return tellPlace(shop, reply, place, { next, still: false });
  });

  server.post(QUEUE_LEAVE, OPTIONS, async (request, reply) => {
    const { desk } = shop;
    const identity = shop.visitor(request);
    const ticket = desk.session.ticketOf(request);
    const { admission } = desk.store;
    if (identity !== null && ticket !== null && admission !== null) {
      await desk.change(admission.leave({ ticket, shopper: identity.shopper }));
    }
    return go(reply, HOME);
  });
}

function tellPlace(
  shop: PageShop,
  reply: FastifyReply,
  place: PlaceAnswer | null,
  { next, still }: { readonly next: string; readonly still: boolean },
): FastifyReply {
  const { sale } = shop;
  const door = (words: string, closed: boolean, status = 200) =>
    sendPage(reply, doorPage({ sale, next, words, closed }), status);
  switch (place?._tag) {
    case "Inside":
      return go(reply, next);
    case "Waiting": {
      const askAgainSeconds = still ? null : askAgainAfter(place.estimateMillis);
      return sendPage(reply, waitingPage({ sale, place, next, askAgainSeconds }));
    }
    case "RoomClosed":
      return door(
        place.why === "soldOut" ? "Everything is sold out. Thank you for coming." : "It is over.",
        true,
      );
    case "TooManyRequests":
      return sendProblem(reply, problemOfAnswer(place, 429));
    case undefined:
      return door("Take a place, and we let you in when it is your turn.", false);
    default:
      return door("Your place is gone. You can take a new one.", false);
  }
}

function askAgainAfter(estimateMillis: number | null): number {
  const { part, min, max } = ASK_AGAIN;
  if (estimateMillis === null) return max / 3;
  return Math.max(min, Math.min(max, Math.ceil(estimateMillis / part)));
}
