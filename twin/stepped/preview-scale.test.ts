import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeScenario } from "../scenario/decode.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { estimatedEvents, previewScale } from "./preview-scale.ts";
import { markInterval, sampleInterval } from "./sample-interval.ts";

function scenarioOf(path: string, scale = 1): Scenario {
  const scenario = decodeScenario({ text: readFileSync(path, "utf8"), path, scale });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario, null, 1));
  return scenario;
}

interface Golden {
  readonly scale: number;
  readonly events: number;
  readonly plans: Readonly<Record<string, { readonly seeds: readonly string[] }>>;
}

const goldens = readdirSync("scenarios/golden").filter((name) => name !== "manifest.json");

describe("the scale of a preview", () => {
  it.each(goldens)("goes by an estimate that the golden of %s bears out", (name) => {
    const golden: Golden = JSON.parse(readFileSync(`scenarios/golden/${name}`, "utf8"));
    const path = `scenarios/${name.replace(".json", ".yaml")}`;
    const { plans } = scenarioOf(path, golden.scale);
    const of = (plan: string) => golden.plans[plan]?.seeds.length ?? 0;
    const estimated = plans.reduce((sum, plan) => sum + of(plan.name) * estimatedEvents(plan), 0);
    expect(estimated / golden.events).toBeGreaterThan(0.5);
    expect(estimated / golden.events).toBeLessThan(2);
  });

  it("is full size for a small sale and a few percent or less for a large one", () => {
    expect(previewScale(scenarioOf("scenarios/small-drop.yaml"))).toBe(1);
    expect(previewScale(scenarioOf("scenarios/webstore-black-friday.yaml"))).toBe(0.005);
    expect(previewScale(scenarioOf("scenarios/webstore-after-christmas.yaml"))).toBe(0.005);
  });
});

describe("the distance of samples", () => {
  it("is round, and gives a few hundred of them or one every two minutes, from minutes to weeks", () => {
    for (let minutes = 5; minutes < 30 * 24 * 60; minutes = Math.ceil(minutes * 1.07)) {
      const lasts = minutes * 60_000_000;
      const interval = sampleInterval(lasts);
      expect(lasts / interval).toBeLessThanOrEqual(2_200);
      expect(lasts / interval).toBeGreaterThanOrEqual(100);
      if (interval < 120_000_000) expect(lasts / interval).toBeLessThanOrEqual(300);
      expect(interval % markInterval(interval)).toBe(0);
    }
    expect(sampleInterval(30 * 60_000_000)).toBe(10_000_000);
    expect(sampleInterval(3 * 24 * 3_600_000_000)).toBe(120_000_000);
  });
});
