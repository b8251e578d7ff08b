/** What becomes of the stock when Redis forgets, dies, or comes back: the ledger is the truth. */
import { Effect, Either } from "effect";
import { describe, expect, it } from "vitest";
import type { Order, OrderState } from "../../core/order.ts";
import { auditStock } from "../../core/stock-audit.ts";
import { MemoryOrderLedger } from "../../memory/order-ledger.ts";
import { MemoryStockLedger } from "../../memory/stock-ledger.ts";
import { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { StockLedgerService } from "../../ports/stock-ledger.ts";
import { changeOf, confirmedAnswer, orderOf } from "../../testing/orders.ts";
import type { OrdersWithUnits } from "../orders-with-units.ts";
import { redisMissing, startRedis } from "../testing/redis-server.ts";
import {
  connectNode,
  saleName,
  type TrialRedisOptions,
  withRedis,
} from "../testing/redis-store.ts";
import type { RedisParts } from "./redis-parts.ts";

const ITEMS = [
  { sku: "lamp", units: 20, limitPerShopper: null },
  { sku: "rug", units: 10, limitPerShopper: 2, limitPerPerson: 3 },
];
const UNTIL = 10_000;

const run = <A>(effect: Effect.Effect<A, PortUnavailable>): Promise<A> => Effect.runPromise(effect);

/** An order that has come as far as the state, with its units held under an epoch. */
async function orderIn(
  ledger: ReturnType<typeof MemoryOrderLedger.make>,
  of: Partial<Order> & { readonly id: string },
  states: readonly OrderState[],
  epoch: number,
): Promise<Order> {
  const placed = orderOf(of.id, of);
  await run(ledger.place(placed));
  let order = placed;
  for (const [at, to] of states.entries()) {
    const held = at === 0 ? { held: { epoch, until: UNTIL } } : {};
    const answer = to === "confirmed" ? { answer: confirmedAnswer(order) } : {};
    const charge = { gateway: "first", key: "k", reference: "r" };
    const paid = to === "authorised" ? { charge } : {};
    const told = await run(ledger.append(changeOf(order, to, { ...held, ...answer, ...paid })));
    if (told._tag !== "Appended") throw new Error(`the order goes to ${to}`);
    order = told.order;
  }
  return order;
}

const PAYING: readonly OrderState[] = ["authorising"];
const PAID: readonly OrderState[] = ["authorising", "authorised"];
const BOUGHT: readonly OrderState[] = ["authorising", "authorised", "confirmed"];

function rugs(units: number) {
  return [{ sku: "rug", units, unitPrice: 2_500 }];
}

async function reasonOf(effect: Effect.Effect<unknown, PortUnavailable>): Promise<string> {
  const answer = await run(
    Effect.either(effect) as Effect.Effect<Either.Either<unknown, PortUnavailable>>,
  );
  return Either.isLeft(answer) ? answer.left.reason : "it was answered";
}

/** Looks until the node can serve: what a load balancer does with a node that is not ready. */
async function untilServes(node: RedisParts): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    if ((await node.check()) === null) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("the node does not come back");
}

const hold = (stock: StockLedgerService, name: string, sku = "lamp", units = 1, shopper = name) =>
  stock.hold({ hold: name, shopper, lines: [{ sku, units }], now: 0, expiresAt: UNTIL });

