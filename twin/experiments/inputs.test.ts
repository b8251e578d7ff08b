import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeScenario } from "../scenario/decode.ts";
import { inputsOf } from "./inputs.ts";

const path = "scenarios/small-drop.yaml";
const text = readFileSync(path, "utf8");

function inputsWith(...sets: readonly string[]): string {
  const scenario = decodeScenario({ text, path, sets });
  const plan = Array.isArray(scenario) ? undefined : scenario.plans[0];
  if (plan === undefined) throw new Error("the scenario has a plan");
  return inputsOf(plan);
}

describe("the name of a plan's inputs", () => {
  it("is the same for the same plan", () => {
    expect(inputsWith()).toMatch(/^[0-9a-f]{16}$/);
    expect(inputsWith()).toBe(inputsWith());
    expect(inputsWith("description=other words")).toBe(inputsWith());
  });

  it.each([
    "shoppers.retry.share=73.5%",
    "platform.fleet.boot={lognormal: {median: 97.6s, sigma: 0.3}}",
    "platform.autoscaler.low-share=85.5%",
    "payments.policy.backoff.max=5.25s",
    "platform.fleet.backlog=134",
  ])("notices %s, whether or not any figure does", (set) => {
    expect(inputsWith(set)).not.toBe(inputsWith());
  });
});
