/**
 * What one-click orders cost on one SQLite file, without HTTP: the checkout program with every
 * rule on, as many at a time as are asked for, each answered when it is on disk. CPU time of the
 * process, and how many came through in a second of the clock.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect } from "effect";
import { assert } from "../../core/assert.ts";
import { ScriptedGateway } from "../../memory/scripted-gateway.ts";
import type { SaleSetup } from "../../service/sale-setup.ts";
import { demoSale } from "../demo-sale.ts";
import { makeLiveStore } from "../live-store.ts";
import { openSqlite } from "./sqlite-parts.ts";

export interface SqliteCheckoutCost {
  readonly cpuMicros: number;
  readonly userMicros: number;
  readonly ordersPerSecond: number;
}

export interface BenchSize {
  /** In one round. */
  readonly orders: number;
  readonly rounds: number;
  readonly concurrent: number;
}

const SKU = "scarf-heath";

/** The demonstration, with stock for all; nobody is held up by the rate limits of one address. */
function benchSale(units: number): SaleSetup {
  const demo = demoSale(Date.now() - 1_000);
  const { settings } = demo;
  return {
    ...demo,
    stock: demo.stock.map((item) => ({ ...item, units })),
    settings: { ...settings, limits: null },
  };
}

/**
 * Takes `rounds` times so many orders, `concurrent` at a time, after as many to warm up, and
 * answers with the least that a round cost: what else the machine does only adds to it.
 */
export async function benchSqliteCheckout({
  orders,
  rounds,
  concurrent,
}: BenchSize): Promise<SqliteCheckoutCost> {
  const folder = mkdtempSync(join(tmpdir(), "rehearse-bench-"));
  const setup = benchSale(orders * (rounds + 1));
  const parts = openSqlite({ folder, setup });
  const gateways = [ScriptedGateway.make({ name: "bench" })];
  const keys = [Buffer.alloc(32, 7)];
  const { checkout } = makeLiveStore({ setup, parts, gateways, keys });
  const unitPrice = setup.catalog.listings.find(({ sku }) => sku === SKU)?.salePrice ?? 0;
  const items = { lines: [{ sku: SKU, units: 1, unitPrice }] };
  const order = async (index: number): Promise<void> => {
    const shopper = `shopper-${index}`;
    const answer = await Effect.runPromise(
      checkout.placeOrder({
        shopper,
        key: `key-${index}`,
        items,
        paymentToken: "token",
        person: [`card of ${index}`, `home of ${index}`],
        network: `net-${index % 1_000}`,
        invited: false,
      }),
    );
    await parts.durable();
    assert(answer._tag === "Confirmed", "every order of the bench is confirmed");
  };
  const take = async (first: number, count: number): Promise<void> => {
    let next = first;
    const one = async (): Promise<void> => {
      while (next < first + count) await order(next++);
    };
    await Promise.all(Array.from({ length: concurrent }, one));
  };
  await take(0, orders);
  let best: SqliteCheckoutCost | null = null;
  for (let round = 1; round <= rounds; round += 1) {
    const begun = performance.now();
    const cpu = process.cpuUsage();
    await take(round * orders, orders);
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - begun) / 1_000;
    const cost = {
      cpuMicros: (user + system) / orders,
      userMicros: user / orders,
      ordersPerSecond: orders / seconds,
    };
    if (best === null || cost.cpuMicros < best.cpuMicros) best = cost;
  }
  await parts.close();
  rmSync(folder, { recursive: true, force: true });
  assert(best !== null, "a bench has a round");
  return best;
}
