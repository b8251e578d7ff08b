/**
 * The scenario files that Home lists: those of the working folder and of its `scenarios`; where
 * there are none, those that come with the program. Only files below the working folder are ever
 * written or removed.
 */
/// <reference types="node" />
import {
  constants,
  copyFileSync,
  existsSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Effect, Either } from "effect";
import type { Scenario } from "../../twin/scenario/scenario.ts";
import { starterScenario } from "../../twin/scenario/starter.ts";
import { reasonOf } from "../cli/reasons.ts";
import { scenarioFile } from "../cli/scenario-file.ts";

/** A scenario file decoded, or the lines that say what is wrong with it. */
export type ScenarioReading =
  | { readonly kind: "valid"; readonly scenario: Scenario }
  | { readonly kind: "broken"; readonly problems: readonly string[] };

/** What was done to files, or why it was not, as a sentence. */
export type FileOutcome =
  | { readonly kind: "done"; readonly path: string }
  | { readonly kind: "refused"; readonly why: string };

const FOLDERS = [".", "scenarios"];

/** Paths as they are shown and opened, relative to the working folder where they lie below it. */
export function scenarioPaths(): readonly string[] {
  const own = FOLDERS.flatMap((folder) => scenariosIn(folder));
  return own.length > 0 ? own : scenariosIn(packageFolder());
}

/** Schemas and results are JSON too, so of JSON files only those that say they are scenarios. */
function scenariosIn(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => /\.(ya?ml|scenario\.json)$/iu.test(name));
    return names.sort().map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** The scenarios of the package: beside the program's folder, both bundled and as source. */
function packageFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const places = [join(here, "..", "scenarios"), join(here, "..", "..", "scenarios")];
  return places.find((place) => existsSync(place)) ?? "scenarios";
}

export function readScenario(
  path: string,
  { sets = [], scale = 1 }: { readonly sets?: readonly string[]; readonly scale?: number } = {},
): ScenarioReading {
  const read = Effect.runSync(Effect.either(scenarioFile({ path, sets, scale })));
  return Either.isRight(read)
    ? { kind: "valid", scenario: read.right.scenario }
    : { kind: "broken", problems: read.left.lines };
}

/** Changes whenever the file does; 0 where it is not there. */
export function fileStamp(path: string): number {
  try {
    const { mtimeMs, size } = statSync(path);
    return mtimeMs + size;
  } catch {
    return 0;
  }
}

/** A commented starter scenario, as `rehearse init` writes it. */
export function newScenario(path: string): FileOutcome {
  return written(path, (target) => writeFileSync(target, starterScenario(), { flag: "wx" }));
}

export function duplicateScenario(path: string, copy: string): FileOutcome {
  return written(copy, (target) => copyFileSync(path, target, constants.COPYFILE_EXCL));
}

/** A name for a copy that nothing has yet. */
export function copyName(path: string): string {
  const ending = extname(path);
  const base = isBelowHere(path) ? path : join(".", path.slice(dirname(path).length + 1));
  const stem = base.slice(0, base.length - ending.length);
  let name = `${stem}-copy${ending}`;
  for (let number = 2; existsSync(name); number += 1) name = `${stem}-copy-${number}${ending}`;
  return name;
}

export function removeScenario(path: string): FileOutcome {
  const refused = refusalToWrite(path);
  if (refused !== null) return refused;
  try {
    rmSync(path);
    return { kind: "done", path };
  } catch (cause) {
    return { kind: "refused", why: `${path} could not be removed: ${reasonOf(cause)}.` };
  }
}

export function isBelowHere(path: string): boolean {
  const way = relative(process.cwd(), resolve(path));
  return way !== "" && !way.startsWith("..") && !isAbsolute(way);
}

function refusalToWrite(path: string): FileOutcome | null {
  if (isBelowHere(path)) return null;
  return { kind: "refused", why: `${path} does not lie below this folder, so it is left alone.` };
}

function written(path: string, write: (path: string) => void): FileOutcome {
  if (!/\.ya?ml$/iu.test(path))
    return { kind: "refused", why: `${path}: its ending must be .yaml or .yml.` };
  const refused = refusalToWrite(path);
  if (refused !== null) return refused;
  try {
    write(path);
    return { kind: "done", path };
  } catch (cause) {
    const exists = (cause as { readonly code?: unknown }).code === "EEXIST";
    const why = exists
      ? "is there already and was left alone"
      : `could not be written: ${reasonOf(cause)}`;
    return { kind: "refused", why: `${path} ${why}.` };
  }
}
