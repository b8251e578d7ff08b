import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { SaleEvent } from "../store/core/sale-event.ts";
import { METRIC_NAMES, METRICS, SERIES_NAMES } from "./metrics.ts";
import { decodeScenario } from "./scenario/decode.ts";
import type { PlanSpec } from "./scenario/scenario.ts";
import { rehearse } from "./world.ts";

const path = "scenarios/small-drop.yaml";
const text = readFileSync(path, "utf8");

function smallDrop(sets: readonly string[] = [], scale = 1): readonly PlanSpec[] {
  const scenario = decodeScenario({ text, path, sets, scale });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
  return scenario.plans;
}

function firstPlan(sets: readonly string[] = [], scale = 1): PlanSpec {
  const [plan] = smallDrop(sets, scale);
  if (plan === undefined) throw new Error("the scenario has a plan");
  return plan;
}

describe("a rehearsal", () => {
  const plan = firstPlan();
  const once = rehearse({ plan, seed: "one" });

  it("gives the same result for the same seed, to the last figure", () => {
    expect(rehearse({ plan, seed: "one" })).toEqual(once);
  });

  it("gives another course for another seed", () => {
    expect(rehearse({ plan, seed: "two" }).digest).not.toBe(once.digest);
  });

  it("is not changed by being watched", () => {
    const events: SaleEvent[] = [];
    const watched = rehearse({
      plan,
      seed: "one",
      onProgress: () => {},
      onSaleEvent: (e) => events.push(e),
    });
    expect(watched).toEqual(once);
    expect(events.filter(({ kind }) => kind === "OrderConfirmed")).toHaveLength(
      once.metrics.orders ?? -1,
    );
    const times = events.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it("yields one finite number for every metric and every series", () => {
    expect(Object.keys(once.metrics)).toEqual(METRIC_NAMES);
    // This sale has no fault to recover from, no waiting room, and so on.
    const ofParts = new Set(METRICS.filter(({ ofPart }) => ofPart).map(({ name }) => name));
    for (const [name, value] of Object.entries(once.metrics))
      expect([name, Number.isFinite(value)]).toEqual([name, !ofParts.has(name)]);
    expect(Object.keys(once.series).sort()).toEqual([...SERIES_NAMES].sort());
    const sum = (name: string) =>
      (once.series[name] ?? []).reduce((total, value) => total + value, 0);
    expect(sum("sessions")).toBe(once.metrics.sessions);
    expect(sum("orders")).toBeLessThanOrEqual(once.metrics.orders ?? 0);
  });

  it("ends complete, with nothing broken and nothing oversold", () => {
    expect(once.complete).toBe(true);
    expect(once.broken).toEqual([]);
    expect(once.metrics.oversold).toBe(0);
  });

  it("can be stopped, and says that it is not complete", () => {
    let slices = 0;
    const stopped = rehearse({ plan, seed: "one", shouldStop: () => ++slices > 1 });
    expect(stopped.complete).toBe(false);
    expect(stopped.broken).toEqual([]);
  });

  it("keeps every invariant after every event", () => {
    const small = firstPlan([], 0.1);
    const audited = rehearse({ plan: small, seed: "audited", auditEveryEvent: true });
    expect(audited).toEqual(rehearse({ plan: small, seed: "audited" }));
    expect(audited.metrics.orders).toBeGreaterThan(5);
  });

  it("sells every unit that is wanted and not one more", () => {
    const scarce = firstPlan(["sellers.0.stock.units=40"]);
    const { metrics, broken } = rehearse({ plan: scarce, seed: "scarce" });
    expect(broken).toEqual([]);
    expect(metrics.oversold).toBe(0);
    expect(metrics["carts.abandoned{soldOut}"]).toBeGreaterThan(100);
    expect(metrics["soldOut.first"]).toBeLessThan(10 * 60 * 1_000);
  });

  it("resolves every lost answer of the payment network, charging nobody twice", () => {
    const flaky = firstPlan([
      "payments.primary.time-out-before-capture=10%",
      "payments.primary.time-out-after-capture=10%",
      "payments.primary.error=10%",
    ]);
    const { metrics, broken } = rehearse({ plan: flaky, seed: "flaky" });
    expect(broken).toEqual([]);
    expect(metrics["payments.timedOut"]).toBeGreaterThan(20);
    expect(metrics["payments.inDoubt"]).toBeGreaterThan(0);
    expect(metrics["payments.retried"]).toBeGreaterThan(0);
  });

  it.each(["error", "time-out-before-capture"])(
    "books carts that an outage of payments left under payment, not under the servers' errors: %s",
    (outage) => {
      const shares = ["decline", "error", "time-out-before-capture", "time-out-after-capture"];
      const sets = shares.map((one) => `payments.primary.${one}=${one === outage ? 100 : 0}%`);
      const plan = firstPlan([...sets, "payments.fallback=none"], 0.2);
      const { metrics, broken } = rehearse({ plan, seed: "outage" });
      expect(broken).toEqual([]);
      expect(metrics.orders).toBe(0);
      expect(metrics["carts.abandoned{payment}"]).toBeGreaterThan(10);
      expect(metrics["carts.abandoned{error}"]).toBe(0);
    },
  );

  it("has no latency, rather than one of nothing, for pages that nobody asked for", () => {
    const nobodyPays = firstPlan(["shoppers.journey.checkout.payment=0%"], 0.1);
    const { metrics } = rehearse({ plan: nobodyPays, seed: "one" });
    expect(metrics["latency.p95{payment}"]).toBeNaN();
    expect(metrics["latency.p95{checkout}"]).toBeGreaterThan(0);
  });

  it("meets the same shoppers under every plan", () => {
    const [batched, other] = smallDrop();
    if (batched === undefined || other === undefined) throw new Error("the scenario has two plans");
    const one = rehearse({ plan: batched, seed: "pair" });
    const two = rehearse({ plan: other, seed: "pair" });
    expect(two.metrics["sessions{traffic}"]).toBe(one.metrics["sessions{traffic}"]);
    expect(two.digest).not.toBe(one.digest);
  });
});
