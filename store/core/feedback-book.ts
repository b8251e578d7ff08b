/**
 * The rules of the feedback ledger: a shopper is asked once why they leave, an order has one
 * survey, whoever was asked answers once and within the window, and nobody answers what they were
 * not asked. One owner mutates it in place.
 */
import { assert } from "./assert.ts";
import { ExpiryQueue } from "./expiry-queue.ts";
import {
  type ExitAnswer,
  FeedbackCount,
  type FeedbackFigures,
  type SurveyAnswer,
  type SurveyPlan,
} from "./feedback.ts";

export interface ExitQuestion {
  readonly shopper: string;
  readonly askedAt: number;
  /** The last moment at which an answer counts. */
  readonly answerBy: number;
  readonly answer: ExitAnswer | null;
  readonly answeredAt: number | null;
}

export interface Survey {
  readonly order: string;
  readonly shopper: string;
  readonly orderedAt: number;
  readonly dueAt: number;
  /** Null until it goes out. */
  readonly askedAt: number | null;
  readonly answerBy: number | null;
  readonly answer: SurveyAnswer | null;
  readonly answeredAt: number | null;
}

export interface ExitAsked {
  readonly _tag: "ExitAsked";
  readonly answerBy: number;
}
/** The shopper was asked before; whoever leaves twice is not asked twice. */
export interface AskedBefore {
  readonly _tag: "AskedBefore";
}
export interface Answered {
  readonly _tag: "Answered";
}
/** The question has its answer; the first one counts. */
export interface AnsweredBefore {
  readonly _tag: "AnsweredBefore";
}
/** Nobody asked this shopper, or the survey of this order; another shopper's looks the same. */
export interface NotAsked {
  readonly _tag: "NotAsked";
}
/** The question can be answered no more. */
export interface AnsweredLate {
  readonly _tag: "AnsweredLate";
  readonly answerBy: number;
}
export interface SurveyScheduled {
  readonly _tag: "SurveyScheduled";
  readonly dueAt: number;
}
/** The order has its survey. */
export interface ScheduledBefore {
  readonly _tag: "ScheduledBefore";
}

export type AskExitAnswer = ExitAsked | AskedBefore;
export type ScheduleAnswer = SurveyScheduled | ScheduledBefore;
export type FeedbackAnswer = Answered | AnsweredBefore | NotAsked | AnsweredLate;

export interface AskExit {
  readonly shopper: string;
  readonly at: number;
  readonly openForMillis: number;
}
export interface AnswerExit extends ExitAnswer {
  readonly shopper: string;
  readonly at: number;
}
export interface AnswerSurvey extends SurveyAnswer {
  readonly order: string;
  readonly shopper: string;
  readonly at: number;
}

export interface FeedbackSnapshot {
  /** In the order in which they were asked. */
  readonly questions: readonly ExitQuestion[];
  /** In the order in which they were scheduled. */
  readonly surveys: readonly Survey[];
  readonly figures: FeedbackFigures;
}

interface Question {
  readonly askedAt: number;
  readonly answerBy: number;
  answer: ExitAnswer | null;
  answeredAt: number | null;
}

interface Row {
  readonly plan: SurveyPlan;
  /** Number of the survey, and when it is due: its place in the queue. */
  readonly epoch: number;
  readonly expiresAt: number;
  askedAt: number | null;
  answer: SurveyAnswer | null;
  answeredAt: number | null;
}

export class FeedbackBook {
  readonly #questions = new Map<string, Question>();
  readonly #surveys = new Map<string, Row>();
  readonly #due = new ExpiryQueue<Row>((row) => row.askedAt === null);
  readonly #count = new FeedbackCount();

  get questions(): number {
    return this.#questions.size;
  }

  get surveys(): number {
    return this.#surveys.size;
  }

  wasAsked(shopper: string): boolean {
    return this.#questions.has(shopper);
  }

