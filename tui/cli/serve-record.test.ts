import { randomBytes } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect } from "effect";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { saleLogLine } from "../../store/core/sale-log-line.ts";
import { saleIn } from "../../store/live/data-folder.ts";
import { connectPostgres } from "../../store/live/postgres/postgres-parts.ts";
import { openSqlite } from "../../store/live/sqlite/sqlite-parts.ts";
import type { SaleLogService } from "../../store/ports/sale-log.ts";
import type { SaleSetup } from "../../store/service/sale-setup.ts";
import { describeWithServer } from "../../store/testing/real-servers.ts";
import { asked, endAll, ended, refusal, serve, shopperAt } from "./testing/serving.ts";

const folder = mkdtempSync(join(tmpdir(), "serve-record-"));
afterEach(endAll);
afterAll(() => rmSync(folder, { recursive: true }));

let orders = 0;

/** Buys a lamp at one of the addresses; answers with the name of the order. */
async function buyAt(url: string): Promise<string> {
  const lines = [{ sku: "lamp-cone", units: 1, unitPrice: 3_700 }];
  const order = { lines, paymentToken: "card-ok" };
  const sold = await asked(`${url}/api/orders`, await shopperAt(url), order, `o-${orders++}`);
  expect(sold.status).toBe(201);
  return String(sold.body.order);
}

const buyMany = (urls: readonly string[]) => Promise.all(urls.map(buyAt));
const times = (count: number, url: string) => Array.from({ length: count }, () => url);

function setupIn(data: string): SaleSetup {
  const setup = saleIn({ path: data });
  if (setup === null) throw new Error(`no sale in ${data}`);
  return setup;
}

/** The whole log as the lines that its record is to have. */
async function linesOf(log: SaleLogService): Promise<string> {
  const events = await Effect.runPromise(log.read({ after: 0, limit: 100_000 }));
  return events.map(({ event }) => saleLogLine(event)).join("");
}

async function logIn(data: string): Promise<string> {
  const parts = openSqlite({ folder: data, setup: setupIn(data) });
  return linesOf(parts.saleLog).finally(parts.close);
}

/** The orders that a log says were confirmed, in its order. */
function confirmedIn(text: string): readonly string[] {
  const events = text.trimEnd().split("\n");
  return events
    .map((line) => JSON.parse(line))
    .filter(({ kind }) => kind === "OrderConfirmed")
    .map(({ order }) => order);
}

describe("rehearse serve --record", () => {
  it("writes the sale log of the store, whole through kills", async () => {
    const data = join(folder, "killed");
    const record = join(folder, "killed.ndjson");
    const words = ["--data", data, "--record", record];
    const sold: string[] = [];
    let store = await serve(["--demo", ...words]);
    for (let kills = 0; kills < 2; kills++) {
      sold.push(...(await buyMany(times(4, store.url))));
      await ended(store, "SIGKILL");
      // As a kill in the middle of a write leaves it.
      appendFileSync(record, '{"at":"20');
      store = await serve(words);
    }
    sold.push(await buyAt(store.url));
    expect(await ended(store, "SIGTERM")).toBe(0);
    const written = readFileSync(record, "utf8");
    expect(written).toBe(await logIn(data));
    expect([...confirmedIn(written)].sort()).toEqual(sold.sort());
  });

  it("is written once by the workers of a cluster, while they are changed one by one", async () => {
    const data = join(folder, "cluster");
    const record = join(folder, "cluster.ndjson");
    const store = await serve(["--demo", "--cluster", "2", "--data", data, "--record", record]);
    store.child.kill("SIGHUP");
    const sold = await buyMany(times(8, store.url));
    expect(await ended(store, "SIGTERM")).toBe(0);
    const written = readFileSync(record, "utf8");
    expect(written).toBe(await logIn(data));
    expect([...confirmedIn(written)].sort()).toEqual(sold.sort());
  });

  it("is kept of a store in memory as well, and never goes on with another store's", async () => {
    const record = join(folder, "memory.ndjson");
    const words = ["--demo", "--memory", "--record", record];
    const store = await serve(words);
    const sold = await buyMany(times(3, store.url));
    expect(await ended(store, "SIGINT")).toBe(0);
    const written = readFileSync(record, "utf8");
    expect([...confirmedIn(written)].sort()).toEqual(sold.sort());
    expect(refusal([...words, "--port", "0"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("is not the sale log of this store"),
    });
    expect(readFileSync(record, "utf8")).toBe(written);
  });
});

await describeWithServer("redis", "rehearse serve --record behind Redis", (redis) => {
  it("follows the ledger of the machine", async () => {
    const data = join(folder, "redis");
    const record = join(folder, "redis.ndjson");
    const gate = ["--redis", redis.url];
    const store = await serve(["--demo", "--data", data, "--record", record, ...gate]);
    await buyMany(times(3, store.url));
    expect(await ended(store, "SIGTERM")).toBe(0);
    expect(readFileSync(record, "utf8")).toBe(await logIn(data));
  });
});

/** A Redis in which no other test has sold the demonstration. */
const ON_ITS_OWN = { own: true };

await describeWithServer("postgres", "rehearse serve --record on several machines", (postgres) =>
  describeWithServer(
    "redis",
    "behind one Redis",
    (redis) => {
      it("is the same on every node, and each knows the shoppers of the other", async () => {
        const where = `${postgres.url}?schema=${postgres.ownName}`;
        const shared = ["--postgres", where, "--redis", redis.url];
        const [older, newer] = [0, 1].map(() => randomBytes(32).toString("base64"));
        const files = [0, 1].map((node) => join(folder, `node-${node}.ndjson`));
        const words = (node: number) => [
          ...shared,
          ...["--record", files[node] as string, "--data", join(folder, `node-${node}`)],
        ];
        const first = await serve(["--demo", ...words(0)], { REHEARSE_KEYS: older });
        // The second finds the sale in PostgreSQL, and signs with a newer key.
        const second = await serve(words(1), { REHEARSE_KEYS: `${newer},${older}` });
        await buyMany([...times(4, first.url), ...times(4, second.url)]);
        const token = await shopperAt(first.url);
        expect((await asked(`${second.url}/api/cart`, token)).status).toBe(200);
        for (const node of [first, second]) expect(await ended(node, "SIGTERM")).toBe(0);
        const setup = setupIn(join(folder, "node-0"));
        expect(setupIn(join(folder, "node-1"))).toEqual(setup);
        const parts = await connectPostgres({ url: where, setup, connectionsMax: 2 });
        const whole = await linesOf(parts.saleLog).finally(parts.close);
        expect(readFileSync(files[1] as string, "utf8")).toBe(whole);
        expect(confirmedIn(whole)).toHaveLength(8);
        // The first ended before the second: it has all that there was by then.
        expect(whole.startsWith(readFileSync(files[0] as string, "utf8"))).toBe(true);
      });
    },
    ON_ITS_OWN,
  ),
);
