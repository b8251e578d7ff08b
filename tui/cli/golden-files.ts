/**
 * Where goldens are kept: `golden/` beside the scenario files, one `<name>.json` per scenario and a
 * `manifest.json` that says at which scale and with how many seeds each is rehearsed.
 */
/// <reference types="node" />
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Effect, Either, ParseResult, Schema } from "effect";
import type { RunResult } from "../../twin/result.ts";
import { RunResultForm } from "../report/result-schema.ts";
import { reasonOf } from "./reasons.ts";
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
  return Effect.flatMap(
    readJson(path, (at, why) => damagedManifest(path, at, why)),
    (json) =>
      Either.match(Schema.decodeUnknownEither(ManifestForm)(json), {
        onLeft: (error) => {
          const [first] = ParseResult.ArrayFormatter.formatErrorSync(error);
          return Effect.fail(damagedManifest(path, first?.path.join(".") ?? "", damageOf(first)));
        },
        onRight: ({ goldens }) => Effect.succeed(goldens.map((one) => goldenEntry(folder, one))),
      }),
  );
}

function damagedManifest(path: string, at: string, why: string): VerbFailure {
  return new VerbFailure(
    `${path}: is not a manifest of goldens: ${at === "" ? "" : `${at} `}${why}. Write it like { "goldens": [{ "scenario": "../sale.yaml", "scale": "2%", "seeds": 1 }] }.`,
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

/**
 * The golden that was kept, or null where there is none yet. One that is damaged, or of another
 * version, is an error that says where in the file.
 */
export function readGolden({
  goldenPath,
}: GoldenEntry): Effect.Effect<RunResult | null, VerbFailure> {
  if (!existsSync(goldenPath)) return Effect.succeed(null);
  return readJson(goldenPath, (at, why) => damagedGolden(goldenPath, at, why)).pipe(
    Effect.flatMap((json) =>
      Either.match(decodeGolden(json), {
        onLeft: (error) => {
          const [first] = ParseResult.ArrayFormatter.formatErrorSync(error);
          const at = first?.path.join(".") ?? "";
          return Effect.fail(damagedGolden(goldenPath, at, damageOf(first)));
        },
        onRight: () => Effect.succeed(json as RunResult),
      }),
    ),
  );
}

const decodeGolden = Schema.decodeUnknownEither(RunResultForm);

function damageOf(issue: ParseResult.ArrayFormatterIssue | undefined): string {
  if (issue === undefined) return "it is not a result";
  if (issue._tag === "Missing") return "is missing";
  return issue._tag === "Unexpected" ? "is unknown" : "is not what a result has there";
}

function damagedGolden(path: string, at: string, why: string): VerbFailure {
  const place = at === "" ? "" : `${at} `;
  return new VerbFailure(
    `${path}: is damaged, or a golden of another version: ${place}${why}. Fetch it again from version control, or write it anew with rehearse check --update.`,
  );
}

/** What JSON is in a file; `damaged` says what to do about a text that is none. */
function readJson(
  path: string,
  damaged: (at: string, why: string) => VerbFailure,
): Effect.Effect<unknown, VerbFailure> {
  return Effect.try({
    try: () => readFileSync(path, "utf8"),
    catch: (cause) => new VerbFailure(`${path}: could not be read: ${reasonOf(cause)}.`),
  }).pipe(
    Effect.flatMap((text) =>
      Effect.try({
        try: (): unknown => JSON.parse(text),
        catch: (cause) => damaged(placeOf(text, cause), "is not JSON"),
      }),
    ),
  );
}

/** Where the parser of JSON stopped; a text that it only found too short ends too early. */
function placeOf(text: string, cause: unknown): string {
  const found = /at position (\d+)/.exec(cause instanceof Error ? cause.message : "");
  const before = text.slice(0, found === null ? text.length : Number(found[1])).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
