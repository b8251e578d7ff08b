/**
 * A Redis server of a test's own: the installed binary on a free port, in a folder that goes with
 * it, without anything that another test could see.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly process: ChildProcess;
  /** Kills the server and removes its folder, unless that is kept. */
  readonly stop: () => Promise<void>;
}

export interface RedisServerOptions {
  /** A file of settings; a sentinel needs one, and writes into it. */
  readonly settingsFile?: string;
  /** More of the server's own options, as its command line has them. */
  readonly options?: readonly string[];
  /** The port of a server that was here before; a free one where nothing is said. */
  readonly port?: number;
  /** Where it keeps its data: the folder of a server that was here before, or a new one. */
  readonly folder?: string;
  readonly keepFolder?: boolean;
}

/** Tries to reach a server that starts; each waits for an answer or a refusal, then a moment. */
const TRIES_MAX = 400;
const PAUSE_MILLIS = 25;

/** Where the server is installed, or null. `REDIS_SERVER` names another than the one on the path. */
export function redisBinary(): string | null {
  const named = process.env.REDIS_SERVER;
  if (named !== undefined && named !== "") return existsSync(named) ? named : null;
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const binary = join(folder, "redis-server");
    if (folder !== "" && existsSync(binary)) return binary;
  }
  return null;
}

/**
 * Why a test that needs a server is skipped, or null where it runs. With `CI=true` nothing is
 * skipped: the test runs, and fails for want of the server.
 */
export function redisMissing(): string | null {
  if (redisBinary() !== null || process.env.CI === "true") return null;
  return "redis-server is not installed (Debian and Ubuntu: apt-get install redis-server)";
}

export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const binary = redisBinary();
  if (binary === null) throw new Error("redis-server is not installed, and a test needs it");
  const port = options.port ?? (await freePort());
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "rehearse-redis-"));
  const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
  const file = options.settingsFile === undefined ? [] : [options.settingsFile];
  const words = [...file, ...settings, ...(options.options ?? [])];
  const child = spawn(binary, words, { stdio: "ignore" });
  const killed = () => {
    child.kill("SIGKILL");
  };
  process.once("exit", killed);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    process.removeListener("exit", killed);
    killed();
    await ended;
    if (options.keepFolder !== true) rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilAnswers(port, child);
  } catch (failure) {
    await stop();
    throw failure;
  }
  return { url: `redis://127.0.0.1:${port}`, port, folder, process: child, stop };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function untilAnswers(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
    if (await answers(port)) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
  }
  throw new Error(`redis-server did not answer on port ${port}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const over = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once("connect", () => socket.write("PING\r\n"));
    socket.once("data", (data) => over(data.toString().startsWith("+PONG")));
    socket.once("error", () => over(false));
    socket.setTimeout(1_000, () => over(false));
  });
}
