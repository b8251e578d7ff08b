/**
 * What a command that repeats a result asks for, read back from the command. Every result carries
 * that command, so a saved one needs nothing beside it to be rehearsed again.
 */
import { WHAT_IF } from "../../twin/scenario/what-if.ts";
import type { PlanChoice } from "./plan-choice.ts";

/** Null for a command that is not `rehearse run` or `rehearse compare` of one file. */
export function choicesOf(repeat: string): readonly PlanChoice[] | null {
  const [program, verb, path, ...flags] = shellWords(repeat);
  if (program !== "rehearse" || path === undefined) return null;
  if (verb !== "run" && verb !== "compare") return null;
  const values = flagValues(flags);
  const one = (name: string) => values.get(name)?.at(-1);
  const scale = one("scale");
  const seed = one("seed");
  const changes = values.get("change") ?? [];
  const whatIfs = values.get("what-if") ?? [];
  const plans = verb === "run" ? [one("plan")] : (one("plans")?.split(",") ?? []);
  const changed = whatIfs.length === 0 ? undefined : changedAmong(plans);
  return plans.map((name) => {
    const isChanged = name !== undefined && name === changed;
    const plan = isChanged ? one("plan") : name;
    return {
      path,
      sets: values.get("set") ?? [],
      ...(plan === undefined ? {} : { plan }),
      ...(seed === undefined ? {} : { seed }),
      scale: scale === undefined ? 1 : shareOf(scale),
      ...(changes.length === 0 ? {} : { changes }),
      ...(isChanged ? { whatIfs } : {}),
    };
  });
}

/** The changed plan takes the next free of `what-if`, `what-if-2` …: it has the highest number. */
function changedAmong(plans: readonly (string | undefined)[]): string | undefined {
  const numbered = plans.flatMap((name) => {
    const found = CHANGED.exec(name ?? "");
    return found === null || name === undefined ? [] : [{ name, number: Number(found[1] ?? 1) }];
  });
  return numbered.sort((one, other) => other.number - one.number)[0]?.name;
}

const CHANGED = new RegExp(`^${WHAT_IF}(?:-(\\d+))?$`, "u");

function shareOf(written: string): number {
  return written.endsWith("%") ? Number(written.slice(0, -1)) / 100 : Number(written);
}

/** `--name value` and `--name=value`, every value of each name in its order. */
function flagValues(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] ?? "";
    if (!word.startsWith("--")) continue;
    const equals = word.indexOf("=");
    const joined = equals >= 0;
    const name = word.slice(2, joined ? equals : undefined);
    if (!joined) place += 1;
    const value = joined ? word.slice(equals + 1) : (words[place] ?? "");
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return values;
}

/** Words as a POSIX shell splits them, of a text that holds single quotes and backslashes alone. */
export function shellWords(text: string): readonly string[] {
  const words: string[] = [];
  const pieces = /'([^']*)'|\\(.)|([^\s'\\]+)|(\s+)/gu;
  let word: string | null = null;
  for (const [, quoted, escaped, bare, blank] of text.matchAll(pieces)) {
    if (blank !== undefined) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? "") + (quoted ?? escaped ?? bare ?? "");
  }
  return word === null ? words : [...words, word];
}
