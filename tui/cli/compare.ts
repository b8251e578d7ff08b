/** `rehearse compare`: launch plans against each other, with the same shoppers in each. */
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import type { PlanSpec, Scenario } from "../../twin/scenario/scenario.ts";
import { experimentVerb, planNamed } from "./experiment.ts";
import { experimentOptions, explainOption, plansOption, scenarioArgument } from "./options.ts";
import { VerbFailure } from "./shell.ts";

export const compareCommand = Command.make(
  "compare",
  { scenario: scenarioArgument, plans: plansOption, explain: explainOption, ...experimentOptions },
  ({ scenario: path, plans, ...flags }) =>
    experimentVerb({
      verb: "compare",
      path,
      flags,
      choose: (scenario) => comparedPlans(scenario, Option.getOrNull(plans)),
    }),
);

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
