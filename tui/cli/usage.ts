/**
 * Looks over the words of a command before they are parsed: help and version wherever they stand,
 * and for a verb or flag that does not exist one line with the nearest right spelling.
 */
import { nearest as nearestSpelling } from "../../twin/scenario/problem.ts";
import { FLAGS, type Flag, flagNamed } from "./flags.ts";
import { type ScreenFlags, screenFlagsOf } from "./screen-flags.ts";
import { VERBS, type Verb, verbNamed } from "./verbs.ts";

export type Usage =
  | { readonly kind: "help"; readonly verb: Verb | null }
  | { readonly kind: "version" }
  /** The screens, where there is a terminal for them. */
  | { readonly kind: "screens"; readonly flags: ScreenFlags }
  | { readonly kind: "wrong"; readonly message: string }
  | { readonly kind: "verb"; readonly verb: Verb };

/** What a command asks for; `words` are the arguments after the program's name. */
export function usageOf(words: readonly string[]): Usage {
  const [first, ...rest] = words;
  if (first === undefined) return screens(words);
  if (first === "help") return helpFor(rest[0]);
  if (HELP.has(first)) return { kind: "help", verb: null };
  if (first === "--version") return { kind: "version" };
  if (first.startsWith("-")) return screens(words);
  const verb = verbNamed(first);
  if (verb === undefined) return wrong(noSuchVerb(first));
  if (rest.some((word) => HELP.has(word))) return { kind: "help", verb };
  const problem = flagProblem(verb, rest);
  return problem === null ? { kind: "verb", verb } : wrong(problem);
}

/** Flags without a verb are those of the screens. */
function screens(words: readonly string[]): Usage {
  if (words.some((word) => HELP.has(word))) return { kind: "help", verb: null };
  const verb = words.find((word) => verbNamed(word) !== undefined);
  if (verb !== undefined && words[0] !== undefined) {
    return wrong(`a verb comes first, then its flags: rehearse ${verb} … ${words[0]} …`);
  }
  const flags = screenFlagsOf(words);
  return "wrong" in flags ? wrong(flags.wrong) : { kind: "screens", flags };
}

const HELP: ReadonlySet<string> = new Set(["--help", "-h"]);

function helpFor(name: string | undefined): Usage {
  if (name === undefined) return { kind: "help", verb: null };
  const verb = verbNamed(name);
  return verb === undefined ? wrong(noSuchVerb(name)) : { kind: "help", verb };
}

function wrong(message: string): Usage {
  return { kind: "wrong", message };
}

function noSuchVerb(name: string): string {
  const names = VERBS.map((verb) => verb.name);
  const near = nearestSpelling(name, names);
  const hint = near === null ? `The verbs are ${names.join(", ")}.` : `Did you mean \`${near}\`?`;
  return `there is no verb \`${name}\`. ${hint}`;
}

/** The first thing wrong with the flags of a verb, as one sentence, or null. */
function flagProblem(verb: Verb, words: readonly string[]): string | null {
  const given = new Set<string>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word === "--") return null;
    if (!word.startsWith("-") || word === "-") continue;
    const [name = "", inline] = splitFlag(word);
    const flag = flagNamed(name);
    if (!word.startsWith("--") || flag === undefined || !verb.flags.includes(name))
      return noSuchFlag(verb, word, name);
    if (given.has(name) && flag.repeated !== true) return givenTwice(flag);
    given.add(name);
    const next = inline ?? words[index + 1];
    if (flag.value === null) {
      if (inline !== undefined) return `--${name} takes no value (got ${word}).`;
      continue;
    }
    if (isNoValue(next, inline !== undefined))
      return `--${name} needs a value: --${name} ${flag.value}.`;
    if (inline === undefined) index += 1;
  }
  return null;
}

/** Missing, empty, or the next flag; what is joined to its flag may look like one. */
function isNoValue(value: string | undefined, joined: boolean): boolean {
  return value === undefined || value === "" || (!joined && value.startsWith("--"));
}

function givenTwice({ name, value }: Flag): string {
  return value === null
    ? `--${name} is given twice; once is enough.`
    : `--${name} is given twice; it takes one value. Keep one of the two.`;
}

function splitFlag(word: string): readonly [string, string | undefined] {
  const bare = word.replace(/^-+/, "");
  const equals = bare.indexOf("=");
  return equals < 0 ? [bare, undefined] : [bare.slice(0, equals), bare.slice(equals + 1)];
}

function noSuchFlag(verb: Verb, word: string, name: string): string {
  const elsewhere = FLAGS.some((flag) => flag.name === name);
  const near = nearestSpelling(name, verb.flags);
  if (elsewhere && word.startsWith("--")) {
    const owners = VERBS.filter((other) => other.flags.includes(name)).map((other) => other.name);
    return `\`rehearse ${verb.name}\` has no flag --${name}; ${owners.join(", ")} ${owners.length === 1 ? "has" : "have"}.`;
  }
  const flags = verb.flags.map((flag) => `--${flag}`).join(", ");
  const known = verb.flags.length === 0 ? "It has no flags." : `Its flags are ${flags}.`;
  const hint = near === null ? known : `Did you mean --${near}?`;
  return `\`rehearse ${verb.name}\` has no flag ${word.split("=")[0]}. ${hint}`;
}
