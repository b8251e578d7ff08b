/** `rehearse report`: a saved result again, in any form that it may have. */
import * as Args from "@effect/cli/Args";
import * as Command from "@effect/cli/Command";
import { Effect } from "effect";
import { checkReport } from "../report/check-text.ts";
import { explanationText } from "../report/explanation-text.ts";
import {
  CHECK_FORMATS,
  checkFile,
  EXPLANATION_FORMATS,
  explanationFile,
  RUN_FORMATS,
  runFile,
  runText,
} from "../report/report-files.ts";
import { reportOptions } from "./options.ts";
import { appendStepSummary, outputFiles, type ReportFormat, writeOutput } from "./outputs.ts";
import { savedResult } from "./result-file.ts";
import { Shell, type VerbFailure } from "./shell.ts";

const resultArgument = Args.text({ name: "result" });

/** Ends with code 0 where the report was made, whatever the result says. */
export const reportCommand = Command.make(
  "report",
  { result: resultArgument, ...reportOptions },
  ({ result: path, json, out }) => {
    const flags = { path, json, out };
    return Effect.flatMap(savedResult(path), (saved) => {
      switch (saved.kind) {
        case "run":
          return publish(saved.result, flags, {
            formats: RUN_FORMATS,
            text: runText,
            file: runFile,
          });
        case "check":
          return publish(saved.result, flags, {
            formats: CHECK_FORMATS,
            text: checkReport,
            file: checkFile,
          });
        case "explanation":
          return publish(saved.result, flags, {
            formats: EXPLANATION_FORMATS,
            text: explanationText,
            file: explanationFile,
          });
      }
    });
  },
);

/** What can be made of a kind of result; of each kind at least JSON and Markdown. */
interface Forms<Result, Format extends ReportFormat> {
  readonly formats: readonly (Format | "json" | "md")[];
  readonly text: (result: Result, options: { readonly colour: boolean }) => string;
  readonly file: (result: Result, format: Format | "json" | "md") => string | Promise<string>;
}

interface Asked {
  readonly path: string;
  readonly json: boolean;
  readonly out: readonly string[];
}

/** Prints what is asked for; where only files are, it says nothing. */
const publish = <Result, Format extends ReportFormat>(
  result: Result,
  { path, json, out }: Asked,
  { formats, text, file }: Forms<Result, Format>,
): Effect.Effect<void, VerbFailure, Shell> =>
  Effect.gen(function* () {
    const shell = yield* Shell;
    const rendered = (format: Format | "json" | "md") =>
      Effect.promise(() => Promise.resolve(file(result, format)));
    const outputs = yield* outputFiles(out, { formats, reads: [path] });
    if (json) yield* shell.print(yield* rendered("json"));
    else if (out.length === 0) yield* shell.print(text(result, { colour: shell.colour }));
    yield* Effect.forEach(outputs, (output) =>
      Effect.flatMap(rendered(output.format), (made) => writeOutput(output.path, made)),
    );
    yield* appendStepSummary(yield* rendered("md"));
  });
