/** `rehearse init`: a commented starter scenario; what is there already is left alone. */
/// <reference types="node" />
import { writeFileSync } from "node:fs";
import * as Args from "@effect/cli/Args";
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import { starterScenario } from "../../twin/scenario/starter.ts";
import { forceOption, toneOptions } from "./options.ts";
import { writable } from "./outputs.ts";
import { reasonOf } from "./reasons.ts";
import { fileWord } from "./repeat.ts";
import { Shell, VerbFailure } from "./shell.ts";

const DEFAULT_FILE = "scenario.yaml";

const fileArgument = Args.text({ name: "file" }).pipe(Args.optional);

export const initCommand = Command.make(
  "init",
  { file: fileArgument, force: forceOption, ...toneOptions },
  ({ file, force, quiet }) =>
    Effect.gen(function* () {
      const shell = yield* Shell;
      const path = Option.getOrElse(file, () => DEFAULT_FILE);
      if (!/\.ya?ml$/.test(path)) {
        return yield* Effect.fail(
          new VerbFailure(`init ${path}: its ending must be .yaml or .yml.`),
        );
      }
      yield* writable("init", path);
      yield* Effect.try({
        // Exclusive, so that a file that comes to be in between is not overwritten either.
        try: () => writeFileSync(path, starterScenario(), { flag: force ? "w" : "wx" }),
        catch: (cause) => refusal(path, cause),
      });
      if (!quiet) yield* shell.print(`${path} is written. Next: rehearse run ${fileWord(path)}\n`);
    }),
);

function refusal(path: string, cause: unknown): VerbFailure {
  const exists = (cause as { readonly code?: unknown }).code === "EEXIST";
  const why = exists
    ? "is there already and was left alone. Name another file, or use --force"
    : `could not be written: ${reasonOf(cause)}`;
  return new VerbFailure(`${path}: ${why}.`);
}
