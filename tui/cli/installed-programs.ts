/**
 * Where this machine keeps the programs that a live store can stand on and that the tests of it
 * and of the screens need: Redis, PostgreSQL, Chromium, tmux. Looks in PATH, then where packages put them.
 */
/// <reference types="node" />
import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

export type ProgramName = "redis" | "postgres" | "chromium" | "tmux";

export interface Program {
  readonly name: ProgramName;
  /** As people call it. */
  readonly title: string;
  /** What the tests do with it. */
  readonly use: string;
  /** The package on Debian and Ubuntu. */
  readonly aptPackage: string;
  /** How it gets onto a machine without apt-get. */
  readonly howTo: string;
}

export const PROGRAMS: Readonly<Record<ProgramName, Program>> = {
  redis: {
    name: "redis",
    title: "Redis",
    use: "holds, carts and tickets shared by several nodes",
    aptPackage: "redis-server",
    howTo: "install redis-server (brew install redis, dnf install redis)",
  },
  postgres: {
    name: "postgres",
    title: "PostgreSQL",
    use: "the ledger of several nodes",
    aptPackage: "postgresql",
    howTo: "install PostgreSQL's server (brew install postgresql, dnf install postgresql-server)",
  },
  chromium: {
    name: "chromium",
    title: "Chromium",
    use: "tests of the pages",
    aptPackage: "chromium",
    howTo: "install Chromium or Google Chrome so that `chromium` or `google-chrome` is in PATH",
  },
  tmux: {
    name: "tmux",
    title: "tmux",
    use: "tests of the screens",
    aptPackage: "tmux",
    howTo: "install tmux (brew install tmux, dnf install tmux)",
  },
};

const FILES: Readonly<Record<ProgramName, readonly string[]>> = {
  redis: ["redis-server"],
  postgres: ["postgres"],
  chromium: ["chromium", "google-chrome", "google-chrome-stable", "chrome"],
  tmux: ["tmux"],
};

/** Debian keeps each version's programs apart, and out of PATH. */
const POSTGRES_VERSIONS = "/usr/lib/postgresql";

/** The program's file, or null where this machine has none that can be started. */
export function findProgram(name: ProgramName): string | null {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin"];
  if (name === "postgres") folders.push(...postgresFolders());
  for (const folder of folders.filter((candidate) => candidate !== "")) {
    for (const file of FILES[name]) {
      const path = join(folder, file);
      if (mayRun(path) && (name !== "postgres" || mayRun(initdbBeside(path)))) return path;
    }
  }
  return null;
}

/** The program that makes a database folder, which belongs to the server of the same version. */
export function initdbBeside(postgres: string): string {
  return join(dirname(postgres), "initdb");
}

/** The newest version first. */
function postgresFolders(): readonly string[] {
  try {
    return readdirSync(POSTGRES_VERSIONS)
      .sort((one, other) => Number(other) - Number(one))
      .map((version) => join(POSTGRES_VERSIONS, version, "bin"));
  } catch {
    return [];
  }
}

function mayRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
