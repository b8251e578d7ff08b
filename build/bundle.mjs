/**
 * Builds the command line into dist/rehearse.js and the parts that it imports when it needs them.
 * What must not be bundled is found in node_modules: see `external`.
 * Run as a program it builds once; `prepare.mjs` calls it where a source is newer than the bundle.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { effectModules } from "./effect-modules.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The payment gateway for demonstrations, which runs as a process of its own. */
const SANDBOX = "rehearse-sandbox";

/** What the storefront gives to browsers, which lies beside its program as it lies in its source. */
const BROWSER_FILES = [
  ...["frame.css", "goods.css", "buying.css", "visit.css"],
  ...["shop.js", "leaving.js", "card.js"],
];

/**
 * Ink loads React's developer tools where DEV is set. They are not installed.
 * @type {import("esbuild").Plugin}
 */
const withoutDeveloperTools = {
  name: "without-developer-tools",
  setup(build) {
    build.onLoad({ filter: /ink[\\/]build[\\/]devtools\.js$/ }, () => ({ contents: "" }));
  },
};

/** @satisfies {import("esbuild").BuildOptions} */
const OPTIONS = {
  bundle: true,
  platform: "node",
  target: "node20.19",
  minify: true,
  keepNames: false,
  legalComments: "none",
  write: false,
  // The binding is machine code. Clients of Redis and Stripe tell their errors apart by the names of
  // classes, which a bundle changes. pg asks for its other driver only to see whether it is there.
  external: ["better-sqlite3", "ioredis", "stripe", "pg-native", "autocannon"],
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [effectModules, withoutDeveloperTools],
  logLevel: "warning",
};

/**
 * Bundles the command line; the version that results carry is the one of package.json. The worker
 * is a program of its own inside it, as text: a thread that starts parses and evaluates what a
 * rehearsal needs and no more.
 */
export async function buildBundle() {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const programs = { rehearse: "tui/main.ts", [SANDBOX]: "store/live/sandbox/sandbox-main.ts" };
  await bundle(programs, {
    REHEARSE_VERSION: JSON.stringify(version),
    REHEARSAL_WORKER: JSON.stringify(await workerText()),
    SANDBOX_PROGRAM: JSON.stringify(`${SANDBOX}.js`),
  });
  rmSync(join(root, "dist/browser"), { recursive: true, force: true });
  mkdirSync(join(root, "dist/browser"), { recursive: true });
  for (const file of BROWSER_FILES) {
    copyFileSync(join(root, "store/live/pages/browser", file), join(root, "dist/browser", file));
  }
}

/**
 * Bundles benchmarks, which the command line does not carry.
 * @param {string} name `bench` or `bench-store`
 */
export async function buildBench(name) {
  await bundle({ [name]: `build/${name}.ts` });
}

/**
 * Programs that share what they have in common; parts of older builds are taken away.
 * @param {Record<string, string>} programs the source of each, by the name of its file
 * @param {Record<string, string>} [define]
 */
async function bundle(programs, define = {}) {
  const folder = join(root, "dist");
  mkdirSync(folder, { recursive: true });
  const [name] = Object.keys(programs);
  const { outputFiles } = await build({
    ...OPTIONS,
    entryPoints: Object.entries(programs).map(([out, source]) => ({ in: join(root, source), out })),
    outdir: folder,
    chunkNames: `${name}-[hash]`,
    splitting: true,
    format: "esm",
    banner: {
      // Bundled CommonJS packages ask for `require`, which an ES module does not have.
      js: '#!/usr/bin/env node\nimport { createRequire as rehearseRequire } from "node:module"; const require = rehearseRequire(import.meta.url);',
    },
    define: { ...OPTIONS.define, ...define },
  });
  const written = outputFiles.map(({ path, text }) => {
    writeFileSync(path, asAscii(text), { mode: 0o755 });
    return basename(path);
  });
  for (const old of readdirSync(folder)) {
    if (new RegExp(`^${name}-[A-Z0-9]{8}\\.js$`).test(old) && !written.includes(old))
      rmSync(join(folder, old));
  }
}

/**
 * Escapes what esbuild leaves, which are characters in regular expressions: a text of one byte a
 * character is read and parsed faster at every start.
 * @param {string} text
 */
function asAscii(text) {
  return text.replace(
    /[^\0-\x7f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The worker's program as a script, which is what a thread can be started with as text. */
export async function workerText() {
  const { outputFiles } = await build({
    ...OPTIONS,
    entryPoints: [join(root, "tui/worker/rehearsal-worker.ts")],
    format: "cjs",
  });
  return outputFiles[0].text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildBundle();
