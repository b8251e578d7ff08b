/** The question to who leaves, and the survey after an order. */
import type { FastifyInstance, FastifyReply } from "fastify";
import {
  EXIT_REASONS,
  type ExitAnswer,
  isAskedOnLeaving,
  NOTE_LENGTH_MAX,
  type SurveyAnswer,
} from "../../../core/feedback.ts";
import type { AskExitAnswer } from "../../../core/feedback-book.ts";
import type { PortUnavailable } from "../../../ports/port-unavailable.ts";
import { Program, type Steps } from "../../../service/program.ts";
import { type AnswerGiven, feedbackStatusOf, type NotSampled } from "../../../service/survey.ts";
import { type AskedTooOften, type AskingBucket, type HttpDesk, identityOf } from "../http-desk.ts";
import { problemOfAnswer, sendProblem } from "../problem.ts";
import { FLAG, listOf, NAME, oneOf, shape, TEXT, TIME, WHOLE } from "../schemas.ts";

const QUESTION = shape(
  { asked: FLAG, answerBy: TIME, reasons: listOf(TEXT, EXIT_REASONS.length) },
  "answerBy",
  "reasons",
);
const TAKEN = shape({ taken: FLAG });
const CONFIG = { policy: "shopper", priority: "browsing" } as const;

export function feedbackRoutes(server: FastifyInstance, desk: HttpDesk): void {
  exitRoutes(server, desk);
  const { surveys } = desk.store;
  server.post<{ Params: { readonly order: string }; Body: SurveyAnswer }>(
    "/api/surveys/:order",
    {
      config: CONFIG,
      schema: {
        summary: "Answer the survey of an order",
        params: shape({ order: NAME }),
        body: shape({
          satisfaction: { ...WHOLE, description: "1 to 5" },
          recommend: { ...WHOLE, description: "0 to 10" },
        }),
        response: { 200: TAKEN },
      },
    },
    async (request, reply) => {
      const { shopper } = identityOf(request);
      const { order } = request.params;
      const { satisfaction, recommend } = request.body;
      const answer = surveys.answerSurvey({ order, shopper, satisfaction, recommend });
      return tell(reply, await desk.change(desk.limited(buckets(desk, shopper), answer)));
    },
  );
}

function exitRoutes(server: FastifyInstance, desk: HttpDesk): void {
  const { surveys } = desk.store;
  server.post(
    "/api/exit-question",
    {
      config: CONFIG,
      schema: {
        summary: "May the shop ask why this shopper leaves?",
        description: "A shopper is asked once.",
        response: { 200: QUESTION },
      },
    },
    async (request, reply) => {
      const { shopper } = identityOf(request);
      const ask = desk.limited(buckets(desk, shopper), exitQuestion(desk, shopper));
      const answer = await desk.change(ask);
      if (answer._tag === "TooManyRequests") return tell(reply, answer);
      if (answer._tag !== "ExitAsked") return reply.send({ asked: false });
      const { answerBy } = answer;
      return reply.send({ asked: true, answerBy, reasons: EXIT_REASONS });
    },
  );

  server.post<{ Body: { readonly reason: ExitAnswer["reason"]; readonly note?: string } }>(
    "/api/exit-answer",
    {
      config: CONFIG,
      schema: {
        summary: "Why this shopper leaves",
        body: shape(
          { reason: oneOf(...EXIT_REASONS), note: { ...TEXT, maxLength: NOTE_LENGTH_MAX } },
          "note",
        ),
        response: { 200: TAKEN },
      },
    },
    async (request, reply) => {
      const { shopper } = identityOf(request);
      const { reason, note = "" } = request.body;
      const answer = surveys.answerExit({ shopper, reason, note });
      return tell(reply, await desk.change(desk.limited(buckets(desk, shopper), answer)));
    },
  );
}

/** Asks the shopper, who may be none of those that this sale asks. */
export function exitQuestion(
  { store: { setup, surveys } }: HttpDesk,
  shopper: string,
): Program<AskExitAnswer | NotSampled, PortUnavailable> {
  return new Program(function* (clock): Steps<AskExitAnswer | NotSampled, PortUnavailable> {
    if (!isAskedOnLeaving(setup.feedback, shopper)) return { _tag: "NotSampled" };
    return yield* surveys.exitQuestion(shopper).begin(clock);
  });
}

export function buckets({ limits }: HttpDesk, shopper: string): readonly AskingBucket[] {
  if (limits === null) return [];
  return [{ key: `question ${shopper}`, limit: limits.questionsPerShopper, by: "shopper" }];
}

function tell(reply: FastifyReply, answer: AnswerGiven | AskedTooOften): FastifyReply {
  if (answer._tag === "Answered") return reply.send({ taken: true });
  const status = answer._tag === "TooManyRequests" ? 429 : feedbackStatusOf(answer);
  return sendProblem(reply, problemOfAnswer(answer, status));
}
