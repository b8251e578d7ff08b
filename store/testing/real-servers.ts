/**
 * Tests on real servers. A test file asks for Redis, PostgreSQL, Chromium or tmux; the run starts it on
 * the first such question (`build/test-servers.ts`). Where the machine has none and it cannot be
 * installed, the tests are skipped with the reason, and with CI=true they fail with it.
 *
 * ```ts
 * await describeWithServer("postgres", "the order ledger on PostgreSQL", ({ url }) => { … });
 * ```
 *
 * All files share one server: each uses a database or a key prefix of its own. A file that stops
 * or empties its server asks for one of its own: `{ own: true }`.
 */
import { randomBytes } from "node:crypto";
import { describe, inject, test } from "vitest";

export type RealServer = "redis" | "postgres" | "chromium" | "tmux";

/** Where the server is, or why there is none. */
export type ServerAnswer =
  | { readonly url: string }
  | { readonly missing: string }
  | { readonly problem: string };

declare module "vitest" {
  interface ProvidedContext {
    /** Where the run's servers are asked for. */
    testServers: string;
  }
}

export interface ReadyServer {
  /** What a client connects to; for Chromium and tmux the program's file. */
  readonly url: string;
  /** A name that nobody else uses: letters and digits, for a database or before every key. */
  readonly ownName: string;
}

/** As `describe`, with the server; to be awaited at the top of a test file. */
export async function describeWithServer(
  server: RealServer,
  name: string,
  tests: (ready: ReadyServer) => void,
  options: { readonly own?: boolean } = {},
): Promise<void> {
  const answer = await askForServer(server, options);
  if ("url" in answer) {
    describe(name, () => tests({ url: answer.url, ownName: ownName() }));
    return;
  }
  describe(name, () => {
    const sentence = `needs ${server}: ${answer.missing}`;
    if (process.env.CI !== "true") return test.skip(sentence);
    test(sentence, () => {
      throw new Error(answer.missing);
    });
  });
}

/** Where the server is, started if nobody has asked for it before, or why there is none. */
export async function askForServer(
  server: RealServer,
  options: { readonly own?: boolean } = {},
): Promise<{ readonly url: string } | { readonly missing: string }> {
  const whose = options.own === true ? "own" : "shared";
  const response = await fetch(`${inject("testServers")}/${server}/${whose}`, { method: "POST" });
  const answer = (await response.json()) as ServerAnswer;
  if ("problem" in answer) throw new Error(`${server}: ${answer.problem}`);
  return answer;
}

function ownName(): string {
  return `t${randomBytes(8).toString("hex")}`;
}