withRedis("the gate of the stock", (server) => {
  const connect = (options: Partial<TrialRedisOptions> = {}) =>
    connectNode(server(), { items: ITEMS, ...options });

  it("is built from what the ledger knows: sold, paid and held units, limits and epochs", async () => {
    const ledger = MemoryOrderLedger.make();
    const cast = { shopper: "ann", person: ["card 1"] };
    await orderIn(ledger, { id: "o1", lines: rugs(1), ...cast }, BOUGHT, 7);
    await orderIn(ledger, { id: "o2", lines: rugs(1), ...cast, key: "k2" }, PAID, 9);
    const paying = await orderIn(
      ledger,
      { id: "o3", shopper: "ben", person: ["card 1"], lines: rugs(1) },
      PAYING,
      11,
    );
    await orderIn(ledger, { id: "o4", shopper: "eve" }, [], 0);
    const { stock, close } = await connect({ ledger });
    expect(await run(stock.level("rug"))).toMatchObject({ available: 7, held: 1, sold: 2 });
    expect(await run(stock.level("lamp"))).toMatchObject({ available: 20, held: 0, sold: 0 });
    expect(auditStock(await run(stock.snapshot))).toEqual([]);
    expect((await run(hold(stock, "more", "rug", 1, "ann")))._tag).toBe("LimitReached");
    const other = await run(hold(stock, "other", "rug", 1, "zoe"));
    expect(other).toMatchObject({ _tag: "Held", epoch: 12 });
    const again = { hold: "other", epoch: 12, shopper: "zoe", now: 1, expiresAt: 1_000_000 };
    expect(await run(stock.reacquire({ ...again, person: ["card 1"] }))).toMatchObject({
      epoch: 12,
      unclaimed: { _tag: "PersonLimitReached" },
    });
    const sale = { hold: paying.hold, epoch: 11, order: "o3", now: 1, honour: false };
    expect(await run(stock.sell(sale))).toMatchObject({ _tag: "Sold", serials: [{ first: 3 }] });
    const repeated = { hold: "hold of o2", epoch: 9, order: "o2", now: 1, honour: true };
    expect(await run(stock.sell(repeated))).toMatchObject({ _tag: "Sold", repeated: true });
    await close();
  });

  it("refuses everything after a flush, and is rebuilt from the ledger by one node", async () => {
    const ledger = MemoryOrderLedger.make();
    const name = saleName();
    const nodes = await Promise.all([1, 2, 3].map(() => connect({ ledger, name })));
    expect(
      nodes.map(({ gate }) => gate.rebuilds).reduce((sum, count) => sum + count),
    ).toBeGreaterThan(0);
    const [first, second] = nodes as [RedisParts, RedisParts];
    await orderIn(ledger, { id: "o1", lines: rugs(2) }, BOUGHT, 3);
    await run(hold(first.stock, "h"));
    await first.connection.client.flushall();
    expect(await reasonOf(hold(second.stock, "h2"))).toMatch(/put together from the ledger/);
    await Promise.all(nodes.map(untilServes));
    for (const { stock } of nodes) {
      expect(await run(stock.level("rug"))).toMatchObject({ available: 8, sold: 2 });
      expect(await run(stock.level("lamp"))).toMatchObject({ available: 20 });
    }
    expect((await run(first.stock.release({ hold: "h", epoch: 1, now: 1 })))._tag).toBe(
      "UnknownHold",
    );
    const generations = new Set(
      await Promise.all(
        nodes.map(({ gate, connection }) => connection.client.hget(gate.keys.stock, "ready")),
      ),
    );
    expect(generations.size).toBe(1);
    await Promise.all(nodes.map((node) => node.close()));
  });

  it("restocks and write-offs outlive a flush where a durable stock is told of them", async () => {
    const movements = MemoryStockLedger.make({ items: ITEMS });
    const { stock, connection, close, check } = await connect({ movements });
    await run(stock.restock({ sku: "lamp", units: 5 }));
    await run(stock.quarantine({ sku: "lamp", units: 3 }));
    await run(stock.writeOff({ sku: "lamp", units: 1, from: "quarantined" }));
    const before = await run(stock.level("lamp"));
    expect(before).toMatchObject({ available: 22, quarantined: 2, writtenOff: 1 });
    await connection.client.flushall();
    await check();
    expect(await run(stock.level("lamp"))).toEqual(before);
    await close();
  });

  it("a node that slept while the gate was rebuilt acts under no old generation", async () => {
    const ledger = MemoryOrderLedger.make();
    const name = saleName();
    const awake = await connect({ ledger, name });
    const asleep = await connect({ ledger, name });
    await run(hold(asleep.stock, "h", "lamp", 20));
    await awake.connection.client.flushall();
    await awake.check();
    expect((await run(hold(awake.stock, "h2", "lamp", 20)))._tag).toBe("Held");
    expect(
      await reasonOf(asleep.stock.sell({ hold: "h", epoch: 1, order: "o", now: 1, honour: true })),
    ).toMatch(/put together/);
    await untilServes(asleep);
    const sale = { hold: "h", epoch: 1, order: "o", now: 1, honour: true };
    expect((await run(asleep.stock.sell(sale)))._tag).toBe("UnknownHold");
    await Promise.all([awake.close(), asleep.close()]);
  });

  it("a name that is too long, or no text, is refused and reaches no key", async () => {
    const { stock, carts, close } = await connect();
    for (const name of ["x".repeat(513), "\ud800"]) {
      expect(await reasonOf(hold(stock, name))).toMatch(/name/);
      expect(await reasonOf(stock.find(name))).toMatch(/name/);
      expect(await reasonOf(carts.get(name))).toMatch(/name/);
    }
    await close();
  });
});

