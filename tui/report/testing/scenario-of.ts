/** A scenario of this project at a scale, for tests that rehearse it in their own process. */
import { readFileSync } from "node:fs";
import { assert } from "../../../engine/assert.ts";
import { decodeScenario } from "../../../twin/scenario/decode.ts";
import type { Scenario } from "../../../twin/scenario/scenario.ts";

export function scenarioOf(path: string, scale: number): Scenario {
  const scenario = decodeScenario({ text: readFileSync(path, "utf8"), path, scale });
  assert(!Array.isArray(scenario), `${path} is valid`);
  return scenario;
}
