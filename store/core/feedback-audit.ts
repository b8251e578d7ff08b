/**
 * The audit of feedback. Two witnesses: the ledger's rows, counted again and held against the
 * orders, and the sale log, from which every figure is computed anew.
 *
 * I80: a shopper is asked once and answers once, after the question and within its window.
 * I81: a survey has a confirmed order of the same shopper, and comes after it.
 * I82: the figures are what rows and log give, satisfaction and recommendation included.
 */
import { type Finding, Findings } from "./audit.ts";
import { csatOf, FeedbackCount, type FeedbackFigures, npsOf } from "./feedback.ts";
import type { ExitQuestion, FeedbackSnapshot, Survey } from "./feedback-book.ts";
import type { OrderBookSnapshot } from "./order-book.ts";
import type { SaleEvent } from "./sale-event.ts";

/** States of an order that was confirmed and may have been returned since. */
const BOUGHT: ReadonlySet<string> = new Set(["confirmed", "refunding", "refunded"]);

/** The ledger's rows against themselves and against the orders, read at the same moment. */
export function auditFeedback(
  snapshot: FeedbackSnapshot,
  orders: OrderBookSnapshot,
): readonly Finding[] {
  const findings = new Findings();
  const counted = new FeedbackCount();
  const shopperOf = new Map(
    orders.orders.flatMap(({ id, shopper, state }) => (BOUGHT.has(state) ? [[id, shopper]] : [])),
  );
  for (const question of snapshot.questions) auditQuestion(question, counted, findings);
  for (const survey of snapshot.surveys) {
    auditSurvey(survey, counted, findings);
    findings.expect(
      shopperOf.get(survey.order) === survey.shopper,
      "I81",
      () => `the survey of ${survey.order} is for ${survey.shopper}, who has no such order`,
    );
  }
  compare(snapshot.figures, counted, "its rows", findings);
  return findings.list;
}

function auditQuestion(question: ExitQuestion, counted: FeedbackCount, findings: Findings): void {
  const { shopper, askedAt, answerBy, answer, answeredAt } = question;
  counted.exitAsked += 1;
  if (answer === null || answeredAt === null) return;
  counted.addReason(answer.reason);
  findings.expect(
    answeredAt >= askedAt && answeredAt <= answerBy,
    "I80",
    () => `${shopper} was asked at ${askedAt} until ${answerBy} and answered at ${answeredAt}`,
  );
}

function auditSurvey(survey: Survey, counted: FeedbackCount, findings: Findings): void {
  const { order, orderedAt, dueAt, askedAt, answerBy, answer, answeredAt } = survey;
  counted.surveysScheduled += 1;
  if (askedAt !== null) counted.surveysAsked += 1;
  findings.expect(
    dueAt >= orderedAt && (askedAt === null || askedAt >= dueAt),
    "I81",
    () => `the survey of ${order}, bought at ${orderedAt}, due at ${dueAt}, went at ${askedAt}`,
  );
  if (answer === null || answeredAt === null) return;
  counted.addSurvey(answer);
  findings.expect(
    askedAt !== null && answerBy !== null && answeredAt >= askedAt && answeredAt <= answerBy,
    "I80",
    () => `the survey of ${order} went at ${askedAt} and was answered at ${answeredAt}`,
  );
}

/** Counts feedback from the events of the sale log alone, one event at a time. */
export class FeedbackTally {
  readonly #findings = new Findings();
  readonly #count = new FeedbackCount();
  /** Whether each shopper who was asked why they leave has answered. */
  readonly #exits = new Map<string, boolean>();
  /** The shoppers of confirmed orders; an order leaves with its survey's answer. */
  readonly #bought = new Map<string, string>();
  readonly #surveys = new Map<string, boolean>();

  observe(event: SaleEvent): void {
    switch (event.kind) {
      case "OrderConfirmed":
        this.#bought.set(event.order, event.shopper);
        break;
      case "ExitAsked":
        this.#exitAsked(event.shopper);
        break;
      case "ExitAnswered":
        this.#answered(this.#exits, event.shopper);
        this.#count.addReason(event.reason);
        break;
      case "SurveyAsked":
        this.#surveyAsked(event.order, event.shopper);
        break;
      case "SurveyAnswered":
        this.#answered(this.#surveys, event.order);
        this.#count.addSurvey(event);
        break;
      default:
        break;
    }
  }

  /** What the log gives; `surveysScheduled` is none of its business and stays 0. */
  figures(): FeedbackFigures {
    return this.#count.copy();
  }

  /** What the log and the ledger, read at the same moment, do not agree on. */
  audit(snapshot: FeedbackSnapshot): readonly Finding[] {
    const findings = new Findings();
    findings.list.push(...this.#findings.list);
    const { surveysScheduled } = snapshot.figures;
    compare(snapshot.figures, { ...this.figures(), surveysScheduled }, "the log", findings);
    return findings.list;
  }

  #exitAsked(shopper: string): void {
    this.#count.exitAsked += 1;
    this.#findings.expect(
      !this.#exits.has(shopper),
      "I80",
      () => `${shopper} was asked twice why they leave`,
    );
    this.#exits.set(shopper, false);
  }

  #surveyAsked(order: string, shopper: string): void {
    this.#count.surveysAsked += 1;
    this.#findings.expect(
      this.#bought.get(order) === shopper,
      "I81",
      () => `${shopper} was asked about ${order}, which the log did not confirm for them`,
    );
    this.#findings.expect(
      !this.#surveys.has(order),
      "I80",
      () => `the survey of ${order} went out twice`,
    );
    this.#surveys.set(order, false);
  }

  #answered(asked: Map<string, boolean>, key: string): void {
    this.#findings.expect(
      asked.get(key) === false,
      "I80",
      () => `${key} was ${asked.has(key) ? "answered before" : "never asked"}, and answered`,
    );
    asked.set(key, true);
  }
}

/** All of it as one line of numbers, so that no figure can be forgotten. */
function lineOf(figures: FeedbackFigures): string {
  const { reasons, satisfaction, recommend } = figures;
  return JSON.stringify({
    exit: [figures.exitAsked, figures.exitAnswered],
    reasons: Object.entries(reasons).sort(([one], [other]) => (one < other ? -1 : 1)),
    surveys: [figures.surveysScheduled, figures.surveysAsked, figures.surveysAnswered],
    satisfaction,
    recommend,
    scores: [csatOf(figures), npsOf(figures)],
  });
}

function compare(
  kept: FeedbackFigures,
  counted: FeedbackFigures,
  by: string,
  findings: Findings,
): void {
  findings.expect(
    lineOf(kept) === lineOf(counted),
    "I82",
    () => `the ledger has ${lineOf(kept)}, by ${by} it is ${lineOf(counted)}`,
  );
}
