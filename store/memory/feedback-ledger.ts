/** Feedback in memory; one thread owns the {@link FeedbackBook}, so every call is one atomic step. */
import { Layer } from "effect";
import { assert } from "../core/assert.ts";
import type { SurveyPlan } from "../core/feedback.ts";
import {
  type AnswerExit,
  type AnswerSurvey,
  type AskExit,
  FeedbackBook,
  type Survey,
} from "../core/feedback-book.ts";
import { atOnce, Refused, readAtOnce } from "../ports/at-once.ts";
import { FeedbackLedger, type FeedbackLedgerService } from "../ports/feedback-ledger.ts";
import { PortUnavailable } from "../ports/port-unavailable.ts";

export interface MemoryFeedbackLedgerOptions {
  /** A question or survey beyond this many is refused as unavailable: who was asked is not forgotten. */
  readonly rowsMax?: number;
}

export interface MemoryFeedbackLedgerService extends FeedbackLedgerService {
  /** The rules themselves, for whoever audits within one event. */
  readonly book: FeedbackBook;
}

/** Assumed: as many questions as the visits of the largest sale in the scenarios; some 0.2 KB each. */
const ROWS_MAX = 8_000_000;

const FULL = new Refused(
  new PortUnavailable({ port: "store/FeedbackLedger", reason: "the ledger is full" }),
);

type Due = Parameters<FeedbackLedgerService["takeDue"]>[0];

function make(options: MemoryFeedbackLedgerOptions = {}): MemoryFeedbackLedgerService {
  const book = new FeedbackBook();
  const rowsMax = options.rowsMax ?? ROWS_MAX;
  assert(rowsMax > 0, "a feedback ledger has room for a question");
  const isFull = () => book.questions + book.surveys >= rowsMax;
  return {
    book,
    askExit: atOnce((request: AskExit) =>
      isFull() && !book.wasAsked(request.shopper) ? FULL : book.askExit(request),
    ),
    answerExit: atOnce((request: AnswerExit) => book.answerExit(request)),
    schedule: atOnce((plan: SurveyPlan) =>
      isFull() && !book.hasSurvey(plan.order) ? FULL : book.schedule(plan),
    ),
    takeDue: atOnce((request: Due) => takeDue(book, request)),
    survey: atOnce((order: string) => book.survey(order)),
    nextDue: readAtOnce(() => book.nextDue()),
    answerSurvey: atOnce((request: AnswerSurvey) => book.answerSurvey(request)),
    figures: readAtOnce(() => book.figures()),
    snapshot: readAtOnce(() => book.snapshot()),
  };
}

function takeDue(book: FeedbackBook, { now, limit }: Due) {
  assert(limit > 0, "a step may ask at least one shopper");
  const asked: Survey[] = [];
  while (asked.length < limit) {
    const survey = book.takeDue(now);
    if (survey === null) return { asked, more: false };
    asked.push(survey);
  }
  const next = book.nextDue();
  return { asked, more: next !== null && next <= now };
}

export const MemoryFeedbackLedger = {
  make,
  layer: (options: MemoryFeedbackLedgerOptions = {}) =>
    Layer.sync(FeedbackLedger, () => make(options)),
} as const;
