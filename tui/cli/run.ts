/** `rehearse run`: one plan of a scenario, one or more seeds. */
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import { experimentVerb, planNamed } from "./experiment.ts";
import { experimentOptions, planOption, scenarioArgument } from "./options.ts";
import { VerbFailure } from "./shell.ts";

export const runCommand = Command.make(
  "run",
  { scenario: scenarioArgument, plan: planOption, ...experimentOptions },
  ({ scenario: path, plan, ...flags }) =>
    experimentVerb({
      verb: "run",
      path,
      flags,
      choose: (scenario) => {
        const [first] = scenario.plans;
        if (Option.isSome(plan)) return Effect.map(planNamed(scenario, plan.value), (one) => [one]);
        return first === undefined
          ? Effect.fail(new VerbFailure(`${path}: the scenario has no plan.`))
          : Effect.succeed([first]);
      },
    }),
);