  hasSurvey(order: string): boolean {
    return this.#surveys.has(order);
  }

  askExit({ shopper, at, openForMillis }: AskExit): AskExitAnswer {
    if (this.#questions.has(shopper)) return { _tag: "AskedBefore" };
    assert(openForMillis > 0, "a question can be answered for some time");
    const answerBy = at + openForMillis;
    this.#questions.set(shopper, { askedAt: at, answerBy, answer: null, answeredAt: null });
    this.#count.exitAsked += 1;
    return { _tag: "ExitAsked", answerBy };
  }

  answerExit({ shopper, at, reason, note }: AnswerExit): FeedbackAnswer {
    const question = this.#questions.get(shopper);
    if (question === undefined || at < question.askedAt) return { _tag: "NotAsked" };
    if (question.answer !== null) return { _tag: "AnsweredBefore" };
    const { answerBy } = question;
    if (at > answerBy) return { _tag: "AnsweredLate", answerBy };
    question.answer = { reason, note };
    question.answeredAt = at;
    this.#count.addReason(reason);
    return { _tag: "Answered" };
  }

  schedule(plan: SurveyPlan): ScheduleAnswer {
    if (this.#surveys.has(plan.order)) return { _tag: "ScheduledBefore" };
    const { dueAt } = plan;
    assert(dueAt >= plan.orderedAt, "a survey follows its order");
    assert(plan.openForMillis > 0, "a survey can be answered for some time");
    const row: Row = {
      plan,
      epoch: this.#surveys.size,
      expiresAt: dueAt,
      askedAt: null,
      answer: null,
      answeredAt: null,
    };
    this.#surveys.set(plan.order, row);
    this.#due.add(row);
    this.#count.surveysScheduled += 1;
    return { _tag: "SurveyScheduled", dueAt };
  }

  /** The survey of an order, or null where none was planned. */
  survey(order: string): Survey | null {
    const row = this.#surveys.get(order);
    return row === undefined ? null : surveyOf(row);
  }

  /** When the next survey is due, or null where none waits. */
  nextDue(): number | null {
    return this.#due.first()?.expiresAt ?? null;
  }

  /** Takes the survey that is due longest and marks it as asked; null where none is due. */
  takeDue(now: number): Survey | null {
    const row = this.#due.first();
    if (row === null || row.expiresAt > now) return null;
    row.askedAt = now;
    this.#due.ended();
    this.#count.surveysAsked += 1;
    return surveyOf(row);
  }

  answerSurvey(request: AnswerSurvey): FeedbackAnswer {
    const { order, shopper, at, satisfaction, recommend } = request;
    const row = this.#surveys.get(order);
    if (row === undefined || row.askedAt === null) return { _tag: "NotAsked" };
    if (row.plan.shopper !== shopper || at < row.askedAt) return { _tag: "NotAsked" };
    if (row.answer !== null) return { _tag: "AnsweredBefore" };
    const answerBy = row.askedAt + row.plan.openForMillis;
    if (at > answerBy) return { _tag: "AnsweredLate", answerBy };
    row.answer = { satisfaction, recommend };
    row.answeredAt = at;
    this.#count.addSurvey(row.answer);
    return { _tag: "Answered" };
  }

  figures(): FeedbackFigures {
    return this.#count.copy();
  }

  snapshot(): FeedbackSnapshot {
    const questions: ExitQuestion[] = [];
    for (const [shopper, question] of this.#questions) questions.push({ shopper, ...question });
    const surveys = [...this.#surveys.values()].map(surveyOf);
    return { questions, surveys, figures: this.figures() };
  }
}

function surveyOf(row: Row): Survey {
  const { plan, askedAt, answer, answeredAt } = row;
  const { order, shopper, orderedAt, dueAt, openForMillis } = plan;
  const answerBy = askedAt === null ? null : askedAt + openForMillis;
  return { order, shopper, orderedAt, dueAt, askedAt, answerBy, answer, answeredAt };
}
