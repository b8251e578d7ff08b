/**
 * Asking shoppers: the question to somebody who leaves, the survey after an order, and their
 * answers. It stands beside the checkout, never in it: no order waits for a survey or fails with
 * one. The ledger has each step before the log is told. A survey is marked as asked before it is
 * mailed, so a crash between the two loses a survey and sends none twice.
 */
import { assert } from "../core/assert.ts";
import {
  type AnswerRefused,
  type ExitAnswer,
  exitAnswerProblem,
  type FeedbackPolicy,
  feedbackPolicyProblem,
  type SurveyAnswer,
  surveyAnswerProblem,
  surveyFor,
} from "../core/feedback.ts";
import type {
  AskExitAnswer,
  FeedbackAnswer,
  ScheduleAnswer,
  Survey,
} from "../core/feedback-book.ts";
import type { FeedbackLedgerService } from "../ports/feedback-ledger.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { Program, type Steps } from "./program.ts";
import type { StorePorts } from "./store-ports.ts";

/** Surveys that one step marks as asked. */
const SURVEYS_PER_STEP = 500;
/** Steps of one round; what is due beyond that is left to the next. */
const STEPS_MAX = 200;

/** There is no survey for the order: it is unknown, or not confirmed. */
export interface NoOrder {
  readonly _tag: "NoOrder";
}
/** The shopper is none of those who are asked. */
export interface NotSampled {
  readonly _tag: "NotSampled";
}

/** Where the survey of an order stands. */
export type SurveyStanding =
  /** It goes out at `dueAt`, epoch milliseconds. */
  | { readonly _tag: "SurveyPlanned"; readonly dueAt: number }
  | { readonly _tag: "SurveyOpen"; readonly answerBy: number }
  | { readonly _tag: "SurveyAnswered" }
  | { readonly _tag: "SurveyClosed"; readonly answerBy: number };

export type AnswerGiven = FeedbackAnswer | AnswerRefused;

/** What the answer means in HTTP. */
export function feedbackStatusOf(answer: AnswerGiven): number {
  switch (answer._tag) {
    case "Answered":
      return 200;
    case "AnswerRefused":
      return 400;
    case "NotAsked":
      return 404;
    case "AnsweredBefore":
      return 409;
    case "AnsweredLate":
      return 410;
  }
}

export interface Surveys {
  /** Notes that a shopper is being asked why they leave. */
  readonly exitQuestion: (shopper: string) => Program<AskExitAnswer, PortUnavailable>;
  readonly answerExit: (
    request: ExitAnswer & { readonly shopper: string },
  ) => Program<AnswerGiven, PortUnavailable>;
  /** Plans the survey of a confirmed order; for whoever hears that it is, as often as they hear it. */
  readonly scheduleSurvey: (
    order: string,
  ) => Program<ScheduleAnswer | NoOrder | NotSampled, PortUnavailable>;
  /** Takes the surveys that are due now: they count as asked, and are for the caller to mail. */
  readonly surveysDue: Program<readonly Survey[], PortUnavailable>;
  readonly answerSurvey: (
    request: SurveyAnswer & { readonly order: string; readonly shopper: string },
  ) => Program<AnswerGiven, PortUnavailable>;
  /** Where the survey of a shopper's order stands; null where there is none. */
  readonly surveyOf: (of: {
    readonly order: string;
    readonly shopper: string;
  }) => Program<SurveyStanding | null, PortUnavailable>;
}

export interface FeedbackPorts extends Pick<StorePorts, "orders" | "saleLog"> {
  readonly feedback: FeedbackLedgerService;
}

