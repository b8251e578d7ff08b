/** Behind sentinels a store goes on when another server becomes the master. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Effect } from "effect";
import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { redisMissing, startRedis } from "../testing/redis-server.ts";
import { connectNode } from "../testing/redis-store.ts";

const run = <Answer>(effect: Effect.Effect<Answer, unknown>) => Effect.runPromise(effect);

/** A master with one replica, and a sentinel that watches them. */
async function startSentinel() {
  const master = await startRedis();
  const replica = await startRedis({ options: ["--replicaof", "127.0.0.1", `${master.port}`] });
  const follower = new Redis(replica.url);
  while (!(await follower.info("replication")).includes("master_link_status:up")) await wait(20);
  follower.disconnect();
  const folder = mkdtempSync(join(tmpdir(), "rehearse-sentinel-"));
  const settingsFile = join(folder, "sentinel.conf");
  writeFileSync(settingsFile, `sentinel monitor sale 127.0.0.1 ${master.port} 1\n`);
  const sentinel = await startRedis({ settingsFile, options: ["--sentinel"] });
  return {
    sentinel,
    stop: async () => {
      await Promise.all([sentinel.stop(), master.stop(), replica.stop()]);
      rmSync(folder, { recursive: true });
    },
  };
}

describe.skipIf(redisMissing() !== null)("a Redis behind sentinels", () => {
  it("holds and sells on, with the same stock, after a fail-over", async () => {
    const { sentinel, stop } = await startSentinel();
    onTestFinished(stop);
    const items = [{ sku: "lamp", units: 3, limitPerShopper: 3, limitPerPerson: null }];
    const url = `redis+sentinel://127.0.0.1:${sentinel.port}/sale`;
    const { stock, check, close } = await connectNode(sentinel, { items, url });
    const lines = [{ sku: "lamp", units: 1 }];
    const held = await run(
      stock.hold({ hold: "h", shopper: "ann", lines, now: 0, expiresAt: 1_000_000 }),
    );
    expect(held._tag).toBe("Held");
    const watcher = new Redis(sentinel.url);
    const before = String(await watcher.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "sale"));
    // A sentinel takes a replica that it has heard of for some time.
    const failOver = () => watcher.call("SENTINEL", "FAILOVER", "sale").catch(String);
    while ((await failOver()) !== "OK") await wait(100);
    const masterNow = () => watcher.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "sale");
    while (String(await masterNow()) === before) await wait(50);
    while ((await check()) !== null) await wait(50);
    // No order stands behind the hold, so the gate that was rebuilt knows of three units.
    const level = await run(stock.level("lamp"));
    expect(level).toMatchObject({ sold: 0 });
    const again = await run(
      stock.hold({ hold: "h2", shopper: "bob", lines, now: 1, expiresAt: 1_000_000 }),
    );
    expect(again._tag).toBe("Held");
    watcher.disconnect();
    await close();
  });
});
