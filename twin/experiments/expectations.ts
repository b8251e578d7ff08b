/** What a scenario expects, held against what its rehearsals gave; and the invariants that broke. */
import { assert } from "../../engine/assert.ts";
import type { ExpectationResult, PlanResult, RunResult } from "../result.ts";
import { expectationsOf, parseExpectation } from "../scenario/expectation.ts";
import { evaluateExpectation, factsOf } from "../scenario/expectation-verdict.ts";
import type { ExpectationSpec, Scenario } from "../scenario/scenario.ts";
import type { RehearsedPlan } from "./figures.ts";

/** A plan with the result that its expectations are held against. */
export interface JudgedPlan extends RehearsedPlan {
  readonly result: PlanResult;
}

/** Every expectation of every plan that has at least one finished rehearsal, plan by plan. */
export function judgedExpectations(
  scenario: Scenario,
  plans: readonly JudgedPlan[],
  scale: number,
): readonly ExpectationResult[] {
  return plans
    .filter(({ rehearsals }) => rehearsals.length > 0)
    .flatMap((judged) =>
      expectationsOf(scenario, judged.plan).map((spec) => judgedExpectation(spec, judged, scale)),
    );
}

function judgedExpectation(
  spec: ExpectationSpec,
  { plan, result }: JudgedPlan,
  scale: number,
): ExpectationResult {
  const expectation = parseExpectation(spec);
  assert(!("message" in expectation), "the decoder reads every expectation before a run");
  const { starts, currency } = plan.world;
  const verdict = evaluateExpectation(expectation, factsOf({ result, starts, currency, scale }));
  const { value, met, why } = verdict;
  return { plan: plan.name, metric: spec.metric, expect: spec.expect, value, met, why };
}

/** Every broken invariant of every rehearsal, with where it was seen. */
export function brokenInvariantsOf(plans: readonly RehearsedPlan[]): RunResult["broken"] {
  return plans.flatMap(({ plan, rehearsals }) =>
    rehearsals.flatMap(({ seed, broken }) =>
      broken.map(({ id, what, at }) => ({ id, what, at, plan: plan.name, seed })),
    ),
  );
}
