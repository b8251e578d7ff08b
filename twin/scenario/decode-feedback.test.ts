import { describe, expect, it } from "vitest";
import { DAY, HOUR, SECOND } from "../../engine/time.ts";
import { decodeScenario } from "./decode.ts";
import type { FeedbackSpec } from "./scenario.ts";
import { starterScenario } from "./starter.ts";

function decode(sets: readonly string[]) {
  return decodeScenario({ text: starterScenario(), path: "starter", sets });
}

function feedback(sets: readonly string[]): FeedbackSpec {
  const scenario = decode(sets);
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario, null, 1));
  return scenario.plans[0].world.feedback;
}

function problem(...sets: string[]): string {
  const scenario = decode(sets);
  if (!Array.isArray(scenario)) return "none";
  return scenario.map(({ path, message }) => `${path} ${message}`).join("; ");
}

describe("what shoppers are asked", () => {
  it("is nothing by default", () => {
    const { exit, survey } = feedback([]);
    expect([exit.asked, survey.asked]).toEqual([0, 0]);
  });

  it("has defaults for whatever a file does not say", () => {
    const spec = feedback(["feedback.survey.asked=50%", "feedback.satisfaction.base=4"]);
    expect(spec.survey).toMatchObject({ asked: 0.5, after: { from: DAY, to: 2 * DAY } });
    expect(spec.survey.delay).toEqual({ kind: "exponential", mean: 12 * HOUR });
    expect(spec.satisfaction).toMatchObject({ base: 4, slowAfter: 2 * SECOND });
    expect(spec.exit.among).toBe("carts");
  });

  it("may be asked at once, and of everybody", () => {
    const after = "feedback.survey={asked: 100%, after: {from: 0s, to: 0s}}";
    expect(feedback([after]).survey.after).toEqual({ from: 0, to: 0 });
    expect(feedback(["feedback.exit={among: everyone, asked: 100%}"]).exit.among).toBe("everyone");
  });

  it("cannot be asked backwards, for ever, or off its scale", () => {
    expect(problem("feedback.survey.after={from: 3d}")).toContain("is more than to");
    expect(problem("feedback.survey.after.to=40d")).toContain("leaves surveys open for longer");
    expect(problem("feedback.survey.open-for=27d")).toContain("feedback.survey.open-for leaves");
    expect(problem("feedback.satisfaction.base=7")).toContain("lies outside the scale");
    expect(problem("feedback.satisfaction.base=0.2")).toContain("lies outside the scale");
    expect(problem("feedback.satisfaction.declined=11")).toContain("more than 10 points");
    expect(problem("feedback.survey.delay={lognormal: {median: 1h, sigma: 40}}")).toContain(
      "is more than 10",
    );
  });

  it("is a share, and of whom is one of two", () => {
    expect(problem("feedback.exit.asked=120%")).toContain("feedback.exit.asked");
    expect(problem("feedback.exit.among=buyers")).toContain("feedback.exit.among");
    expect(problem("feedback.exit.askd=10%")).toContain("feedback.exit.askd");
  });
});
