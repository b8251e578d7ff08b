import { describe, expect, it } from "vitest";
import { resultOf } from "../../twin/experiments/experiment.ts";
import { experimentOf, rehearsal, scenarioWith } from "../../twin/experiments/testing/made-up.ts";
import type { RunResult } from "../../twin/result.ts";
import { htmlReport, REPORT_BYTES_MAX } from "./html-report.ts";
import { verdictOf } from "./verdict.ts";

const seeds = ["s", "s#2"];
const course = (length: number, height: number) =>
  Array.from({ length }, (_, index) => height * (1 + (index % 17)) + index);

function resultWith(plans: readonly string[], intervals: number): RunResult {
  const scenario = scenarioWith(plans, { orders: "> 15", oversold: "= 0" });
  const rehearsals = seeds.flatMap((seed, one) =>
    plans.map((_, other) => {
      const height = 10 + 7 * other + one;
      const metrics = { revenue: 1_000 * height, orders: height, oversold: 0, "latency.p95": 400 };
      const latency = course(intervals, height).map((value) => value + 0.123_456);
      const series = {
        orders: course(intervals, height),
        "latency.p95": [Number.NaN, ...latency.slice(1)],
        "shoppers.concurrent": course(intervals, 100 * height),
        instances: course(intervals, 1),
      };
      return rehearsal(seed, { metrics, series });
    }),
  );
  return resultOf(experimentOf(scenario, seeds), rehearsals);
}

const result = resultWith(["batched", "simultaneous"], 40);
const page = htmlReport(result);

function inlineOf(html: string): Partial<RunResult> {
  return JSON.parse(/id="result">(?<json>.*)<\/script>/u.exec(html)?.groups?.json ?? "null");
}

describe("the HTML report", () => {
  it("is the same bytes for the same result", () => {
    expect(htmlReport(resultWith(["batched", "simultaneous"], 40))).toBe(page);
  });

  it("says the verdict and the goals before anything else, worst first", () => {
    expect(page).toContain("✗ 1 of 4 goals missed");
    expect(page).toContain("batched: orders is 10.5 and must be &gt; 15.");
    const order = ["goals missed", "<h2>Goals", "<h2>What happened", "<h2>The figures", "<h2>Why"];
    const last = ["<h2>What to do", "<h2>The books", "<h2>How to repeat", "<h2>The data"];
    const places = [...order, ...last].map((text) => page.indexOf(text));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(places[0]).toBeGreaterThan(0);
    const goals = page.slice(page.indexOf("<h2>Goals"), page.indexOf("<h2>What happened"));
    expect(goals.indexOf("✗ missed")).toBeLessThan(goals.indexOf("✓ met"));
    expect(goals).toMatch(/4\.5 beyond \(30 %\)/u);
  });

  it("has a picture, a sentence and a table for each series that carries something", () => {
    expect(page.match(/<figure/gu)).toHaveLength(4);
    expect(page.match(/<desc/gu)).toHaveLength(4);
    expect(page.match(/<details>/gu)).toHaveLength(4);
    expect(page.match(/class="line p1"/gu)?.length).toBeGreaterThan(4);
    expect(page.match(/class="band p0"/gu)).toHaveLength(3);
    expect(page.slice(0, page.indexOf("<script"))).not.toMatch(/NaN|undefined|Infinity/u);
  });

  it("holds the result as JSON, as it is in a file", () => {
    expect(inlineOf(page)).toEqual(JSON.parse(JSON.stringify(result)));
  });

  it("stays small for five plans and weeks, and says what of the data it leaves out", () => {
    const long = htmlReport(resultWith(["a", "b", "c", "d", "e"], 6_000));
    expect(Buffer.byteLength(long)).toBeLessThan(REPORT_BYTES_MAX);
    expect(long).toContain("as JSON, without its series");
    expect(inlineOf(long)).toMatchObject({ plans: { e: { metrics: { orders: { n: 2 } } } } });
  });

  it("stays small for fifty plans, and says what of them it leaves out", () => {
    const many = htmlReport(
      resultWith(
        Array.from({ length: 50 }, (_, index) => `p${index}`),
        300,
      ),
    );
    expect(Buffer.byteLength(many)).toBeLessThan(REPORT_BYTES_MAX);
    expect(many).toContain("The charts show the first 6 of 50 plans.");
    expect(many).toContain("and 42 comparisons more.");
  });

  it("lets no name of a file be read as HTML", () => {
    const odd = `</script><script>alert(1)</script>"'><img src=x onerror=alert(2)>`;
    const hostile: RunResult = {
      ...result,
      scenario: odd,
      version: odd,
      currency: odd,
      repeat: odd,
      exit: { code: 1, reason: odd },
      plans: Object.fromEntries(
        Object.entries(result.plans).map(([plan, own]) => [odd + plan, { ...own, seeds: [odd] }]),
      ),
      differences: Object.fromEntries(
        Object.entries(result.differences ?? {}).map(([name, one]) => [
          name,
          { ...one, better: odd },
        ]),
      ),
      expectations: result.expectations.map((one) => ({
        ...one,
        plan: odd,
        metric: odd,
        why: odd,
      })),
      broken: [{ id: odd, what: odd, at: 1, plan: odd, seed: odd }],
    };
    const html = htmlReport(hostile);
    expect(html.match(/<script/gu)).toHaveLength(2);
    expect(html).not.toContain("<img");
    expect(inlineOf(html)).toMatchObject({ scenario: odd });
  });

  it("says that there is nothing where nothing has finished", () => {
    const none = resultOf(experimentOf(scenarioWith(["a"], {}), ["s"]), [null]);
    expect(htmlReport(none)).toContain("▲ Partial: interrupted after 0 of 1 rehearsals");
    expect(htmlReport(none)).toContain("No series was measured.");
  });
});

describe("the verdict of a result", () => {
  const of = (met: readonly (boolean | null)[], more: Partial<RunResult> = {}) => {
    const expectations = met.map((one, index) => ({
      plan: "batched",
      metric: "orders",
      expect: `> ${index}`,
      value: 1,
      met: one,
      why: "",
    }));
    const { state, title } = verdictOf({ ...result, expectations, ...more });
    return `${state}: ${title}`;
  };

  it("is bad for a broken invariant or a missed goal, and never good for what is not judged", () => {
    const broken = [{ id: "I01", what: "planted", at: 1, plan: "batched", seed: "s" }];
    expect(of([true], { broken })).toBe("bad: An invariant of the store broke");
    expect(of([true, false, null])).toBe("bad: 1 of 3 goals missed");
    expect(of([true, true])).toBe("good: All 2 goals met");
    expect(of([true])).toBe("good: The goal is met");
    expect(of([true, null])).toBe("good: 1 goal met, 1 not judged at this scale");
    expect(of([null])).toBe("warning: No goal can be judged at this scale");
    expect(of([])).toBe("none: No goals were set");
    const exit = { code: 130, reason: "interrupted" };
    expect(of([true], { partial: true, exit })).toBe("warning: Partial: interrupted");
  });

  it("says which plan is surely better in how many figures", () => {
    expect(verdictOf(result).sentences.join(" ")).toContain(
      "simultaneous is surely better than batched in 2 of 10 decisive figures, batched in 0.",
    );
  });
});