export function makeSurveys(ports: FeedbackPorts, policy: FeedbackPolicy): Surveys {
  const problem = feedbackPolicyProblem(policy);
  assert(problem === null, `the feedback policy can be used: ${problem}`);
  return {
    exitQuestion: (shopper) =>
      new Program((clock) => askExit(ports, policy, shopper, clock.unsafeCurrentTimeMillis())),
    answerExit: (request) =>
      new Program((clock) => answerExit(ports, request, clock.unsafeCurrentTimeMillis())),
    scheduleSurvey: (order) => new Program(() => scheduleSurvey(ports, policy, order)),
    surveysDue: new Program((clock) => surveysDue(ports, clock.unsafeCurrentTimeMillis())),
    answerSurvey: (request) =>
      new Program((clock) => answerSurvey(ports, request, clock.unsafeCurrentTimeMillis())),
    surveyOf: (of) => new Program((clock) => surveyOf(ports, of, clock.unsafeCurrentTimeMillis())),
  };
}

function* surveyOf(
  ports: FeedbackPorts,
  { order, shopper }: { readonly order: string; readonly shopper: string },
  now: number,
): Steps<SurveyStanding | null, PortUnavailable> {
  const survey = yield* ports.feedback.survey(order);
  if (survey === null || survey.shopper !== shopper) return null;
  const { dueAt, answerBy, answer } = survey;
  if (answer !== null) return { _tag: "SurveyAnswered" };
  if (answerBy === null) return { _tag: "SurveyPlanned", dueAt };
  return { _tag: now > answerBy ? "SurveyClosed" : "SurveyOpen", answerBy };
}

function* askExit(
  ports: FeedbackPorts,
  policy: FeedbackPolicy,
  shopper: string,
  at: number,
): Steps<AskExitAnswer, PortUnavailable> {
  const { exitOpenForMillis: openForMillis } = policy;
  const answer = yield* ports.feedback.askExit({ shopper, at, openForMillis });
  if (answer._tag === "ExitAsked") {
    yield* ports.saleLog.append({ kind: "ExitAsked", at, shopper });
  }
  return answer;
}

/** The note stays in the ledger: the log is copied and replayed, and a note may name a person. */
function* answerExit(
  ports: FeedbackPorts,
  request: ExitAnswer & { readonly shopper: string },
  at: number,
): Steps<AnswerGiven, PortUnavailable> {
  const problem = exitAnswerProblem(request);
  if (problem !== null) return problem;
  const { shopper, reason } = request;
  const answer = yield* ports.feedback.answerExit({ ...request, at });
  if (answer._tag === "Answered") {
    yield* ports.saleLog.append({ kind: "ExitAnswered", at, shopper, reason });
  }
  return answer;
}

function* scheduleSurvey(
  ports: FeedbackPorts,
  policy: FeedbackPolicy,
  name: string,
): Steps<ScheduleAnswer | NoOrder | NotSampled, PortUnavailable> {
  const order = yield* ports.orders.find(name);
  if (order === null || order.state !== "confirmed") return { _tag: "NoOrder" };
  const { id, shopper, changedAt: confirmedAt } = order;
  const plan = surveyFor(policy, { id, shopper, confirmedAt });
  if (plan === null) return { _tag: "NotSampled" };
  return yield* ports.feedback.schedule(plan);
}

function* surveysDue(ports: FeedbackPorts, now: number): Steps<readonly Survey[], PortUnavailable> {
  const due: Survey[] = [];
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const { asked, more } = yield* ports.feedback.takeDue({ now, limit: SURVEYS_PER_STEP });
    for (const { order, shopper } of asked) {
      yield* ports.saleLog.append({ kind: "SurveyAsked", at: now, order, shopper });
    }
    due.push(...asked);
    if (!more) break;
  }
  return due;
}

function* answerSurvey(
  ports: FeedbackPorts,
  request: SurveyAnswer & { readonly order: string; readonly shopper: string },
  at: number,
): Steps<AnswerGiven, PortUnavailable> {
  const problem = surveyAnswerProblem(request);
  if (problem !== null) return problem;
  const { order, shopper, satisfaction, recommend } = request;
  const answer = yield* ports.feedback.answerSurvey({ ...request, at });
  if (answer._tag === "Answered") {
    const told = { at, order, shopper, satisfaction, recommend };
    yield* ports.saleLog.append({ kind: "SurveyAnswered", ...told });
  }
  return answer;
}
