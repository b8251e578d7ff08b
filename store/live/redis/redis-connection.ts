/**
 * The connection of a node to its Redis. A command is answered within its time or fails: nothing
 * waits in line for a server that is away, nothing is sent twice, and the connection comes back by
 * itself. A command that failed may or may not have been done.
 */
import { Effect } from "effect";
import { Cluster, Redis, type RedisOptions, ReplyError } from "ioredis";
import { PortUnavailable } from "../../ports/port-unavailable.ts";
import { type RedisAddress, RedisAddressProblem, redisAddress } from "./redis-address.ts";
import { RedisRefused } from "./redis-refused.ts";
import type { Script } from "./script.ts";

export interface RedisConnectionOptions {
  /** As {@link redisAddress} reads it. */
  readonly url: string;
  /** How long the server may be silent while it owes an answer, milliseconds. */
  readonly answerMillisMax?: number;
  /** Commands of one turn of the event loop go out as one pipeline. */
  readonly autoPipelining?: boolean;
}

export type Reply = number | string | null | readonly Reply[];
export type Argument = number | string;

/** A shopper's request is given up before this (the limit on a handler is 5 s). */
const ANSWER_MILLIS_MAX = 2_000;
const CONNECT_MILLIS_MAX = 2_000;
/** Pauses between two tries to connect grow up to this. */
const RECONNECT_MILLIS_MAX = 500;

export class RedisConnection {
  readonly client: Redis | Cluster;
  #roundTrips = 0;
  #lastFailure: Error | null = null;

  /** Throws `RedisRefused` where the address cannot be read. */
  constructor(options: RedisConnectionOptions) {
    this.client = connected(options);
    // A failure reaches whoever asked for something; an event that nobody hears would end the process.
    this.client.on("error", (failure: Error) => {
      this.#lastFailure = failure;
    });
  }

