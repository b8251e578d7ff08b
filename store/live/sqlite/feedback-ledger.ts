/** The ledger of questions on SQLite: the {@link FeedbackBook} of the core, kept as a journal. */
import { assert } from "../../core/assert.ts";
import type { SurveyPlan } from "../../core/feedback.ts";
import {
  type AnswerExit,
  type AnswerSurvey,
  type AskExit,
  type FeedbackAnswer,
  FeedbackBook,
  type Survey,
} from "../../core/feedback-book.ts";
import type { DueSurveys, FeedbackLedgerService } from "../../ports/feedback-ledger.ts";
import { BookJournal } from "./book-journal.ts";
import type { GroupCommit } from "./group-commit.ts";
import { PortSteps } from "./port-steps.ts";

export interface SqliteFeedbackOptions {
  /** A question or survey beyond this many is refused as unavailable. */
  readonly rowsMax?: number;
}

/** Assumed, as in memory: some 0.2 KB each. */
const ROWS_MAX = 8_000_000;
const RULES_VERSION = 1;

type Due = Parameters<FeedbackLedgerService["takeDue"]>[0];

const STEPS = {
  askExit: (book: FeedbackBook, request: AskExit) => book.askExit(request),
  answerExit: (book: FeedbackBook, request: AnswerExit) => book.answerExit(request),
  schedule: (book: FeedbackBook, plan: SurveyPlan) => book.schedule(plan),
  takeDue,
  answerSurvey: (book: FeedbackBook, request: AnswerSurvey) => book.answerSurvey(request),
};

export function sqliteFeedbackLedger(
  group: GroupCommit,
  { rowsMax = ROWS_MAX }: SqliteFeedbackOptions = {},
): FeedbackLedgerService {
  assert(rowsMax > 0, "a feedback ledger has room for a question");
  const journal = new BookJournal(group, {
    name: "feedback",
    version: RULES_VERSION,
    open: () => new FeedbackBook(),
    steps: STEPS,
  });
  journal.current();
  const steps = new PortSteps(group, "store/FeedbackLedger");
  const full = steps.refused("the ledger is full");
  const isFull = (book: FeedbackBook) => book.questions + book.surveys >= rowsMax;
  const wasRefused = (answer: FeedbackAnswer) => answer._tag !== "Answered";
  return {
    askExit: steps.write((request: AskExit) => {
      const book = journal.current();
      if (isFull(book) && !book.wasAsked(request.shopper)) return full;
      return journal.take("askExit", request, (answer) => answer._tag === "AskedBefore");
    }),
    answerExit: steps.write((request: AnswerExit) =>
      journal.take("answerExit", request, wasRefused),
    ),
    schedule: steps.write((plan: SurveyPlan) => {
      const book = journal.current();
      if (isFull(book) && !book.hasSurvey(plan.order)) return full;
      return journal.take("schedule", plan, (answer) => answer._tag === "ScheduledBefore");
    }),
    takeDue: steps.write((request: Due) =>
      journal.take("takeDue", request, ({ asked }) => asked.length === 0),
    ),
    survey: steps.read((order: string) => journal.current().survey(order)),
    nextDue: steps.readNow(() => journal.current().nextDue()),
    answerSurvey: steps.write((request: AnswerSurvey) =>
      journal.take("answerSurvey", request, wasRefused),
    ),
    figures: steps.readNow(() => journal.current().figures()),
    snapshot: steps.readNow(() => journal.current().snapshot()),
  };
}

function takeDue(book: FeedbackBook, { now, limit }: Due): DueSurveys {
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
