/**
 * A store that is started for its calibration, as it is shipped: `rehearse serve` in processes of
 * its own, with a payment gateway of its own and shoppers who are known to it.
 */
/// <reference types="node" />
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { metricText } from "../live/prometheus-text.ts";
import { CALIBRATION_SALE } from "./calibration-sale.ts";
import { loopTime, processesNamed, processTime, processTree } from "./processor-time.ts";
import { type PaymentMillis, TestGateway } from "./test-gateway.ts";

/** Where a store keeps its orders: in a file, in memory, or on these servers. */
export type LedgerChoice =
  | { readonly kind: "sqlite" }
  | { readonly kind: "memory" }
  | { readonly kind: "servers"; readonly redis: string; readonly postgres: string };

export interface StoreOptions {
  /** The command line's own program. */
  readonly program: string;
  readonly ledger: LedgerChoice;
  readonly instances: number;
  /** Shoppers that the store is to know; more for longer loads. */
  readonly shoppers: number;
}

/** Somebody who buys, as the store knows them. */
export interface KnownShopper {
  readonly token: string;
  /** The address that the store is told they come from. */
  readonly address: string;
}

export interface KnownItem {
  readonly sku: string;
  readonly product: string;
  readonly seller: string;
  readonly price: number;
}

/** Waits of at most so many seconds; `Infinity` for all. */
export interface CommitCount {
  readonly seconds: number;
  readonly count: number;
}

export interface Waits {
  /** Waits for the disk, by length. */
  readonly commits: readonly CommitCount[];
  /** Times for which the lock of the ledger's file, or a connection to its database, was held. */
  readonly held: { readonly count: number; readonly seconds: number };
}

const ASKED_AT_ONCE = 8;
const START_MILLIS_MAX = 60_000;
/** Servers whose work counts as the store's. */
const SERVER_PROGRAMS = ["redis-server", "postgres"];
const KEY_BYTES = 32;
/** What a store answers for a moment that is too much for it; it says how long to wait. */
const OVERLOADED = 503;
const TRIES_MAX = 10;
const MILLIS_PER_SECOND = 1_000;

export class StoreUnderTest {
  readonly urls: string[] = [];
  readonly shoppers: KnownShopper[] = [];
  readonly items: KnownItem[] = [];
  readonly #gateway: TestGateway;
  readonly #folder: string;
  readonly #stores: ChildProcess[] = [];
  /** CPU time of each process, also of one that has ended since. */
  readonly #micros = new Map<number, number>();
  #hasServers = false;

  private constructor(gateway: TestGateway, folder: string) {
    this.#gateway = gateway;
    this.#folder = folder;
  }

  /** Answers once the store is open, shoppers are known and items listed. */
  static async start(options: StoreOptions): Promise<StoreUnderTest> {
    const folder = mkdtempSync(join(tmpdir(), "rehearse-calibrate-"));
    const gateway = await TestGateway.start(options.program, join(folder, "payments"));
    const store = new StoreUnderTest(gateway, folder);
    try {
      await store.#open(options);
      await store.#meet(options.shoppers);
      return store;
    } catch (problem) {
      await store.stop();
      throw problem;
    }
  }

  /** Microseconds until now that the event loops were at work or waited for a core. */
  loopMicros(): number {
    const loops = this.#stores.map(({ pid = 0 }) => loopTime(pid));
    return loops.reduce((sum, { ran, waited }) => sum + ran + waited, 0);
  }

