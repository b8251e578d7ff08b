import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeScenario } from "../scenario/decode.ts";
import { rehearse } from "../world.ts";

const path = "scenarios/bot-raid.yaml";

/** What each plan comes to at full size with one seed. */
function rehearsed(names: readonly string[]) {
  const scenario = decodeScenario({ text: readFileSync(path, "utf8"), path });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
  return names.map((name) => {
    const plan = scenario.plans.find((one) => one.name === name);
    if (plan === undefined) throw new Error(`there is a plan ${name}`);
    return rehearse({ plan, seed: scenario.seed });
  });
}

describe("the scenario bot-raid, with the limits on", () => {
  it("gives 95 % of the units to distinct people, and costs shoppers at most 2 % of their success", {
    timeout: 120_000,
  }, () => {
    const [limits, noBots] = rehearsed(["limits", "no-bots"]).map(({ metrics, broken }) => {
      expect(broken).toEqual([]);
      return (name: string) => metrics[name] ?? Number.NaN;
    });
    if (limits === undefined || noBots === undefined) throw new Error("both were rehearsed");
    expect(limits("units.people.share")).toBeGreaterThanOrEqual(0.95);
    // Nor do many of them go to the people behind the bots, each of whom is one person.
    expect(1 - limits("bots.units.share")).toBeGreaterThanOrEqual(0.95);
    expect(limits("honest.success") / noBots("honest.success")).toBeGreaterThanOrEqual(0.98);
  });
});
