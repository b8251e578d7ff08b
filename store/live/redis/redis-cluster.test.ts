/** The same steps on a Redis Cluster, which refuses a script whose keys lie on two of its nodes. */
import { Effect } from "effect";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { auditStock } from "../../core/stock-audit.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import { freePort, type RedisServer, redisMissing, startRedis } from "../testing/redis-server.ts";
import { connectNode } from "../testing/redis-store.ts";

const SLOTS = 16_384;
const run = <A>(effect: Effect.Effect<A, PortUnavailable>): Promise<A> => Effect.runPromise(effect);

/** A cluster's bus has a port of its own, by default 10,000 above: two free ones are named here. */
async function clusterNode(): Promise<RedisServer> {
  const bus = await freePort();
  return startRedis({ options: ["--cluster-enabled", "yes", "--cluster-port", `${bus}`] });
}

/** Two servers that share the slots between them. */
async function startCluster(): Promise<readonly RedisServer[]> {
  const servers = [await clusterNode(), await clusterNode()];
  const clients = servers.map(({ url }) => new Redis(url));
  const [first, second] = clients as [Redis, Redis];
  await first.call("CLUSTER", "ADDSLOTSRANGE", 0, SLOTS / 2 - 1);
  await second.call("CLUSTER", "ADDSLOTSRANGE", SLOTS / 2, SLOTS - 1);
  const bus = await second.config("GET", "cluster-port");
  await first.call("CLUSTER", "MEET", "127.0.0.1", servers[1].port, (bus as string[])[1]);
  for (const client of clients) {
    while (!String(await client.call("CLUSTER", "INFO")).includes("cluster_state:ok")) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    client.disconnect();
  }
  return servers;
}

describe.skipIf(redisMissing() !== null)("a Redis Cluster", () => {
  it("holds, sells and keeps carts and limits with all keys of a step on one node", async () => {
    const servers = await startCluster();
    const [server] = servers as [RedisServer];
    const items = [{ sku: "lamp", units: 20, limitPerShopper: 2, limitPerPerson: 2 }];
    const holdLimits = {
      perShopper: 2,
      perNetwork: 40,
      afterLapse: { firstMillis: 10, maxMillis: 100 },
    };
    const url = server.url.replace("redis:", "redis+cluster:");
    const node = await connectNode(server, { items, holdLimits, url });
    const { stock, carts, rateLimiter } = node;
    const request = { shopper: "ann", network: "10.0.0.0/24", lines: [{ sku: "lamp", units: 1 }] };
    const person = ["card"];
    const held = await run(stock.hold({ ...request, person, hold: "h", now: 0, expiresAt: 10 }));
    const epoch = held._tag === "Held" ? held.epoch : 0;
    const sold = await run(stock.sell({ hold: "h", epoch, order: "o", now: 1, honour: false }));
    expect(sold._tag).toBe("Sold");
    await run(stock.hold({ ...request, hold: "h2", now: 0, expiresAt: 10 }));
    expect((await run(stock.expireDue({ now: 10, limit: 5 }))).expired).toHaveLength(1);
    expect(auditStock(await run(stock.snapshot))).toEqual([]);
    const cart = {
      cart: "c",
      shopper: "ann",
      currency: "USD",
      version: 0,
      lines: [],
      updatedAt: 1,
    };
    expect((await run(carts.put(cart)))._tag).toBe("CartStored");
    expect((await run(carts.get("c")))?.version).toBe(1);
    const limit = { tokens: 1, everyMillis: 1_000, burst: 1 };
    const buckets = ["ann", "10.0.0.0/24"].map((key) => ({ key, limit }));
    expect((await run(rateLimiter.take({ buckets, cost: 1, now: 5 })))._tag).toBe("Allowed");
    await node.connection.forEachServer((client) => client.flushall());
    expect(await node.check()).toBeNull();
    expect(await run(stock.level("lamp"))).toMatchObject({ available: 20 });
    await node.close();
    await Promise.all(servers.map(({ stop }) => stop()));
  });
});
