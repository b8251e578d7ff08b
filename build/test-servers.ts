/**
 * The real servers of `npm test`. Nothing is looked for, installed or started before a test file
 * asks: then the one server of that kind is started for the whole run, and ends with it. Test
 * files ask through `store/testing/real-servers.ts`. With CI=true, where no test is skipped, all
 * programs are looked for at once, and what is missing is installed while the first files run.
 */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { TestProject } from "vitest/node";
import type { ServerAnswer } from "../store/testing/real-servers.ts";
import { PROGRAMS, type ProgramName } from "../tui/cli/installed-programs.ts";
import { type FoundProgram, findOrInstall } from "./apt-install.ts";
import { type PrivateServer, startPostgres, startRedis } from "./private-server.ts";

const STARTERS = { redis: startRedis, postgres: startPostgres } as const;
/** What tests ask for, what is asked for first in front. */
const ASKED: readonly ProgramName[] = ["redis", "postgres", "chromium", "tmux"];

/** What one run of the tests has asked for. */
class TestServers {
  readonly #shared = new Map<ProgramName, Promise<ServerAnswer>>();
  readonly #started: Promise<PrivateServer>[] = [];
  readonly #found = new Map<ProgramName, Promise<FoundProgram>>();
  /** Two apt-get at once would wait for each other. */
  #finding: Promise<unknown> = Promise.resolve();
  readonly missing = new Map<ProgramName, string>();

  /** The server that all test files share, or one of the asker's own. */
  ask(name: ProgramName, own: boolean): Promise<ServerAnswer> {
    if (own) return this.#start(name);
    const shared = this.#shared.get(name) ?? this.#start(name);
    this.#shared.set(name, shared);
    return shared;
  }

  /** The program, looked for once. */
  find(name: ProgramName): Promise<FoundProgram> {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    const finding = this.#finding.then(() => findOrInstall(name));
    this.#finding = finding;
    this.#found.set(name, finding);
    return finding;
  }

  async #start(name: ProgramName): Promise<ServerAnswer> {
    const found = await this.find(name);
    if ("missing" in found) {
      this.missing.set(name, found.missing);
      return found;
    }
    if (name === "chromium" || name === "tmux") return { url: found.path };
    const starting = STARTERS[name](found.path);
    this.#started.push(starting);
    return { url: (await starting).url };
  }

  async stop(): Promise<void> {
    // An installation that was broken off would have to be mended by hand.
    await this.#finding;
    const servers = await Promise.allSettled(this.#started);
    await Promise.all(
      servers.map((server) => (server.status === "fulfilled" ? server.value.stop() : null)),
    );
  }
}

/** Vitest calls this before the first test file, and what it answers after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = new TestServers();
  if (process.env.CI === "true") for (const name of ASKED) void servers.find(name);
  const secret = randomBytes(16).toString("hex");
  const desk = createServer((request, response) => {
    answer(servers, secret, request)
      .catch((error: unknown): ServerAnswer => ({ problem: String(error) }))
      .then((body) => response.end(JSON.stringify(body)));
  });
  desk.unref();
  project.provide("testServers", await addressOf(desk, secret));
  return async () => {
    desk.close();
    await servers.stop();
    for (const [name, reason] of servers.missing) {
      process.stderr.write(`Skipped the tests with ${PROGRAMS[name].title}: ${reason}\n`);
    }
  };
}

/** A request is `POST /<secret>/<program>/<shared or own>`. */
async function answer(
  servers: TestServers,
  secret: string,
  { method, url = "" }: IncomingMessage,
): Promise<ServerAnswer> {
  const [, asked, name = "", whose] = url.split("/");
  if (method !== "POST" || asked !== secret || !(name in PROGRAMS)) {
    return { problem: "nobody but the tests of this run is served here" };
  }
  return servers.ask(name as ProgramName, whose === "own");
}

function addressOf(desk: Server, secret: string): Promise<string> {
  return new Promise((resolve, reject) => {
    desk.once("error", reject);
    desk.listen(0, "127.0.0.1", () => {
      const address = desk.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve(`http://127.0.0.1:${port}/${secret}`);
    });
  });
}
