/**
 * Results that a planner saved: each the JSON that its verb prints, byte for byte, in a file that
 * is named after the time when it was saved. A file comes to be whole or not at all; the oldest go
 * once there are more than {@link RUNS_MAX}; one that cannot be read is passed over and said.
 */
/// <reference types="node" />
import { readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Either, ParseResult, Schema } from "effect";
import type { RunResult } from "../../twin/result.ts";
import { reasonOf } from "../cli/reasons.ts";
import { canonicalJson } from "../report/json.ts";
import { RunResultForm } from "../report/result-schema.ts";
import type { Environment } from "../terminal/capabilities.ts";
import { makeFolder, stateFolder } from "./folders.ts";
import { readStateFile } from "./state-file.ts";

export const RUNS_MAX = 200;

/** A larger file is none of ours. */
const RUN_BYTES_MAX = 32 * 1024 * 1024;

export interface SavedRun {
  readonly path: string;
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly savedAt: number;
  readonly result: RunResult;
}

export interface SavedRuns {
  /** The newest first. */
  readonly runs: readonly SavedRun[];
  /** One line for each file that could not be read. */
  readonly unreadable: readonly string[];
}

/** `2026-11-22T14-02-33.120Z.json`, and with a number where one instant has several. */
const RUN_FILE = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})Z(?:-\d+)?\.json$/u;

export class RunStore {
  readonly folder: string;
  readonly #read = new Map<string, SavedRun | string>();

  constructor(environment: Environment) {
    this.folder = join(stateFolder(environment), "runs");
  }

  /** Saves a result; the answer is its file, or why it could not be saved. */
  save(result: RunResult, now: number): SavedRun | string {
    const name = this.#freeName(new Date(now).toISOString().replaceAll(":", "-"));
    const path = join(this.folder, name);
    try {
      makeFolder(this.folder);
      const unfinished = `${path}.${process.pid}.part`;
      writeFileSync(unfinished, canonicalJson(result), { flag: "wx" });
      renameSync(unfinished, path);
    } catch (cause) {
      return `Not saved, ${reasonOf(cause)}: ${path}`;
    }
    const saved = { path, savedAt: now, result };
    this.#read.set(name, saved);
    this.#forgetOldest();
    return saved;
  }

  /** Every saved run; for whoever can wait for all of them. */
  list(): SavedRuns {
    const found = this.names().map((name) => this.read(name));
    return {
      runs: found.filter((one) => typeof one !== "string"),
      unreadable: found.filter((one) => typeof one === "string"),
    };
  }

  /** Why it could not be removed, or null. */
  remove({ path }: SavedRun): string | null {
    try {
      rmSync(path);
      return null;
    } catch (cause) {
      return `${path} could not be removed: ${reasonOf(cause)}.`;
    }
  }

  /** Names of the files, the newest first: the names are times. */
  names(): readonly string[] {
    try {
      const names = readdirSync(this.folder).filter((name) => RUN_FILE.test(name));
      // Without its ending the first of an instant stands before the second.
      const instants = names.map((name) => name.slice(0, -".json".length)).sort();
      return instants.reverse().map((instant) => `${instant}.json`);
    } catch {
      return [];
    }
  }

  /** What was read of a file before; undefined where it was not. */
  known(name: string): SavedRun | string | undefined {
    return this.#read.get(name);
  }

  /** A run, or why its file cannot be read. A saved file never changes, so it is read once. */
  read(name: string): SavedRun | string {
    const known = this.#read.get(name) ?? readRun(join(this.folder, name), name);
    this.#read.set(name, known);
    return known;
  }

  #freeName(instant: string): string {
    const taken = new Set(this.names());
    let name = `${instant}.json`;
    for (let number = 2; taken.has(name); number += 1) name = `${instant}-${number}.json`;
    return name;
  }

  #forgetOldest(): void {
    for (const name of this.names().slice(RUNS_MAX)) {
      this.#read.delete(name);
      rmSync(join(this.folder, name), { force: true });
    }
  }
}

const decode = ParseResult.decodeUnknownEither(Schema.parseJson(RunResultForm));

function readRun(path: string, name: string): SavedRun | string {
  try {
    const text = readStateFile(path, RUN_BYTES_MAX);
    const read = decode(text);
    if (Either.isLeft(read)) return `${path} is no result of Rehearse and is passed over.`;
    return { path, savedAt: savedAtOf(name), result: JSON.parse(text) as RunResult };
  } catch (cause) {
    return `${path} could not be read: ${reasonOf(cause)}.`;
  }
}

function savedAtOf(name: string): number {
  const [, day, hour, minute, second] = RUN_FILE.exec(name) ?? [];
  return Date.parse(`${day}T${hour}:${minute}:${second}Z`);
}
