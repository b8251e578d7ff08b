import { describe, expect, it } from "vitest";
import { MINUTE, SECOND } from "../../engine/time.ts";
import { METRICS } from "../metrics.ts";
import type { Estimate } from "../result.ts";
import { parseExpectation } from "./expectation.ts";
import {
  type ExpectationFacts,
  evaluateExpectation,
  factsOf,
  sizingOf,
} from "./expectation-verdict.ts";

function estimate(mean: number, halfWidth = 0, n = 3): Estimate {
  return { mean, low: mean - halfWidth, high: mean + halfWidth, n };
}

const FACTS: ExpectationFacts = {
  metrics: {
    orders: estimate(400, 20),
    revenue: estimate(450_000_000, 1_000_000),
    oversold: estimate(0),
    "latency.p95": estimate(1500),
    "latency.p95{checkout}": estimate(2500),
  },
  series: { every: "10s", "latency.p95": [900, 2500, 3100, 1000, Number.NaN, 1000] },
  seriesEvery: 10 * SECOND,
  starts: { epochMillis: 0, offsetMinutes: 0 },
  currency: "USD",
  scale: 1,
};

function verdict(metric: string, written: string, facts: Partial<ExpectationFacts> = {}) {
  const expectation = parseExpectation({ metric, expect: written });
  if ("message" in expectation) throw new Error(expectation.message);
  return evaluateExpectation(expectation, { ...FACTS, ...facts });
}

describe("an expectation is met", () => {
  it("where the mean over seeds compares as asked", () => {
    expect(verdict("orders", "> 399").met).toBe(true);
    expect(verdict("orders", "> 400").met).toBe(false);
    expect(verdict("orders", ">= 400").met).toBe(true);
    expect(verdict("orders", "< 400").met).toBe(false);
    expect(verdict("oversold", "= 0").met).toBe(true);
    expect(verdict("orders", "= 401").met).toBe(false);
  });

  it("where the mean lies within the tolerance", () => {
    expect(verdict("orders", "392 ± 3%").met).toBe(true);
    expect(verdict("orders", "392 ± 2%").met).toBe(false);
    expect(verdict("orders", "> 410 ± 5%").met).toBe(true);
  });

  it("in the units of the result", () => {
    expect(verdict("revenue", "$4.5M ± 2%").met).toBe(true);
    expect(verdict("revenue", "> $4.6M").met).toBe(false);
    expect(verdict("latency.p95", "< 2s").met).toBe(true);
    expect(verdict("latency.p95{checkout}", "< 2s").met).toBe(false);
  });
});

describe("with 95%", () => {
  it("the worse bound of the interval must meet it", () => {
    expect(verdict("orders", "> 390").met).toBe(true);
    expect(verdict("orders", "> 390 with 95%").met).toBe(false);
    expect(verdict("orders", "> 379 with 95%").met).toBe(true);
    expect(verdict("orders", "400 ± 4% with 95%").met).toBe(false);
    expect(verdict("orders", "400 ± 6% with 95%").met).toBe(true);
  });

  it("one seed is not enough, and the reason is said", () => {
    const metrics = { orders: estimate(400, 0, 1) };
    const answer = verdict("orders", "> 1 with 95%", { metrics });
    expect(answer.met).toBe(false);
    expect(answer.why).toContain("--seeds 2");
  });
});

describe("over time", () => {
  it("intervals that miss add up, and those in which nothing was measured do not count", () => {
    expect(verdict("latency.p95", "< 2s for all but 20s").met).toBe(true);
    expect(verdict("latency.p95", "< 2s for all but 19s").met).toBe(false);
    expect(verdict("latency.p95", "< 2s for all but 19s").value).toBe(3100);
    expect(verdict("latency.p95", "< 2s for all but 19s").why).toContain("20s");
  });

  it("something must have happened by then", () => {
    expect(verdict("latency.p95", "< 1.1s within 20s of +10s").met).toBe(true);
    expect(verdict("latency.p95", "< 1.1s within 10s of +10s").met).toBe(false);
    expect(verdict("latency.p95", "> 3s within 10s of 1970-01-01T00:00:10Z").met).toBe(true);
  });
});

describe("what was not measured", () => {
  it("is not met, and says so", () => {
    expect(verdict("carts", "> 1")).toEqual({
      met: false,
      value: null,
      why: "carts was not measured",
    });
    expect(verdict("orders", "> 1 for all but 1min").met).toBe(false);
  });
});

