import { describe, expect, it } from "vitest";
import { resultOf } from "../../twin/experiments/experiment.ts";
import { experimentOf, rehearsal, scenarioWith } from "../../twin/experiments/testing/made-up.ts";
import { feedbackSentences, tierSentences } from "./audience-findings.ts";

const scenario = scenarioWith(["one"], {});
const resultWith = (metrics: Record<string, number>) =>
  resultOf(experimentOf(scenario, ["s"]), [rehearsal("s", { metrics })]);

describe("the people of a result", () => {
  it("are told by tier: what they are of the visits and of the units", () => {
    const told = tierSentences(
      resultWith({ sessions: 1_000, "sessions{vip}": 110, "units.share{vip}": 0.366 }),
    );
    expect(told).toEqual(["one, of the visits and of the units: VIPs 11 % and 36.6 %."]);
  });

  it("are told by what they said, their own choice left out", () => {
    const told = feedbackSentences(
      resultWith({
        "survey.csat": 0.86,
        "survey.answered": 61,
        "exit.reason{choice}": 0.6,
        "exit.reason{price}": 0.1,
        "exit.reason{soldOut}": 0.25,
        "exit.reason{other}": 0.05,
      }),
    );
    expect(told).toEqual([
      "one: of 61 buyers who answered the survey 86 % were content.",
      "one: those who said why they left named, besides choice and price, most of all: soldOut (25 %).",
    ]);
  });

  it("are not told of where nobody was asked and no tier is known", () => {
    const plain = resultWith({
      sessions: 10,
      "survey.csat": Number.NaN,
      "units.share{vip}": Number.NaN,
    });
    expect([...feedbackSentences(plain), ...tierSentences(plain)]).toEqual([]);
  });
});
