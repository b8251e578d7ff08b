import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { DAY, HOUR, SECOND } from "../../engine/time.ts";
import { csatOf, EXIT_REASONS, FeedbackCount } from "../../store/core/feedback.ts";
import type { ExitQuestionSpec, FeedbackSpec, SatisfactionSpec } from "../scenario/scenario.ts";
import { Experience } from "./experience.ts";
import { Opinion } from "./opinion.ts";
import { ACCEPTED, DECLINED, HOLD_EXPIRED, LIMIT_REACHED, SOLD_OUT } from "./sale-desk.ts";

const PEOPLE = 20_000;

const satisfaction: SatisfactionSpec = {
  base: 4.4,
  spread: 0.8,
  slowAfter: 2 * SECOND,
  slowSecond: 0.1,
  failedPage: 0.5,
  soldOut: 0.6,
  declined: 0.7,
};
const exit: ExitQuestionSpec = { among: "carts", asked: 1, answered: 1, price: 0.3, noise: 0.2 };

function opinion(change: Partial<ExitQuestionSpec> = {}): Opinion {
  const spec: FeedbackSpec = {
    exit: { ...exit, ...change },
    survey: {
      asked: 1,
      after: { from: DAY, to: 2 * DAY },
      openFor: 7 * DAY,
      answered: 0.4,
      delay: { kind: "exponential", mean: 12 * HOUR },
    },
    satisfaction,
  };
  return new Opinion(new Simulation({ seed: "opinion/1" }), spec);
}

const people = Array.from({ length: PEOPLE }, (_, shopper) => shopper);
const shareOf = (holds: (shopper: number) => boolean) => people.filter(holds).length / PEOPLE;
/** Five standard errors of a share. */
const near = (share: number) => 5 * Math.sqrt((share * (1 - share)) / PEOPLE);

describe("the reason that a shopper gives", () => {
  it("is the true one, save for the stated share of noise", () => {
    const asked = opinion();
    for (const cause of ["wait", "soldOut", "payment", "error", "closed"] as const) {
      const expected = 0.8 + 0.2 / EXIT_REASONS.length;
      const share = shareOf((shopper) => asked.reasonOf(shopper, cause) === cause);
      expect(Math.abs(share - expected)).toBeLessThan(near(expected));
    }
  });

  it("is the price for a share of those who left by their own choice", () => {
    const asked = opinion({ noise: 0 });
    const share = shareOf((shopper) => asked.reasonOf(shopper, "choice") === "price");
    expect(Math.abs(share - 0.3)).toBeLessThan(near(0.3));
    expect(shareOf((shopper) => asked.reasonOf(shopper, "choice") === "choice") + share).toBe(1);
  });

  it("is nothing at all of the list but chance where all is noise", () => {
    const asked = opinion({ noise: 1 });
    for (const reason of EXIT_REASONS) {
      const share = shareOf((shopper) => asked.reasonOf(shopper, "wait") === reason);
      expect(Math.abs(share - 1 / 8)).toBeLessThan(near(1 / 8));
    }
  });

  it("is given by those who answer, whatever the reason is", () => {
    const asked = opinion({ answered: 0.25 });
    const answered = people.map((shopper) => asked.reasonOf(shopper, "wait") !== null);
    expect(people.map((shopper) => asked.reasonOf(shopper, "soldOut") !== null)).toEqual(answered);
    expect(Math.abs(answered.filter(Boolean).length / PEOPLE - 0.25)).toBeLessThan(near(0.25));
    expect(shareOf((shopper) => opinion({ asked: 0 }).isAskedOnLeaving(shopper))).toBe(0);
  });
});

describe("the answer to a survey", () => {
  it("is never better from the same person after a worse visit", () => {
    const asked = opinion();
    const scores = (lost: number) => people.map((shopper) => asked.answerOf(shopper, lost));
    const [good, worse] = [scores(0.2), scores(1.1)];
    for (const [shopper, { satisfaction: before, recommend }] of good.entries()) {
      expect(worse[shopper].satisfaction).toBeLessThanOrEqual(before);
      expect(worse[shopper].recommend).toBeLessThanOrEqual(recommend);
    }
  });

  it("follows the base and the spread: who met nothing bad is satisfied from 3.5 points on", () => {
    const asked = opinion();
    const count = new FeedbackCount();
    for (const shopper of people) count.addSurvey(asked.answerOf(shopper, 0));
    // The normal distribution is below (4.4 - 3.5) / 0.8 = 1.125 deviations in 86.97 of 100 cases.
    expect(Math.abs((csatOf(count) ?? 0) - 0.8697)).toBeLessThan(near(0.8697));
  });

  it("stays on its scale however bad it was", () => {
    const asked = opinion();
    for (const lost of [0, 3, 50, 1e6]) {
      for (const shopper of [0, 1, 2, 3]) {
        const { satisfaction: score, recommend } = asked.answerOf(shopper, lost);
        expect([1, 2, 3, 4, 5]).toContain(score);
        expect(recommend).toBeGreaterThanOrEqual(0);
        expect(recommend).toBeLessThanOrEqual(10);
      }
    }
  });

  it("comes from the share who answer, after the stated time", () => {
    const asked = opinion();
    const delays = people.flatMap((shopper) => asked.answersAfter(shopper) ?? []);
    expect(Math.abs(delays.length / PEOPLE - 0.4)).toBeLessThan(near(0.4));
    const mean = delays.reduce((sum, delay) => sum + delay) / delays.length;
    expect(mean / HOUR).toBeGreaterThan(11.3);
    expect(mean / HOUR).toBeLessThan(12.7);
  });
});

describe("what a shopper meets", () => {
  it("takes points for slow pages, failed pages, empty shelves and failed payments", () => {
    const experience = new Experience(satisfaction);
    experience.begin(5_000);
    experience.page(5_000, 2 * SECOND);
    expect(experience.lostBy(5_000)).toBe(0);
    experience.page(5_000, 7 * SECOND);
    expect(experience.lostBy(5_000)).toBeCloseTo(0.5, 12);
    experience.failedPage(5_000);
    experience.refused(5_000, DECLINED);
    experience.refused(5_000, SOLD_OUT);
    experience.refused(5_000, HOLD_EXPIRED);
    expect(experience.lostBy(5_000)).toBeCloseTo(0.5 + 0.5 + 0.7 + 0.6 + 0.6, 12);
  });

  it("takes none for a limit that holds for everybody, nor for what went well", () => {
    const experience = new Experience(satisfaction);
    experience.begin(0);
    experience.refused(0, LIMIT_REACHED);
    experience.refused(0, ACCEPTED);
    expect(experience.lostBy(0)).toBe(0);
  });

  it("is forgotten when the row goes to another visit", () => {
    const experience = new Experience(satisfaction);
    experience.begin(3);
    experience.page(3, 60 * SECOND);
    expect(experience.hasSeenPage(3)).toBe(true);
    experience.begin(3);
    expect([experience.hasSeenPage(3), experience.lostBy(3)]).toEqual([false, 0]);
    experience.waited(3, 60 * SECOND);
    expect(experience.hasSeenPage(3)).toBe(false);
  });
});
