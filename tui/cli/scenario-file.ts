/** Reads and decodes a scenario file; everything that can be wrong with one ends as lines to read. */
/// <reference types="node" />
import { readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Effect } from "effect";
import { decodeScenario } from "../../twin/scenario/decode.ts";
import {
  nearest,
  printable,
  renderProblem,
  type ScenarioProblem,
} from "../../twin/scenario/problem.ts";
import type { Scenario } from "../../twin/scenario/scenario.ts";
import { fileNotText, fileTooLarge, SCENARIO_BYTES_MAX } from "../../twin/scenario/source.ts";
import { whatIfScenario } from "../../twin/scenario/what-if.ts";
import { withProfiles } from "./profile-file.ts";
import { reasonOf } from "./reasons.ts";
import { VerbFailure } from "./shell.ts";

export interface ScenarioQuestion {
  readonly path: string;
  readonly sets: readonly string[];
  readonly scale: number;
  /** Adds one of its plans with values changed; not, where it is left out. */
  readonly whatIf?: WhatIf;
}

export interface WhatIf {
  readonly plan: string;
  /** `path=value` each. */
  readonly changes: readonly string[];
}

/** A scenario with the question that it answers. */
export interface ScenarioFile extends ScenarioQuestion {
  readonly scenario: Scenario;
}

/** Problems that one answer lists; more of them rarely help. */
const PROBLEMS_MAX = 20;

export function scenarioFile(question: ScenarioQuestion): Effect.Effect<ScenarioFile, VerbFailure> {
  return Effect.flatMap(readText(question.path), (text) => {
    const { whatIf, ...asked } = question;
    const decoded =
      whatIf === undefined
        ? decodeScenario({ text, ...asked })
        : whatIfScenario({ text, ...asked, ...whatIf });
    return Array.isArray(decoded)
      ? Effect.fail(problems(decoded))
      : Effect.succeed({ ...question, scenario: decoded });
  });
}

function problems(found: readonly ScenarioProblem[]): VerbFailure {
  const lines = found.slice(0, PROBLEMS_MAX).map(renderProblem);
  const more = found.length - lines.length;
  return new VerbFailure([...lines, ...(more > 0 ? [`… and ${more} more problems`] : [])]);
}

/** The text of a scenario that is there, small enough and UTF-8; the profile that it names is in it. */
export function readText(path: string): Effect.Effect<string, VerbFailure> {
  return Effect.flatMap(writtenText(path), (text) => {
    const filled = withProfiles(path, text);
    return "problem" in filled
      ? Effect.fail(new VerbFailure(filled.problem))
      : Effect.succeed(filled.text);
  });
}

function writtenText(path: string): Effect.Effect<string, VerbFailure> {
  return Effect.gen(function* () {
    const stats = yield* statOf(path);
    if (stats.isDirectory()) return yield* fail(`${path}: is a folder, not a scenario file.`);
    if (!stats.isFile()) return yield* fail(`${path}: is not a regular file.`);
    if (stats.size > SCENARIO_BYTES_MAX) {
      return yield* fail(renderProblem(fileTooLarge(path, stats.size)));
    }
    const bytes = yield* Effect.try({
      try: () => readFileSync(path),
      catch: (cause) => refusal(`${path}: could not be read: ${reasonOf(cause)}.`),
    });
    return yield* Effect.try({
      try: () => new TextDecoder("utf-8", { fatal: true }).decode(bytes),
      catch: () => new VerbFailure(renderProblem(fileNotText(path))),
    });
  });
}

function statOf(path: string): Effect.Effect<Stats, VerbFailure> {
  return Effect.try({
    try: () => statSync(path),
    catch: (cause) => refusal(`${path}: could not be read: ${reasonOf(cause)}.${nearFile(path)}`),
  });
}

const refusal = (line: string) => new VerbFailure(printable(line));
const fail = (line: string) => Effect.fail(refusal(line));

/** A file of nearly that name in the same folder, or in `scenarios`, as a question; else nothing. */
function nearFile(path: string): string {
  const folders = [dirname(path), "scenarios"];
  for (const folder of folders) {
    const near = nearest(basename(path), filesIn(folder));
    // A link that leads nowhere is itself there.
    if (near !== null && join(folder, near) !== join(path))
      return ` Did you mean ${join(folder, near)}?`;
  }
  return "";
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /\.(ya?ml|json)$/.test(name));
  } catch {
    return [];
  }
}
