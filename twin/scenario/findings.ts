/** What the schema found wrong, told with its path, the value and what to write instead. */
import { ParseResult } from "effect";
import { assert } from "../../engine/assert.ts";
import { isForm } from "./overrides.ts";
import { dotted, type Finding, type Path, suggestName, unknownKey } from "./problem.ts";
import { SUGGESTION_MARK } from "./quantity.ts";

/** What to write for keys that have no default; the path without the places in lists. */
const EXAMPLES: ReadonlyMap<string, string> = new Map([
  ["name", "add a line like name: my-sale"],
  ["seed", "add a line like seed: my-sale/1"],
  ["starts", "add a line like starts: 2011-11-25T06:00-05:00"],
  ["lasts", "add a line like lasts: 3d"],
  ["sellers", "add sellers: [ { name: handbags, catalog: {…}, stock: {…} } ]"],
  ["sellers.name", "add a name like name: handbags"],
  ["sellers.catalog.products", "say how many, like products: 240"],
  ["sellers.catalog.sale-price.mean", "say the price, like mean: $80"],
  ["sellers.stock.units", "say how many, like units: 120k"],
  ["audience.recipients", "say how many are mailed, like recipients: 110k"],
  ["faults.at", "say when, like at: +20min"],
  ["faults.kind", "say what fails, like kind: gateway-outage"],
  ["launch", "add launch: { batches: 1, each-over: 30min }"],
  ["launch.each-over", "add a duration like each-over: 30min"],
]);

/** Findings in the order of the file's sections, one a path. */
export function findingsOf(error: ParseResult.ParseIssue, form: unknown): Finding[] {
  const byPath = new Map<string, ParseResult.ArrayFormatterIssue[]>();
  for (const issue of ParseResult.ArrayFormatter.formatIssueSync(error)) {
    const path = dotted(issue.path.map(String));
    byPath.set(path, [...(byPath.get(path) ?? []), issue]);
  }
  return [...byPath.values()].map((issues) => toFinding(issues, form));
}

function toFinding(issues: readonly ParseResult.ArrayFormatterIssue[], form: unknown): Finding {
  const [issue] = issues;
  assert(issue !== undefined, "a finding is about an issue");
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  const value = valueAt(form, path);
  if (issue._tag === "Unexpected") return unknownKey(path, quoted(issue.message));
  if (issue._tag === "Missing" && typeof path.at(-1) === "number") {
    return {
      path: path.slice(0, -1),
      message: "is an empty list",
      suggestion: "put something in it",
    };
  }
  if (issue._tag === "Missing") return { path, message: "is missing", suggestion: example(path) };
  if (issue.message.startsWith("Expected ")) return mismatch(path, value, issues);
  const [message = "", suggestion = ""] = issue.message.split(SUGGESTION_MARK);
  return { path, value, message, suggestion };
}

/** A section, a list or one of a few words was expected, and something else is there. */
function mismatch(
  path: Path,
  value: unknown,
  issues: readonly ParseResult.ArrayFormatterIssue[],
): Finding {
  const message = issues[0]?.message ?? "";
  const words = issues.flatMap((issue) => /^Expected "([^"]*)"/u.exec(issue.message)?.[1] ?? []);
  if (words.length > 0) return oneOf(path, value, words);
  const union = quoted(message.slice(0, message.indexOf(", actual")));
  if (/^Expected "/u.test(message)) return oneOf(path, value, union);
  if (/^Expected (readonly|NonEmpty|ReadonlyArray|\[)/u.test(message) || Array.isArray(value)) {
    const isList = Array.isArray(value);
    return isList
      ? {
          path,
          value,
          message: "must be a section, not a list",
          suggestion: "write key: value lines",
        }
      : { path, value, message: "must be a list", suggestion: "write it like [ …, … ]" };
  }
  if (/^Expected \{/u.test(message)) {
    const known = `known keys: ${keysIn(message).join(", ")}`;
    return { path, value, message: "must be a section with keys", suggestion: known };
  }
  return { path, value, message: "must be a text", suggestion: "put it in quotes" };
}

/** The keys of the section that a message spells out as a type, without those of sections inside. */
function keysIn(message: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [token, name] of message.matchAll(/[{}]|readonly "?([A-Za-z-]+)"?\??:/gu)) {
    if (token === "{") depth += 1;
    else if (token === "}") depth -= 1;
    else if (depth === 1 && name !== undefined && !keys.includes(name)) keys.push(name);
  }
  return keys;
}

function oneOf(path: Path, value: unknown, words: readonly string[]): Finding {
  const message = `must be one of ${words.join(", ")}`;
  return { path, value, message, suggestion: suggestName(String(value), words) };
}

function quoted(message: string): string[] {
  return [...message.matchAll(/"([^"]*)"/gu)].map((match) => match[1] ?? "");
}

function example(path: Path): string {
  const names = path.filter((step) => typeof step === "string");
  const inPlan = names[0] === "plans" ? names.slice(2) : names;
  return EXAMPLES.get(dotted(inPlan)) ?? `add ${names.at(-1)}`;
}

export function valueAt(form: unknown, path: Path): unknown {
  let here: unknown = form;
  for (const step of path) {
    if (Array.isArray(here) && typeof step === "number") here = here[step];
    else if (isForm(here) && Object.hasOwn(here, String(step))) here = here[String(step)];
    else return undefined;
  }
  return here;
}
