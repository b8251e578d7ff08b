/**
 * `npm run accuracy`: makes docs/accuracy.md anew. It starts a Redis and a PostgreSQL of its own,
 * which wait for the disk as they would in a sale, and has the command line calibrate a store on
 * SQLite and one on these two, predict the held-out loads, and measure them. Nothing else should run
 * on the machine for the hour that it takes. Further words go to the command line.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { findOrInstall } from "./apt-install.ts";
import { type PrivateServer, startPostgres, startRedis } from "./private-server.ts";

const PAGE = "docs/accuracy.md";
const DURABLE = ["synchronous_commit=on"];
const APPENDING = ['save ""', "appendonly yes", "appendfsync everysec"];

async function program(name: "redis" | "postgres"): Promise<string> {
  const found = await findOrInstall(name);
  if ("missing" in found) throw new Error(`the page needs both servers: ${found.missing}`);
  return found.path;
}

const servers: PrivateServer[] = [];
try {
  const redis = await startRedis(await program("redis"), APPENDING);
  servers.push(redis);
  const postgres = await startPostgres(await program("postgres"), DURABLE);
  servers.push(postgres);
  const words = ["dist/rehearse.js", "calibrate", "--validate", "--out", PAGE];
  const child = spawn(process.execPath, [...words, ...process.argv.slice(2)], {
    stdio: "inherit",
    // Addresses with passwords are not for a command line, which others on the machine can list.
    env: { ...process.env, REHEARSE_REDIS_URL: redis.url, REHEARSE_POSTGRES_URL: postgres.url },
  });
  const [code] = await once(child, "exit");
  process.exitCode = code ?? 1;
} finally {
  for (const server of servers) await server.stop();
}
