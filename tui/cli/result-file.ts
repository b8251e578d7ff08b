/**
 * Reads a saved result back, whatever its file holds: what is not a result of this version is one
 * line that says why, and what is one comes back as the program built it.
 */
/// <reference types="node" />
import { readFileSync, statSync } from "node:fs";
import { Effect, ParseResult, Schema } from "effect";
import type { Explanation } from "../../twin/experiments/explain/explanation.ts";
import type { CheckResult } from "../../twin/experiments/golden.ts";
import type { RunResult } from "../../twin/result.ts";
import { parseDuration } from "../../twin/scenario/units.ts";
import { ExplanationForm } from "../report/explanation-schema.ts";
import { CheckResultForm, RunResultForm } from "../report/result-schema.ts";
import { reasonOf } from "./reasons.ts";
import { VerbFailure } from "./shell.ts";

export type SavedResult =
  | { readonly kind: "run"; readonly result: RunResult }
  | { readonly kind: "check"; readonly result: CheckResult }
  | { readonly kind: "explanation"; readonly result: Explanation };

/** A larger file is no result; one of full size has less than a megabyte. */
const RESULT_BYTES_MAX = 64 * 1_048_576;

const HINT = "Write one with `rehearse run <scenario> --out result.json`.";

/** The result of `run`, `compare`, `check` or `explain` in a file. */
export function savedResult(path: string): Effect.Effect<SavedResult, VerbFailure> {
  return Effect.flatMap(jsonFile(path), (json): Effect.Effect<SavedResult, VerbFailure> => {
    const verb = verbOf(json);
    switch (verb) {
      case "run":
      case "compare":
        return Effect.map(runOf(path, json), (result) => ({ kind: "run", result }));
      case "check":
        return Effect.map(decoded(path, json, CheckResultForm), (form) => ({
          kind: "check",
          result: asBuilt<CheckResult>(form),
        }));
      case "explain":
        return Effect.map(decoded(path, json, ExplanationForm), (form) => ({
          kind: "explanation",
          result: asBuilt<Explanation>(form),
        }));
      default:
        return notAResult(path, verb === null ? "it has other keys" : ofVerb(verb));
    }
  });
}

/** The result of a `run` or a `compare` in a file, with at least one finished rehearsal. */
export function rehearsedResult(path: string): Effect.Effect<RunResult, VerbFailure> {
  return Effect.gen(function* () {
    const json = yield* jsonFile(path);
    const verb = verbOf(json);
    if (verb !== "run" && verb !== "compare")
      return yield* notAResult(path, verb === null ? "it has other keys" : ofVerb(verb));
    const result = yield* runOf(path, json);
    if (Object.values(result.plans).some(({ seeds }) => seeds.length > 0)) return result;
    return yield* Effect.fail(
      new VerbFailure(`${path}: holds no finished rehearsal, so there is nothing to explain.`),
    );
  });
}

function jsonFile(path: string): Effect.Effect<unknown, VerbFailure> {
  return Effect.gen(function* () {
    const unreadable = (cause: unknown) =>
      new VerbFailure(`${path}: could not be read: ${reasonOf(cause)}.`);
    const stats = yield* Effect.try({ try: () => statSync(path), catch: unreadable });
    if (stats.size > RESULT_BYTES_MAX) return yield* notAResult(path, "it is far too large");
    if (!stats.isFile()) return yield* notAResult(path, "it is no regular file");
    const text = yield* Effect.try({ try: () => readFileSync(path, "utf8"), catch: unreadable });
    return yield* Effect.try({
      try: (): unknown => JSON.parse(text),
      catch: (cause) =>
        new VerbFailure(`${path}: is no JSON: ${printable(reasonOf(cause), " ")}. ${HINT}`),
    });
  });
}

function notAResult(path: string, why: string): Effect.Effect<never, VerbFailure> {
  return Effect.fail(new VerbFailure(`${path}: is not a result that this reads: ${why}. ${HINT}`));
}

/** What a file says it is of, where it says so. */
function verbOf(json: unknown): string | null {
  if (typeof json !== "object" || json === null || !("verb" in json)) return null;
  return typeof json.verb === "string" ? json.verb : null;
}

/** A verb that is far too long for one is none of ours. */
const VERB_LENGTH_MAX = 40;

