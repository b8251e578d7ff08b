/** Sale logs put to the store's rules again: the orders and the digest of the store that wrote them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Effect } from "effect";
import { afterAll, describe, expect, it } from "vitest";
import { LedgerDigest } from "../../store/core/ledger-digest.ts";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { saleLogLine } from "../../store/core/sale-log-line.ts";
import { memoryParts } from "../../store/live/memory-parts.ts";
import type { LiveParts } from "../../store/live/parts.ts";
import { behindRedis } from "../../store/live/redis/behind-redis.ts";
import { severalNodes } from "../../store/live/several-nodes.ts";
import { openSqlite } from "../../store/live/sqlite/sqlite-parts.ts";
import { setupOfTest } from "../../store/live/testing/order-outcome.ts";
import { orderSchedule } from "../../store/live/testing/order-schedule.ts";
import { throughServer } from "../../store/live/testing/order-served.ts";
import { ownSchema } from "../../store/live/testing/postgres-store.ts";
import type { SaleSetup } from "../../store/service/sale-setup.ts";
import { describeWithServer } from "../../store/testing/real-servers.ts";
import { sealed } from "../../twin/adapters/sealed-globals.ts";
import { decodeScenario } from "../../twin/scenario/decode.ts";
import { World } from "../../twin/world.ts";
import { isSaleLog, saleLogLedgers } from "./sale-log-ledgers.ts";

const folder = mkdtempSync(join(tmpdir(), "ledgers-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function written(lines: readonly string[]): string {
  const path = join(folder, `${files++}.ndjson`);
  writeFileSync(path, lines.join(""));
  return path;
}

/** One rehearsal: its log, and the digest of the ledger that it ended with. */
function rehearsed(name: string, seed: string, scale = 1) {
  const path = `scenarios/${name}.yaml`;
  const found = decodeScenario({
    text: readFileSync(resolve(path), "utf8"),
    path,
    sets: [],
    scale,
  });
  if (Array.isArray(found)) throw new Error(found[0]?.message);
  const plan = found.plans[0];
  if (plan === undefined) throw new Error("a scenario has a plan");
  const lines: string[] = [];
  const onSaleEvent = (event: SaleEvent) => lines.push(saleLogLine(event));
  const world = sealed(() => new World({ plan, seed, onSaleEvent }));
  while (sealed(() => world.advance()) !== "over");
  const digest = new LedgerDigest();
  const { orders } = world.store.orderBook.snapshot();
  for (const order of orders) digest.order(order);
  const confirmed = orders.filter(({ state }) => state === "confirmed");
  return { lines, digest: digest.hex(), confirmed: confirmed.length, placed: orders.length };
}

async function ledgersOf(path: string) {
  const read = await saleLogLedgers(path);
  if ("why" in read) throw new Error(read.why);
  return read;
}

describe("a rehearsal's own sale log, replayed", () => {
  it.each([
    ["small-drop", "ledger/1", 1],
    ["small-drop", "ledger/2", 1],
    ["exit-offers", "ledger/1", 0.05],
    ["bot-raid", "ledger/1", 0.1],
    ["gateway-brownout", "ledger/1", 0.05],
    ["vip-early-access", "ledger/1", 0.05],
    ["sell-out-race", "ledger/1", 0.3],
  ] as const)("gives the same orders: %s, seed %s", async (name, seed, scale) => {
    const { lines, digest, confirmed, placed } = rehearsed(name, seed, scale);
    const { ledgers, unreadable, isCut } = await ledgersOf(written(lines));
    expect(placed).toBeGreaterThan(10);
    expect([unreadable, isCut]).toEqual([0, false]);
    expect(ledgers).toHaveLength(1);
    expect(ledgers[0]).toMatchObject({ digest, confirmed, placed, found: 0, open: 0 });
  });
});

