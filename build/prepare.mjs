/**
 * Makes a fresh checkout ready for `npm start`, `npm test` and `npm run check`: installs what the
 * lock file names where it is missing or older than the lock file, makes SQLite for this machine,
 * builds the bundle where a source is newer than it, and puts `rehearse` where `npx` finds it.
 * Does nothing when all of that is already so. With `--packages` it stops after the packages.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bundle = join(root, "dist", "rehearse.js");
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const sqlite = join(root, "node_modules", "better-sqlite3");
const failed = join(sqlite, "rebuild-failed");
const SOURCES = ["engine", "store", "twin", "scenarios", "tui", "build", "package.json"];

requireNode();
if (!isInstalled()) install();
if (!process.argv.includes("--packages")) {
  if (!hasSqlite()) makeSqlite();
  if (!isBuilt()) await build();
  linkCommand();
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Rehearse needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
}

/** npm writes `node_modules/.package-lock.json` last, so it is newer than the lock file it obeyed. */
function isInstalled() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(installed, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === "" || entry.optional === true || present[path]?.version === entry.version,
  );
}

function install() {
  say("Installing the packages that the lock file names …");
  // Not `npm ci`: it wants the packages of every other platform in the lock file as well.
  const args = [
    "install",
    "--no-save",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const result = spawnSync(npm, args, { cwd: root, stdio: ["ignore", 2, 2], shell: false });
  if (result.status !== 0) {
    fail(
      "`npm install` did not finish (its own message stands above). Is the npm registry in reach?",
    );
  }
}

/** SQLite is a program of the machine's own kind; npm runs no scripts here that would have made it. */
function hasSqlite() {
  return existsSync(join(sqlite, "build", "Release", "better_sqlite3.node")) || existsSync(failed);
}

/** Everything but a live store that keeps its data works without it, so a failure ends nothing. */
function makeSqlite() {
  say(
    "Fetching SQLite for this machine, or compiling it where there is none to fetch: seconds, or a few minutes …",
  );
  const options = ["rebuild", "better-sqlite3", "--foreground-scripts=false", "--loglevel=error"];
  // Its few files are compiled at once, as many as there are cores.
  const env = { JOBS: "max", ...process.env };
  const result = spawnSync(npm, options, { cwd: root, env, stdio: ["ignore", 2, 2], shell: false });
  if (result.status === 0) return;
  say(
    "SQLite could not be made (npm's own message stands above); everything but `rehearse serve` works without it.\n" +
      "It needs GitHub in reach, or a C++ compiler and Python (Debian: apt-get install build-essential python3).\n" +
      "Then run: npm rebuild better-sqlite3",
  );
  // Not tried again with every command, but after the next install or by the line above.
  writeFileSync(failed, "");
}

function isBuilt() {
  if (!existsSync(bundle)) return false;
  const builtAt = statSync(bundle).mtimeMs;
  return SOURCES.every((source) => newestUnder(join(root, source)) <= builtAt);
}

/** @param {string} path @returns {number} */
function newestUnder(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const children = readdirSync(path, { withFileTypes: true });
  return children.reduce(
    (newest, child) => Math.max(newest, newestUnder(join(path, child.name))),
    0,
  );
}

async function build() {
  say("Building dist/rehearse.js …");
  const { buildBundle } = await import("./bundle.mjs");
  await buildBundle();
}

function linkCommand() {
  if (process.platform === "win32") return;
  const link = join(root, "node_modules", ".bin", "rehearse");
  chmodSync(bundle, 0o755);
  if (existsSync(link)) return;
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(join("..", "..", "dist", "rehearse.js"), link);
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}

/** @param {string} line @returns {never} */
function fail(line) {
  say(line);
  process.exit(2);
}
