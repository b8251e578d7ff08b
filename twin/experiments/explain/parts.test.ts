import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlanSpec } from "../../scenario/scenario.ts";
import { rehearse } from "../../world.ts";
import { inputsOf } from "../inputs.ts";
import { PARTS, partsOf, perfected } from "./parts.ts";
import { smallSale } from "./testing/small-sale.ts";

/** A plan in which every part could be better. */
const ALL_BAD = [
  "platform.fleet={ zones: 3, initial: 3, min: 3, max: 9, cores: 1, backlog: 16 }",
  "platform.autoscaler={ kind: target-tracking, target: 50% }",
  "platform.profile.product={ cpu: 900ms, io: 20ms }",
  "platform.database={ pool: 2, connections: 4, wait-limit: 1s, row: { lock: 50ms } }",
  "platform.shedding.kind=both",
  "neighbours=[{ name: grocer, rate: 4/s }]",
  "waiting-room={ mode: on, rate: 30/min, patience: { exponential: { mean: 3min } } }",
  "bots=[{ kind: hoard, rate: 5/s, programs: 5, identities: 200, networks: 3, people: 1 }]",
  "limits.per-network={ requests: 2/min, burst: 2 }",
  "shoppers.whereabouts={ shared: 100%, networks: 1 }",
  "payments.three-d-secure.share=60%",
  "payments.primary={ decline: 10%, error: 5%, time-out-before-capture: 5% }",
  "sellers.0.stock.units=60",
  "faults=[{ at: +1min, kind: cdn-cold, for: 5min }, { at: +2min, kind: gateway-outage, for: 5min }, { at: +3min, kind: zone-lost, zone: 1, for: 3min }]",
];

function planWith(sets: readonly string[]): PlanSpec {
  const [plan] = smallSale(sets).plans;
  if (plan === undefined) throw new Error("the small sale has a plan");
  return plan;
}

const bad = planWith(ALL_BAD);
const seed = "parts/1";
const course = (plan: PlanSpec) => rehearse({ plan, seed }).metrics;

describe("the parts that can be made perfect", () => {
  it("have names of their own and say what they are in plain words", () => {
    expect(new Set(PARTS.map(({ name }) => name)).size).toBe(PARTS.length);
    for (const { perfect } of PARTS) expect(perfect.length).toBeGreaterThan(20);
  });

  it("apply to a plan only where it has something of them", () => {
    expect(partsOf(bad)).toEqual(PARTS);
    const names = partsOf(planWith([])).map(({ name }) => name);
    expect(names).toEqual(["servers", "cdn", "payments", "stock"]);
  });

  it("make a plan perfect once: a second time changes nothing, nor does their order", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...PARTS]), (parts) => {
        const made = perfected(bad, parts);
        expect(inputsOf(perfected(made, parts))).toBe(inputsOf(made));
        const inTurn = parts.reduce((plan, part) => part.perfected(plan), bad);
        expect(inTurn.world).toEqual(made.world);
      }),
    );
  });

  it("leave the plan itself as it was", () => {
    const before = inputsOf(bad);
    perfected(bad, PARTS);
    expect(inputsOf(bad)).toBe(before);
  });

  const made = (name: string) =>
    course(
      perfected(
        bad,
        PARTS.filter((part) => part.name === name),
      ),
    );

  it("take away what they name: nothing is refused by servers or lost by networks", {
    timeout: 120_000,
  }, () => {
    const asIs = course(bad);
    const served = made("servers");
    expect(asIs["errors{shed}"]).toBeGreaterThan(0);
    expect(served["instances.crashed"]).toBe(0);
    expect(served["errors{refused}"]).toBe(0);
    expect(served["errors{shed}"] ?? 0).toBe(0);
    expect(made("payments")).toMatchObject({ "payments.failed": 0, "payments.timedOut": 0 });
    expect(made("declines")["payments.declined"]).toBe(0);
    expect(made("stock")).toMatchObject({ soldOut: 0, "carts.abandoned{soldOut}": 0 });
    expect(made("cdn")["cdn.hit.ratio"]).toBe(1);
    expect(made("faults")["instances.lost"]).toBe(0);
    expect(made("scaling")["instances.peak"]).toBe(9);
    expect(made("database")["errors{database}"]).toBe(0);
    expect(made("authentication")["payments.challenged"]).toBe(0);
    expect(asIs["queue.abandoned"]).toBeGreaterThan(0);
    // Without a room nobody is counted at its door at all.
    expect(Number(made("waiting-room")["queue.abandoned"]) > 0).toBe(false);
    expect(made("bots")["bots.requests"]).toBe(0);
    expect(asIs["shoppers.limited"]).toBeGreaterThan(0);
    const spared = made("limits");
    expect(spared["shoppers.limited"]).toBe(0);
    expect(spared["bots.limited"]).toBeGreaterThan(0);
  });

  it("give a sale in which nothing fails and nothing is short, all together", () => {
    const metrics = course(perfected(bad, PARTS));
    expect(metrics).toMatchObject({
      errors: 0,
      soldOut: 0,
      "payments.declined": 0,
      "cdn.hit.ratio": 1,
    });
    expect(metrics["carts.abandoned{payment}"]).toBe(0);
    expect(metrics["carts.abandoned{error}"]).toBe(0);
  });
});