describe("a log that was changed", () => {
  const { lines, digest } = rehearsed("small-drop", "ledger/1");
  const placeOf = (kind: string) => lines.findIndex((line) => line.includes(`"kind":"${kind}"`));
  const replayed = async (changed: readonly string[]) => {
    const { ledgers } = await ledgersOf(written(changed));
    return ledgers[0];
  };

  it("is found out at its line: a unit too many, an order twice, a step left out", async () => {
    const sold = placeOf("HoldSold");
    const more = lines[sold]?.replace('"units":1', '"units":2') ?? "";
    expect((await replayed(lines.with(sold, more)))?.findings[0]).toMatchObject({
      line: sold + 1,
      what: expect.stringContaining("other units than it holds"),
    });
    const placed = placeOf("OrderPlaced");
    const twice = lines.toSpliced(placed, 0, lines[placed] ?? "");
    expect((await replayed(twice))?.findings[0]).toMatchObject({ line: placed + 2 });
    const paid = placeOf("OrderPaid");
    const found = await replayed(lines.toSpliced(paid, 1));
    expect(found?.findings[0]?.what).toMatch(/goes from authorising to confirmed/u);
    const held = placeOf("HoldPlaced");
    expect((await replayed(lines.toSpliced(held, 1)))?.found).toBeGreaterThan(0);
  });

  it("has another digest where an order came to something else", async () => {
    const placed = placeOf("OrderPlaced");
    const [, total = ""] = /"total":(\d+)/u.exec(lines[placed] ?? "") ?? [];
    const cheaper =
      lines[placed]?.replace(`"total":${total}`, `"total":${Number(total) - 1}`) ?? "";
    const found = await replayed(lines.with(placed, cheaper));
    expect(found?.digest).not.toBe(digest);
    expect(found?.findings[0]?.what).toContain("its lines less 0");
  });

  it("is refused, with what to do, where its ledger is larger than the memory", async () => {
    const [first = "", second = ""] = ["1", "2"].map((hold) =>
      JSON.stringify({
        at: "2024-11-29T18:00:00.000Z",
        kind: "HoldPlaced",
        hold,
        shopper: hold,
        lines: [{ sku: "A", units: 1 }],
      }),
    );
    const path = written([`${first}\n`, `${second}\n`]);
    expect(await saleLogLedgers(path, 4)).toMatchObject({ unreadable: 0 });
    const refused = await saleLogLedgers(path, 3);
    expect("why" in refused && refused.why).toContain("first 2 lines");
  });

  it("is read up to where it is cut off, and its other lines are told", async () => {
    const cut = written([...lines.slice(0, 50), '{"at":"2024-03-01T17:0']);
    expect(await ledgersOf(cut)).toMatchObject({ isCut: true, unreadable: 0 });
    const broken = written([...lines.slice(0, 50), "no event\n", ...lines.slice(50)]);
    const found = await ledgersOf(broken);
    expect(found).toMatchObject({ isCut: false, unreadable: 1, unreadableLines: [51] });
    expect(found.ledgers[0]?.digest).toBe(digest);
  });

  it("is no log of a store where it has nothing of one", async () => {
    expect(await isSaleLog(written(lines))).toBe(true);
    expect(await isSaleLog(written([]))).toBe(false);
    expect(await isSaleLog(written(["time,order\n", "2024-01-01T00:00:00Z,1\n"]))).toBe(false);
  });
});

const STARTS_AT = Date.UTC(2025, 10, 28, 9);
const SCHEDULE = orderSchedule({ seed: "ledgers", requests: 300, shoppers: 25 });

/** A sale over HTTP, and what its ledger and its log say of it. */
async function livesAndReplays(parts: (setup: SaleSetup) => LiveParts | Promise<LiveParts>) {
  const setup = setupOfTest(STARTS_AT, (SCHEDULE.at(-1)?.at ?? 0) + 1);
  const opened = await parts(setup);
  const digest = new LedgerDigest();
  const lines: string[] = [];
  const { close, ...rest } = opened;
  // Read before the server takes its parts away with it.
  const read = async () => {
    const { orders } = await Effect.runPromise(opened.orders.snapshot);
    for (const order of orders) digest.order(order);
    const logged = await Effect.runPromise(opened.saleLog.read({ after: 0, limit: 100_000 }));
    for (const { event } of logged) lines.push(saleLogLine(event));
    await close();
  };
  await throughServer(setup, SCHEDULE, STARTS_AT, { ...rest, close: read });
  const { ledgers } = await ledgersOf(written(lines));
  expect(digest.orders).toBeGreaterThan(20);
  expect(ledgers[0]).toMatchObject({ digest: digest.hex(), placed: digest.orders, findings: [] });
}

describe("a live sale's log, replayed, gives the digest of its ledger", () => {
  const sqlite = (setup: SaleSetup) =>
    openSqlite({ folder: mkdtempSync(join(folder, "sqlite-")), setup });

  it("over parts in memory", () => livesAndReplays(memoryParts));
  it("over SQLite", () => livesAndReplays(sqlite));
});

await describeWithServer("redis", "behind Redis", ({ url: redis }) => {
  it("a live sale's log gives the digest of its ledger, over SQLite", () =>
    livesAndReplays((setup) => {
      const named = { ...setup, name: ownSchema() };
      const path = mkdtempSync(join(folder, "behind-"));
      return behindRedis(redis, named, openSqlite({ folder: path, setup }));
    }));
});

await describeWithServer("redis", "on several nodes", ({ url: redis }) =>
  describeWithServer("postgres", "with PostgreSQL", ({ url }) => {
    it("a live sale's log gives the digest of its ledger", () =>
      livesAndReplays((setup) => {
        const own = { ...setup, name: ownSchema() };
        return severalNodes({ redis, postgres: `${url}?schema=${own.name}`, setup: own });
      }));
  }),
);
