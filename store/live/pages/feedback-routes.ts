/** Pages that ask a shopper, and the door for the invited. */
import type { FastifyInstance } from "fastify";
import { EXIT_REASONS, type ExitReason, NOTE_LENGTH_MAX } from "../../core/feedback.ts";
import { type AnswerGiven, feedbackStatusOf } from "../../service/survey.ts";
import type { AskedTooOften } from "../http/http-desk.ts";
import { PROBLEM_TITLES } from "../http/problem-titles.ts";
import { buckets } from "../http/routes/feedback.ts";
import {
  goodbyePage,
  invitationPage,
  noSurveyPage,
  surveyPage,
  thanksPage,
} from "./feedback-pages.ts";
import { fieldsOf } from "./form-fields.ts";
import { GOODBYE, HOME, INVITATION } from "./page-paths.ts";
import { go, type PageShop, sendPage } from "./page-shop.ts";

const OPTIONS = {
  config: { policy: "public", priority: "browsing" },
  schema: { hide: true },
} as const;
const ARRIVING = {
  config: { policy: "public", priority: "arriving" },
  schema: { hide: true },
} as const;
const INVITATION_LENGTH_MAX = 512;

export function feedbackRoutes(server: FastifyInstance, shop: PageShop): void {
  exitRoutes(server, shop);
  surveyRoutes(server, shop);
  invitationRoutes(server, shop);
}

function exitRoutes(server: FastifyInstance, shop: PageShop): void {
  const { desk, sale } = shop;
  const { surveys } = desk.store;
  server.get(GOODBYE, OPTIONS, (_request, reply) =>
    sendPage(reply, goodbyePage({ sale, problem: null })),
  );
  server.post(GOODBYE, OPTIONS, async (request, reply) => {
    const identity = await shop.shopper(request, reply);
    if (identity === null) return reply;
    const { shopper } = identity;
    const fields = fieldsOf(request.body);
    const reason = fields.text("reason", 20) as ExitReason;
    if (!EXIT_REASONS.includes(reason)) {
      return sendPage(reply, goodbyePage({ sale, problem: "Choose one of the reasons." }), 422);
    }
    const note = reason === "other" ? fields.text("note", NOTE_LENGTH_MAX) : "";
    const limits = buckets(desk, shopper);
    const asked = await desk.change(desk.limited(limits, surveys.exitQuestion(shopper)));
    const answer: AnswerGiven | AskedTooOften =
      asked._tag === "TooManyRequests"
        ? asked
        : await desk.change(surveys.answerExit({ shopper, reason, note }));
    if (answer._tag === "Answered") return sendPage(reply, thanksPage(sale));
    return sendPage(reply, goodbyePage({ sale, problem: wordsOf(answer) }), statusOf(answer));
  });
}

function surveyRoutes(server: FastifyInstance, shop: PageShop): void {
  const { desk, sale } = shop;
  const { surveys } = desk.store;
  server.get<{ Params: { readonly order: string } }>(
    "/orders/:order/survey",
    OPTIONS,
    async (request, reply) => {
      const { order } = request.params;
      const shopper = shop.visitor(request)?.shopper ?? "";
      const survey = await desk.ask(surveys.surveyOf({ order, shopper }));
      if (survey?._tag !== "SurveyOpen") return sendPage(reply, noSurveyPage(sale, survey));
      return sendPage(reply, surveyPage({ sale, order, problem: null }));
    },
  );
  server.post<{ Params: { readonly order: string } }>(
    "/orders/:order/survey",
    OPTIONS,
    async (request, reply) => {
      const identity = await shop.shopper(request, reply);
      if (identity === null) return reply;
      const { order } = request.params;
      const { shopper } = identity;
      const fields = fieldsOf(request.body);
      const satisfaction = fields.whole("satisfaction");
      const recommend = fields.whole("recommend");
      const show = (problem: string, status: number) =>
        sendPage(reply, surveyPage({ sale, order, problem }), status);
      if (satisfaction === null || recommend === null) return show("Answer both questions.", 422);
      const given = surveys.answerSurvey({ order, shopper, satisfaction, recommend });
      const answer = await desk.change(desk.limited(buckets(desk, shopper), given));
      if (answer._tag === "Answered") return sendPage(reply, thanksPage(sale));
      return show(wordsOf(answer), statusOf(answer));
    },
  );
}

/** Opened by a click of its reader: a mail program that looks at links takes no invitation. */
function invitationRoutes(server: FastifyInstance, shop: PageShop): void {
  server.get<{ Querystring: { readonly token?: string } }>(
    INVITATION,
    ARRIVING,
    (request, reply) => {
      const token = String(request.query.token ?? "").slice(0, INVITATION_LENGTH_MAX);
      return sendPage(reply, invitationPage(shop.sale, token));
    },
  );
  server.post(INVITATION, ARRIVING, async (request, reply) => {
    const invitation = fieldsOf(request.body).text("invitation", INVITATION_LENGTH_MAX);
    const identity = await shop.welcome(request, reply, invitation);
    return identity === null ? reply : go(reply, HOME);
  });
}

function wordsOf({ _tag: tag }: AnswerGiven | AskedTooOften): string {
  return `${PROBLEM_TITLES[tag] ?? "That was not taken"}.`;
}

function statusOf(answer: AnswerGiven | AskedTooOften): number {
  return answer._tag === "TooManyRequests" ? 429 : feedbackStatusOf(answer);
}
