/**
 * Redis and PostgreSQL for one run of the tests or benchmarks: on a free port of this machine
 * alone, behind a password, in a folder of their own that goes with them. A server ends when it is
 * stopped and when whoever started it ends, however that ends: a small guard reads a pipe that
 * only the starter holds open.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { initdbBeside } from "../tui/cli/installed-programs.ts";

export interface PrivateServer {
  /** What a client connects to, with user and password. */
  readonly url: string;
  /** Ends the server and removes its folder. */
  readonly stop: () => Promise<void>;
}

/** Somebody else may take the port between its choice and its use. */
const STARTS_MAX = 3;
const READY_MILLIS_MAX = 20_000;
const READY_POLL_MILLIS = 25;

/** Arguments: folder, signal that ends the server, the server and its arguments. */
const GUARD = `folder=$1; signal=$2; shift 2
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill "-$signal" "$server" 2>/dev/null
wait "$server"
rm -rf -- "$folder"`;

/** Who runs the servers where we are root, as which PostgreSQL will not run; otherwise we do. */
interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

interface ServerPlan {
  readonly url: string;
  readonly command: readonly string[];
  readonly endSignal: "INT" | "TERM";
  readonly isReady: () => Promise<boolean>;
}

/** `settings` are lines of redis.conf; without any nothing is written to disk. */
export function startRedis(
  program: string,
  settings: readonly string[] = ['save ""', "appendonly no"],
): Promise<PrivateServer> {
  return start((folder, port, password, user) => {
    const file = join(folder, "redis.conf");
    const own = [`port ${port}`, "bind 127.0.0.1", `dir ${folder}`, `requirepass ${password}`];
    writeFor(user, file, `${[...own, ...settings].join("\n")}\n`);
    return {
      url: `redis://:${password}@127.0.0.1:${port}`,
      command: [program, file],
      endSignal: "TERM",
      isReady: () => redisAnswers(port, password),
    };
  });
}

/**
 * `settings` are given to the server as `name=value`. Without any it does not wait for the disk:
 * what it has answered survives a kill of the server, not a loss of power.
 */
export function startPostgres(
  program: string,
  settings: readonly string[] = ["fsync=off", "full_page_writes=off"],
): Promise<PrivateServer> {
  return start((folder, port, password, user) => {
    const data = join(folder, "data");
    const passwordFile = join(folder, "password");
    writeFor(user, passwordFile, password);
    execFileSync(
      initdbBeside(program),
      [
        `--pgdata=${data}`,
        "--username=rehearse",
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
      ],
      { cwd: folder, stdio: "pipe", ...user },
    );
    const own = [
      `port=${port}`,
      "listen_addresses=127.0.0.1",
      "unix_socket_directories=",
      "max_connections=200",
      "timezone=UTC",
    ];
    const url = `postgres://rehearse:${password}@127.0.0.1:${port}/postgres`;
    return {
      url,
      command: [program, "-D", data, ...[...own, ...settings].flatMap((line) => ["-c", line])],
      endSignal: "INT",
      isReady: () => postgresAnswers(url),
    };
  });
}

type MakePlan = (
  folder: string,
  port: number,
  password: string,
  user: ServerUser | null,
) => ServerPlan;

async function start(makePlan: MakePlan): Promise<PrivateServer> {
  let problem = "";
  for (let attempt = 0; attempt < STARTS_MAX; attempt += 1) {
    const folder = mkdtempSync(join(tmpdir(), "rehearse-server-"));
    const user = serverUser();
    if (user !== null) chownSync(folder, user.uid, user.gid);
    const password = randomBytes(18).toString("hex");
    let plan: ServerPlan;
    try {
      plan = makePlan(folder, await freePort(), password, user);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    const guard = spawn(
      "/bin/sh",
      ["-c", GUARD, "guard", folder, plan.endSignal, ...plan.command],
      // In a session of its own: Ctrl+C reaches the starter first, which then ends its servers.
      { cwd: folder, detached: true, stdio: ["pipe", "ignore", "ignore"], ...user },
    );
    const stop = () => stopGuard(guard);
    if (await becomesReady(plan)) return { url: plan.url, stop };
    problem = lastLines(join(folder, "log"));
    await stop();
  }
  throw new Error(`The server did not start: ${problem}`);
}

function serverUser(): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  const numberOf = (flag: string) => Number(execFileSync("id", [flag, "nobody"]).toString());
  return { uid: numberOf("-u"), gid: numberOf("-g") };
}

/** A file that holds a password, for the server's eyes alone. */
function writeFor(user: ServerUser | null, file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  if (user !== null) chownSync(file, user.uid, user.gid);
}

async function becomesReady(plan: ServerPlan): Promise<boolean> {
  const until = Date.now() + READY_MILLIS_MAX;
  while (Date.now() < until) {
    if (await plan.isReady()) return true;
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MILLIS));
  }
  return false;
}

function stopGuard(guard: ChildProcess): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    guard.once("exit", () => resolve());
    guard.stdin?.end();
  });
}

function lastLines(file: string): string {
  try {
    return readFileSync(file, "utf8").trim().split("\n").slice(-5).join("\n");
  } catch {
    return "it wrote no log";
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

function redisAnswers(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    const end = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once("error", () => end(false));
    socket.once("connect", () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on("data", (bytes) => end(bytes.toString().startsWith("+OK")));
  });
}

async function postgresAnswers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
