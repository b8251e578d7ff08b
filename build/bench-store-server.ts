/**
 * The store under load: a process of its own with every rule on, a payment gateway that answers at
 * once, and shoppers who are known by a key that it is given.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoSale } from "../store/live/demo-sale.ts";
import { buildServer } from "../store/live/http/server.ts";
import { makeLiveStore } from "../store/live/live-store.ts";
import { memoryParts } from "../store/live/memory-parts.ts";
import { storefront } from "../store/live/pages/storefront.ts";
import type { LiveParts } from "../store/live/parts.ts";
import { behindRedis } from "../store/live/redis/behind-redis.ts";
import { openSqlite } from "../store/live/sqlite/sqlite-parts.ts";
import { ScriptedGateway } from "../store/memory/scripted-gateway.ts";
import type { RoomSetup, SaleSetup } from "../store/service/sale-setup.ts";

const UNITS = 10_000_000;
const PER_ADDRESS = { tokens: 1_000_000, everyMillis: 1_000, burst: 1_000_000 };

/** `queue` is SQLite with a waiting room in which everybody waits. */
export type StoreKind = "memory" | "sqlite" | "redis-sqlite" | "queue";

export interface StoreTold {
  readonly url: string;
  /** The name of the sale, which tokens are signed for. */
  readonly sale: string;
  readonly sku: string;
  readonly unitPrice: number;
}

/** The demonstration with stock for all; its limit per address is not one for a load from one. */
function benchSale(): SaleSetup {
  const demo = demoSale(Date.now() - 1_000);
  const { limits } = demo.settings;
  return {
    ...demo,
    stock: demo.stock.map(({ sku }) => ({ sku, units: UNITS, limitPerShopper: 1_000_000 })),
    holdLimits: { perShopper: 1_000, perNetwork: 1_000_000, afterLapse: null },
    settings: {
      ...demo.settings,
      limits: { perShopper: limits?.perShopper ?? null, perNetwork: PER_ADDRESS },
    },
  };
}

/** One is inside, and whoever comes then takes a place. */
const ROOM: RoomSetup = {
  limits: {
    active: 1,
    perMinute: null,
    lanes: [{ name: "regular", share: 1, opensAt: null }],
    engages: { from: null, above: 1 },
    passMillis: 120_000,
    sessionMillis: 3_600_000,
    keptMillis: 3_600_000,
    adaptive: null,
    drawSeed: "bench",
  },
  laneOf: { regular: "regular", loyal: "regular", vip: "regular" },
};

async function partsOf(kind: StoreKind, setup: SaleSetup, redis: string): Promise<LiveParts> {
  if (kind === "memory") return memoryParts(setup);
  const ledger = openSqlite({ folder: mkdtempSync(join(tmpdir(), "bench-store-")), setup });
  return kind !== "redis-sqlite" ? ledger : behindRedis(redis, setup, ledger);
}

/** Serves until whoever started it is gone. */
export async function serveBench(kind: StoreKind, redis: string, key: string): Promise<void> {
  const setup = { ...benchSale(), room: kind === "queue" ? ROOM : null };
  const parts = await partsOf(kind, setup, redis);
  const keys = [Buffer.from(key, "hex")];
  const store = makeLiveStore({
    setup,
    parts,
    keys,
    gateways: [ScriptedGateway.make({ name: "g" })],
  });
  const options = { store, identityKeys: keys, secure: false, version: "bench", limits: null };
  const server = buildServer(options);
  server.register(storefront);
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  const listing = setup.catalog.listings[0];
  const told: StoreTold = {
    url,
    sale: setup.name,
    sku: listing?.sku ?? "",
    unitPrice: listing?.salePrice ?? 0,
  };
  process.send?.(told);
  process.on("message", () => process.send?.(usage()));
  process.once("disconnect", () => process.exit(0));
}

export interface Usage {
  readonly cpuMicros: number;
  readonly rssBytes: number;
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMicros: user + system, rssBytes: process.memoryUsage.rss() };
}
