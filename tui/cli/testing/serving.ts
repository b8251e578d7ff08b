/** `rehearse serve` as a process, for tests that ask it by HTTP and end it by signals. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** The program as it is shipped; `npm test` builds it first. */
const BUNDLE = resolve("dist/rehearse.js");
const started: ChildProcess[] = [];

export interface Serving {
  readonly child: ChildProcess;
  readonly url: string;
  readonly greeting: string;
  /** What stood on stdout so far. */
  readonly printed: () => string;
}

/** Starts `rehearse serve` on a free port; answers once it has said that it is open. */
export async function serve(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  program = BUNDLE,
): Promise<Serving> {
  const child = spawn(process.execPath, [program, "serve", "--port", "0", ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  started.push(child);
  return new Promise((tell, fail) => {
    let told = "";
    let out = "";
    const hear = (text: Buffer) => {
      told += text.toString();
      const at = /(?:open|serve) at (http:\S+)[\s\S]*Ctrl\+C/.exec(told);
      if (at !== null) tell({ child, url: at[1] as string, greeting: told, printed: () => out });
    };
    child.stdout.on("data", (text: Buffer) => {
      out += text.toString();
      hear(text);
    });
    child.stderr.on("data", hear);
    child.once("exit", () => fail(new Error(`the store ended before it was open: ${told}`)));
  });
}

/** Kills what a test has left running. */
export function endAll(): void {
  for (const child of started.splice(0)) child.kill("SIGKILL");
}

export async function ended({ child }: Serving, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(child, "exit");
  child.kill(signal);
  const [code] = await exit;
  return code;
}

/** What a store says that cannot be started. */
export function refusal(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  const ran = spawnSync(process.execPath, [BUNDLE, "serve", ...words], {
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  return { code: ran.status, err: ran.stderr.trimEnd(), out: ran.stdout };
}

/** Asks as a client should: whom a busy store tells to come back later, comes back then. */
export async function asked(url: string, token?: string, body?: unknown, key?: string) {
  for (;;) {
    const answer = await askedOnce(url, token, body, key);
    const { status, headers } = answer;
    if (status !== 503) {
      return { status, body: (await answer.json()) as Record<string, unknown> };
    }
    await answer.body?.cancel();
    await wait(Number(headers.get("retry-after") ?? 1) * 1_000);
  }
}

function askedOnce(url: string, token?: string, body?: unknown, key?: string): Promise<Response> {
  return fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(key !== undefined && { "idempotency-key": key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** The token of a new shopper. */
export async function shopperAt(url: string): Promise<string> {
  const { status, body } = await asked(`${url}/api/shoppers`, undefined, {});
  if (status !== 201) throw new Error(`no token: ${JSON.stringify(body)}`);
  return String(body.token);
}
