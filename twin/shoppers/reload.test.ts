import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeScenario } from "../scenario/decode.ts";
import { rehearse } from "../world.ts";

function rehearsed(file: string, plan: string, sets: readonly string[], scale = 1) {
  const path = `scenarios/${file}.yaml`;
  const scenario = decodeScenario({ text: readFileSync(path, "utf8"), path, sets, scale });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
  const found = scenario.plans.find(({ name }) => name === plan);
  if (found === undefined) throw new Error(`no plan ${plan}`);
  const { metrics, broken, digest } = rehearse({ plan: found, seed: "reload" });
  return { broken, digest, of: (name: string) => metrics[name] ?? Number.NaN };
}

describe("shoppers who reload", () => {
  // A third of the cores that the drop needs, and no limit on the queue.
  const slow = [
    "platform.fleet={initial: 1, min: 1, max: 1, cores: 1, backlog: 100k}",
    "platform.autoscaler.kind=none",
    "platform.profile.product.cpu=200ms",
  ];
  const patient = rehearsed("small-drop", "batched", slow);
  const reloading = rehearsed("small-drop", "batched", [...slow, "shoppers.retry.reload=90%"]);

  it("ask again while the servers still work on what they gave up", () => {
    expect(patient.of("pages.wasted")).toBe(0);
    expect(patient.of("retries")).toBe(0);
    expect(reloading.of("pages.wasted")).toBeGreaterThan(100);
    expect(reloading.of("retries")).toBeGreaterThan(100);
    expect(reloading.of("pages.abandoned")).toBeGreaterThanOrEqual(reloading.of("retries"));
  });

  it("break no invariant of the store", () => {
    expect(reloading.broken).toEqual([]);
    expect(reloading.of("oversold")).toBe(0);
  });

  it("reload a page no more often than the limit says", () => {
    const never = rehearsed("small-drop", "batched", [
      ...slow,
      "shoppers.retry={reload: 90%, limit: 0}",
    ]);
    expect(never.of("retries")).toBe(0);
    expect(never.of("pages.abandoned")).toBeGreaterThan(100);
  });
});

describe("a store that is overloaded", () => {
  const first = ["lasts=3h", "sale.public=+1h"];
  const collapse = rehearsed("webstore-prior-platform", "collapse", first, 0.05);
  const shedding = rehearsed("webstore-prior-platform", "shedding", first, 0.05);

  it("stays down after its trigger has gone where nothing limits the queue", () => {
    const hour = 3_600_000;
    expect(collapse.of("downtime.longest")).toBeGreaterThan(hour / 2);
    expect(collapse.of("instances.crashed")).toBeGreaterThan(7);
    expect(collapse.of("availability")).toBeLessThan(0.8);
  });

  it("stays up where nobody tries again", () => {
    const once = [...first, "shoppers.retry={share: 0%, reload: 0%}"];
    const calm = rehearsed("webstore-prior-platform", "collapse", once, 0.05);
    expect(calm.of("instances.crashed")).toBe(0);
    expect(calm.of("downtime")).toBe(0);
  });

  it("stays up where servers refuse early what they cannot serve", () => {
    expect(shedding.of("downtime")).toBe(0);
    expect(shedding.of("instances.crashed")).toBe(0);
    expect(shedding.of("orders")).toBeGreaterThan(collapse.of("orders") * 1.5);
  });
});
