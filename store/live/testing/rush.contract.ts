import { afterEach, describe, expect, it } from "vitest";
import { auditStock } from "../../core/stock-audit.ts";
import {
  ask,
  type TrialServer,
  type TrialServerOptions,
  TrialShopper,
  trialServer,
  trialSetup,
} from "./trial-server.ts";

const open: TrialServer[] = [];
afterEach(async () => {
  for (const trial of open.splice(0)) await trial.close();
});

function shoppers(trial: TrialServer, count: number): Promise<TrialShopper[]> {
  return Promise.all(Array.from({ length: count }, () => TrialShopper.come(trial.origin)));
}

/** Runs the work of each, `width` at a time. */
async function atATime<A, B>(
  all: readonly A[],
  width: number,
  work: (one: A) => Promise<B>,
): Promise<B[]> {
  const done: B[] = [];
  const left = all.entries();
  const worker = async () => {
    for (const [place, one] of left) done[place] = await work(one);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return done;
}

/** How many were sold, by the answers, the stock, the ledger and the gateway's own books. */
async function witnesses(trial: TrialServer, statuses: readonly number[]) {
  const { store, gateways, server } = trial;
  const stock = await server.desk.ask(store.ports.stock.snapshot);
  const orders = await server.desk.ask(store.ports.orders.snapshot);
  const level = stock.levels.find(({ sku }) => sku === "TOASTER");
  return {
    told: statuses.filter((status) => status === 201).length,
    sold: level?.sold,
    left: (level?.available ?? 0) + (level?.held ?? 0),
    confirmed: orders.orders.filter(({ state }) => state === "confirmed").length,
    captured: gateways[0].charges().filter(({ refunded }) => refunded === 0).length,
    findings: auditStock(stock, {}).length,
  };
}

type Start = (units: number) => Promise<TrialServer>;

export function rushContract(name: string, parts?: TrialServerOptions["parts"]): void {
  const start = async (units: number): Promise<TrialServer> => {
    const adapter = parts === undefined ? {} : { parts };
    const trial = await trialServer({ setup: trialSetup({ units }), ...adapter });
    open.push(trial);
    return trial;
  };
  describe(`a rush over HTTP on ${name}`, () => {
    exactlyTwenty(start);
    exactlyAHundred(start);
    oneCapture(start);
    foundAgain(start);
    shed(start);
  });
}

function exactlyTwenty(start: Start): void {
  it("80 buyers, 16 at a time, on 20 units: exactly 20 are sold, each paid once", async () => {
    const trial = await start(20);
    const buyers = await shoppers(trial, 80);
    const statuses = await atATime(buyers, 16, async (buyer) => {
      const held = await buyer.ask("/api/cart/lines", { body: { sku: "TOASTER", units: 1 } });
      const { cart } = held.body;
      const hold = await buyer.ask("/api/checkout", { body: { cart } });
      if (hold.status !== 201) return hold.status;
      return (await buyer.order("only", { cart, hold: hold.body.hold })).status;
    });
    expect(await witnesses(trial, statuses)).toEqual({
      told: 20,
      sold: 20,
      left: 0,
      confirmed: 20,
      captured: 20,
      findings: 0,
    });
    expect(statuses.filter((status) => status === 409)).toHaveLength(60);
  });
}

function exactlyAHundred(start: Start): void {
  it("200 buyers behind a barrier on 100 units: exactly 100 are sold, each paid once", async () => {
    const trial = await start(100);
    const buyers = await shoppers(trial, 200);
    const heard = await Promise.all(buyers.map((buyer) => buyer.order("only")));
    const statuses = heard.map(({ status }) => status);
    expect(await witnesses(trial, statuses)).toEqual({
      told: 100,
      sold: 100,
      left: 0,
      confirmed: 100,
      captured: 100,
      findings: 0,
    });
    expect(statuses.filter((status) => status === 409)).toHaveLength(100);
  });
}

function oneCapture(start: Start): void {
  it("one order paid by ten requests at once is one order and one capture", async () => {
    const trial = await start(10);
    const [ann] = await shoppers(trial, 1);
    const heard = await Promise.all(Array.from({ length: 10 }, () => ann.order("same")));
    const names = new Set(heard.map(({ body }) => body.order));
    expect(names.size).toBe(1);
    const statuses = heard.map(({ status }) => status);
    for (const status of statuses) expect([201, 409]).toContain(status);
    expect((await witnesses(trial, statuses)).captured).toBe(1);
    const [order] = names;
    const last = await ann.order("same");
    expect([last.status, last.body.order]).toEqual([201, order]);
    expect((await ann.order("same", { paymentToken: "card-2" })).status).toBe(422);
    expect(trial.gateways[0].charges()).toHaveLength(1);
  });
}

function foundAgain(start: Start): void {
  it("whoever went away before the answer came finds the order by asking again", async () => {
    const trial = await start(10);
    const [ann] = await shoppers(trial, 1);
    const gone = new AbortController();
    const lines = [{ sku: "TOASTER", units: 1, unitPrice: 2_500 }];
    const sent = fetch(`${trial.origin}/api/orders`, {
      method: "POST",
      headers: { ...ann.headers, "content-type": "application/json", "idempotency-key": "lost" },
      body: JSON.stringify({ lines, paymentToken: "card-1" }),
      signal: gone.signal,
    });
    gone.abort();
    await expect(sent).rejects.toThrow();
    const again = await Promise.all([ann.order("lost"), ann.order("lost")]);
    expect(again.some(({ status }) => status === 201)).toBe(true);
    expect(trial.gateways[0].charges()).toHaveLength(1);
    expect(trial.server.desk.overload.inWork).toBeLessThanOrEqual(1);
  });
}

function shed(start: Start): void {
  it("is shed with 503 and a time to come back, health never, and no order is half done", async () => {
    const trial = await start(1_000);
    const buyers = await shoppers(trial, 4);
    const { overload } = trial.server.desk;
    overload.inWork += 1_024;
    const refused = await buyers[0].order("refused");
    expect([refused.status, refused.body.type]).toEqual([503, "/problems/overloaded"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect((await ask(trial.origin, "/health/ready")).status).toBe(200);
    overload.inWork -= 1_024;
    expect((await buyers[0].order("refused")).status).toBe(201);
    expect(trial.gateways[0].charges()).toHaveLength(1);
    overload.inWork += 800;
    expect((await ask(trial.origin, "/api/products")).status).toBe(503);
    expect((await buyers[1].order("pays")).status).toBe(201);
    overload.inWork -= 800;
  });
}
