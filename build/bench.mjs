/** `npm run bench`: builds the benchmarks and runs them from the project's folder. */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildBench } from "./bundle.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
await buildBench();
const bench = spawnSync(
  process.execPath,
  [join(root, "dist", "bench.js"), ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: "inherit",
  },
);
process.exitCode = bench.status ?? 1;
