/** Offers to who turns to leave, and whether a code is good. */
import type { FastifyInstance } from "fastify";
import type { Trigger } from "../../../core/promotion.ts";
import type { LookUpAnswer } from "../../../core/promotion-book.ts";
import { readCode } from "../../../core/promotion-code.ts";
import type { PortUnavailable } from "../../../ports/port-unavailable.ts";
import { Program, type Steps } from "../../../service/program.ts";
import type { OfferAnswer } from "../../../service/promote.ts";
import { type HttpDesk, identityOf } from "../http-desk.ts";
import { codeBuckets } from "../order-attempts.ts";
import { problemOfAnswer, sendProblem } from "../problem.ts";
import { FLAG, oneOf, shape, TEXT, TIME, text, WHOLE } from "../schemas.ts";
import { cartOf } from "./cart.ts";
import { orderProblem } from "./order-answer.ts";

const DISCOUNT = shape(
  {
    kind: oneOf("percent", "amount"),
    basisPoints: { ...WHOLE, description: "hundredths of a per cent" },
    minor: { ...WHOLE, description: "minor units" },
  },
  "basisPoints",
  "minor",
);
const OFFER = shape(
  { made: FLAG, offer: TEXT, code: TEXT, discount: DISCOUNT, expiresAt: TIME, again: FLAG },
  "offer",
  "code",
  "discount",
  "expiresAt",
  "again",
);
const CODE = shape({ code: TEXT, offer: TEXT, expiresAt: TIME });
const CONFIG = { policy: "shopper", priority: "browsing" } as const;

export function offerRoutes(server: FastifyInstance, desk: HttpDesk): void {
  server.post<{ Body: { readonly trigger: Trigger } }>(
    "/api/offers",
    {
      config: CONFIG,
      schema: {
        summary: "Is there an offer for this shopper?",
        description: "A shopper gets one code of an offer for good; leaving again brings no other.",
        body: shape({ trigger: oneOf("exit-intent", "abandoned-cart") }),
        response: { 200: OFFER },
      },
    },
    async (request, reply) => {
      const { shopper, tier } = identityOf(request);
      const { trigger } = request.body;
      const views = desk.views.of(shopper);
      const answer = await desk.change(offerTo(desk, { shopper, tier, views, trigger }));
      if (answer._tag === "NoOffer") return reply.send({ made: false });
      return reply.send({ ...answer, made: true });
    },
  );

  server.post<{ Body: { readonly code: string } }>(
    "/api/codes/check",
    {
      config: CONFIG,
      schema: {
        summary: "Is the code good?",
        body: shape({ code: text(64) }),
        response: { 200: CODE },
      },
    },
    async (request, reply) => {
      const { shopper } = identityOf(request);
      const check = checkOf(desk, shopper, request.body.code);
      const answer = await desk.change(desk.limited(codeBuckets(desk, request), check));
      switch (answer._tag) {
        case "CodeValid":
          return reply.send(answer);
        case "TooManyRequests":
          return sendProblem(reply, problemOfAnswer(answer, 429));
        default:
          return sendProblem(reply, orderProblem(answer));
      }
    },
  );
}

export interface Asking {
  readonly shopper: string;
  readonly tier: "regular" | "loyal" | "vip";
  readonly views: number;
  readonly trigger: Trigger;
}

/** What the shopper did is what the store saw, whatever the request says. */
export function offerTo(
  { store: { ports, promotions } }: HttpDesk,
  asking: Asking,
): Program<OfferAnswer, PortUnavailable> {
  const { shopper, tier, views: productViews, trigger } = asking;
  const cart = cartOf(shopper);
  return new Program(function* (clock): Steps<OfferAnswer, PortUnavailable> {
    const stored = yield* ports.carts.get(cart);
    const leavesCart = stored !== null && stored.lines.length > 0;
    const facts = { tier, productViews, leavesCart };
    return yield* promotions.offer({ shopper, trigger, facts, cart }).begin(clock);
  });
}

/** A slip of the keyboard shows by the code's own check, and counts as no try. */
function checkOf({ store: { ports } }: HttpDesk, shopper: string, typed: string) {
  return new Program(function* (clock): Steps<LookUpAnswer, PortUnavailable> {
    const code = readCode(typed);
    if (code === null) return { _tag: "CodeUnknown", code: typed };
    const now = clock.unsafeCurrentTimeMillis();
    return yield* ports.promotions.lookUp({ shopper, code, now });
  });
}