  /** Microseconds of CPU time until now: of all that serves, payments and databases with it. */
  storeMicros(): number {
    const started = [...this.#stores.map(({ pid = 0 }) => pid), this.#gateway.pid];
    // A database starts a process for each connection, whenever one is made.
    const servers = this.#hasServers ? processesNamed(SERVER_PROGRAMS) : [];
    for (const pid of [...started.flatMap(processTree), ...servers]) {
      this.#micros.set(pid, Math.max(this.#micros.get(pid) ?? 0, processTime(pid)));
    }
    return [...this.#micros.values()].reduce((sum, micros) => sum + micros, 0);
  }

  /** What the first store has counted until now. */
  async waits(): Promise<Waits> {
    const read = metricText(await (await fetch(`${this.urls[0]}/metrics`)).text());
    if (!read.ok) throw new Error(`the store's figures, line ${read.line}: ${read.reason}`);
    const of = (name: string) => read.samples.filter((sample) => sample.name === name);
    const sum = (name: string) => of(name).reduce((all, { value }) => all + value, 0);
    return {
      commits: of("rehearse_durable_commit_seconds_bucket").map(({ labels, value }) => ({
        seconds: secondsOf(labels.le),
        count: value,
      })),
      held: {
        count: sum("rehearse_ledger_held_seconds_count"),
        seconds: sum("rehearse_ledger_held_seconds_sum"),
      },
    };
  }

  /** From now on the payment gateway answers later by as much. */
  delayPayments(by: PaymentMillis): Promise<void> {
    return this.#gateway.delay(by);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#stores.map(ended));
    await this.#gateway.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #open({ program, ledger, instances }: StoreOptions): Promise<void> {
    const scenario = join(this.#folder, "sale.yaml");
    writeFileSync(scenario, CALIBRATION_SALE);
    const shared = {
      REHEARSE_SANDBOX_URL: this.#gateway.url,
      REHEARSE_KEYS: randomBytes(KEY_BYTES).toString("base64"),
      REHEARSE_ADMIN_TOKENS: `calibration ${randomBytes(KEY_BYTES).toString("base64url")}`,
      REHEARSE_REDIS_URL: ledger.kind === "servers" ? ledger.redis : "",
      REHEARSE_POSTGRES_URL: ledger.kind === "servers" ? ledger.postgres : "",
    };
    for (let number = 0; number < instances; number += 1) {
      const kept =
        ledger.kind === "memory" ? ["--memory"] : ["--data", join(this.#folder, `${number}`)];
      const words = ["serve", "--port", "0", "--scenario", scenario, ...kept];
      const child = spawn(process.execPath, [program, ...words, "--trust-proxy", "127.0.0.1"], {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, ...shared },
      });
      this.#stores.push(child);
      this.urls.push(await opened(child));
    }
    this.#hasServers = ledger.kind === "servers";
  }

  async #meet(shoppers: number): Promise<void> {
    const [url = ""] = this.urls;
    const listed = await (await fetch(`${url}/api/products?limit=100`)).json();
    this.items.push(...(listed as { readonly items: readonly KnownItem[] }).items);
    for (let number = 0; number < shoppers; number += ASKED_AT_ONCE) {
      const asked = Array.from({ length: ASKED_AT_ONCE }, (_, place) =>
        newShopper(url, number + place),
      );
      this.shoppers.push(...(await Promise.all(asked)));
    }
  }
}

/** Each comes from a network of their own; a store that is too busy for them is asked again. */
async function newShopper(url: string, number: number): Promise<KnownShopper> {
  const address = `10.${number & 255}.${number >> 8}.1`;
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(`${url}/api/shoppers`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-for": address },
      body: "{}",
    });
    const told = await answer.text();
    if (answer.status === 201) {
      const { token } = JSON.parse(told) as { readonly token: string };
      return { token, address };
    }
    if (answer.status !== OVERLOADED || tries === TRIES_MAX) {
      throw new Error(`the store would not make a shopper, status ${answer.status}: ${told}`);
    }
    await wait(Number(answer.headers.get("retry-after") ?? 1) * MILLIS_PER_SECOND);
  }
}

/** The bound of a class of a histogram. */
function secondsOf(bound: string | undefined): number {
  return bound === "+Inf" ? Number.POSITIVE_INFINITY : Number(bound);
}

/** The address of a store, once it has said that it is open. */
function opened(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let told = "";
    const late = setTimeout(() => reject(new Error("the store did not open")), START_MILLIS_MAX);
    const hear = (text: Buffer) => {
      told += text.toString();
      const at = /open at (http:\S+)[\s\S]*Ctrl\+C/.exec(told);
      if (at?.[1] === undefined) return;
      clearTimeout(late);
      resolve(at[1]);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", () => {
      clearTimeout(late);
      reject(new Error(`the store ended before it was open: ${told.trim()}`));
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
}
