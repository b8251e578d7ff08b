/**
 * The sandbox as a process of its own, so that it can be killed without the store, and the store
 * without it. The process that starts it is told the address, and takes it along when it ends.
 */
import { type ChildProcess, fork } from "node:child_process";
import { parseArgs } from "node:util";
import { SANDBOX_BEHAVIOUR } from "./sandbox-behaviour.ts";
import { type SandboxOptions, startSandbox } from "./sandbox-server.ts";

export interface SpawnOptions extends SandboxOptions {
  /** The file that calls {@link runSandboxProgram}, and what it needs to be told before the rest. */
  readonly program: string;
  readonly programArguments?: readonly string[];
}

export interface SpawnedSandbox {
  readonly url: string;
  readonly pid: number;
  /** Settles when the process has ended, by whatever hand. */
  readonly exited: Promise<void>;
  /** Asks the process to end and waits until it has. */
  readonly close: () => Promise<void>;
}

interface Listening {
  readonly url: string;
}

/** In the environment and not among the arguments, which every user of the machine can list. */
const API_KEY = "REHEARSE_SANDBOX_KEY";
const START_MILLIS_MAX = 30_000;
/** How the process ends where another one has its books open: EX_TEMPFAIL of sysexits. */
const BOOKS_TAKEN_CODE = 75;

/** Starts the sandbox as a child process; rejects where it ends or says nothing. */
export function spawnSandbox(options: SpawnOptions): Promise<SpawnedSandbox> {
  const { program, programArguments = [], apiKey } = options;
  const environment = { ...process.env };
  if (apiKey !== undefined) environment[API_KEY] = apiKey;
  const child = fork(program, [...programArguments, ...argumentsOf(options)], {
    env: environment,
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`the sandbox did not listen within ${START_MILLIS_MAX} ms`));
    }, START_MILLIS_MAX);
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      const why =
        code === BOOKS_TAKEN_CODE
          ? "another store runs in this folder"
          : `the sandbox ended before it listened: ${signal ?? `code ${code}`}`;
      reject(new Error(why));
    });
    child.once("message", (message) => {
      clearTimeout(timer);
      resolve(spawned(child, (message as Listening).url, exited));
    });
  });
}

/** Restarts within a minute after which the sandbox is left down: something is wrong with it. */
const RESTARTS_PER_MINUTE = 5;

/**
 * The sandbox as a child process that is started again, on the same port and books, when it ends
 * by another hand. `onGivenUp` hears why where that is of no use any more.
 */
export async function keepSandbox(
  options: SpawnOptions,
  onGivenUp: (reason: string) => void,
): Promise<SpawnedSandbox> {
  const first = await spawnSandbox(options);
  const again = { ...options, port: Number(new URL(first.url).port) };
  let restarts: number[] = [];
  let current = first;
  let closing = false;
  const watch = async (): Promise<void> => {
    for (;;) {
      await current.exited;
      if (closing) return;
      const now = Date.now();
      restarts = [...restarts.filter((at) => now - at < 60_000), now];
      if (restarts.length > RESTARTS_PER_MINUTE) return onGivenUp("it ended again and again");
      current = await spawnSandbox(again);
      if (closing) await current.close();
    }
  };
  const watching = watch().catch((error: Error) => onGivenUp(error.message));
  return {
    url: first.url,
    get pid() {
      return current.pid;
    },
    exited: watching,
    close: async () => {
      closing = true;
      await current.close();
      await watching;
    },
  };
}

function spawned(child: ChildProcess, url: string, exited: Promise<void>): SpawnedSandbox {
  return {
    url,
    pid: child.pid ?? 0,
    exited,
    close: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** What the process does: listens until it is told to end or whoever started it is gone. */
export async function runSandboxProgram(programArguments: readonly string[]): Promise<void> {
  const sandbox = await startSandbox(optionsOf(programArguments)).catch((failure: unknown) => {
    if ((failure as { readonly code?: unknown }).code !== "SQLITE_BUSY") throw failure;
    if (process.send === undefined) process.stderr.write("another sandbox has these books open\n");
    process.exit(BOOKS_TAKEN_CODE);
  });
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    await sandbox.close();
    process.exit(0);
  };
  process.on("SIGTERM", end);
  // A terminal interrupts the store and its sandbox at once; the store still has payments to end,
  // and ends the sandbox itself.
  process.on("SIGINT", process.send === undefined ? end : () => {});
  if (process.send === undefined) {
    process.stdout.write(`the sandbox gateway listens at ${sandbox.url}\n`);
    return;
  }
  process.once("disconnect", end);
  process.send({ url: sandbox.url } satisfies Listening);
}

function argumentsOf({ folder, port, host, behaviour }: SandboxOptions): readonly string[] {
  const { seed, declineShare, latencyMillis } = { ...SANDBOX_BEHAVIOUR, ...behaviour };
  const given = ["--folder", folder, "--port", String(port), "--seed", seed];
  given.push("--decline-share", String(declineShare));
  given.push("--latency", `${latencyMillis.from}-${latencyMillis.to}`);
  if (host !== undefined) given.push("--host", host);
  return given;
}

function optionsOf(programArguments: readonly string[]): SandboxOptions {
  const { values } = parseArgs({
    args: [...programArguments],
    options: {
      folder: { type: "string" },
      port: { type: "string", default: "0" },
      host: { type: "string", default: "127.0.0.1" },
      seed: { type: "string", default: SANDBOX_BEHAVIOUR.seed },
      "decline-share": { type: "string", default: "0" },
      latency: { type: "string", default: "0-0" },
    },
  });
  const { folder, port, host, seed, latency } = values;
  if (folder === undefined) throw new Error("the sandbox needs a --folder for its books");
  const apiKey = process.env[API_KEY];
  return {
    folder,
    port: Number(port),
    host,
    ...(apiKey !== undefined && { apiKey }),
    behaviour: {
      seed,
      declineShare: Number(values["decline-share"]),
      latencyMillis: latencyOf(latency),
    },
  };
}

/** As in `20-80`: milliseconds from and to. */
function latencyOf(text: string): { readonly from: number; readonly to: number } {
  const range = /^(\d+)-(\d+)$/.exec(text);
  if (range === null) throw new Error(`--latency ${text}: write it as FROM-TO in milliseconds`);
  return { from: Number(range[1]), to: Number(range[2]) };
}