describe.skipIf(redisMissing() !== null)("the connection to Redis", () => {
  it("fails fast while the server is away, and comes back with the stock of the ledger", async () => {
    const server = await startRedis();
    const ledger = MemoryOrderLedger.make();
    const node = await connectNode(server, { items: ITEMS, ledger });
    await run(hold(node.stock, "h"));
    await orderIn(ledger, { id: "o1", lines: rugs(2) }, BOUGHT, 3);
    await server.stop();
    const began = performance.now();
    expect(await reasonOf(hold(node.stock, "h2"))).toMatch(/./);
    expect(await node.check()).toMatch(/no connection to Redis/);
    expect(performance.now() - began).toBeLessThan(1_000);
    const again = await startRedis({ port: server.port });
    await untilServes(node);
    expect(await run(node.stock.level("rug"))).toMatchObject({ available: 8, sold: 2 });
    expect(await run(node.stock.level("lamp"))).toMatchObject({ available: 20 });
    await node.close();
    await again.stop();
  });

  it("a server that may drop keys is refused, and one that is not there is named", async () => {
    const options = ["--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"];
    const server = await startRedis({ options });
    await expect(connectNode(server, { items: ITEMS })).rejects.toThrow(/set it to noeviction/);
    await server.stop();
    await expect(connectNode(server, { items: ITEMS })).rejects.toThrow(/nobody listens there/);
  });

  it("a gate that nobody checks is put right by those who ask it", async () => {
    const server = await startRedis();
    let failures = 0;
    const ordersWithUnits: OrdersWithUnits = () => {
      const port = "store/OrderLedger";
      failures -= 1;
      return failures < 0
        ? Effect.succeed({ orders: [], next: null })
        : Effect.fail(new PortUnavailable({ port, reason: "the ledger is away" }));
    };
    const node = await connectNode(server, { items: ITEMS, ordersWithUnits });
    failures = 2;
    await node.connection.client.flushall();
    let tries = 0;
    while ((await reasonOf(hold(node.stock, "h"))) !== "it was answered") {
      tries += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(tries).toBeGreaterThan(1);
    expect(failures).toBe(-1);
    expect(node.gate.rebuilds).toBe(2);
    await node.close();
    await server.stop();
  });

  it("a server that stands still is given up in its time, not waited for", async () => {
    const server = await startRedis();
    const node = await connectNode(server, { items: ITEMS, answerMillisMax: 150 });
    server.process.kill("SIGSTOP");
    const began = performance.now();
    expect(await reasonOf(hold(node.stock, "h"))).toMatch(/./);
    expect(performance.now() - began).toBeLessThan(1_500);
    server.process.kill("SIGCONT");
    await untilServes(node);
    expect((await run(hold(node.stock, "h2")))._tag).toBe("Held");
    await node.close();
    await server.stop();
  });

  it("a server that was restarted with its own memory is still rebuilt from the ledger", async () => {
    const server = await startRedis({ options: ["--appendonly", "yes"], keepFolder: true });
    const node = await connectNode(server, { items: ITEMS });
    await run(hold(node.stock, "h", "lamp", 5));
    await server.stop();
    const again = await startRedis({
      port: server.port,
      folder: server.folder,
      options: ["--appendonly", "yes"],
    });
    await untilServes(node);
    expect(node.gate.rebuilds).toBe(2);
    expect(await run(node.stock.level("lamp"))).toMatchObject({ available: 20, held: 0 });
    await node.close();
    await again.stop();
  });
});
