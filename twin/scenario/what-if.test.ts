import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inputsOf } from "../experiments/inputs.ts";
import { decodeScenario } from "./decode.ts";
import { renderProblem } from "./problem.ts";
import type { PlanSpec, Scenario } from "./scenario.ts";
import { whatIfScenario } from "./what-if.ts";

const path = "scenarios/small-drop.yaml";
const text = readFileSync(path, "utf8");

const changed = (changes: readonly string[], { of = text, plan = "batched" } = {}) =>
  whatIfScenario({ text: of, path, sets: [], plan, changes });

function planOf(scenario: Scenario | readonly unknown[], name: string): PlanSpec {
  if (!("plans" in scenario)) throw new Error(JSON.stringify(scenario));
  const plan = scenario.plans.find((one) => one.name === name);
  if (plan === undefined) throw new Error(`no plan ${name}`);
  return plan;
}

function refusalOf(changes: readonly string[]): string {
  const found = changed(changes);
  return Array.isArray(found) ? found.map(renderProblem).join("\n") : "";
}

describe("a plan with values changed", () => {
  it("is what --set makes of the plan, and leaves the others as they are", () => {
    const scenario = changed(["launch.batches=4", "audience.recipients=5k"]);
    const sets = ["plans.batched.launch.batches=4", "audience.recipients=5k"];
    const set = decodeScenario({ text, path, sets });
    expect(inputsOf(planOf(scenario, "what-if"))).toBe(inputsOf(planOf(set, "batched")));
    const file = decodeScenario({ text, path });
    for (const name of ["batched", "simultaneous"]) {
      expect(inputsOf(planOf(scenario, name))).toBe(inputsOf(planOf(file, name)));
    }
    expect(inputsOf(planOf(scenario, "what-if"))).not.toBe(inputsOf(planOf(file, "batched")));
  });

  it("is changed where the plan itself has the value, though the file has it too", () => {
    const of = text.replace(
      "    launch: { batches: 2,",
      "    audience: { visits: 30% }\n    launch: { batches: 2,",
    );
    const scenario = changed(["audience.visits=20%"], { of });
    expect(planOf(scenario, "what-if").world.audience.visitRate).toBe(0.2);
    expect(planOf(scenario, "batched").world.audience.visitRate).toBe(0.3);
  });

  it("takes a name that no plan has", () => {
    const of = text.replace("  simultaneous:", "  what-if:");
    const scenario = changed(["launch.batches=3"], { of });
    expect(planOf(scenario, "what-if-2").launch.batches).toBe(3);
    expect(planOf(scenario, "what-if").launch.batches).toBe(1);
  });

  it("is refused with the change as it was written", () => {
    expect(refusalOf(["launch.batches=many"])).toContain("--what-if launch.batches=many: ");
    expect(refusalOf(["launch.batch=4"])).toMatch(/did you mean batches\?/iu);
    expect(refusalOf(["batches"])).toContain(
      "--what-if batches: not of the form path=value. Write it like --what-if audience.visits=12%.",
    );
    expect(refusalOf(["seed=2"])).toContain("is no part of a plan");
    expect(refusalOf(["expect.oversold= = 0"])).toContain("not of the world that is rehearsed");
    expect(refusalOf(["plans.simultaneous.launch.batches=2"])).toContain("and not batched");
  });
});
