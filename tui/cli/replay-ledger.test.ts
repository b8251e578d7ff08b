/** The sale log of a live store, replayed: the digest of its ledgers, whatever keeps them. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { describeWithServer } from "../../store/testing/real-servers.ts";
import { LedgersResultForm } from "../report/replay-schema.ts";
import { takenBy } from "../report/testing/held-to-form.ts";
import { asked, endAll, ended, type Serving, serve, shopperAt } from "./testing/serving.ts";

const folder = mkdtempSync(join(tmpdir(), "replay-ledger-"));
afterEach(endAll);
afterAll(() => rmSync(folder, { recursive: true }));

const bundle = resolve("dist/rehearse.js");

function replay(...words: readonly string[]) {
  const options = { cwd: folder, encoding: "utf8" } as const;
  const ran = spawnSync(process.execPath, [bundle, "replay", ...words], options);
  return { status: ran.status, out: ran.stdout, err: ran.stderr };
}

type Ledger = (typeof LedgersResultForm.Type)["ledgers"][number];

function ledgerOf(path: string): { readonly status: number | null; readonly ledger: Ledger } {
  const { status, out } = replay(path, "--json");
  const { ledgers } = takenBy(LedgersResultForm, out);
  expect(ledgers).toHaveLength(1);
  return { status, ledger: ledgers[0] as Ledger };
}

const ITEMS = [
  { sku: "lamp-cone", units: 1, unitPrice: 3_700 },
  { sku: "handbag-last", units: 1, unitPrice: 20_700 },
  { sku: "lantern-dusk", units: 2, unitPrice: 2_200 },
];
let keys = 0;

/** Orders by the dozen at once: paid, declined, of what is sold out, of what is only held. */
async function buyMany(urls: readonly string[], count: number): Promise<readonly number[]> {
  const buy = async (_: unknown, number: number) => {
    const url = urls[number % urls.length] as string;
    const token = await shopperAt(url);
    const lines = [ITEMS[number % ITEMS.length]];
    const paymentToken = number % 5 === 4 ? "card-declined" : "card-ok";
    const key = `replayed-${keys++}`;
    return (await asked(`${url}/api/orders`, token, { lines, paymentToken }, key)).status;
  };
  return Promise.all(Array.from({ length: count }, buy));
}

/** What the store says of its own ledgers. */
async function digestAt(url: string, data: string) {
  const [, token = ""] = readFileSync(join(data, "admin-tokens"), "utf8").trim().split(" ");
  const { status, body } = await asked(`${url}/api/admin/ledger-digest`, token);
  expect(status).toBe(200);
  return body as { readonly digest: string; readonly orders: number };
}

async function restockAt(url: string, data: string): Promise<void> {
  const [, token = ""] = readFileSync(join(data, "admin-tokens"), "utf8").trim().split(" ");
  const path = `${url}/api/admin/stock/handbag-last/restock`;
  expect((await asked(path, token, { units: 2 })).status).toBe(200);
}

/** The digest that the store tells, once what it does in the background has been done. */
async function compare(store: Serving, data: string, record: string): Promise<Ledger> {
  const told = await digestAt(store.url, data);
  expect(await ended(store, "SIGTERM")).toBe(0);
  const { status, ledger } = ledgerOf(record);
  expect(ledger.findings).toEqual([]);
  expect(status).toBe(0);
  expect(ledger).toMatchObject({ digest: told.digest, placed: told.orders });
  return ledger;
}

describe("the sale log of a live store, replayed", () => {
  const data = join(folder, "sqlite");
  const record = join(folder, "sqlite.ndjson");

  it("gives the ledger digest of the store on SQLite, through a kill -9", async () => {
    const words = ["--data", data, "--record", record];
    const first = await serve(["--demo", ...words]);
    await buyMany([first.url], 20);
    await restockAt(first.url, data);
    const broken = buyMany([first.url], 20).catch(() => []);
    await ended(first, "SIGKILL");
    await broken;
    const second = await serve(words);
    expect(await buyMany([second.url], 20)).toContain(201);
    const { confirmed, placed } = await compare(second, data, record);
    expect(confirmed).toBeGreaterThan(20);
    expect(placed).toBeGreaterThan(confirmed);
  });
});

it("gives the kept digest of the sale that was recorded from the store", () => {
  const { status, ledger } = ledgerOf(resolve("scenarios/past-sales/small-drop-live/log.ndjson"));
  expect(status).toBe(0);
  // As `GET /api/admin/ledger-digest` of that store had it at the end of the sale.
  expect(ledger).toMatchObject({ digest: "79cebd4623c62658", placed: 224, confirmed: 203 });
});

const ON_ITS_OWN = { own: true };

await describeWithServer("postgres", "the sale log of several nodes, replayed", (postgres) =>
  describeWithServer(
    "redis",
    "behind one Redis",
    (redis) => {
      it("gives the ledger digest of PostgreSQL", async () => {
        const where = `${postgres.url}?schema=${postgres.ownName}`;
        const shared = ["--postgres", where, "--redis", redis.url];
        const keysOfBoth = { REHEARSE_KEYS: randomBytes(32).toString("base64") };
        const data = [0, 1].map((node) => join(folder, `node-${node}`));
        const record = join(folder, "nodes.ndjson");
        const words = (node: number) => [...shared, "--data", data[node] as string];
        const first = await serve(["--demo", ...words(0)], keysOfBoth);
        const second = await serve([...words(1), "--record", record], keysOfBoth);
        await buyMany([first.url, second.url], 40);
        expect(await ended(first, "SIGTERM")).toBe(0);
        const { confirmed } = await compare(second, data[1] as string, record);
        expect(confirmed).toBeGreaterThan(10);
      });
    },
    ON_ITS_OWN,
  ),
);
