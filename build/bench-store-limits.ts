/**
 * What the machine could do at best: the parts of an order alone, without any rule. The store is
 * quoted as a share of these, measured in the same minutes. Shapes as in the project's notes on the
 * live store: a bare page, a bare order, a row group made durable, a small script, and the three of
 * an order put together (accept, gate, commit, answer).
 */
import { createHmac, createSecretKey, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import fastify from "fastify";
import { Redis } from "ioredis";

export const GATE_UNITS = 100_000_000;

/** GET and DECRBY: the least that a gate of stock can do. */
export const MINIMAL_SCRIPT = `local left = tonumber(redis.call('GET', KEYS[1]) or '0')
if left < tonumber(ARGV[1]) then return 0 end
redis.call('DECRBY', KEYS[1], ARGV[1])
return 1`;

const PAGE = `<!doctype html><title>page</title>${"<p>12 kB of a product page.</p>".repeat(420)}`;
const ETAG = '"bare"';

const ORDER_BODY = {
  type: "object",
  required: ["lines", "paymentToken"],
  properties: {
    lines: { type: "array", items: { type: "object" } },
    paymentToken: { type: "string" },
  },
};

const CART_BODY = {
  type: "object",
  required: ["sku", "units"],
  properties: { sku: { type: "string" }, units: { type: "integer" } },
};
const SECRET = createSecretKey(randomBytes(32));

/** What stands behind the routes of a bare server. */
export interface BareParts {
  readonly order: (key: string) => Promise<boolean>;
  readonly addToCart: (cart: string, sku: string) => Promise<unknown>;
  /** The number of whoever joins. */
  readonly join: () => Promise<number>;
}

export interface BareServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** A server with the routes that a store has at the least, and nothing behind them but the parts. */
export async function bareServer({ order, addToCart, join }: BareParts): Promise<BareServer> {
  const server = fastify();
  server.get("/page", (request, reply) => {
    reply.header("etag", ETAG);
    if (request.headers["if-none-match"] === ETAG) return reply.code(304).send();
    return reply.type("text/html").send(PAGE);
  });
  server.post("/order", { schema: { body: ORDER_BODY } }, async (request, reply) => {
    const taken = await order(String(request.headers["idempotency-key"]));
    return reply.code(taken ? 201 : 409).send({ status: taken ? "confirmed" : "sold-out" });
  });
  server.post<{ Body: { readonly sku: string } }>(
    "/cart",
    { schema: { body: CART_BODY } },
    async (request, reply) => {
      const cart = String(request.headers.authorization);
      await addToCart(cart, request.body.sku);
      return reply.send({ cart });
    },
  );
  server.post("/checkout", async (request, reply) => {
    const taken = await order(String(request.headers["idempotency-key"]));
    return reply.code(taken ? 201 : 409).send({ status: taken ? "confirmed" : "sold-out" });
  });
  server.post("/join", async (_request, reply) => {
    const ticket = await join();
    return reply.send({ ticket, token: markOf(String(ticket)) });
  });
  server.get("/status/:ticket", async (request, reply) => {
    const { ticket } = request.params as { readonly ticket: string };
    const mark = markOf(String(request.headers.authorization));
    return reply.send({ position: Number(ticket), known: mark.length > 0 });
  });
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  return { url, close: () => server.close() };
}

/** Rows that are answered when the group that they stand in is on the disk. */
export class DurableRows {
  readonly #folder = mkdtempSync(join(tmpdir(), "bench-rows-"));
  readonly #database = new Database(join(this.#folder, "rows.sqlite"));
  readonly #insert: Database.Statement<[string, number]>;
  #waiting: { readonly key: string; readonly told: () => void }[] = [];

  constructor() {
    this.#database.pragma("journal_mode = WAL");
    this.#database.pragma("synchronous = FULL");
    this.#database.exec(
      "CREATE TABLE rows (key TEXT PRIMARY KEY, at INTEGER, state TEXT) WITHOUT ROWID; CREATE INDEX by_time ON rows (at); CREATE INDEX by_state ON rows (state, at)",
    );
    this.#insert = this.#database.prepare("INSERT INTO rows VALUES (?, ?, 'placed')");
  }

  add(key: string): Promise<void> {
    return new Promise((told) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#commit());
      this.#waiting.push({ key, told });
    });
  }

  #commit(): void {
    const group = this.#waiting;
    this.#waiting = [];
    this.#database.exec("BEGIN IMMEDIATE");
    for (const { key } of group) this.#insert.run(key, group.length);
    this.#database.exec("COMMIT");
    for (const { told } of group) told();
  }

  close(): void {
    this.#database.close();
    rmSync(this.#folder, { recursive: true });
  }
}

function markOf(text: string): string {
  return createHmac("sha256", SECRET).update(text).digest("base64url");
}

const NOTHING_BEHIND: BareParts = {
  order: async () => true,
  addToCart: async () => 1,
  join: async () => 1,
};

/** The composite: accept, gate in Redis, a durable row, answer. */
export async function compositeServer(redisUrl: string): Promise<BareServer> {
  const redis = new Redis(redisUrl);
  const sha = String(await redis.script("LOAD", MINIMAL_SCRIPT));
  await redis.set("{bench}units", GATE_UNITS);
  const rows = new DurableRows();
  const server = await bareServer({
    order: async (key) => {
      const taken = await redis.evalsha(sha, 1, "{bench}units", 1);
      if (taken !== 1) return false;
      await rows.add(key);
      return true;
    },
    addToCart: (cart, sku) => redis.hincrby(`{bench}${cart}`, sku, 1),
    join: () => redis.incr("{bench}tickets"),
  });
  return {
    url: server.url,
    close: async () => {
      await server.close();
      rows.close();
      redis.disconnect();
    },
  };
}

export type BareKind = "bare" | "composite";

/** Serves until whoever started it is gone, and tells them what it has used when they ask. */
export async function serveBare(kind: BareKind, redis: string): Promise<void> {
  const { url } = kind === "bare" ? await bareServer(NOTHING_BEHIND) : await compositeServer(redis);
  process.send?.({ url, sale: "", sku: "unit", unitPrice: 1 });
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicros: user + system, rssBytes: process.memoryUsage.rss() });
  });
  process.once("disconnect", () => process.exit(0));
}
