import { Effect } from "effect";
import { Redis } from "ioredis";
import { afterEach, expect, it } from "vitest";
import { auditPayments } from "../core/payment-audit.ts";
import { askForServer, describeWithServer } from "../testing/real-servers.ts";
import { severalNodes } from "./several-nodes.ts";
import { ownSchema } from "./testing/postgres-store.ts";
import { TcpProxy } from "./testing/tcp-proxy.ts";
import { ask, type Heard, PRICE, TrialShopper, trialSetup } from "./testing/trial-server.ts";
import { calledIn, NARROW_ROOM, type WholeShop, wholeShop } from "./testing/whole-shop.ts";

/**
 * Two nodes on one Redis and one PostgreSQL: what of the waiting room's passes holds on every node
 * and after Redis has forgotten everything, and what shoppers and the log are told when a server
 * behind the store is gone. Everything is asked by HTTP.
 */
const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

/** Less than a server behind the store has for its answer. */
const ANSWER_MILLIS_MAX = 1_000;
const PATIENCE = { timeout: 20_000, interval: 100 };

await describeWithServer("postgres", "a store of several nodes", ({ url }) => {
  const { password } = new URL(url);
  const ledgerAt = (at: string, schema: string): string => {
    const named = new URL(at);
    named.searchParams.set("schema", schema);
    return named.href;
  };

  interface Node extends WholeShop {
    readonly log: readonly string[];
    readonly round: () => Promise<unknown>;
  }

  async function node(redis: string, postgres: string, schema: string): Promise<Node> {
    const log: string[] = [];
    const shop = await wholeShop({
      setup: { ...trialSetup({ room: NARROW_ROOM }), name: schema },
      parts: (setup) => severalNodes({ redis, postgres, setup, connectionsMax: 4 }),
      answerMillisMax: ANSWER_MILLIS_MAX,
      log: { write: (line) => void log.push(line) },
    });
    undo.push(shop.close);
    const { admission } = shop.store;
    if (admission === null) throw new Error("the sale has a waiting room");
    const round = async () => {
      await shop.server.desk.change(admission.expireDue);
      await shop.server.desk.change(admission.admitDue(null));
    };
    return { ...shop, log, round };
  }

  async function ownRedis(): Promise<string> {
    const redis = await askForServer("redis", { own: true });
    if ("missing" in redis) throw new Error(redis.missing);
    return redis.url;
  }

  it("takes a pass once, from its shopper, on any node, whatever Redis has forgotten", async () => {
    const schema = ownSchema();
    const redis = await ownRedis();
    const [one, two] = [
      await node(redis, ledgerAt(url, schema), schema),
      await node(redis, ledgerAt(url, schema), schema),
    ];
    const ann = await TrialShopper.come(one.origin);
    const eve = await TrialShopper.come(one.origin);
    const { ticket, pass } = await calledIn(one.origin, ann, one.round);
    const enter = ({ origin }: Node, { headers }: TrialShopper) =>
      ask(origin, "/api/queue/enter", { body: { pass }, headers });
    const refused = async (by: TrialShopper, statuses: readonly number[]) => {
      for (const at of [one, two]) expect(statuses).toContain((await enter(at, by)).status);
    };
    await refused(eve, [401]);
    expect((await enter(two, ann)).body).toMatchObject({ status: "inside", ticket });
    // Again it is the same place, and makes room for nobody else.
    expect((await enter(one, ann)).body).toMatchObject({ status: "inside", ticket });
    expect((await eve.ask("/api/queue", { method: "POST" })).body.status).toBe("waiting");
    const forgetful = new Redis(redis);
    await forgetful.flushall();
    await refused(eve, [401]);
    const left = await ask(two.origin, `/api/queue/${ticket}`, {
      method: "DELETE",
      headers: ann.headers,
    });
    expect(left.status).toBe(204);
    await refused(ann, [404, 410]);
    await forgetful.flushall();
    forgetful.disconnect();
    await refused(ann, [404, 410]);
    await refused(eve, [401]);
  });

  /** Whatever was asked: closed, with a time to come back, and not a word of the inside. */
  function saysNothing(heard: Heard, at: string): void {
    expect(heard.status).toBe(503);
    expect(heard.body.type).toMatch(/^\/problems\/(unavailable|taking-long)$/);
    expect(Number(heard.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    const members = new Set(["status", "title", "type", "retryAfterSeconds"]);
    expect(Object.keys(heard.body).filter((name) => !members.has(name))).toEqual([]);
    const { port } = new URL(at);
    for (const word of [port, password, "ECONN", "redis", "postgres", "stack", "127.0.0.1"]) {
      expect(JSON.stringify(heard.body).toLowerCase()).not.toContain(word.toLowerCase());
    }
  }

  const lines = [{ sku: "TOASTER", units: 1, unitPrice: PRICE }];

  it.each(["redis", "postgres"] as const)(
    "is closed while %s is gone, tells nobody why, and goes on when it is back",
    async (gone) => {
      const schema = ownSchema();
      const redis = await ownRedis();
      const real = gone === "redis" ? redis : url;
      const network = await TcpProxy.before(real);
      undo.push(() => network.close());
      const shop = await node(
        gone === "redis" ? network.url : redis,
        ledgerAt(gone === "postgres" ? network.url : url, schema),
        schema,
      );
      const ann = await TrialShopper.come(shop.origin);
      ann.ticket = (await ann.ask("/api/queue", { method: "POST" })).body.ticket;
      expect((await ann.order("before", { lines })).status).toBe(201);
      network.cut();
      network.freeze();
      const readiness = ask(shop.origin, "/health/ready");
      const during = await Promise.all([
        ann.order("during", { lines }),
        ann.ask("/api/cart/lines", { body: { sku: "TOASTER", units: 1 } }),
      ]);
      for (const heard of during) saysNothing(heard, network.url);
      saysNothing(await readiness, network.url);
      expect((await ask(shop.origin, "/health/live")).status).toBe(200);
      expect(shop.gateways[0].charges()).toHaveLength(1);
      network.heal();
      const ready = async () => (await ask(shop.origin, "/health/ready")).status;
      await expect.poll(ready, PATIENCE).toBe(200);
      // What was begun goes on until its server has failed it, also where nobody waits any more.
      await expect.poll(() => shop.server.desk.overload.underWay, PATIENCE).toBe(0);
      const told = shop.log.join("");
      expect(told).toContain("cannot answer");
      expect(password.length).toBeGreaterThan(4);
      expect(told).not.toContain(password);
      expect(told).not.toContain(ann.token);
      // The same key hears the truth, for good: the order was made, or nothing of it was. What
      // this process knows to be left half way waits for no reconciliation.
      const { left } = shop.server.desk;
      expect(left.size).toBe(gone === "redis" ? 1 : 0);
      await Effect.runPromise(left.endThem(shop.store.reconciliation));
      expect(left.size).toBe(0);
      if (gone === "postgres") await Effect.runPromise(shop.store.reconciliation.reconcile(0));
      const truth = await ann.order("during", { lines });
      expect([201, 503]).toContain(truth.status);
      if (truth.status === 503) expect(truth.body.type).toBe("/problems/interrupted");
      expect((await ann.order("during", { lines })).body).toEqual(truth.body);
      expect((await ann.order("after", { lines })).status).toBe(201);
      const made = truth.status === 201 ? 3 : 2;
      const orders = await Effect.runPromise(shop.store.parts.orders.snapshot);
      expect(orders.orders.filter(({ state }) => state === "confirmed")).toHaveLength(made);
      const charges = shop.gateways[0].charges();
      expect(charges).toHaveLength(made);
      expect(auditPayments({ orders, charges, quiescent: true })).toEqual([]);
    },
  );
});
