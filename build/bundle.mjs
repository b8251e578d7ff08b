/**
 * Builds the command line into one file, dist/rehearse.js, that needs no node_modules beside it.
 * Run as a program it builds once; `prepare.mjs` calls it where a source is newer than the bundle.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Bundles the command line; the version that results carry is the one of package.json. */
export async function buildBundle() {
  await bundle("tui/main.ts", "dist/rehearse.js");
}

/** Bundles the benchmarks, which the command line does not carry. */
export async function buildBench() {
  await bundle("build/bench.ts", "dist/bench.js");
}

/** @param {string} entry @param {string} outfile */
async function bundle(entry, outfile) {
  mkdirSync(join(root, "dist"), { recursive: true });
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  await build({
    entryPoints: [join(root, entry)],
    outfile: join(root, outfile),
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    minify: true,
    keepNames: false,
    legalComments: "none",
    banner: {
      // Bundled CommonJS packages ask for `require`, which an ES module does not have.
      js: '#!/usr/bin/env node\nimport { createRequire as rehearseRequire } from "node:module"; const require = rehearseRequire(import.meta.url);',
    },
    define: { REHEARSE_VERSION: JSON.stringify(version) },
    logLevel: "warning",
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildBundle();
