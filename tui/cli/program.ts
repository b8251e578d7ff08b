/**
 * The verbs put together and run. Whatever goes wrong ends as lines on stderr and an exit code;
 * a stack trace is never shown.
 */
/// <reference types="node" />
import * as CliConfig from "@effect/cli/CliConfig";
import * as Command from "@effect/cli/Command";
import * as HelpDoc from "@effect/cli/HelpDoc";
import { isValidationError } from "@effect/cli/ValidationError";
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem";
import * as NodePath from "@effect/platform-node/NodePath";
import * as NodeTerminal from "@effect/platform-node/NodeTerminal";
import { Cause, Console, Context, DefaultServices, Effect, Exit, Layer, Option } from "effect";
import { VERSION } from "../version.ts";
import { calibrateCommand } from "./calibrate.ts";
import { checkCommand } from "./check.ts";
import { compareCommand } from "./compare.ts";
import { doctorCommand } from "./doctor.ts";
import { explainCommand } from "./explain.ts";
import { fitCommand } from "./fit.ts";
import { followCommand } from "./follow.ts";
import { forecastCommand } from "./forecast.ts";
import { importCommand } from "./import.ts";
import { initCommand } from "./init.ts";
import { loadCommand } from "./load.ts";
import { metricsCommand } from "./metrics.ts";
import { replayCommand } from "./replay.ts";
import { reportCommand } from "./report.ts";
import { runCommand } from "./run.ts";
import { schemaCommand } from "./schema.ts";
import { serveCommand } from "./serve.ts";
import { EXIT_MISSED, EXIT_USAGE, processShell, Shell, VerbFailure } from "./shell.ts";
import { validateCommand } from "./validate.ts";

const verbCommands = [
  runCommand,
  compareCommand,
  explainCommand,
  reportCommand,
  forecastCommand,
  importCommand,
  fitCommand,
  replayCommand,
  serveCommand,
  followCommand,
  loadCommand,
  calibrateCommand,
  checkCommand,
  validateCommand,
  schemaCommand,
  metricsCommand,
  initCommand,
  doctorCommand,
] as const;

const rehearse = Command.make("rehearse").pipe(Command.withSubcommands(verbCommands));

const parse = Command.run(rehearse, { name: "rehearse", version: VERSION });

/** The parser prints its errors itself, in several lines and colours; ours are one line each. */
const silent: Console.Console = {
  ...Context.get(DefaultServices.liveServices, Console.Console),
  log: () => Effect.void,
  error: () => Effect.void,
};

const platform = Layer.mergeAll(
  NodeFileSystem.layer,
  NodePath.layer,
  NodeTerminal.layer,
  CliConfig.layer({ isCaseSensitive: true, autoCorrectLimit: 0 }),
);

/** Runs the verb that `words` ask for; the answer is the exit code. */
export async function runVerb(words: readonly string[]): Promise<number> {
  const shell = processShell(words);
  const program = parse(["node", "rehearse", ...words]).pipe(
    Effect.withConsole(silent),
    Effect.provideService(Shell, shell),
    Effect.provide(platform),
  );
  const exit = await Effect.runPromiseExit(program);
  if (Exit.isSuccess(exit)) return shell.code();
  const { lines, code } = failureOf(exit.cause, words[0] ?? "");
  for (const line of lines) await Effect.runPromise(shell.say(line));
  return code;
}

function failureOf(cause: Cause.Cause<unknown>, verb: string): VerbFailure {
  const failure = Option.getOrNull(Cause.failureOption(cause));
  if (failure instanceof VerbFailure) return failure;
  if (isValidationError(failure)) {
    const told = plainText(HelpDoc.toAnsiText(failure.error));
    return new VerbFailure(`rehearse: ${told} \`rehearse ${verb} --help\` shows how.`, EXIT_USAGE);
  }
  const defect = Cause.squash(cause);
  const message = defect instanceof Error ? defect.message : String(defect);
  return new VerbFailure(
    `rehearse: this is a defect of Rehearse, not of your input: ${message.split("\n")[0]}`,
    EXIT_MISSED,
  );
}

/** The escape sequences that colour a text on a terminal. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");

/** Without colours and on one line. */
function plainText(text: string): string {
  const bare = text.replace(COLOUR, "").replace(/\s+/g, " ").trim();
  return /[.?!]$/.test(bare) ? bare : `${bare}.`;
}
