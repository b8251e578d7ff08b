/**
 * Asks the npm registry for known faults of the packages that the lock file names, and fails where
 * one of them is high or critical. A registry that keeps no such list is said to keep none: then
 * nothing is known, which is no failure of the project.
 */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const SERIOUS = ["high", "critical"];
const TIME_LIMIT_MILLIS = 60_000;

/**
 * What `npm audit --json` has said.
 * @param {string} output
 * @returns {{ ok: boolean, sentence: string }}
 */
export function verdictOf(output) {
  const report = read(output);
  const counts = report?.metadata?.vulnerabilities;
  if (counts === undefined) {
    const why = report?.message ?? report?.error?.summary ?? "it gave no report";
    return {
      ok: true,
      sentence: `Audit: nothing is known, for the registry was asked and did not say (${why}).`,
    };
  }
  const serious = SERIOUS.reduce((sum, severity) => sum + (counts[severity] ?? 0), 0);
  const total = Object.entries(counts)
    .filter(([severity]) => severity !== "total")
    .map(([severity, count]) => `${count} ${severity}`);
  const sentence = `Audit: ${total.join(", ")}.`;
  if (serious === 0) return { ok: true, sentence };
  const names = Object.values(report.vulnerabilities ?? {})
    .filter(({ severity }) => SERIOUS.includes(severity))
    .map(({ name, severity }) => `${name} (${severity})`);
  return { ok: false, sentence: `${sentence} Change or replace: ${names.join(", ")}.` };
}

/** @param {string} output */
function read(output) {
  try {
    return JSON.parse(output);
  } catch {
    return null;
  }
}

function main() {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { stdout } = spawnSync(npm, ["audit", "--json"], {
    cwd: join(dirname(fileURLToPath(import.meta.url)), ".."),
    encoding: "utf8",
    timeout: TIME_LIMIT_MILLIS,
  });
  const { ok, sentence } = verdictOf(stdout ?? "");
  process.stdout.write(`${sentence}\n`);
  process.exitCode = ok ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
