import { describe, expect, it } from "vitest";
import { csatOf, FEEDBACK_POLICY, type FeedbackPolicy } from "../core/feedback.ts";
import { auditFeedback, FeedbackTally } from "../core/feedback-audit.ts";
import type { SaleEvent } from "../core/sale-event.ts";
import { MemoryFeedbackLedger } from "../memory/feedback-ledger.ts";
import type { GatewayScript } from "../memory/scripted-gateway.ts";
import { answerOf, findings, OPENS, place, request, trialStore } from "../testing/trial-store.ts";
import { feedbackStatusOf, makeSurveys } from "./survey.ts";

const HOUR = 3_600_000;

function trial(policy: Partial<FeedbackPolicy> = {}) {
  const store = trialStore({ gateways: [{ name: "first", charge: declinesBad }] });
  const feedback = MemoryFeedbackLedger.make();
  const surveys = makeSurveys({ ...store.ports, feedback }, { ...FEEDBACK_POLICY, ...policy });
  const audit = () => {
    const tally = new FeedbackTally();
    for (const event of store.log) tally.observe(event);
    const snapshot = feedback.book.snapshot();
    const orders = store.orders.book.snapshot();
    return [...auditFeedback(snapshot, orders), ...tally.audit(snapshot), ...findings(store)];
  };
  return { store, feedback, surveys, audit };
}

const declinesBad: NonNullable<GatewayScript["charge"]> = (_call, { paymentToken }) =>
  paymentToken === "bad" ? "declineHard" : "approve";

type Trial = ReturnType<typeof trial>;
const kinds = ({ store }: Trial) => store.log.map(({ kind }) => kind);
const told = ({ store }: Trial, kind: SaleEvent["kind"]) =>
  store.log.filter((event) => event.kind === kind);
const surveysDue = ({ store, surveys }: Trial) => answerOf(store, surveys.surveysDue);

describe("the question to those who leave", () => {
  it("is asked and answered once, and the log has both", () => {
    const own = trial();
    const { store, surveys } = own;
    const answer = surveys.answerExit({
      shopper: "ann",
      reason: "other",
      note: "Ann Lee, no time",
    });
    expect(answerOf(store, answer)._tag).toBe("NotAsked");
    expect(answerOf(store, surveys.exitQuestion("ann"))._tag).toBe("ExitAsked");
    expect(answerOf(store, surveys.exitQuestion("ann"))._tag).toBe("AskedBefore");
    expect(answerOf(store, answer)._tag).toBe("Answered");
    expect(answerOf(store, answer)._tag).toBe("AnsweredBefore");
    expect(kinds(own)).toEqual(["ExitAsked", "ExitAnswered"]);
    expect(JSON.stringify(store.log)).not.toContain("Ann Lee");
    expect(own.audit()).toEqual([]);
  });

  it("can be answered for half an hour", () => {
    const own = trial();
    answerOf(own.store, own.surveys.exitQuestion("ann"));
    own.store.time.now += HOUR / 2 + 1;
    const answer = own.surveys.answerExit({ shopper: "ann", reason: "wait", note: "" });
    expect(answerOf(own.store, answer)._tag).toBe("AnsweredLate");
    expect(kinds(own)).toEqual(["ExitAsked"]);
  });

  it("takes no answer that it does not offer", () => {
    const own = trial();
    answerOf(own.store, own.surveys.exitQuestion("ann"));
    const answer = own.surveys.answerExit({ shopper: "ann", reason: "wait", note: "too long" });
    expect(answerOf(own.store, answer)._tag).toBe("AnswerRefused");
    expect(own.feedback.book.figures().exitAnswered).toBe(0);
  });
});

describe("the survey after an order", () => {
  it("goes out 24 to 48 hours after it, once, and is answered once", () => {
    const own = trial();
    const { store, surveys } = own;
    const placed = place(store);
    const order = placed._tag === "Confirmed" ? placed.order : "";
    expect(answerOf(store, surveys.scheduleSurvey(order))._tag).toBe("SurveyScheduled");
    expect(answerOf(store, surveys.scheduleSurvey(order))._tag).toBe("ScheduledBefore");
    const answer = { order, shopper: "ann", satisfaction: 5, recommend: 8 };
    expect(answerOf(store, surveys.answerSurvey(answer))._tag).toBe("NotAsked");
    store.time.now = OPENS + 24 * HOUR - 1;
    expect(surveysDue(own)).toEqual([]);
    store.time.now = OPENS + 48 * HOUR + 1_000;
    expect(surveysDue(own)).toMatchObject([{ order, shopper: "ann" }]);
    expect(surveysDue(own)).toEqual([]);
    expect(answerOf(store, surveys.answerSurvey({ ...answer, satisfaction: 6 }))._tag).toBe(
      "AnswerRefused",
    );
    expect(answerOf(store, surveys.answerSurvey(answer))._tag).toBe("Answered");
    expect(answerOf(store, surveys.answerSurvey(answer))._tag).toBe("AnsweredBefore");
    expect(told(own, "SurveyAsked")).toHaveLength(1);
    expect(told(own, "SurveyAnswered")).toMatchObject([{ order, satisfaction: 5, recommend: 8 }]);
    expect(csatOf(own.feedback.book.figures())).toBe(1);
    expect(own.audit()).toEqual([]);
  });

  it("is for confirmed orders only", () => {
    const own = trial();
    const declined = place(own.store, request({ paymentToken: "bad" }));
    expect(declined._tag).toBe("Declined");
    const order = declined._tag === "Declined" ? declined.order : "";
    expect(answerOf(own.store, own.surveys.scheduleSurvey(order))._tag).toBe("NoOrder");
    expect(answerOf(own.store, own.surveys.scheduleSurvey("nobody's"))._tag).toBe("NoOrder");
    expect(own.audit()).toEqual([]);
  });

  it("leaves out shoppers who are not asked", () => {
    const own = trial({ surveyShare: 0 });
    const placed = place(own.store);
    const order = placed._tag === "Confirmed" ? placed.order : "";
    expect(answerOf(own.store, own.surveys.scheduleSurvey(order))._tag).toBe("NotSampled");
  });

  it("can be answered for a week", () => {
    const own = trial();
    const placed = place(own.store);
    const order = placed._tag === "Confirmed" ? placed.order : "";
    answerOf(own.store, own.surveys.scheduleSurvey(order));
    own.store.time.now += 48 * HOUR + 1;
    surveysDue(own);
    own.store.time.now += 7 * 24 * HOUR + 1;
    const late = own.surveys.answerSurvey({ order, shopper: "ann", satisfaction: 1, recommend: 1 });
    expect(answerOf(own.store, late)._tag).toBe("AnsweredLate");
    expect(own.audit()).toEqual([]);
  });

  it("sends as many as are due in one round, more than one step takes", () => {
    const own = trial();
    for (let row = 0; row < 1_234; row += 1) {
      own.feedback.book.schedule({
        order: `o-${row}`,
        shopper: `s-${row}`,
        orderedAt: 0,
        dueAt: row,
        openForMillis: 10,
      });
    }
    expect(surveysDue(own)).toHaveLength(1_234);
    expect(told(own, "SurveyAsked")).toHaveLength(1_234);
  });
});

it("every answer has a status of its own", () => {
  const at = { answerBy: 0, why: "" };
  const tags = ["Answered", "AnswerRefused", "NotAsked", "AnsweredBefore", "AnsweredLate"] as const;
  const statuses = tags.map((_tag) => feedbackStatusOf({ _tag, ...at }));
  expect(statuses).toEqual([200, 400, 404, 409, 410]);
});
