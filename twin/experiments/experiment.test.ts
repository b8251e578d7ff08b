import { describe, expect, it } from "vitest";
import { BrokenAssumption } from "../../engine/assert.ts";
import { resultOf } from "./experiment.ts";
import { experimentOf, rehearsal, scenarioWith } from "./testing/made-up.ts";

const withRevenue = (seed: string, revenue: number, latency = 400) =>
  rehearsal(seed, { metrics: { "latency.p95": latency, revenue, orders: 10 } });

describe("the result of one plan", () => {
  const experiment = experimentOf(scenarioWith(["only"]), ["s", "s#2", "s#3"]);

  it("gives each metric its mean with the Student-t interval over seeds", () => {
    const result = resultOf(experiment, [
      withRevenue("s", 10),
      withRevenue("s#2", 20),
      withRevenue("s#3", 30),
    ]);
    const { mean, low, high, n } = result.plans.only?.metrics.revenue ?? {
      mean: 0,
      low: 0,
      high: 0,
      n: 0,
    };
    expect({ mean, n }).toEqual({ mean: 20, n: 3 });
    // t(0.975, 2) = 4.302653, s = 10, so the half-width is 4.302653 * 10 / sqrt(3).
    expect(high - mean).toBeCloseTo(24.841_4, 3);
    expect(mean - low).toBeCloseTo(24.841_4, 3);
    expect(result.exit.code).toBe(0);
  });

  it("lists metrics in the order of the contract, whatever order a rehearsal has them in", () => {
    const result = resultOf(
      experiment,
      ["s", "s#2", "s#3"].map((seed) => withRevenue(seed, 1)),
    );
    expect(Object.keys(result.plans.only?.metrics ?? {})).toEqual([
      "revenue",
      "orders",
      "latency.p95",
    ]);
  });

  it("averages series interval by interval, a shorter one counting as nothing more", () => {
    const result = resultOf(experiment, [
      rehearsal("s", { series: { orders: [3, 6, 9], "latency.p95": [Number.NaN, 100] } }),
      rehearsal("s#2", { series: { orders: [3, 6], "latency.p95": [Number.NaN, 200] } }),
      rehearsal("s#3", { series: { orders: [3, 0], "latency.p95": [50, Number.NaN] } }),
    ]);
    expect(result.plans.only?.series).toEqual({
      every: "5min",
      orders: [3, 4, 3],
      "latency.p95": [50, 150],
    });
  });

  it("bounds nothing with one seed: low and high are the mean, so that JSON can hold it", () => {
    const one = resultOf({ ...experiment, seeds: ["s"] }, [withRevenue("s", 7)]);
    expect(one.plans.only?.metrics.revenue).toEqual({ mean: 7, low: 7, high: 7, n: 1 });
  });

  it("refuses a figure that is not a number instead of printing it", () => {
    const broken = [withRevenue("s", Number.NaN)];
    expect(() => resultOf({ ...experiment, seeds: ["s"] }, broken)).toThrow(BrokenAssumption);
  });

  it("leaves out of a latency's mean the seeds that measured none, and counts the others", () => {
    const some = [100, Number.NaN, 300].map((latency, index) =>
      withRevenue(experiment.seeds[index] ?? "", 1, latency),
    );
    const none = experiment.seeds.map((seed) => withRevenue(seed, 1, Number.NaN));
    const latencyOf = (rehearsals: typeof some) =>
      resultOf(experiment, rehearsals).plans.only?.metrics["latency.p95"];
    expect(latencyOf(some)).toMatchObject({ mean: 200, n: 2 });
    const unmeasured = { mean: Number.NaN, low: Number.NaN, high: Number.NaN, n: 0 };
    expect(latencyOf(none)).toEqual(unmeasured);
  });

  it("pairs only seeds in which both plans measured a latency", () => {
    const two = experimentOf(scenarioWith(["first", "second"]), ["s", "s#2"]);
    const differences = (latencies: readonly number[]) =>
      resultOf(
        two,
        latencies.map((latency, index) => withRevenue(index < 2 ? "s" : "s#2", 1, latency)),
      ).differences?.["latency.p95"];
    expect(differences([100, 300, Number.NaN, 400])).toMatchObject({ mean: -200, n: 1 });
    expect(differences([100, Number.NaN, Number.NaN, 400])).toMatchObject({
      mean: Number.NaN,
      n: 0,
      better: null,
      sure: 0,
    });
  });
});

