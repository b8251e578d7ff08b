/** `rehearse run`: one plan of a scenario, one or more seeds. */
import * as Command from "@effect/cli/Command";
import { Effect } from "effect";
import { chosenPlan, experimentVerb } from "./experiment.ts";
import {
  changeOption,
  experimentOptions,
  explainOption,
  planOption,
  scenarioArgument,
} from "./options.ts";

export const runCommand = Command.make(
  "run",
  {
    scenario: scenarioArgument,
    plan: planOption,
    change: changeOption,
    explain: explainOption,
    ...experimentOptions,
  },
  ({ scenario: path, plan, ...flags }) =>
    experimentVerb({
      verb: "run",
      path,
      flags,
      choose: (scenario) => Effect.map(chosenPlan(scenario, plan), (one) => [one]),
    }),
);
