/** `rehearse compare`: launch plans against each other, with the same shoppers in each. */
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import type { PlanSpec, Scenario } from "../../twin/scenario/scenario.ts";
import { experimentVerb, planNamed } from "./experiment.ts";
import {
  experimentOptions,
  explainOption,
  planOption,
  plansOption,
  scenarioArgument,
  whatIfOption,
} from "./options.ts";
import { VerbFailure } from "./shell.ts";

export const compareCommand = Command.make(
  "compare",
  {
    scenario: scenarioArgument,
    plans: plansOption,
    plan: planOption,
    whatIf: whatIfOption,
    explain: explainOption,
    ...experimentOptions,
  },
  ({ scenario: path, plans, plan, whatIf: changes, ...flags }) => {
    const changed = Option.getOrNull(plan);
    if (changed !== null && changes.length === 0) return Effect.fail(new VerbFailure(PLAN_ALONE));
    return experimentVerb({
      verb: "compare",
      path,
      flags,
      whatIf: { plan: changed, changes },
      choose: (scenario) => {
        const named = Option.getOrNull(plans);
        if (named !== null || changes.length === 0) return comparedPlans(scenario, named);
        return comparedPlans(
          scenario,
          `${scenario.plans.at(-1)?.name},${changed ?? scenario.plans[0]?.name}`,
        );
      },
    });
  },
);

const PLAN_ALONE =
  "--plan names the plan that --what-if changes. To compare plans: --plans a,b; to change one: --what-if path=value.";

/** The plans named in `--plans a,b`, or all; at least two, none twice. */
export function comparedPlans(
  scenario: Scenario,
  named: string | null,
): Effect.Effect<readonly PlanSpec[], VerbFailure> {
  const names =
    named === null
      ? scenario.plans.map((plan) => plan.name)
      : named.split(",").map((name) => name.trim());
  if (new Set(names).size < names.length) {
    return Effect.fail(new VerbFailure(`--plans names a plan twice (got ${named}).`));
  }
  if (names.length < 2) {
    const why = named === null ? `scenario ${scenario.name} has only one` : `got ${named}`;
    return Effect.fail(
      new VerbFailure(`a comparison takes two plans or more (${why}). For one plan: rehearse run.`),
    );
  }
  return Effect.forEach(names, (name) => planNamed(scenario, name));
}
