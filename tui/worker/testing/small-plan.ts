/** A small sale in batches, for tests of what drives rehearsals. */
import { readFileSync } from "node:fs";
import { assert } from "../../../engine/assert.ts";
import { decodeScenario } from "../../../twin/scenario/decode.ts";
import type { PlanSpec } from "../../../twin/scenario/scenario.ts";

const path = "scenarios/small-drop.yaml";

export function smallPlan(sets: readonly string[] = [], scale = 1): PlanSpec {
  const scenario = decodeScenario({ text: readFileSync(path, "utf8"), path, sets, scale });
  assert(!Array.isArray(scenario), "the small drop has no problem");
  const [plan] = scenario.plans;
  assert(plan !== undefined, "the small drop has a plan");
  return plan;
}
