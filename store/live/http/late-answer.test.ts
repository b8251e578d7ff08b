import { Effect } from "effect";
import { afterEach, describe, expect, it } from "vitest";
import { auditPayments } from "../../core/payment-audit.ts";
import { adminGuards } from "../admin/admin-guard.ts";
import { AdminTokens } from "../admin/admin-tokens.ts";
import { registerAdmin } from "../admin/register-admin.ts";
import { memoryParts } from "../memory-parts.ts";
import {
  ask,
  type Heard,
  PRICE,
  type TrialServer,
  type TrialServerOptions,
  TrialShopper,
  trialServer,
  trialSetup,
} from "../testing/trial-server.ts";
import { OVERLOAD_LIMITS, type OverloadLimits } from "./overload.ts";

const LIMIT_MILLIS = 60;
const open: TrialServer[] = [];
const gates: Gate[] = [];
afterEach(async () => {
  for (const gate of gates.splice(0)) gate.open();
  for (const trial of open.splice(0)) await trial.close();
});

/** A disk that keeps the next writes waiting until the test lets them through. */
class Gate {
  #holds = 0;
  #open: () => void = () => {};
  #opened: Promise<void> = Promise.resolve();

  shut(writes = Number.POSITIVE_INFINITY): void {
    this.#holds = writes;
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }
  open(): void {
    this.#holds = 0;
    this.#open();
  }
  write(): Promise<void> {
    if (this.#holds === 0) return Promise.resolve();
    this.#holds -= 1;
    return this.#opened;
  }
}

async function start(options: TrialServerOptions = {}) {
  const gate = new Gate();
  gates.push(gate);
  const trial = await trialServer({
    setup: trialSetup({ units: 100 }),
    answerMillisMax: LIMIT_MILLIS,
    parts: (setup) => ({ ...memoryParts(setup), durable: () => gate.write() }),
    ...options,
  });
  open.push(trial);
  return { trial, gate };
}

function isLate({ status, body, headers }: Heard): void {
  expect([status, body.type]).toEqual([503, "/problems/taking-long"]);
  expect(headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(Number(headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
}

describe("an order whose answer was not there in time", () => {
  it("goes on: the same key hears the truth later, with one order and one charge", async () => {
    const { trial, gate } = await start();
    const ann = await TrialShopper.come(trial.origin);
    gate.shut();
    isLate(await ann.order("slow"));
    isLate(await ann.order("slow"));
    expect(trial.gateways[0].charges()).toHaveLength(0);
    gate.open();
    await expect.poll(async () => (await ann.order("slow")).status).toBe(201);
    const told = await ann.order("slow");
    const read = await ann.ask(`/api/orders/${told.body.order}`);
    expect(read.body).toMatchObject({ status: "confirmed", total: PRICE });
    const orders = await Effect.runPromise(trial.store.parts.orders.snapshot);
    expect(orders.orders).toHaveLength(1);
    const charges = trial.gateways[0].charges();
    expect(charges.map(({ captured }) => captured)).toEqual([PRICE]);
    expect(auditPayments({ orders, charges, quiescent: true })).toEqual([]);
  });

  it("is an order on its way for who asks again meanwhile", async () => {
    const { trial, gate } = await start();
    const ann = await TrialShopper.come(trial.origin);
    // The first write is that of the order, which has to be safe before the bank is asked.
    gate.shut(1);
    isLate(await ann.order("slow"));
    const again = await ann.order("slow");
    expect([again.status, again.body.type]).toEqual([409, "/problems/in-flight"]);
    gate.open();
    await expect.poll(async () => (await ann.order("slow")).status).toBe(201);
    expect(trial.gateways[0].chargeCalls()).toBe(1);
    expect(trial.server.desk.overload.underWay).toBe(0);
  });

  it("keeps its place among the work, so that no flood of slow orders piles up", async () => {
    const eight = { ...OVERLOAD_LIMITS.shedding.gradient2, initial: 8, min: 8, max: 8 };
    const overload = { ...OVERLOAD_LIMITS, shedding: { codel: null, gradient2: eight } };
    const { trial, gate } = await start({ overload: overload as OverloadLimits });
    const ann = await TrialShopper.come(trial.origin);
    gate.shut();
    const kinds = [];
    for (let tried = 0; tried < 12; tried += 1) kinds.push((await ann.order(`k${tried}`)).body);
    expect(kinds.map(({ type }) => type)).toEqual([
      ...Array(8).fill("/problems/taking-long"),
      ...Array(4).fill("/problems/overloaded"),
    ]);
    gate.open();
    await expect.poll(() => trial.server.desk.overload.underWay).toBe(0);
    await expect.poll(async () => (await ann.order("k11")).status).toBe(201);
    expect(trial.gateways[0].charges()).toHaveLength(9);
  });
});

describe("how long an answer may take", () => {
  it("is longer for who runs the sale, whose lists are long", async () => {
    const token = Buffer.alloc(32, 1).toString("base64url");
    const guards = adminGuards({ tokens: new AdminTokens(new Map([["ann", token]])) });
    const { trial, gate } = await start({ guards, beside: registerAdmin });
    gate.shut();
    const headers = { authorization: `Bearer ${token}` };
    const restock = ask(trial.origin, "/api/admin/stock/TOASTER/restock", {
      body: { units: 1 },
      headers,
    });
    const ann = await TrialShopper.come(trial.origin);
    isLate(await ann.ask("/api/exit-question", { method: "POST" }));
    gate.open();
    expect((await restock).status).toBe(200);
  });
});
