import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeScenario } from "../../twin/scenario/decode.ts";
import { loadGoals } from "../load/load-goals.ts";
import { type LoadOutcome, together } from "../load/load-part.ts";
import { LoadRecord } from "../load/load-record.ts";
import { noOrders } from "../load/sale-tally.ts";
import { loadMarkdown, loadText } from "../report/load-text.ts";
import { loadResult } from "./load-result.ts";

const PATH = "scenarios/small-drop.yaml";

/** Orders that took so long each, and as many sold. */
function outcomeOf(millis: readonly number[], status = 201): LoadOutcome {
  const record = new LoadRecord();
  for (const [place, took] of millis.entries()) {
    const due = place * 100;
    record.due(due);
    record.lag.record(0.5);
    record.sent("POST /api/orders", due);
    const timing = { due, sent: due + 1, ended: due + took };
    record.ended("POST /api/orders", { kind: "answered", status }, timing);
  }
  const answered = { ...noOrders(), sold: millis.length };
  return {
    record: record.toJSON(),
    answered,
    rehearsed: { ...answered, declined: 1 },
    atEdge: 3,
    revenue: millis.length * 1_000,
    problems: {},
  };
}

function resultOf(outcome: LoadOutcome, expectations: readonly string[], isWhole = true) {
  const sets = expectations.map((expectation) => `expect.${expectation}`);
  const scenario = decodeScenario({ text: readFileSync(PATH, "utf8"), path: PATH, sets });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario[0]));
  const [plan] = scenario.plans;
  const facts = {
    scenario: scenario.name,
    plan: plan.name,
    seed: scenario.seed,
    scale: 1,
    target: "http://127.0.0.1:8080",
    version: "1",
    complete: true,
    repeat: "rehearse load",
    saleStoodAt: 0,
    window: { from: 0, for: 1_000, speed: 1 },
    processes: 1,
    signed: true,
    currency: "EUR",
    goals: loadGoals(outcome, { scenario, plan, isWhole }),
  };
  return loadResult(facts, outcome);
}

describe("a store that stops answering", () => {
  /** Answered for two seconds, and not again. */
  function stoppedAfter(failed: number): LoadOutcome {
    const record = new LoadRecord();
    for (let place = 0; place < 20 + failed; place += 1) {
      const due = place * 100;
      record.due(due);
      record.sent("GET /", due);
      const isAnswered = place < 20;
      record.ended(
        "GET /",
        isAnswered ? { kind: "answered", status: 200 } : { kind: "failed", error: "ECONNREFUSED" },
        { due, sent: due, ended: due + 1 },
      );
    }
    return { ...outcomeOf([]), record: record.toJSON() };
  }

  it("is told, and is no success", () => {
    const result = resultOf(stoppedAfter(30), []);
    const reason = "the store stopped answering: in the last 3 s no request was answered";
    expect(result.exit).toEqual({ code: 1, reason });
    expect(loadText(result, { colour: false })).toContain(reason);
    expect(loadMarkdown(result)).toContain(reason);
  });

  it("is not said of a few requests that fail at the end", () => {
    expect(resultOf(stoppedAfter(4), []).exit).toEqual({ code: 0, reason: "done" });
  });
});

describe("the result of a load", () => {
  const times = [10, 20, 30, 40];

  it("holds the scenario's expectations against what was measured, and no others", () => {
    const met = resultOf(outcomeOf(times), ["orders=> 3", "latency.p95=< 1s"]);
    expect(met.goals.map(({ metric, met }) => [metric, met])).toEqual(
      expect.arrayContaining([
        ["orders", true],
        ["latency.p95", true],
      ]),
    );
    // How much was oversold only a rehearsal counts.
    expect(met.goals.map(({ metric }) => metric)).not.toContain("oversold");
    expect(met.exit.code).toBe(0);
    const missed = resultOf(outcomeOf(times), ["latency.p95=< 35ms"]);
    expect(missed.exit).toEqual({ code: 1, reason: "an expectation is missed" });
    // Orders of a part of a sale are no orders of the sale.
    const part = resultOf(outcomeOf(times), ["orders=> 1000"], false);
    expect(part.goals.map(({ metric }) => metric)).not.toContain("orders");
  });

  it("says what was sold beside the rehearsal, and how long it took from when it was due", () => {
    const result = resultOf(outcomeOf(times), []);
    expect(result.total.response).toMatchObject({ mean: 25, p95: 40, p99: 40, max: 40 });
    expect(result.total.response.p50).toBeCloseTo(20, 1);
    expect(result.total.service).toMatchObject({ mean: 24, max: 39 });
    const text = loadText(result, { colour: false });
    expect(text).toMatch(/^sold +4 +4$/m);
    expect(text).toMatch(/^card declined +0 +1$/m);
    expect(text).toContain("3 pages are the CDN's");
    expect(text).toContain("The store was measured");
    expect(loadMarkdown(result)).toMatch(/\| sold \| +4 \| +4 \|/);
  });

  it("counts refusals by themselves, and adds processes up", () => {
    const both = together([outcomeOf(times), outcomeOf([1, 1], 503)]);
    const { total, orders, sender } = resultOf(both, []);
    expect(total).toMatchObject({ sent: 6, answered: 6, refused: 2 });
    expect(total.response.mean).toBe(25);
    expect(orders.find(({ end }) => end === "sold")?.store).toBe(6);
    expect(sender.wasLimit).toEqual([]);
  });

  it("says by which figure the machine that sent was the limit", () => {
    const outcome = outcomeOf(times);
    const record = LoadRecord.of(outcome.record);
    for (let late = 0; late < 20; late += 1) record.lag.record(40);
    record.processorShares.push(0.95);
    const { sender } = resultOf({ ...outcome, record: record.toJSON() }, []);
    expect(sender.wasLimit).toEqual([
      "Requests went out 40 ms late (P99); up to 10 ms is no matter.",
      "A sending process used 95 % of a core; beyond 85 % it falls behind.",
    ]);
  });
});
