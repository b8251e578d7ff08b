/**
 * Where goldens are kept: `golden/` beside the scenario files, one `<name>.json` per scenario and a
 * `manifest.json` that says at which scale and with how many seeds each is rehearsed.
 */
/// <reference types="node" />
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Effect, Either, Schema } from "effect";
import type { RunResult } from "../../twin/result.ts";
import { reasonOf } from "./outputs.ts";
import { VerbFailure } from "./shell.ts";

const MANIFEST = "manifest.json";

const ManifestForm = Schema.Struct({
  goldens: Schema.Array(
    Schema.Struct({
      scenario: Schema.String,
      scale: Schema.optional(Schema.String),
      seeds: Schema.optional(Schema.Int.pipe(Schema.between(1, 100))),
    }),
  ),
});

/** One golden to rerun. */
export interface GoldenEntry {
  readonly name: string;
  /** The scenario file, as this process opens it. */
  readonly path: string;
  /** The scenario file as repeat commands name it, the same from wherever the check is started. */
  readonly shownPath: string;
  readonly goldenPath: string;
  /** As written; null at full size. */
  readonly scale: string | null;
  readonly seeds: number;
}

/** The project's folder of goldens, here or beside the program; null where there is none. */
export function goldenFolder(): string | null {
  const here = join("scenarios", "golden");
  const beside = join(dirname(fileURLToPath(import.meta.url)), "..", "scenarios", "golden");
  return [here, beside].find((folder) => existsSync(join(folder, MANIFEST))) ?? null;
}

/** Those of the scenario files named, or every one of the manifest where none is. */
export function goldenEntries(
  paths: readonly string[],
): Effect.Effect<readonly GoldenEntry[], VerbFailure> {
  if (paths.length > 0) return Effect.forEach(paths, entryOf);
  const folder = goldenFolder();
  return folder === null
    ? Effect.fail(
        new VerbFailure(`there is no scenarios/golden/${MANIFEST} here. Name scenario files.`),
      )
    : manifestOf(folder);
}

/** A scenario that the manifest beside it does not list is rehearsed at full size with one seed. */
function entryOf(path: string): Effect.Effect<GoldenEntry, VerbFailure> {
  const folder = join(dirname(path), "golden");
  return Effect.map(manifestOf(folder), (entries) => {
    const listed = entries.find((entry) => resolve(entry.path) === resolve(path));
    return listed === undefined
      ? goldenEntry(folder, { scenario: join("..", basename(path)) })
      : listed;
  });
}

function manifestOf(folder: string): Effect.Effect<readonly GoldenEntry[], VerbFailure> {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) return Effect.succeed([]);
  return Effect.flatMap(readJson(path), (json) =>
    Either.match(Schema.decodeUnknownEither(ManifestForm)(json), {
      onLeft: () => Effect.fail(new VerbFailure(`${path}: is not a manifest of goldens.`)),
      onRight: ({ goldens }) => Effect.succeed(goldens.map((one) => goldenEntry(folder, one))),
    }),
  );
}

interface ManifestEntry {
  readonly scenario: string;
  readonly scale?: string | undefined;
  readonly seeds?: number | undefined;
}

function goldenEntry(folder: string, { scenario, scale, seeds }: ManifestEntry): GoldenEntry {
  const path = join(folder, scenario);
  const name = basename(path, extname(path));
  const project = resolve(folder, "..", "..");
  return {
    name,
    path,
    shownPath: relative(project, resolve(path)).replaceAll("\\", "/"),
    goldenPath: join(folder, `${name}.json`),
    scale: scale ?? null,
    seeds: seeds ?? 1,
  };
}

/** The golden that was kept, or null where there is none yet. */
export function readGolden({
  goldenPath,
}: GoldenEntry): Effect.Effect<RunResult | null, VerbFailure> {
  if (!existsSync(goldenPath)) return Effect.succeed(null);
  return Effect.flatMap(readJson(goldenPath), (json) =>
    isResult(json)
      ? Effect.succeed(json)
      : Effect.fail(
          new VerbFailure(
            `${goldenPath}: is not a golden of this version. rehearse check --update writes it anew.`,
          ),
        ),
  );
}

function isResult(json: unknown): json is RunResult {
  const found = json as Partial<RunResult> | null;
  return found?.schemaVersion === 1 && typeof found.plans === "object" && found.plans !== null;
}

function readJson(path: string): Effect.Effect<unknown, VerbFailure> {
  return Effect.try({
    try: (): unknown => JSON.parse(readFileSync(path, "utf8")),
    catch: (cause) =>
      new VerbFailure(
        cause instanceof SyntaxError
          ? `${path}: is not JSON. rehearse check --update writes goldens anew.`
          : `${path}: could not be read: ${reasonOf(cause)}.`,
      ),
  });
}
