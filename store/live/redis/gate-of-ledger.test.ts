/** The gate and the ledger that it is put together from: whose it is, and how large that may be. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import Database from "better-sqlite3";
import { Effect } from "effect";
import { afterEach, expect, it } from "vitest";
import type { StockLevel } from "../../core/hold.ts";
import { demoSale } from "../demo-sale.ts";
import type { GatedLedger } from "../orders-with-units.ts";
import type { LiveParts } from "../parts.ts";
import { LEDGER_FILE } from "../sqlite/ledger-file.ts";
import { openSqlite } from "../sqlite/sqlite-parts.ts";
import { saleName, withRedis } from "../testing/redis-store.ts";
import { behindRedis } from "./behind-redis.ts";
import { connectRedis } from "./redis-parts.ts";

const ORDERS = 50_000;
/** All of them at once would be some fifty. */
const GROWN_MEGABYTES_MAX = 12;
const SKU = "lamp-cone";

const folders: string[] = [];
const opened: LiveParts[] = [];

afterEach(async () => {
  for (const parts of opened.splice(0)) await parts.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function saleOf(name: string, units = 20) {
  const demo = demoSale(0);
  const stock = demo.stock.map((item) => ({ ...item, units, limitPerShopper: 5 }));
  return { ...demo, name, stock };
}

function ledgerIn(folder: string, setup: ReturnType<typeof saleOf>): LiveParts & GatedLedger {
  const ledger = openSqlite({ folder, setup });
  opened.push(ledger);
  return ledger;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gate-of-ledger-"));
  folders.push(folder);
  return folder;
}

const hold = ({ stock }: LiveParts, name: string, units: number) => {
  const of = { hold: name, shopper: name, lines: [{ sku: SKU, units }], now: 0 };
  return Effect.runPromise(stock.hold({ ...of, expiresAt: 10_000 }));
};

async function levelOf({ stock }: Pick<LiveParts, "stock">): Promise<StockLevel> {
  return (await Effect.runPromise(stock.level(SKU))) as StockLevel;
}

/** Orders as a day of the sale leaves them: each tenth is being paid, the others are confirmed. */
function fillWithOrders(folder: string): void {
  const file = new Database(join(folder, LEDGER_FILE));
  file.exec(`
    WITH RECURSIVE numbered (number) AS
      (SELECT 1 UNION ALL SELECT number + 1 FROM numbered WHERE number < ${ORDERS})
    INSERT INTO orders (epoch, hold_until, state, revision, changed_at, attempts, answer, steps,
        touched, number, id, shopper, key, fingerprint, hold, lines, total, currency,
        payment_token, person, placed_at)
    SELECT number, 90000 + number, iif(number % 10 = 0, 'authorising', 'confirmed'), 3, number, 1,
        iif(number % 10 = 0, NULL, '{"_tag":"Confirmed"}'), '[]', number, number, 'order-' || number,
        'shopper-' || number, 'key', 'fingerprint', 'hold-' || number,
        '[{"sku":"${SKU}","units":1,"unitPrice":3700}]', 3700, 'USD', 'card-ok',
        '["email-of-' || number || '"]', number
      FROM numbered;
    UPDATE counters SET value = ${ORDERS} WHERE name = 'orders.placed'`);
  file.close();
}

/** Megabytes of what is still referred to. */
function megabytesInUse(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

withRedis("the gate of a ledger", (server) => {
  it("of two ledgers of one sale, neither sells through the other's gate", async () => {
    const setup = saleOf(saleName());
    const [mine, other] = [newFolder(), newFolder()];
    const gated = async (folder: string) =>
      behindRedis(server().url, setup, ledgerIn(folder, setup));
    const first = await gated(mine);
    expect((await hold(first, "h", 5))._tag).toBe("Held");
    const second = await gated(other);
    expect(await levelOf(second)).toMatchObject({ available: 20, held: 0 });
    expect((await hold(second, "h", 3))._tag).toBe("Held");
    expect(await levelOf(first)).toMatchObject({ available: 15, held: 5 });
    // The same folder opened again finds the gate of its own ledger, with what it has held.
    await first.close();
    expect(await levelOf(await gated(mine))).toMatchObject({ available: 15, held: 5 });
    await second.close();
  });

  it("is put together page by page, however many orders there are", async () => {
    const setup = saleOf(saleName(), 2 * ORDERS);
    const folder = newFolder();
    const ledger = ledgerIn(folder, setup);
    fillWithOrders(folder);
    const { orders, ordersWithUnits, identity, stock: movements } = ledger;
    const [inUse, largest] = [[] as number[], [] as number[]];
    const watched: GatedLedger["ordersWithUnits"] = (after) => {
      if (after % 10_000 === 0) inUse.push(megabytesInUse());
      return Effect.tap(ordersWithUnits(after), (page) => {
        largest.push(page.orders.length);
        return Effect.void;
      });
    };
    const began = performance.now();
    const truth = { ledger: orders, ordersWithUnits: watched, identity, movements };
    const redis = await connectRedis({ url: server().url, setup, ...truth });
    const took = performance.now() - began;
    const level = await levelOf(redis);
    expect(level).toMatchObject({ sold: 45_000, held: 5_000, available: 50_000 });
    const taken = await Effect.runPromise(redis.stock.find("hold-50000"));
    expect(taken).toMatchObject({ state: "live", epoch: ORDERS, person: ["email-of-50000"] });
    const of = { hold: "h", lines: [{ sku: SKU, units: 5 }], now: 0, expiresAt: 1_000 };
    const limited = await Effect.runPromise(redis.stock.hold({ ...of, shopper: "shopper-7" }));
    expect(limited).toMatchObject({ _tag: "LimitReached", counted: 1 });
    await redis.close();
    expect(largest.reduce((sum, length) => sum + length, 0)).toBe(ORDERS);
    expect(Math.max(...largest)).toBe(1_000);
    expect(inUse).toHaveLength(6);
    expect(Math.max(...inUse) - (inUse[0] as number)).toBeLessThan(GROWN_MEGABYTES_MAX);
    // How long depends on who else uses the machine: it is told, and held to nothing.
    process.stdout.write(`  the gate of ${ORDERS} orders in ${Math.round(took)} ms\n`);
  });
});
