/** `npm run bench` and `npm run bench:store`: build benchmarks and run them from the project's folder. */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildBench } from "./bundle.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [name = "bench", ...words] = process.argv.slice(2);
await buildBench(name);
const bench = spawnSync(process.execPath, [join(root, "dist", `${name}.js`), ...words], {
  cwd: root,
  stdio: "inherit",
});
process.exitCode = bench.status ?? 1;
