import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  csatOf,
  EXIT_REASONS,
  exitAnswerProblem,
  FEEDBACK_POLICY,
  FeedbackCount,
  feedbackPolicyProblem,
  NOTE_LENGTH_MAX,
  npsOf,
  reasonShareOf,
  surveyAnswerProblem,
  surveyFor,
} from "./feedback.ts";
import { spreadOf } from "./spread.ts";

const HOUR = 3_600_000;

function counted(recommend: readonly number[], satisfaction: readonly number[] = []) {
  const count = new FeedbackCount();
  for (const [index, answer] of recommend.entries()) {
    count.addSurvey({ recommend: answer, satisfaction: satisfaction[index] ?? 3 });
  }
  return count;
}

describe("satisfaction and recommendation", () => {
  it("are no number where nobody answered", () => {
    const nobody = new FeedbackCount();
    expect(csatOf(nobody)).toBeNull();
    expect(npsOf(nobody)).toBeNull();
    expect(reasonShareOf(nobody, "price")).toBeNull();
  });

  it("count 4 and 5 as satisfied", () => {
    expect(csatOf(counted([5, 5, 5, 5, 5], [1, 2, 3, 4, 5]))).toBeCloseTo(0.4, 12);
  });

  it("take detractors (0 to 6) from promoters (9 and 10), and count 7 and 8 in the whole", () => {
    // 4 promoters, 3 passives and 3 detractors of 10: the example that every text gives.
    expect(npsOf(counted([9, 9, 10, 10, 7, 8, 8, 0, 5, 6]))).toBeCloseTo(0.1, 12);
    expect(npsOf(counted([0, 6]))).toBe(-1);
    expect(npsOf(counted([7, 8]))).toBe(0);
  });

  it("stay within their scales whatever is answered", () => {
    const answers = fc.array(fc.tuple(fc.nat({ max: 10 }), fc.integer({ min: 1, max: 5 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(answers, (given) => {
        const count = counted(
          given.map(([recommend]) => recommend),
          given.map(([, satisfaction]) => satisfaction),
        );
        const csat = csatOf(count) ?? Number.NaN;
        const nps = npsOf(count) ?? Number.NaN;
        const satisfied = given.filter(([, answer]) => answer > 3).length;
        expect(csat * given.length).toBeCloseTo(satisfied, 9);
        expect(Math.abs(nps)).toBeLessThanOrEqual(1);
      }),
      { seed: 31, numRuns: 200 },
    );
  });

  it("give reasons by share, and the shares sum to one", () => {
    const count = new FeedbackCount();
    for (const reason of EXIT_REASONS) count.addReason(reason);
    count.addReason("wait");
    const shares = EXIT_REASONS.map((reason) => reasonShareOf(count, reason) ?? Number.NaN);
    expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
    expect(reasonShareOf(count, "wait")).toBeCloseTo(2 / 9, 12);
  });
});

describe("an answer", () => {
  it("is one of those that the question offers", () => {
    expect(exitAnswerProblem({ reason: "wait", note: "" })).toBeNull();
    expect(exitAnswerProblem({ reason: "other", note: "no time" })).toBeNull();
    expect(exitAnswerProblem({ reason: "boredom" as "other", note: "" })?._tag).toBe(
      "AnswerRefused",
    );
    expect(exitAnswerProblem({ reason: "wait", note: "long" })?.why).toContain("other");
    const long = "x".repeat(NOTE_LENGTH_MAX + 1);
    expect(exitAnswerProblem({ reason: "other", note: long })?._tag).toBe("AnswerRefused");
  });

  it("of a survey is whole and on its scale", () => {
    expect(surveyAnswerProblem({ satisfaction: 1, recommend: 0 })).toBeNull();
    expect(surveyAnswerProblem({ satisfaction: 5, recommend: 10 })).toBeNull();
    for (const wrong of [0, 6, 2.5, Number.NaN, -1]) {
      expect(surveyAnswerProblem({ satisfaction: wrong, recommend: 5 })).not.toBeNull();
    }
    for (const wrong of [-1, 11, 9.5, Number.POSITIVE_INFINITY]) {
      expect(surveyAnswerProblem({ satisfaction: 3, recommend: wrong })).not.toBeNull();
    }
  });
});

describe("the survey of an order", () => {
  const orders = Array.from({ length: 20_000 }, (_, row) => ({
    id: `order-${row}`,
    shopper: `shopper-${row}`,
    confirmedAt: 1_000_000,
  }));

  it("is due 24 to 48 hours after the order, evenly over that day", () => {
    const after = orders.map((order) => {
      const plan = surveyFor(FEEDBACK_POLICY, order);
      return ((plan?.dueAt ?? Number.NaN) - order.confirmedAt) / HOUR;
    });
    expect(Math.min(...after)).toBeGreaterThanOrEqual(24);
    expect(Math.max(...after)).toBeLessThanOrEqual(48);
    for (let hour = 24; hour < 48; hour += 1) {
      const within = after.filter((hours) => hours >= hour && hours < hour + 1).length;
      // 833 expected; five standard deviations of a binomial share of 1 in 24 are 141.
      expect(Math.abs(within - orders.length / 24)).toBeLessThan(141);
    }
  });

  it("goes to the share of shoppers that the policy names, the same ones every time", () => {
    const policy = { ...FEEDBACK_POLICY, surveyShare: 0.3 };
    const asked = orders.filter((order) => surveyFor(policy, order) !== null);
    expect(asked.length / orders.length).toBeCloseTo(0.3, 1.7);
    expect(orders.filter((order) => surveyFor(policy, order) !== null)).toEqual(asked);
    const none = { ...FEEDBACK_POLICY, surveyShare: 0 };
    expect(orders.every((order) => surveyFor(none, order) === null)).toBe(true);
  });

  it("asks for a policy that can be used", () => {
    expect(feedbackPolicyProblem(FEEDBACK_POLICY)).toBeNull();
    const wrong = [
      { surveyShare: 1.1 },
      { surveyShare: Number.NaN },
      { surveyAfterMillis: { from: 2, to: 1 } },
      { exitOpenForMillis: 0 },
      { surveyOpenForMillis: 0 },
    ];
    for (const part of wrong) {
      expect(feedbackPolicyProblem({ ...FEEDBACK_POLICY, ...part })).not.toBeNull();
    }
  });
});

describe("the spread of names", () => {
  it("is even, also over names that differ in their last letter", () => {
    const buckets = new Array(16).fill(0);
    for (let row = 0; row < 16_000; row += 1) {
      const spread = spreadOf(`shopper-${row}`);
      buckets[Math.floor(spread * 16)] += 1;
    }
    // Pearson's chi-square with 15 degrees of freedom stays under 37.7 in 999 of 1,000 cases.
    const statistic = buckets.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0);
    expect(statistic).toBeLessThan(37.7);
  });
});
