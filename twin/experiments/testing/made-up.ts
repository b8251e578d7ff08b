/** Rehearsals with figures that a test chose, for tests of what is computed from them. */
import { assert } from "../../../engine/assert.ts";
import type { Rehearsal } from "../../result.ts";
import { decodeScenario } from "../../scenario/decode.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { starterScenario } from "../../scenario/starter.ts";
import type { Experiment } from "../experiment.ts";

/** The starter scenario, its plans and expectations as the test needs them. */
export function scenarioWith(
  plans: readonly string[],
  expect: Readonly<Record<string, string>> = {},
): Scenario {
  const decoded = decodeScenario({ text: starterScenario(), path: "starter.yaml" });
  assert(!Array.isArray(decoded), "the starter scenario is valid");
  const [plan] = decoded.plans;
  assert(plan !== undefined, "the starter scenario has a plan");
  return {
    ...decoded,
    name: "made-up",
    plans: plans.map((name) => ({ ...plan, name, expect: [] })),
    expect: Object.entries(expect).map(([metric, expected]) => ({ metric, expect: expected })),
  };
}

export function experimentOf(scenario: Scenario, seeds: readonly string[]): Experiment {
  return {
    verb: scenario.plans.length > 1 ? "compare" : "run",
    scenario,
    plans: scenario.plans,
    seeds,
    scale: 1,
    version: "1.2.3",
    repeat: "rehearse compare made-up.yaml",
  };
}

export function rehearsal(seed: string, made: Partial<Rehearsal> = {}): Rehearsal {
  return {
    seed,
    digest: "0123456789abcdef",
    events: 100,
    complete: true,
    metrics: { revenue: 10_000, orders: 10, "latency.p95": 400 },
    series: { orders: [4, 6] },
    broken: [],
    ...made,
  };
}