describe("what nothing was measured of", () => {
  const nothing = { mean: Number.NaN, low: Number.NaN, high: Number.NaN, n: 0 };
  const silent = { "latency.p95": [Number.NaN, Number.NaN] };

  it("is not met, and says so, overall and over time", () => {
    const unmet = { met: false, value: null, why: "nothing was measured" };
    const metrics = { "latency.p95{payment}": nothing };
    expect(verdict("latency.p95{payment}", "< 2s", { metrics })).toEqual(unmet);
    expect(verdict("latency.p95{payment}", "< 2s with 95%", { metrics })).toEqual(unmet);
    expect(verdict("latency.p95", "< 2s for all but 1min", { series: silent })).toEqual(unmet);
    expect(verdict("latency.p95", "< 2s within 1min of +0s", { series: silent })).toEqual(unmet);
  });
});

describe("in a smaller world", () => {
  const small = { scale: 0.05 };

  it("counts and money are expected at its size", () => {
    expect(verdict("orders", "8000 ± 2%", small).met).toBe(true);
    expect(verdict("revenue", "> $80M", small).met).toBe(true);
  });

  it("shares, delays and means are expected as they are", () => {
    const metrics = { "order.value.mean": estimate(8000), conversion: estimate(0.0147) };
    expect(verdict("latency.p95", "< 1.4s", small).met).toBe(false);
    expect(verdict("order.value.mean", "$80 ± 1%", { ...small, metrics }).met).toBe(true);
    expect(verdict("conversion", "1.47% ± 1%", { ...small, metrics }).met).toBe(true);
    expect(verdict("conversion", "> 0.01", { ...small, metrics }).met).toBe(true);
  });
});

describe("what a scale does to each metric", () => {
  it("is said for every one", () => {
    const asTheyAre = METRICS.filter(({ name }) => sizingOf(name) === "as-it-is");
    for (const { name, unit, ofPart } of METRICS) {
      const sameAtAnySize = unit === "share" || unit === "ms";
      if (ofPart && sizingOf(name) !== "not-judged")
        expect([name, sizingOf(name)]).toEqual([
          name,
          sameAtAnySize ? "as-it-is" : "with-shoppers",
        ]);
    }
    const notJudged = METRICS.filter(({ name }) => sizingOf(name) === "not-judged");
    expect(notJudged.map(({ name }) => name)).toEqual([
      "instances",
      "instances.peak",
      "instances.crashed",
      "instances.lost",
      "instance.hours",
      "instance.hours{asleep}",
      "cost",
      "cost{instances}",
      "cost{asleep}",
      "cost.perOrder",
      "cost.perHour",
      "database.wait.p50",
      "database.wait.p95",
      "database.row.wait.p95",
      "database.connections.peak",
      "database.timeouts",
      "cost{database}",
      "functions.coldStarts",
      "functions.concurrent.peak",
      "cost{functions}",
    ]);
    const ofAll = asTheyAre.filter(({ name, ofPart }) => !ofPart && !name.startsWith("latency"));
    expect(ofAll.map(({ name }) => name)).toEqual([
      "order.value.mean",
      "conversion",
      "soldOut",
      "soldOut.first",
      "errors.rate",
      "availability",
      "downtime",
      "downtime.longest",
      "cdn.hit.ratio",
      "honest.success",
    ]);
  });

  it("leaves servers unjudged, which come whole, unless none are expected", () => {
    const metrics = { "instances.peak": estimate(3), "instances.crashed": estimate(1) };
    const small = { scale: 0.05, metrics };
    expect(verdict("instances.peak", "<= 12", small)).toMatchObject({ met: null, value: 3 });
    expect(verdict("instances.peak", "<= 12", small).why).toContain("at full size");
    expect(verdict("instances.peak", "<= 2", { metrics }).met).toBe(false);
    expect(verdict("instances.crashed", "= 0", small).met).toBe(false);
  });
});

describe("at full size", () => {
  it("leaves anything unjudged at a scale, nothing at all too, and judges it at full size", () => {
    const small = verdict("orders", "= 0 at full size", { scale: 0.05 });
    expect(small).toMatchObject({ met: null, value: 400 });
    expect(small.why).toContain("a smaller world says nothing");
    expect(verdict("orders", "= 0 at full size").met).toBe(false);
    expect(verdict("orders", "400 ± 1% at full size").met).toBe(true);
  });
});

describe("the facts of a plan's result", () => {
  it("are its metrics and its series with their interval", () => {
    const facts = factsOf({
      result: {
        seeds: ["a"],
        digest: ["0"],
        inputs: "0",
        metrics: FACTS.metrics,
        series: { every: "5min" },
      },
      starts: FACTS.starts,
      currency: "USD",
      scale: 1,
    });
    expect(facts.seriesEvery).toBe(5 * MINUTE);
    expect(facts.metrics).toBe(FACTS.metrics);
  });
});
