/**
 * Load on a server that runs beside this process, in two shapes: as many requests as so many
 * connections can ask for (`saturate`), and requests at the times at which they are due, whether or
 * not earlier ones were answered (`paced`). Only the second says how long a shopper waits at a load
 * that the server can bear: a closed loop that waits for slow answers forgets who came meanwhile.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request as ask } from "node:http";
import { createHistogram } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import autocannon from "autocannon";
import type { BareKind } from "./bench-store-limits.ts";
import type { StoreKind, StoreTold, Usage } from "./bench-store-server.ts";

export const CONNECTIONS = 64;
/** Rounds that count; one before them goes to warming up. */
const ROUNDS = 3;

export interface Load {
  readonly perSecond: number;
  readonly p99Millis: number;
  /** Processor time of the server per request, microseconds. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
  readonly refused: number;
}

export interface Served {
  readonly told: StoreTold;
  readonly usage: () => Promise<Usage>;
  readonly stop: () => void;
}

/** Starts a server of a kind as a process of its own. */
export async function serve(
  kind: StoreKind | BareKind,
  redis: string,
  key: string,
): Promise<Served> {
  const words = ["--serve", kind, "--redis", redis, "--key", key];
  const child: ChildProcess = fork(process.argv[1] as string, words);
  const [told] = (await once(child, "message")) as [StoreTold];
  const usage = async () => {
    const answer = once(child, "message");
    child.send("usage");
    return ((await answer) as [Usage])[0];
  };
  return { told, usage, stop: () => child.disconnect() };
}

/** As much as the connections can ask for. */
export async function saturate(
  { told, usage }: Served,
  requests: autocannon.Request[],
  seconds: number,
): Promise<Load> {
  const before = await usage();
  const load = { url: told.url, connections: CONNECTIONS, duration: seconds, requests };
  const result = await autocannon(load);
  const after = await usage();
  const answered = result["2xx"] + result["3xx"];
  return {
    perSecond: answered / result.duration,
    p99Millis: result.latency.p99,
    cpuMicros: (after.cpuMicros - before.cpuMicros) / Math.max(1, answered),
    rssBytes: after.rssBytes,
    refused: result.non2xx - result["3xx"] + result.errors,
  };
}

/** A load and its limit, measured in turns, so that both had the same machine. */
export interface Beside {
  readonly load: Load;
  readonly limit: Load;
  /** How much of the limit's requests in a second the load has reached. */
  readonly share: number;
  /** The same of requests per second of the server's processor. */
  readonly shareOfCost: number;
}

type Run = () => Promise<Load>;

/** The middle one of the rounds, by share; what else the machine does falls on both of a round. */
export async function beside(run: Run, ofLimit: Run): Promise<Beside> {
  await ofLimit();
  await run();
  const rounds: Beside[] = [];
  while (rounds.length < ROUNDS) {
    const limit = await ofLimit();
    const load = await run();
    const share = load.perSecond / limit.perSecond;
    rounds.push({ load, limit, share, shareOfCost: limit.cpuMicros / load.cpuMicros });
  }
  rounds.sort((one, other) => one.share - other.share);
  return rounds[Math.floor(ROUNDS / 2)] as Beside;
}

/** A request as it goes out. */
export interface Asking {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PacedOptions {
  readonly perSecond: number;
  readonly seconds: number;
  readonly next: () => Asking;
}

/** Requests at even times; how long each took counts from the time at which it was due. */
export async function paced(
  { told, usage }: Served,
  { perSecond, seconds, next }: PacedOptions,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const latency = createHistogram();
  const asked: Promise<boolean>[] = [];
  const before = await usage();
  const start = performance.now();
  for (let count = 0; count < perSecond * seconds; ) {
    const due = start + (count * 1_000) / perSecond;
    if (performance.now() < due) {
      await wait(1);
      continue;
    }
    count += 1;
    asked.push(
      askOnce(told.url, agent, next()).then((isAnswered) => {
        latency.record(Math.max(1, Math.round((performance.now() - due) * 1_000)));
        return isAnswered;
      }),
    );
  }
  const answers = await Promise.all(asked);
  const after = await usage();
  agent.destroy();
  return {
    perSecond: (asked.length * 1_000) / (performance.now() - start),
    p99Millis: Math.round(latency.percentile(99) / 100) / 10,
    cpuMicros: (after.cpuMicros - before.cpuMicros) / Math.max(1, asked.length),
    rssBytes: after.rssBytes,
    refused: answers.filter((isAnswered) => !isAnswered).length,
  };
}

function askOnce(url: string, agent: Agent, { body, ...rest }: Asking): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = ask(url + rest.path, { agent, method: rest.method, headers: rest.headers });
    sent.on("error", () => resolve(false));
    sent.on("response", (heard) => {
      heard.on("end", () => resolve((heard.statusCode ?? 0) < 400));
      heard.resume();
    });
    sent.end(body);
  });
}
