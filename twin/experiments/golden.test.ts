import { describe, expect, it } from "vitest";
import { resultOf } from "./experiment.ts";
import {
  type CheckStatus,
  differencesFromGolden,
  disagreement,
  exitOfChecks,
  type GoldenCheck,
} from "./golden.ts";
import { experimentOf, rehearsal, scenarioWith } from "./testing/made-up.ts";

const scenario = scenarioWith(["only"], { orders: "> 5" });
const kept = resultOf(experimentOf(scenario, ["s"]), [rehearsal("s")]);

describe("a result against its golden", () => {
  it("does not differ from itself, whatever version and command made it", () => {
    const again = { ...kept, version: "9.9.9", repeat: "rehearse run elsewhere.yaml" };
    expect(differencesFromGolden(kept, again)).toEqual([]);
  });

  it("names each figure that differs, with both values and by how much", () => {
    const metrics = { revenue: 11_000, orders: 10, "latency.p95": 400 };
    const now = resultOf(experimentOf(scenario, ["s"]), [rehearsal("s", { metrics })]);
    expect(differencesFromGolden(kept, now)).toEqual([
      { plan: "only", what: "revenue", golden: 10_000, now: 11_000, change: 0.1 },
    ]);
  });

  it("sees another digest, another series, and an expectation that is no longer met", () => {
    const changed = rehearsal("s", {
      digest: "fedcba9876543210",
      series: { orders: [4, 7] },
      metrics: { revenue: 10_000, orders: 1, "latency.p95": 400 },
    });
    const now = resultOf(experimentOf(scenario, ["s"]), [changed]);
    const found = differencesFromGolden(kept, now).map(({ what }) => what);
    expect(found).toEqual(["orders", "series.orders[1]", "digest", "expect orders > 5"]);
  });

  it("sees a metric or a plan that came or went", () => {
    const fewer = resultOf(experimentOf(scenario, ["s"]), [
      rehearsal("s", { metrics: { revenue: 10_000 } }),
    ]);
    expect(differencesFromGolden(kept, fewer)).toContainEqual({
      plan: "only",
      what: "orders",
      golden: 10,
      now: null,
      change: null,
    });
    const renamed = { ...kept, plans: { other: kept.plans.only } } as typeof kept;
    const plans = new Set(differencesFromGolden(kept, renamed).map(({ plan }) => plan));
    expect(plans).toEqual(new Set(["only", "other"]));
  });
});

describe("a rehearsal run twice", () => {
  it("agrees with itself", () => {
    expect(disagreement(rehearsal("s"), rehearsal("s"))).toBeNull();
  });

  it("disagrees by digest, events, a metric or a series", () => {
    const first = rehearsal("s");
    expect(disagreement(first, rehearsal("s", { digest: "1" }))).toContain("digest");
    expect(disagreement(first, rehearsal("s", { events: 99 }))).toContain("then 99");
    const metrics = { ...first.metrics, orders: 11 };
    expect(disagreement(first, rehearsal("s", { metrics }))).toBe(
      "seed s gave orders 10 and then 11",
    );
    expect(disagreement(first, rehearsal("s", { series: { orders: [4] } }))).toContain("series");
    const unmeasured = { metrics: { "latency.p95": Number.NaN } };
    expect(disagreement(rehearsal("s", unmeasured), rehearsal("s", unmeasured))).toBeNull();
  });
});

describe("the exit code of a check", () => {
  const check = (status: CheckStatus): GoldenCheck => ({
    name: status,
    scenario: "x.yaml",
    scale: 1,
    status,
    reason: "",
    digest: {},
    differences: [],
  });
  const code = (...statuses: CheckStatus[]) => exitOfChecks(statuses.map(check)).code;

  it("is 3 as soon as determinism is broken, for nothing else can be trusted then", () => {
    expect(code("same", "different", "nondeterministic")).toBe(3);
  });

  it("is 1 for a golden that differs, is missing or broke an invariant", () => {
    expect([code("same", "different"), code("missing"), code("broken")]).toEqual([1, 1, 1]);
  });

  it("is 130 where it was interrupted and 0 where all is as kept or renewed", () => {
    expect([code("same", "interrupted"), code("same"), code("updated", "same")]).toEqual([
      130, 0, 0,
    ]);
  });
});