describe("what a result ends with", () => {
  it("is 0 with the number of expectations that this scale leaves unjudged", () => {
    const scenario = scenarioWith(["only"], { "instances.peak": "<= 12", orders: "> 5" });
    const metrics = { orders: 10, "instances.peak": 2 };
    const experiment = { ...experimentOf(scenario, ["s"]), scale: 0.5 };
    const result = resultOf(experiment, [rehearsal("s", { metrics })]);
    expect(result.expectations.map(({ met }) => met)).toEqual([null, true]);
    expect(result.exit).toEqual({
      code: 0,
      reason: "1 of 2 expectations met, 1 not judged at this scale",
    });
  });

  it("is 1 with the names of the expectations that were missed", () => {
    const scenario = scenarioWith(["only"], { orders: "> 5", revenue: "> $200" });
    const result = resultOf(experimentOf(scenario, ["s"]), [rehearsal("s")]);
    expect(result.expectations.map(({ metric, met }) => [metric, met])).toEqual([
      ["orders", true],
      ["revenue", false],
    ]);
    expect(result.exit).toEqual({ code: 1, reason: "1 of 2 expectations missed: revenue of only" });
  });

  it("is 1 where an invariant broke, with the rehearsal it broke in", () => {
    const broken = [{ id: "I01", what: "3 units sold beyond the stock", at: 5 }];
    const result = resultOf(experimentOf(scenarioWith(["only"]), ["s"]), [
      rehearsal("s", { broken }),
    ]);
    expect(result.broken).toEqual([{ ...broken[0], plan: "only", seed: "s" }]);
    expect(result.exit).toEqual({
      code: 1,
      reason: "invariant I01 broken: 3 units sold beyond the stock",
    });
  });

  it("is 130 and partial where a rehearsal did not finish, which is then left out", () => {
    const experiment = experimentOf(scenarioWith(["a", "b"]), ["s", "s#2"]);
    const unfinished = rehearsal("s#2", { complete: false, events: 1 });
    const result = resultOf(experiment, [rehearsal("s"), rehearsal("s"), unfinished, null]);
    expect(result.partial).toBe(true);
    expect(result.exit).toEqual({ code: 130, reason: "interrupted after 2 of 4 rehearsals" });
    expect(result.plans.a?.seeds).toEqual(["s"]);
    expect(result.events).toBe(200);
    expect(result.differences?.orders?.n).toBe(1);
  });

  it("holds with nothing finished at all", () => {
    const experiment = experimentOf(scenarioWith(["a", "b"], { orders: "> 5" }), ["s"]);
    const result = resultOf(experiment, [null, null]);
    expect(result.plans.a).toEqual({
      seeds: [],
      digest: [],
      inputs: expect.stringMatching(/^[0-9a-f]{16}$/),
      metrics: {},
      series: { every: "5min" },
    });
    expect(result.differences).toBeUndefined();
    expect(result.expectations).toEqual([]);
  });
});

describe("the differences of a comparison", () => {
  const seeds = ["s", "s#2", "s#3"];

  it("are paired by seed, so that what both plans share cancels", () => {
    const experiment = experimentOf(scenarioWith(["a", "b"]), seeds);
    const result = resultOf(experiment, [
      withRevenue("s", 1000),
      withRevenue("s", 990),
      withRevenue("s#2", 2000),
      withRevenue("s#2", 1991),
      withRevenue("s#3", 3000),
      withRevenue("s#3", 2989),
    ]);
    const revenue = result.differences?.revenue;
    expect(revenue).toMatchObject({ mean: 10, n: 3, better: "a" });
    // s = 1, so the half-width is 4.302653 / sqrt(3).
    expect((revenue?.high ?? 0) - 10).toBeCloseTo(2.484, 3);
    expect(revenue?.sure).toBeGreaterThan(0.99);
    expect(result.plans.a?.metrics.revenue?.mean).toBe(2000);
  });

  it("say which plan is better by the direction of the metric, and none where nothing differs", () => {
    const experiment = experimentOf(scenarioWith(["a", "b"]), ["s"]);
    const result = resultOf(experiment, [withRevenue("s", 10, 500), withRevenue("s", 5, 400)]);
    expect(result.differences?.revenue?.better).toBe("a");
    expect(result.differences?.["latency.p95"]?.better).toBe("b");
    expect(result.differences?.orders?.better).toBeNull();
  });

  it("set the first plan against each other one where there are three", () => {
    const experiment = experimentOf(scenarioWith(["a", "b", "c"]), ["s"]);
    const result = resultOf(experiment, [
      withRevenue("s", 3),
      withRevenue("s", 2),
      withRevenue("s", 1),
    ]);
    expect(result.differences?.revenue?.mean).toBe(1);
    expect(result.comparisons?.map(({ first, second }) => [first, second])).toEqual([
      ["a", "b"],
      ["a", "c"],
    ]);
    expect(result.comparisons?.[1]?.differences.revenue?.mean).toBe(2);
  });
});
