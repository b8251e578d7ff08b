/** The contract of the feedback ledger. */
import { Effect, type Layer } from "effect";
import { expect } from "vitest";
import { csatOf, npsOf } from "../core/feedback.ts";
import { FeedbackLedger, type FeedbackLedgerService } from "../ports/feedback-ledger.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { type ContractCase, contract } from "./contract.ts";

export function feedbackLedgerContract(name: string, layer: Layer.Layer<FeedbackLedger>): void {
  contract(`feedback ledger: ${name}`, feedbackLedgerCases, layer);
}

function feedbackCase(
  sentence: string,
  body: (ledger: FeedbackLedgerService) => Effect.Effect<void, PortUnavailable>,
): ContractCase<FeedbackLedger> {
  return { sentence, program: Effect.flatMap(FeedbackLedger, body) };
}

const PLAN = { shopper: "ann", orderedAt: 0, openForMillis: 1_000 };
const EXIT = { shopper: "ann", reason: "wait", note: "" } as const;
const SURVEY = { order: "o-1", shopper: "ann", satisfaction: 4, recommend: 9 };

/** The calls at the same moment, each after giving way once. */
function together<A>(calls: readonly Effect.Effect<A, PortUnavailable>[]) {
  const late = calls.map((call) => Effect.zipRight(Effect.yieldNow(), call));
  return Effect.all(late, { concurrency: "unbounded" });
}

const tagsOf = (answers: readonly { readonly _tag: string }[]) =>
  answers.map(({ _tag }) => _tag).sort();

