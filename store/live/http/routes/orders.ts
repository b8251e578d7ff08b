/**
 * Orders. A shopper names each with an `Idempotency-Key`: the same request under the same key is
 * answered the same however often it comes, and is one order and one charge.
 */
import type { FastifyInstance, FastifyReply } from "fastify";
import { type PlaceOrderAnswer, standingOf, statusOf } from "../../../core/checkout.ts";
import { ADDRESS_LENGTH_MAX, ADDRESS_PATTERN } from "../../../core/mail.ts";
import type { Order } from "../../../core/order.ts";
import type { PortUnavailable } from "../../../ports/port-unavailable.ts";
import { Program, type Steps } from "../../../service/program.ts";
import type { SurveyStanding } from "../../../service/survey.ts";
import { type HttpDesk, identityOf, type NotInside, networkOf } from "../http-desk.ts";
import { withinAttempts } from "../order-attempts.ts";
import { type PersonBody, personMarks } from "../person-marks.ts";
import { nameOf, problemOf, problemOfAnswer, sendProblem } from "../problem.ts";
import {
  CODES,
  MINOR,
  NAME,
  ORDER_LINES,
  oneOf,
  shape,
  TEXT,
  TIME,
  text,
  withItems,
} from "../schemas.ts";
import { type ItemsBody, itemsOf } from "./checkout.ts";
import { buckets } from "./feedback.ts";
import { orderProblem } from "./order-answer.ts";

const PLACED = shape(
  { order: NAME, status: TEXT, total: MINOR, currency: TEXT },
  "total",
  "currency",
);
const SURVEY = shape(
  { status: oneOf("planned", "open", "answered", "closed"), dueAt: TIME, answerBy: TIME },
  "dueAt",
  "answerBy",
);
const ORDER = shape(
  {
    order: NAME,
    status: TEXT,
    lines: ORDER_LINES,
    total: MINOR,
    discount: MINOR,
    currency: TEXT,
    placedAt: TIME,
    changedAt: TIME,
    survey: SURVEY,
    cardholder: shape({ clientSecret: TEXT }),
  },
  "survey",
  "cardholder",
);

const KEY = "idempotency-key";
/** Printable ASCII without blanks; a UUID is the usual key. */
const KEY_PATTERN = "^[!-~]{1,128}$";

const ADDRESS = shape({
  street: text(200),
  city: text(100),
  postcode: text(20),
  country: text(60),
});
const ORDER_BODY = withItems(
  {
    hold: NAME,
    paymentToken: text(200),
    codes: CODES,
    email: { ...text(ADDRESS_LENGTH_MAX, 3), format: "email", pattern: ADDRESS_PATTERN },
    address: ADDRESS,
  },
  "hold",
  "codes",
  "email",
  "address",
);

interface OrderBody extends ItemsBody, PersonBody {
  readonly hold?: string;
  readonly paymentToken: string;
}

export function orderRoutes(server: FastifyInstance, desk: HttpDesk): void {
  settleRoute(server, desk);
  const { checkout, ports, surveys } = desk.store;

  server.post<{ Body: OrderBody; Headers: { readonly [KEY]: string } }>(
    "/api/orders",
    {
      config: { policy: "shopper", priority: "payment" },
      schema: {
        summary: "Place an order and pay it",
        description:
          "With a hold its units are bought; without one they are held in the same step. " +
          "The prices are those that the shopper was shown. Email and address tell one buyer " +
          "from another and are kept as marks only, which cannot be read back. A store that " +
          "sends mails confirms the order to the email, and erases it once its mails are out.",
        headers: {
          type: "object",
          required: [KEY],
          properties: { [KEY]: { type: "string", pattern: KEY_PATTERN } },
        },
        body: ORDER_BODY,
        response: { 201: PLACED, 202: PLACED },
      },
    },
    async (request, reply) => {
      const { shopper, invited } = identityOf(request);
      const { body } = request;
      const key = request.headers[KEY];
      const asked = (placed: (order: string) => void) => {
        const place = checkout.placeOrder({
          shopper,
          network: networkOf(request),
          items: itemsOf(body),
          invited,
          key,
          paymentToken: body.paymentToken,
          placed,
          ...personMarks(desk.tokens, body),
          ...(body.hold === undefined ? null : { hold: body.hold }),
          ...(body.codes === undefined ? null : { codes: body.codes }),
        });
        const allowed = insideOrAgain(desk, { shopper, key }, place, desk.inside(request, place));
        return desk.change(
          withinAttempts(desk, request, { key, codes: body.codes ?? [] }, allowed),
        );
      };
      const answer = await desk.mailed({ shopper, key }, body.email, () => desk.left.during(asked));
      return tellPlaced(reply, answer);
    },
  );

  server.get<{ Params: { readonly order: string } }>(
    "/api/orders/:order",
    {
      config: { policy: "shopper", priority: "payment" },
      schema: {
        summary: "An order of this shopper's",
        description:
          "Where the bank asks the cardholder, `cardholder` has what Stripe's script needs to " +
          "put its question (`handleNextAction`); `settle` is to be asked after that.",
        params: shape({ order: NAME }),
        response: { 200: ORDER },
      },
    },
    async (request, reply) => {
      const { shopper } = identityOf(request);
      // What is read may have been written this moment: it is told once it survives a crash.
      const order = await desk.change(ports.orders.find(request.params.order));
      if (order === null || order.shopper !== shopper) {
        return sendProblem(reply, problemOf("UnknownOrder", 404));
      }
      const survey = await desk.ask(surveys.surveyOf({ order: order.id, shopper }));
      const clientSecret = await desk.cardholderSecret(order);
      return reply.send({
        ...orderBody(order),
        ...(survey !== null && surveyBody(survey)),
        ...(clientSecret !== null && { cardholder: { clientSecret } }),
      });
    },
  );
}

