/**
 * Runs scripts of package.json together: `node build/together.mjs check:types check:style …`, as
 * many at a time as there are cores. What each says is shown whole once it ends, under its name;
 * if one fails, so does this, once all have ended.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const waiting = process.argv.slice(2);
/** @type {string[]} */
const failed = [];

await Promise.all(Array.from({ length: availableParallelism() }, runWaiting));
if (failed.length > 0) process.stderr.write(`Failed: ${failed.join(", ")}\n`);
process.exitCode = failed.length > 0 || process.argv.length < 3 ? 1 : 0;

/** One script after the other, until none is left. */
async function runWaiting() {
  for (let script = waiting.shift(); script !== undefined; script = waiting.shift()) {
    const startedAt = performance.now();
    const { code, said } = await run(script);
    if (code !== 0) failed.push(script);
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    const ending = code === 0 ? "passed" : "FAILED";
    process.stdout.write(`── ${script}: ${ending} after ${seconds} s\n${said}`);
  }
}

/** @param {string} script @returns {Promise<{ code: number | null, said: string }>} */
function run(script) {
  return new Promise((resolve) => {
    const child = spawn(npm, ["run", "-s", script], { stdio: ["ignore", "pipe", "pipe"] });
    /** @type {Buffer[]} */
    const told = [];
    const ended = (/** @type {number | null} */ code, last = "") =>
      resolve({ code, said: Buffer.concat(told).toString() + last });
    child.stdout.on("data", (some) => told.push(some));
    child.stderr.on("data", (some) => told.push(some));
    child.on("error", ({ message }) => ended(null, `${message}\n`));
    child.on("close", (code) => ended(code));
  });
}
