/**
 * Two nodes on one Redis and one PostgreSQL, under the rushes in which other stores sell more than
 * they have, or leave units unsold.
 */
import { Effect } from "effect";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { auditPayments } from "../core/payment-audit.ts";
import { ScriptedGateway } from "../memory/scripted-gateway.ts";
import { askForServer, describeWithServer } from "../testing/real-servers.ts";
import { makeLiveStore } from "./live-store.ts";
import { severalNodes } from "./several-nodes.ts";
import { buy, type SellingNode } from "./testing/postgres-nodes.ts";
import { ownSchema } from "./testing/postgres-store.ts";
import { TRIAL_KEY, type TrialSetupOptions, trialSetup } from "./testing/trial-server.ts";

await describeWithServer("redis", "two nodes behind Redis", ({ url: redis }) =>
  describeWithServer("postgres", "on PostgreSQL", ({ url: postgres }) => {
    rushes(redis, postgres);
    afterFlush(postgres);
  }),
);

interface Trial {
  readonly nodes: readonly [SellingNode, SellingNode];
  readonly gateway: ScriptedGateway;
}

async function withNodes(
  servers: { readonly redis: string; readonly postgres: string },
  options: TrialSetupOptions,
  use: (trial: Trial) => Promise<void>,
): Promise<void> {
  const schema = ownSchema();
  const setup = { ...trialSetup(options), name: schema };
  const gateway = ScriptedGateway.make({ name: "first", latencyMillis: 3 });
  const postgres = `${servers.postgres}?schema=${schema}`;
  const node = async (): Promise<SellingNode> => {
    const parts = await severalNodes({ redis: servers.redis, postgres, setup, connectionsMax: 4 });
    return { store: makeLiveStore({ setup, parts, gateways: [gateway], keys: [TRIAL_KEY] }) };
  };
  const nodes = [await node(), await node()] as const;
  try {
    await use({ nodes, gateway });
  } finally {
    for (const { store } of nodes) await store.parts.close();
  }
}

/** What the ledger, the gate and the gateway agree on when nothing is under way. */
async function soldOf({ nodes: [{ store }], gateway }: Trial) {
  const orders = await Effect.runPromise(store.parts.orders.snapshot);
  expect(auditPayments({ orders, charges: gateway.charges(), quiescent: true })).toEqual([]);
  const { levels } = await Effect.runPromise(store.parts.stock.snapshot);
  const confirmed = orders.orders.filter(({ state }) => state === "confirmed");
  return { confirmed: confirmed.length, charged: gateway.chargeCalls(), level: levels[0] };
}

function rushes(redis: string, postgres: string): void {
  describe("a rush", () => {
    it("of 80 shoppers, 16 at a time, sells 20 units and no more", async () => {
      await withNodes({ redis, postgres }, { units: 20 }, async (trial) => {
        const answers: string[] = [];
        let next = 0;
        const lane = async () => {
          while (next < 80) {
            const number = next;
            next += 1;
            answers.push((await buy(trial.nodes[number % 2], `shopper ${number}`))._tag);
          }
        };
        await Promise.all(Array.from({ length: 16 }, lane));
        expect(answers.filter((tag) => tag === "Confirmed")).toHaveLength(20);
        expect(await soldOf(trial)).toMatchObject({
          confirmed: 20,
          charged: 20,
          level: { sold: 20, available: 0, held: 0 },
        });
      });
    });

    it("of 200 at one moment sells 100 units, the last one too", async () => {
      await withNodes({ redis, postgres }, { units: 100 }, async (trial) => {
        const shoppers = Array.from({ length: 200 }, (_, n) => `shopper ${n}`);
        await Promise.all(shoppers.map((shopper, n) => buy(trial.nodes[n % 2], shopper)));
        expect(await soldOf(trial)).toMatchObject({
          confirmed: 100,
          charged: 100,
          level: { sold: 100, available: 0, held: 0 },
        });
      });
    });

    it("of one shopper over both nodes stays within the limit per shopper", async () => {
      await withNodes({ redis, postgres }, { units: 50, limitPerShopper: 2 }, async (trial) => {
        const keys = Array.from({ length: 20 }, (_, n) => `key ${n}`);
        await Promise.all(keys.map((key, n) => buy(trial.nodes[n % 2], "ann", key)));
        expect(await soldOf(trial)).toMatchObject({ confirmed: 2, charged: 2 });
      });
    });
  });
}

function afterFlush(postgres: string): void {
  describe("a Redis that has forgotten everything", () => {
    it("sells the rest of the units and none twice", async () => {
      const own = await askForServer("redis", { own: true });
      if (!("url" in own)) throw new Error("a second Redis starts where the first did");
      await withNodes({ redis: own.url, postgres }, { units: 10 }, async (trial) => {
        for (let n = 0; n < 6; n += 1) await buy(trial.nodes[n % 2], `early ${n}`);
        await Effect.runPromise(trial.nodes[0].store.parts.stock.restock(THREE_MORE));
        const redis = new Redis(own.url);
        await redis.flushall();
        redis.disconnect();
        for (const { store } of trial.nodes) await store.parts.check().catch(() => null);
        await expect.poll(() => trial.nodes[0].store.parts.check()).toBe(null);
        await expect.poll(() => trial.nodes[1].store.parts.check()).toBe(null);
        const late = Array.from({ length: 20 }, (_, n) =>
          buyOrFail(trial.nodes[n % 2], `late ${n}`),
        );
        const answers = await Promise.all(late);
        expect(answers.filter((tag) => tag === "Confirmed")).toHaveLength(7);
        expect(await soldOf(trial)).toMatchObject({ confirmed: 13, level: { sold: 13 } });
      });
    });
  });
}

const THREE_MORE = { sku: "TOASTER", units: 3 };

/** A gate that is put together while it is asked answers as unavailable: the shopper asks again. */
async function buyOrFail(node: SellingNode, shopper: string): Promise<string> {
  for (let time = 1; time <= 50; time += 1) {
    try {
      return (await buy(node, shopper, `${shopper}, time ${time}`))._tag;
    } catch {
      await node.store.parts.check();
    }
  }
  return "Unavailable";
}
