/**
 * Reads from the command that a result carries the scenario, the plans and the settings that it was
 * made with.
 */
import { Effect } from "effect";
import type { WhatIf } from "./scenario-file.ts";
import { VerbFailure } from "./shell.ts";

/** What the command of a result says. */
export interface RepeatedCommand {
  readonly path: string;
  readonly seed: string | null;
  readonly sets: readonly string[];
  readonly whatIf?: WhatIf;
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
  if (flags.some(([name]) => name === "change")) {
    const line = `${path}: was changed on the way (--change), which cannot be explained part by part.`;
    return Effect.fail(new VerbFailure(line));
  }
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