  /** Fails with `RedisRefused` where the server cannot be reached at first, or cannot be used. */
  async connect(): Promise<void> {
    try {
      await this.client.connect();
      const memories = await this.forEachServer((server) => server.info("memory"));
      for (const memory of memories) refuseEviction(memory);
    } catch (failure) {
      this.client.disconnect();
      if (failure instanceof RedisRefused) throw failure;
      // That a connection is closed says less than what closed it.
      throw new RedisRefused(whyNotReached(this.#lastFailure ?? failure));
    }
  }

  /** Scripts and commands that were sent so far. */
  get roundTrips(): number {
    return this.#roundTrips;
  }

  /** Runs a script by its SHA-1; a server that does not know it is given its text. */
  async run(
    { text, sha }: Script,
    keys: readonly string[],
    args: readonly Argument[],
  ): Promise<Reply> {
    this.#roundTrips += 1;
    try {
      return (await this.client.evalsha(sha, keys.length, ...keys, ...args)) as Reply;
    } catch (failure) {
      if (!isUnknownScript(failure)) throw failure;
      this.#roundTrips += 1;
      return (await this.client.eval(text, keys.length, ...keys, ...args)) as Reply;
    }
  }

  /** Reads by one command, which counts as a script does. */
  read<Answer>(command: (client: Redis | Cluster) => Promise<Answer>): Promise<Answer> {
    this.#roundTrips += 1;
    return command(this.client);
  }

  /** Does the step for a port: a failure of the server is the port's, with its reason. */
  asStep<Answer>(
    port: string,
    step: () => Promise<Answer>,
  ): Effect.Effect<Answer, PortUnavailable> {
    return Effect.async((resume) => {
      step().then(
        (answer) => resume(Effect.succeed(answer)),
        (failure: unknown) => resume(failedStep(port, failure)),
      );
    });
  }

  /** Calls when the server may no longer be the one that was there: its connection was new or lost. */
  onDoubt(doubt: () => void): void {
    for (const event of ["ready", "close", "+node", "-node", "node error"]) {
      this.client.on(event, doubt);
    }
  }

  /** Asks every server that takes writes: the one, or all masters of a cluster. */
  forEachServer<Answer>(ask: (client: Redis) => Promise<Answer>): Promise<readonly Answer[]> {
    const { client } = this;
    return Promise.all((client instanceof Cluster ? client.nodes("master") : [client]).map(ask));
  }

  /** What tells this run of the server from every other, also after a fail-over. */
  async serverRun(): Promise<string> {
    const infos = await this.forEachServer((server) => server.info("server"));
    return infos
      .map((info) => /run_id:(\w+)/.exec(info)?.[1] ?? "unknown")
      .sort()
      .join(" ");
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }
}

function whyNotReached(failure: unknown): string {
  const { code, message } = failure as { readonly code?: string; readonly message?: string };
  if (code === "ECONNREFUSED" || message?.includes("ECONNREFUSED")) return "nobody listens there";
  if (code === "ENOTFOUND") return "there is no such host";
  if (code === "ETIMEDOUT") return "nobody answered in time";
  return `it cannot be reached (${message ?? String(failure)})`;
}

/** A server that makes room by dropping keys would drop units that somebody holds. */
function refuseEviction(memory: string): void {
  const limit = Number(/^maxmemory:(\d+)/m.exec(memory)?.[1] ?? 0);
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? "noeviction";
  if (limit === 0 || !policy.startsWith("allkeys")) return;
  throw new RedisRefused(
    `Redis drops keys when its memory is full (maxmemory-policy ${policy}); set it to noeviction`,
  );
}

/** The step of a port that cannot be done, for a reason that the port itself has found. */
export class StepRefused extends Error {}

function failedStep(port: string, failure: unknown): Effect.Effect<never, PortUnavailable> {
  if (failure instanceof PortUnavailable) return Effect.fail(failure);
  if (failure instanceof StepRefused) {
    return Effect.fail(new PortUnavailable({ port, reason: failure.message }));
  }
  // A mistake of ours, here or in a script, is a defect and not a state of the server.
  if (isDefect(failure)) return Effect.die(failure);
  return Effect.fail(new PortUnavailable({ port, reason: reasonOf(failure) }));
}

export function reasonOf(failure: unknown): string {
  const message = failure instanceof Error ? failure.message : String(failure);
  if (/isn't writeable|Connection is closed|max retries|ECONN|aborted|reconnect/i.test(message)) {
    return "there is no connection to Redis";
  }
  if (/timeout/i.test(message)) return "Redis did not answer in time";
  return `Redis answered: ${message.slice(0, 200)}`;
}

function isUnknownScript(failure: unknown): boolean {
  return messageOfReply(failure).startsWith("NOSCRIPT");
}

function isDefect(failure: unknown): boolean {
  if (failure instanceof TypeError) return true;
  if (failure instanceof Error && failure.name === "BrokenAssumption") return true;
  return /^ERR (user_script|Error (compiling|running))/.test(messageOfReply(failure));
}

/** What the server itself answered instead of a result; empty where it answered nothing. */
function messageOfReply(failure: unknown): string {
  // By its class: its name is that of the class, which is another one in a minified program.
  return failure instanceof ReplyError ? (failure as Error).message : "";
}

function connected(options: RedisConnectionOptions): Redis | Cluster {
  const { kind, servers, tls, username, password, rest } = addressOf(options.url);
  const { autoPipelining = false } = options;
  const ours = {
    enableOfflineQueue: false,
    enableAutoPipelining: autoPipelining,
    lazyConnect: true,
  };
  const each: RedisOptions = {
    ...ours,
    socketTimeout: options.answerMillisMax ?? ANSWER_MILLIS_MAX,
    connectTimeout: CONNECT_MILLIS_MAX,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: pauseBefore,
    ...(username !== null && { username }),
    ...(password !== null && { password }),
    ...(tls && { tls: {} }),
  };
  switch (kind) {
    case "cluster":
      return new Cluster([...servers], {
        ...ours,
        redisOptions: each,
        clusterRetryStrategy: pauseBefore,
      });
    case "sentinel":
      return new Redis({
        ...each,
        sentinels: [...servers],
        name: rest,
        sentinelRetryStrategy: pauseBefore,
        ...(tls && { enableTLSForSentinelMode: true }),
      });
    case "server":
      return new Redis({ ...each, ...servers[0], db: Number(rest) });
  }
}

function addressOf(url: string): RedisAddress {
  try {
    return redisAddress(url);
  } catch (problem) {
    if (problem instanceof RedisAddressProblem) throw new RedisRefused(problem.message);
    throw problem;
  }
}

function pauseBefore(tries: number): number {
  return Math.min(RECONNECT_MILLIS_MAX, 25 * 2 ** Math.min(tries, 10));
}
