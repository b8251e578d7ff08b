/**
 * Reads a result file back for `rehearse explain`: the result itself, and from the command that it
 * carries the scenario, the plans and the settings that it was made with.
 */
/// <reference types="node" />
import { readFileSync } from "node:fs";
import { Effect, Schema } from "effect";
import type { RunResult } from "../../twin/result.ts";
import { RunResultForm } from "../report/result-schema.ts";
import { reasonOf } from "./reasons.ts";
import type { WhatIf } from "./scenario-file.ts";
import { VerbFailure } from "./shell.ts";

/** What the command of a result says. */
export interface RepeatedCommand {
  readonly path: string;
  readonly seed: string | null;
  readonly sets: readonly string[];
  readonly whatIf?: WhatIf;
}

/** A larger file is no result; one of full size has less than a megabyte. */
const RESULT_BYTES_MAX = 64 * 1_048_576;

const decode = Schema.decodeUnknownEither(RunResultForm);

/** The result of a `run` or a `compare` in a file, with at least one finished rehearsal. */
export function resultFile(path: string): Effect.Effect<ReadResult, VerbFailure> {
  return Effect.gen(function* () {
    const text = yield* Effect.try({
      try: () => readFileSync(path, "utf8"),
      catch: (cause) => new VerbFailure(`${path}: could not be read: ${reasonOf(cause)}.`),
    });
    if (text.length > RESULT_BYTES_MAX) return yield* notAResult(path, "it is far too large");
    const json = yield* Effect.try({
      try: (): unknown => JSON.parse(text),
      catch: (cause) => new VerbFailure(`${path}: is no JSON: ${reasonOf(cause)}. ${HINT}`),
    });
    const decoded = decode(json);
    if (decoded._tag === "Left") return yield* notAResult(path, kindOf(json));
    const result = decoded.right;
    if (Object.values(result.plans).every(({ seeds }) => seeds.length === 0)) {
      return yield* Effect.fail(
        new VerbFailure(`${path}: holds no finished rehearsal, so there is nothing to explain.`),
      );
    }
    return result;
  });
}

/** A result as a file has it: what nothing was measured of is null there. */
export type ReadResult = Pick<RunResult, "scenario" | "version" | "scale" | "repeat" | "verb"> & {
  readonly plans: Readonly<
    Record<string, Pick<RunResult["plans"][string], "seeds" | "digest" | "inputs">>
  >;
};

const HINT = "Write one with `rehearse run <scenario> --out result.json`.";

function notAResult(path: string, why: string): Effect.Effect<never, VerbFailure> {
  return Effect.fail(
    new VerbFailure(`${path}: is not a result of \`rehearse run\` or \`compare\`: ${why}. ${HINT}`),
  );
}

/** What a file says it is, where it says so. */
function kindOf(json: unknown): string {
  if (typeof json !== "object" || json === null || !("verb" in json)) return "it has other keys";
  const { verb } = json;
  return verb === "run" || verb === "compare"
    ? "some of its keys are missing or of another kind"
    : `it is of \`rehearse ${String(verb)}\``;
}

/** Reads the command that a result carries; the flags that change its figures are all there. */
export function repeatedCommand(
  path: string,
  command: string,
): Effect.Effect<RepeatedCommand, VerbFailure> {
  const [program, verb, ...words] = shellWords(command);
  const isOurs = program === "rehearse" && (verb === "run" || verb === "compare");
  const [scenario] = words;
  if (!isOurs || scenario === undefined) {
    return Effect.fail(
      new VerbFailure(`${path}: its \`repeat\` is no command of rehearse (got ${command}).`),
    );
  }
  const flags = flagsOf(words.slice(1));
  const valuesOf = (flag: string) =>
    flags.flatMap(([name, value]) => (name === flag ? [value] : []));
  const [plan] = valuesOf("plan");
  const changes = valuesOf("what-if");
  return Effect.succeed({
    path: scenario,
    seed: flags.find(([name]) => name === "seed")?.[1] ?? null,
    sets: valuesOf("set"),
    ...(changes.length === 0 || plan === undefined ? {} : { whatIf: { plan, changes } }),
  });
}

/** Flags with their values, joined to them or after them; a switch has an empty one. */
function flagsOf(words: readonly string[]): readonly (readonly [string, string])[] {
  const flags: (readonly [string, string])[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const bare = (words[index] ?? "").replace(/^--/, "");
    const equals = bare.indexOf("=");
    if (equals >= 0) flags.push([bare.slice(0, equals), bare.slice(equals + 1)]);
    else if (SWITCHES.has(bare)) flags.push([bare, ""]);
    else {
      index += 1;
      flags.push([bare, words[index] ?? ""]);
    }
  }
  return flags;
}

const SWITCHES: ReadonlySet<string> = new Set(["explain"]);

/** The words of a command as `repeatCommand` quotes them: bare, or in single quotes, or both. */
export function shellWords(command: string): readonly string[] {
  const words = command.match(/(?:'[^']*'|\\.|[^\s'\\])+/gu) ?? [];
  return words.map((word) =>
    word.replace(
      /'([^']*)'|\\(.)/gu,
      (_, quoted: string | undefined, escaped: string | undefined) => quoted ?? escaped ?? "",
    ),
  );
}
