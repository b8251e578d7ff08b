import { describe, expect, it } from "vitest";
import { MINUTE, SECOND } from "../../engine/time.ts";
import { metricProblem, parseExpectation } from "./expectation.ts";

function parsed(metric: string, written: string) {
  const expectation = parseExpectation({ metric, expect: written });
  if ("message" in expectation) throw new Error(`${written}: ${expectation.message}`);
  return expectation;
}

function refused(written: string, metric = "orders") {
  const expectation = parseExpectation({ metric, expect: written });
  return "message" in expectation ? expectation : null;
}

describe("an expectation", () => {
  it("compares a metric with a value", () => {
    expect(parsed("oversold", "= 0")).toEqual({
      metric: "oversold",
      operator: "=",
      value: { kind: "number", number: 0 },
      tolerance: null,
      when: { kind: "overall" },
      sure: false,
      fullSize: false,
    });
    expect(parsed("orders", "≥ 56k")).toMatchObject({
      operator: ">=",
      value: { number: 56_000 },
    });
  });

  it("means within where only a tolerance is given", () => {
    for (const written of ["110000 ± 2%", "= 110000 ± 2%", "110k +- 2%", "110000±2%"]) {
      expect(parsed("shoppers.concurrent.peak", written)).toMatchObject({
        operator: "=",
        value: { kind: "number", number: 110_000 },
        tolerance: 0.02,
      });
    }
  });

  it("knows durations, shares and money", () => {
    expect(parsed("latency.p95", "< 2s").value).toEqual({ kind: "duration", number: 2000 });
    expect(parsed("errors.rate", "< 0.1%").value).toEqual({ kind: "share", number: 0.001 });
    expect(parsed("revenue", "> $4.3M").value).toEqual({
      kind: "money",
      amount: { major: 4_300_000, currency: "$" },
    });
  });

  it("can allow for a time in which it is missed", () => {
    expect(parsed("latency.p95", "< 2s for all but 30s").when).toEqual({
      kind: "for-all-but",
      duration: 30 * SECOND,
    });
  });

  it("can ask for something to have happened by then", () => {
    expect(parsed("instances", ">= 20 within 15min of +20min").when).toEqual({
      kind: "within",
      duration: 15 * MINUTE,
      of: { kind: "offset", after: 20 * MINUTE },
    });
    expect(parsed("instances", ">= 20 within 15min of 2011-11-25T06:00-05:00").when).toMatchObject({
      kind: "within",
      of: { kind: "date" },
    });
  });

  it("can be about the bound of the interval", () => {
    expect(parsed("revenue", "> $4.3M with 95%").sure).toBe(true);
    expect(parsed("orders", "400 ± 5% with 95%")).toMatchObject({ tolerance: 0.05, sure: true });
  });

  it("can be about the full size alone", () => {
    expect(parsed("revenue", "$2.5M ± 25% at full size")).toMatchObject({
      tolerance: 0.25,
      fullSize: true,
    });
    expect(parsed("errors", "< 9 for all but 30s at full size")).toMatchObject({
      when: { duration: 30 * SECOND },
      fullSize: true,
    });
    expect(parsed("orders", "> 4 with 95% at full size")).toMatchObject({ sure: true });
  });

  it("can be about one tag", () => {
    expect(parsed("latency.p95{checkout}", "< 2s").metric).toBe("latency.p95{checkout}");
  });

  it.each([
    "",
    "4",
    "fast",
    "<",
    "< 2 seconds",
    "> 4 with 90%",
    "> 4 ± 2",
    "< 2s for all but 30",
    "> 4 within 10min",
    "> 4 within 10min of noon",
    "> 4 for all but 30s with 95%",
    "!= 4",
  ])("refuses %j, with a suggestion", (written) => {
    expect(refused(written)?.suggestion).toBeTruthy();
  });

  it("refuses a metric that is no name, at its key", () => {
    expect(refused("> 4", "a b!")).toMatchObject({ atKey: true });
  });
});

describe("the metric of an expectation", () => {
  it("must be one that is measured, and the nearest is suggested", () => {
    expect(metricProblem(parsed("revenu", "> $1"), "USD")?.suggestion).toBe(
      "did you mean revenue?",
    );
    expect(metricProblem(parsed("revenue", "> $1"), "USD")).toBeNull();
  });

  it("must be of the value's unit", () => {
    expect(metricProblem(parsed("revenue", "> 4300000"), "USD")?.suggestion).toContain("$4.3M");
    expect(metricProblem(parsed("latency.p95", "< 2000"), "USD")?.suggestion).toContain("2s");
    expect(metricProblem(parsed("orders", "> $400"), "USD")).not.toBeNull();
    expect(metricProblem(parsed("errors.rate", "< 0.001"), "USD")).toBeNull();
    expect(metricProblem(parsed("revenue.lost", "= 0"), "USD")).toBeNull();
  });

  it("is money in the scenario's currency, where that is known", () => {
    const pounds = parsed("revenue", "> £4.5M");
    expect(metricProblem(pounds, "USD")).toMatchObject({
      message: "the scenario's currency is USD, not £",
      suggestion: expect.stringContaining("write the amount in USD"),
    });
    expect(metricProblem(pounds, "GBP")).toBeNull();
    expect(metricProblem(pounds, null)).toBeNull();
  });

  it("is kept over time where it is expected over time", () => {
    expect(metricProblem(parsed("latency.p95", "< 2s for all but 30s"), "USD")).toBeNull();
    expect(metricProblem(parsed("latency.p99", "< 2s for all but 30s"), "USD")).toMatchObject({
      message: expect.stringContaining("latency.p99 is not kept over time"),
      suggestion: expect.stringContaining("latency.p95"),
    });
    expect(metricProblem(parsed("carts", "> 1 within 5min of +1h"), "USD")).not.toBeNull();
  });
});
