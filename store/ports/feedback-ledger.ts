/**
 * The ledger of questions and answers: who was asked why they leave, which order has which survey,
 * and what came back. Every method is one atomic step, so that two tabs make one answer.
 */
import { Context, type Effect } from "effect";
import type { FeedbackFigures, SurveyPlan } from "../core/feedback.ts";
import type {
  AnswerExit,
  AnswerSurvey,
  AskExit,
  AskExitAnswer,
  FeedbackAnswer,
  FeedbackSnapshot,
  ScheduleAnswer,
  Survey,
} from "../core/feedback-book.ts";
import type { PortUnavailable } from "./port-unavailable.ts";

export interface DueSurveys {
  /** Marked as asked in this step, the one due longest first. */
  readonly asked: readonly Survey[];
  /** True where more are due than the limit let this step take. */
  readonly more: boolean;
}

export interface FeedbackLedgerService {
  /** Notes that a shopper was asked why they leave; a shopper is asked once. */
  readonly askExit: (request: AskExit) => Effect.Effect<AskExitAnswer, PortUnavailable>;
  readonly answerExit: (request: AnswerExit) => Effect.Effect<FeedbackAnswer, PortUnavailable>;
  /** Puts the survey of an order into the calendar; an order has one. */
  readonly schedule: (plan: SurveyPlan) => Effect.Effect<ScheduleAnswer, PortUnavailable>;
  /** Takes surveys with `dueAt <= now` and marks them as asked; each is taken once. */
  readonly takeDue: (request: {
    readonly now: number;
    readonly limit: number;
  }) => Effect.Effect<DueSurveys, PortUnavailable>;
  /** The survey of an order, or null where none was planned. */
  readonly survey: (order: string) => Effect.Effect<Survey | null, PortUnavailable>;
  /** When the next survey is due, or null where none waits. */
  readonly nextDue: Effect.Effect<number | null, PortUnavailable>;
  readonly answerSurvey: (request: AnswerSurvey) => Effect.Effect<FeedbackAnswer, PortUnavailable>;
  readonly figures: Effect.Effect<FeedbackFigures, PortUnavailable>;
  readonly snapshot: Effect.Effect<FeedbackSnapshot, PortUnavailable>;
}

export class FeedbackLedger extends Context.Tag("store/FeedbackLedger")<
  FeedbackLedger,
  FeedbackLedgerService
>() {}