const feedbackLedgerCases: readonly ContractCase<FeedbackLedger>[] = [
  feedbackCase("a shopper is asked once why they leave", (ledger) =>
    Effect.gen(function* () {
      const asked = yield* ledger.askExit({ shopper: "ann", at: 10, openForMillis: 5 });
      expect(asked).toEqual({ _tag: "ExitAsked", answerBy: 15 });
      const again = yield* ledger.askExit({ shopper: "ann", at: 11, openForMillis: 5 });
      expect(again).toEqual({ _tag: "AskedBefore" });
      expect((yield* ledger.figures).exitAsked).toBe(1);
    }),
  ),
  feedbackCase("of ten answers at once, one counts", (ledger) =>
    Effect.gen(function* () {
      yield* ledger.askExit({ shopper: "ann", at: 10, openForMillis: 5 });
      const answers = yield* together(
        Array.from({ length: 10 }, () => ledger.answerExit({ ...EXIT, at: 12 })),
      );
      expect(tagsOf(answers)).toEqual(["Answered", ...new Array(9).fill("AnsweredBefore")].sort());
      expect((yield* ledger.figures).reasons.wait).toBe(1);
    }),
  ),
  feedbackCase("an answer counts to the last moment of its window and no longer", (ledger) =>
    Effect.gen(function* () {
      yield* ledger.askExit({ shopper: "ann", at: 10, openForMillis: 5 });
      yield* ledger.askExit({ shopper: "bob", at: 10, openForMillis: 5 });
      const late = yield* ledger.answerExit({ ...EXIT, at: 16 });
      expect(late).toEqual({ _tag: "AnsweredLate", answerBy: 15 });
      expect((yield* ledger.answerExit({ ...EXIT, shopper: "bob", at: 15 }))._tag).toBe("Answered");
      expect((yield* ledger.answerExit({ ...EXIT, shopper: "eve", at: 15 }))._tag).toBe("NotAsked");
      expect((yield* ledger.figures).exitAnswered).toBe(1);
    }),
  ),
  feedbackCase("a note is kept with its answer", (ledger) =>
    Effect.gen(function* () {
      yield* ledger.askExit({ shopper: "ann", at: 10, openForMillis: 5 });
      yield* ledger.answerExit({ shopper: "ann", at: 11, reason: "other", note: "späť o 5 €" });
      const { questions } = yield* ledger.snapshot;
      const answer = { reason: "other", note: "späť o 5 €" };
      expect(questions).toMatchObject([{ shopper: "ann", answer, answeredAt: 11 }]);
    }),
  ),
  feedbackCase("an order has one survey, however often it is scheduled", (ledger) =>
    Effect.gen(function* () {
      const plan = { ...PLAN, order: "o-1", dueAt: 100 };
      const answers = yield* together(Array.from({ length: 5 }, () => ledger.schedule(plan)));
      const before = new Array(4).fill("ScheduledBefore");
      expect(tagsOf(answers)).toEqual([...before, "SurveyScheduled"].sort());
      expect((yield* ledger.figures).surveysScheduled).toBe(1);
    }),
  ),
  feedbackCase("the survey of an order can be looked at, from its plan to its answer", (ledger) =>
    Effect.gen(function* () {
      expect(yield* ledger.survey("o-1")).toBeNull();
      yield* ledger.schedule({ ...PLAN, order: "o-1", dueAt: 100 });
      expect(yield* ledger.survey("o-1")).toMatchObject({ dueAt: 100, askedAt: null });
      yield* ledger.takeDue({ now: 150, limit: 9 });
      expect(yield* ledger.survey("o-1")).toMatchObject({ askedAt: 150, answerBy: 1_150 });
      yield* ledger.answerSurvey({ ...SURVEY, at: 160 });
      const answer = { satisfaction: 4, recommend: 9 };
      expect(yield* ledger.survey("o-1")).toMatchObject({ shopper: "ann", answer });
    }),
  ),
  feedbackCase("surveys go out when they are due, the one due longest first", (ledger) =>
    Effect.gen(function* () {
      expect(yield* ledger.nextDue).toBeNull();
      for (const [order, dueAt] of Object.entries({ late: 300, first: 100, second: 200 })) {
        yield* ledger.schedule({ ...PLAN, order, dueAt });
      }
      expect(yield* ledger.nextDue).toBe(100);
      expect(yield* ledger.takeDue({ now: 99, limit: 9 })).toEqual({ asked: [], more: false });
      const one = yield* ledger.takeDue({ now: 200, limit: 1 });
      expect(one.more).toBe(true);
      const other = yield* ledger.takeDue({ now: 200, limit: 1 });
      expect(other.more).toBe(false);
      expect([...one.asked, ...other.asked]).toMatchObject([
        { order: "first", shopper: "ann", askedAt: 200, answerBy: 1_200 },
        { order: "second" },
      ]);
      expect(yield* ledger.nextDue).toBe(300);
    }),
  ),
  feedbackCase("two senders at the same moment send no survey twice", (ledger) =>
    Effect.gen(function* () {
      for (let row = 0; row < 40; row += 1) {
        yield* ledger.schedule({ ...PLAN, order: `o-${row}`, dueAt: row });
      }
      const rounds = yield* together(
        Array.from({ length: 8 }, () => ledger.takeDue({ now: 100, limit: 7 })),
      );
      const sent = rounds.flatMap(({ asked }) => asked.map(({ order }) => order));
      expect(sent).toHaveLength(40);
      expect(new Set(sent).size).toBe(40);
    }),
  ),
  feedbackCase("a survey is answered once, by its shopper, after it went out", (ledger) =>
    Effect.gen(function* () {
      yield* ledger.schedule({ ...PLAN, order: "o-1", dueAt: 100 });
      expect((yield* ledger.answerSurvey({ ...SURVEY, at: 100 }))._tag).toBe("NotAsked");
      yield* ledger.takeDue({ now: 150, limit: 9 });
      const stranger = yield* ledger.answerSurvey({ ...SURVEY, shopper: "eve", at: 160 });
      expect(stranger._tag).toBe("NotAsked");
      const unknown = yield* ledger.answerSurvey({ ...SURVEY, order: "o-2", at: 160 });
      expect(unknown._tag).toBe("NotAsked");
      const answers = yield* together(
        Array.from({ length: 6 }, () => ledger.answerSurvey({ ...SURVEY, at: 1_150 })),
      );
      expect(tagsOf(answers)).toEqual(["Answered", ...new Array(5).fill("AnsweredBefore")].sort());
      const late = yield* ledger.answerSurvey({ ...SURVEY, at: 1_151 });
      expect(late._tag).toBe("AnsweredBefore");
    }),
  ),
  feedbackCase("a survey that is answered after its window is told so", (ledger) =>
    Effect.gen(function* () {
      yield* ledger.schedule({ ...PLAN, order: "o-1", dueAt: 100 });
      yield* ledger.takeDue({ now: 150, limit: 9 });
      const late = yield* ledger.answerSurvey({ ...SURVEY, at: 1_151 });
      expect(late).toEqual({ _tag: "AnsweredLate", answerBy: 1_150 });
      expect((yield* ledger.figures).surveysAnswered).toBe(0);
    }),
  ),
  feedbackCase("the figures count every answer", (ledger) =>
    Effect.gen(function* () {
      for (const [row, [satisfaction, recommend]] of [
        [5, 10],
        [4, 9],
        [2, 3],
        [3, 8],
      ].entries()) {
        const order = `o-${row}`;
        yield* ledger.schedule({ ...PLAN, order, dueAt: 1 });
        yield* ledger.takeDue({ now: 1, limit: 1 });
        yield* ledger.answerSurvey({ order, shopper: "ann", at: 2, satisfaction, recommend });
      }
      const figures = yield* ledger.figures;
      expect(figures.satisfaction).toEqual([0, 1, 1, 1, 1]);
      expect(csatOf(figures)).toBeCloseTo(0.5, 12);
      expect(npsOf(figures)).toBeCloseTo(0.25, 12);
      expect((yield* ledger.snapshot).figures).toEqual(figures);
    }),
  ),
];