function settleRoute(server: FastifyInstance, desk: HttpDesk): void {
  const { ports, reconciliation } = desk.store;
  server.post<{ Params: { readonly order: string } }>(
    "/api/orders/:order/settle",
    {
      config: { policy: "shopper", priority: "payment" },
      schema: {
        summary: "Ask the gateway how a payment in doubt has ended",
        description: "As after the bank's question to the cardholder. The store asks by itself.",
        params: shape({ order: NAME }),
        response: { 200: shape({ order: NAME, status: TEXT }) },
      },
    },
    async (request, reply) => {
      const { shopper } = identityOf(request);
      const refused = await desk.ask(desk.refusal(buckets(desk, shopper)));
      if (refused !== null) return sendProblem(reply, problemOfAnswer(refused, 429));
      const { order: name } = request.params;
      const order = await desk.ask(ports.orders.find(name));
      if (order === null || order.shopper !== shopper) {
        return sendProblem(reply, problemOf("UnknownOrder", 404));
      }
      const settled = await desk.change(reconciliation.settle(name));
      const { _tag: tag } = settled ?? standingOf(order);
      return reply.send({ order: name, status: nameOf(tag) });
    },
  );
}

/** Whoever repeats an order hears what became of it, in the shop or out of it. */
export function insideOrAgain(
  { store: { admission, ports } }: HttpDesk,
  of: { readonly shopper: string; readonly key: string },
  place: Program<PlaceOrderAnswer, PortUnavailable>,
  guarded: Program<PlaceOrderAnswer | NotInside, PortUnavailable>,
): Program<PlaceOrderAnswer | NotInside, PortUnavailable> {
  if (admission === null) return guarded;
  return new Program(function* (clock): Steps<PlaceOrderAnswer | NotInside, PortUnavailable> {
    const answer = yield* guarded.begin(clock);
    if (answer._tag !== "NotInside") return answer;
    const earlier = yield* ports.orders.findByKey(of);
    return earlier === null ? answer : yield* place.begin(clock);
  });
}

function tellPlaced(reply: FastifyReply, answer: PlaceOrderAnswer | NotInside): FastifyReply {
  switch (answer._tag) {
    case "NotInside":
      return sendProblem(reply, problemOfAnswer(answer, 403));
    case "Confirmed":
      reply.header("location", `/api/orders/${answer.order}`);
      return reply.code(201).send({ ...answer, status: "confirmed" });
    case "PaymentInDoubt":
    case "RefundPending":
      reply.header("location", `/api/orders/${answer.order}`);
      return reply.code(statusOf(answer)).send({ ...answer, status: nameOf(answer._tag) });
    default:
      return sendProblem(reply, orderProblem(answer));
  }
}

function surveyBody({ _tag: tag, ...times }: SurveyStanding) {
  return { survey: { status: SURVEY_STATUS[tag], ...times } };
}

const SURVEY_STATUS: Readonly<Record<SurveyStanding["_tag"], string>> = {
  SurveyPlanned: "planned",
  SurveyOpen: "open",
  SurveyAnswered: "answered",
  SurveyClosed: "closed",
};

function orderBody(order: Order) {
  const { id, lines, total, discount, currency, placedAt, changedAt } = order;
  return {
    order: id,
    status: nameOf(standingOf(order)._tag),
    lines,
    total,
    discount: discount?.amount ?? 0,
    currency,
    placedAt,
    changedAt,
  };
}
