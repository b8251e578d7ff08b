/** `rehearse validate`: every problem of a scenario file, or what it holds. */
import * as Command from "@effect/cli/Command";
import { Effect } from "effect";
import { DAY, HOUR, MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import { printable } from "../../twin/scenario/problem.ts";
import type { PlanSpec, Scenario } from "../../twin/scenario/scenario.ts";
import { canonicalJson } from "../report/json.ts";
import { percentText, plainNumber } from "../report/quantity.ts";
import {
  jsonOption,
  scaleFlag,
  scaleOption,
  scenarioArgument,
  setOption,
  toneOptions,
} from "./options.ts";
import { scenarioFile } from "./scenario-file.ts";
import { Shell } from "./shell.ts";

export const validateCommand = Command.make(
  "validate",
  {
    scenario: scenarioArgument,
    set: setOption,
    scale: scaleOption,
    json: jsonOption,
    ...toneOptions,
  },
  ({ scenario: path, set, scale, json }) =>
    Effect.gen(function* () {
      const shell = yield* Shell;
      const share = yield* scaleFlag(scale);
      const { scenario } = yield* scenarioFile({ path, sets: set, scale: share });
      const text = json
        ? canonicalJson({ valid: true, ...summaryOf(scenario) })
        : validText(path, scenario);
      yield* shell.print(text);
    }),
);

function validText(path: string, scenario: Scenario): string {
  const summary = summaryOf(scenario);
  const wide = Math.max(...summary.plans.map(({ plan }) => plan.length)) + 2;
  return [
    `${printable(path)}: a valid scenario, ${scenario.name}`,
    `  seed ${scenario.seed}, ${scenario.seeds} seed${scenario.seeds === 1 ? "" : "s"} a plan where the command does not say`,
    ...summary.plans.map(
      ({ plan, recipients, visits, skus, units, lasts, launch }) =>
        `  plan ${plan.padEnd(wide)}${recipients} recipients, ${visits} mail visits expected, ${skus} SKUs with ${units} units, lasts ${lasts}; ${launch}`,
    ),
    `  ${summary.expectations} expectation${summary.expectations === 1 ? "" : "s"}`,
    "",
  ].join("\n");
}

function summaryOf(scenario: Scenario) {
  return {
    scenario: scenario.name,
    seed: scenario.seed,
    seeds: scenario.seeds,
    plans: scenario.plans.map(planSummary),
    expectations:
      scenario.expect.length + scenario.plans.reduce((sum, plan) => sum + plan.expect.length, 0),
  };
}

function planSummary({ name, launch, world }: PlanSpec) {
  const items = world.sellers.flatMap((seller) => seller.items);
  const { recipients, visitRate } = world.audience;
  return {
    plan: name,
    recipients: plainNumber(recipients, 0),
    visits: `${plainNumber(Math.round(recipients * visitRate), 0)} (${percentText(visitRate)})`,
    skus: items.length,
    units: plainNumber(
      items.reduce((sum, item) => sum + item.units, 0),
      0,
    ),
    lasts: spanText(world.lasts),
    launch:
      launch.batches === 1
        ? `one mailing over ${spanText(launch.eachOver)}`
        : `${launch.batches} batches ${spanText(launch.every)} apart, each over ${spanText(launch.eachOver)}`,
  };
}

/** A duration in the largest unit of which it is at least one. */
function spanText(ticks: Ticks): string {
  const units: readonly (readonly [Ticks, string])[] = [
    [DAY, "d"],
    [HOUR, "h"],
    [MINUTE, "min"],
    [SECOND, "s"],
  ];
  const [size, word] = units.find(([unit]) => ticks >= unit) ?? [SECOND, "s"];
  return `${plainNumber(ticks / size, 2)} ${word}`;
}