function ofVerb(verb: string): string {
  return `it is of \`rehearse ${printable(verb.slice(0, VERB_LENGTH_MAX), " ")}\``;
}

/** What a form describes, its keys in the order of the file: written again it is the same bytes. */
function decoded<Form, Json>(
  path: string,
  json: unknown,
  form: Schema.Schema<Form, Json>,
): Effect.Effect<Form, VerbFailure> {
  const decode = Schema.decodeUnknownEither(form, { propertyOrder: "original" });
  const either = decode(json);
  if (either._tag === "Right") return Effect.succeed(either.right);
  const version = (json as { readonly schemaVersion?: unknown }).schemaVersion;
  if (typeof version === "number" && version !== 1)
    return notAResult(path, `it is of version ${version} of results, and this reads version 1`);
  const [issue] = ParseResult.ArrayFormatter.formatErrorSync(either.left);
  const place = printable((issue?.path ?? []).join(".").slice(0, PLACE_LENGTH_MAX), " ");
  return notAResult(
    path,
    `${place === "" ? "it" : `\`${place}\``} is ${issue?._tag === "Missing" ? "missing" : "not what a result has there"}`,
  );
}

const PLACE_LENGTH_MAX = 120;

function runOf(path: string, json: unknown): Effect.Effect<RunResult, VerbFailure> {
  return Effect.flatMap(decoded(path, json, RunResultForm), (form) => {
    const plans = Object.values(form.plans);
    if (plans.length > PLANS_MAX)
      return notAResult(path, `it has more than ${PLANS_MAX} plans, as no scenario has`);
    const hollow = hollowFigure(form);
    if (hollow !== null)
      return notAResult(path, `\`${hollow}\` counts seeds (n above 0) but has no mean`);
    const odd = plans.find(({ series }) => !isDuration(series.every));
    return odd === undefined
      ? Effect.succeed(asBuilt<RunResult>(form))
      : notAResult(path, "`series.every` of a plan is no duration");
  });
}

const PLANS_MAX = 1_000;

/** Where a figure says that it was measured and does not say what was; null where none does. */
function hollowFigure({ plans, differences = {}, comparisons = [] }: RunForm): string | null {
  const groups: readonly (readonly [string, Figures])[] = [
    ...Object.entries(plans).map(([plan, one]) => [`plans.${plan}.metrics`, one.metrics] as const),
    ["differences", differences] as const,
    ...comparisons.map(
      (one, index) => [`comparisons.${index}.differences`, one.differences] as const,
    ),
  ];
  for (const [place, figures] of groups) {
    const found = Object.entries(figures).find(([, { n, mean }]) => n > 0 && mean === null);
    if (found !== undefined)
      return printable(`${place}.${found[0]}`.slice(0, PLACE_LENGTH_MAX), " ");
  }
  return null;
}

type RunForm = typeof RunResultForm.Type;
type Figures = Readonly<Record<string, { readonly n: number; readonly mean: number | null }>>;

function isDuration(written: string): boolean {
  const read = parseDuration(written);
  return read.ok && read.value > 0;
}

/**
 * A result as it was before it became JSON: what nothing was measured of is not a number again, in
 * estimates and in lists of numbers. Whatever could command a terminal is taken from the texts.
 */
function asBuilt<Result>(form: unknown): Result {
  return built(form) as Result;
}

function built(value: unknown): unknown {
  if (typeof value === "string") return printable(value, "\ufffd");
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const numbers = value.every((one) => one === null || typeof one === "number");
    return value.map(numbers ? measured : built);
  }
  const estimate = "n" in value && "mean" in value;
  const entries = Object.entries(value).map(([key, one]) => [
    printable(key, "\ufffd"),
    estimate && ESTIMATED.has(key) ? measured(one) : built(one),
  ]);
  return Object.fromEntries(entries);
}

const ESTIMATED: ReadonlySet<string> = new Set(["mean", "low", "high"]);

function measured(value: unknown): unknown {
  return value === null ? Number.NaN : value;
}

/** Without the characters that move a terminal's cursor or turn its text; lines stay lines. */
function printable(text: string, instead: string): string {
  return text.replace(COMMANDS, instead);
}

const COMMANDS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be replaced
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu;
