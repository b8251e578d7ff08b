/** `rehearse schema`: the JSON Schema of scenario files, and of what the verbs print with `--json`. */
import * as Args from "@effect/cli/Args";
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import { capacityProfileJsonSchema } from "../../twin/calibration/capacity-profile.ts";
import { scenarioJsonSchema } from "../../twin/scenario/json-schema.ts";
import { accuracyJsonSchema } from "../report/accuracy-schema.ts";
import { explanationJsonSchema } from "../report/explanation-schema.ts";
import { fitJsonSchema } from "../report/fit-schema.ts";
import { forecastJsonSchema } from "../report/forecast-schema.ts";
import { importJsonSchema } from "../report/import-schema.ts";
import { loadJsonSchema } from "../report/load-schema.ts";
import { replayJsonSchema } from "../report/replay-schema.ts";
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
  ["fit", fitJsonSchema],
  ["replay", replayJsonSchema],
  ["load", loadJsonSchema],
  ["accuracy", accuracyJsonSchema],
  ["profile", capacityProfileJsonSchema],
  ["import", importJsonSchema],
]);
