/**
 * Programs for tests that need a process of its own to kill: built from our sources into a file
 * that plain Node can run. Packages are not built in, so the file stays inside the project.
 */
import { mkdirSync, mkdtempSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const CACHE = join(ROOT, "node_modules/.cache/rehearse-programs");

export interface ChildProgram {
  /** The file to start with Node. */
  readonly file: string;
  /** The folder that holds it, to be removed when it is no longer needed. */
  readonly folder: string;
}

/** Builds the program whose source is named from the project's root, as in `store/live/x.ts`. */
export async function buildChildProgram(source: string): Promise<ChildProgram> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, `${basename(source, ".ts")}-`));
  const file = join(folder, `${basename(source, ".ts")}.mjs`);
  await build({
    entryPoints: [join(ROOT, source)],
    outfile: file,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20.19",
    logLevel: "warning",
  });
  return { file, folder };
}
