/** Shoppers who are asked, in a whole rehearsal: what the store's log gives, and who says what. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { csatOf } from "../store/core/feedback.ts";
import { FeedbackTally } from "../store/core/feedback-audit.ts";
import type { SaleEvent } from "../store/core/sale-event.ts";
import { METRICS } from "./metrics.ts";
import type { Rehearsal } from "./result.ts";
import { decodeScenario } from "./scenario/decode.ts";
import { FEEDBACK_METRICS } from "./shoppers/feedback-metrics.ts";
import { rehearse } from "./world.ts";

const path = "scenarios/small-drop.yaml";
const text = readFileSync(path, "utf8");
const HOUR = 3_600_000;
const ASKED = [
  "feedback.exit={asked: 100%, answered: 60%, noise: 0%}",
  "feedback.survey={asked: 100%, answered: 100%}",
];

function run(sets: readonly string[], { seed = "asked", scale = 1, audit = false } = {}) {
  const scenario = decodeScenario({ text, path, sets, scale });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
  const log: SaleEvent[] = [];
  const onSaleEvent = (event: SaleEvent) => log.push(event);
  const result = rehearse({ plan: scenario.plans[0], seed, onSaleEvent, auditEveryEvent: audit });
  return { result, log };
}

const figure = ({ metrics }: Rehearsal, name: string) => metrics[name] ?? Number.NaN;

describe("a rehearsal in which shoppers are asked", () => {
  const { result, log } = run(ASKED);

  it("has the visits, orders and money of one in which they are not", () => {
    const silent = run([]).result;
    expect(silent.metrics["survey.asked"]).toBeNaN();
    const others = METRICS.filter((metric) => !FEEDBACK_METRICS.includes(metric));
    for (const { name } of others)
      expect([name, figure(result, name)]).toEqual([name, figure(silent, name)]);
    expect(result.series).toEqual(silent.series);
  });

  it("gives figures that a reader of the log alone computes too", () => {
    const tally = new FeedbackTally();
    for (const event of log) tally.observe(event);
    const figures = tally.figures();
    expect(figures.surveysAnswered).toBe(figure(result, "survey.answered"));
    expect(csatOf(figures)).toBe(figure(result, "survey.csat"));
    expect(figures.exitAnswered).toBe(figure(result, "exit.answered"));
    expect(result.broken).toEqual([]);
  });

  it("goes on until every order's survey is out, 24 to 48 hours later, and answered", () => {
    expect(figure(result, "survey.asked")).toBe(figure(result, "orders"));
    const confirmed = new Map(
      log.flatMap((event) => (event.kind === "OrderConfirmed" ? [[event.order, event.at]] : [])),
    );
    const after = log.flatMap((event) =>
      event.kind === "SurveyAsked" ? [(event.at - (confirmed.get(event.order) ?? 0)) / HOUR] : [],
    );
    expect(Math.min(...after)).toBeGreaterThanOrEqual(24);
    // The store looks every ten minutes for what is due.
    expect(Math.max(...after)).toBeLessThanOrEqual(48 + 1 / 6);
    // A delay with a mean of half a day is over the week that a survey is open in 1 of 10^6 cases.
    expect(figure(result, "survey.answered")).toBe(figure(result, "survey.asked"));
  });

  it("asks everybody who leaves a cart behind, and hears the causes of which it knows", () => {
    expect(figure(result, "exit.asked")).toBe(figure(result, "carts.abandoned"));
    const answered = figure(result, "exit.answered");
    for (const cause of ["soldOut", "payment"]) {
      const share = figure(result, `carts.abandoned{${cause}}`) / figure(result, "carts.abandoned");
      const error = 5 * Math.sqrt((share * (1 - share)) / answered);
      expect(Math.abs(figure(result, `exit.reason{${cause}}`) - share)).toBeLessThan(error);
    }
    expect(figure(result, "exit.reason{other}")).toBe(0);
  });

  it("keeps every invariant after every event", () => {
    const soon =
      "feedback.survey={after: {from: 1min, to: 9min}, open-for: 5min, delay: {constant: 2min}}";
    const small = { scale: 0.05, seed: "audited" };
    const audited = run([...ASKED, soon], { ...small, audit: true }).result;
    expect(audited).toEqual(run([...ASKED, soon], small).result);
    expect(figure(audited, "survey.answered")).toBeGreaterThan(5);
  });

  it("finds buyers less content where servers are slow and payments fail", () => {
    const bad = [
      ...ASKED,
      "platform.profile.checkout={io: 8s}",
      "payments.primary.decline=40%",
      "shoppers.other-card=80%",
    ];
    const worse = run(bad).result;
    expect(figure(worse, "survey.answered")).toBeGreaterThan(50);
    expect(figure(worse, "survey.csat")).toBeLessThan(figure(result, "survey.csat") - 0.1);
    expect(figure(worse, "survey.nps")).toBeLessThan(figure(result, "survey.nps") - 0.1);
    expect(figure(worse, "exit.reason{payment}")).toBeGreaterThan(
      3 * figure(result, "exit.reason{payment}"),
    );
  });

  it("asks nobody on a page that never came", () => {
    const everyone = "feedback.exit={among: everyone, asked: 100%, answered: 100%, noise: 0%}";
    const dead = run([
      everyone,
      "platform.fleet={initial: 1, min: 1, max: 1, cores: 1, backlog: 0}",
    ]);
    expect(figure(dead.result, "exit.asked")).toBeGreaterThan(0);
    expect(figure(dead.result, "exit.asked")).toBeLessThan(
      figure(dead.result, "sessions") - figure(dead.result, "orders"),
    );
  });

  it("has no share of nothing where nobody answers", () => {
    const silent = run(
      ["feedback.exit={asked: 100%, answered: 0%}", "feedback.survey={asked: 100%, answered: 0%}"],
      { scale: 0.1 },
    ).result;
    expect(figure(silent, "survey.asked")).toBeGreaterThan(0);
    expect(figure(silent, "survey.answered")).toBe(0);
    for (const name of ["survey.csat", "survey.nps", "exit.reason{price}"]) {
      expect(figure(silent, name)).toBeNaN();
    }
  });

  it("counts no answer that comes after the survey has closed", () => {
    const late = run([...ASKED, "feedback.survey={delay: {constant: 3d}, open-for: 2d}"], {
      scale: 0.2,
    });
    expect(figure(late.result, "survey.asked")).toBeGreaterThan(5);
    expect(figure(late.result, "survey.answered")).toBe(0);
    expect(late.result.broken).toEqual([]);
  });
});
