/** `rehearse schema`: the JSON Schema of scenario files, results, forecasts, explanations or profiles. */
import * as Args from "@effect/cli/Args";
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import { capacityProfileJsonSchema } from "../../twin/calibration/capacity-profile.ts";
import { scenarioJsonSchema } from "../../twin/scenario/json-schema.ts";
import { explanationJsonSchema } from "../report/explanation-schema.ts";
import { forecastJsonSchema } from "../report/forecast-schema.ts";
import { resultJsonSchema } from "../report/result-schema.ts";
import { toneOptions } from "./options.ts";
import { Shell, VerbFailure } from "./shell.ts";

const subject = Args.text({ name: "subject" }).pipe(Args.optional);

export const schemaCommand = Command.make(
  "schema",
  { subject, ...toneOptions },
  ({ subject: asked }) =>
    Effect.gen(function* () {
      const shell = yield* Shell;
      const name = Option.getOrElse(asked, () => "scenario");
      const schema = SCHEMAS.get(name);
      if (schema === undefined) {
        const known = [...SCHEMAS.keys()].join(", ");
        return yield* Effect.fail(
          new VerbFailure(`there is no schema of \`${name}\`; there are ${known}.`),
        );
      }
      yield* shell.print(schema());
    }),
);

const SCHEMAS: ReadonlyMap<string, () => string> = new Map([
  ["scenario", scenarioJsonSchema],
  ["result", resultJsonSchema],
  ["forecast", forecastJsonSchema],
  ["explanation", explanationJsonSchema],
  ["profile", capacityProfileJsonSchema],
]);
