import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decisionsOf } from "../../twin/calibration/cell-forecast.ts";
import { type LoadCell, planOf } from "../../twin/calibration/load-cell.ts";
import { PlanRequests } from "./plan-requests.ts";
import { tellsProcessorTime } from "./processor-time.ts";
import { runPlan } from "./run-plan.ts";
import { StoreUnderTest } from "./store-under-test.ts";

/** The program as it is shipped; `npm test` builds it first. */
const PROGRAM = resolve("dist/rehearse.js");

describe.skipIf(!tellsProcessorTime())("a load on a real store with SQLite", () => {
  let store: StoreUnderTest;
  beforeAll(async () => {
    const ledger = { kind: "sqlite" } as const;
    store = await StoreUnderTest.start({ program: PROGRAM, ledger, instances: 1, shoppers: 80 });
  }, 60_000);
  afterAll(() => store.stop());

  const cell: LoadCell = {
    name: "some of all",
    kind: "calibration",
    mix: { home: 1, product: 1, stock: 1, cart: 1, order: 1, declined: 1 },
    phases: [{ seconds: 0.5, load: 1 }],
  };
  const run = (of: LoadCell) => {
    const plan = planOf(of, () => 120, "test");
    const { signal } = new AbortController();
    return runPlan(plan, { store, requests: new PlanRequests(store), turn: 1, signal });
  };

  it("has every request answered, the orders decided as predicted, and its CPU time told", async () => {
    const { plan, responses, decisions, wrong, spent, seconds } = await run(cell);
    expect(plan.requests.length).toBeGreaterThan(30);
    expect(wrong).toEqual({});
    expect([...responses].every((response) => response > 0)).toBe(true);
    expect(decisions).toEqual(decisionsOf(plan));
    expect(decisions.sold).toBeGreaterThan(0);
    // More than nothing, and no more than all cores could do.
    expect(spent.loop).toBeGreaterThan(plan.requests.length * 50);
    expect(spent.store).toBeGreaterThan(0);
    expect(spent.machine).toBeGreaterThan(spent.store);
    expect(spent.store).toBeLessThan(seconds * 1e6 * 64);
  }, 30_000);

  it("sells a scarce item to as many as there are units, and refuses the others", async () => {
    const scarce = { ...cell, name: "scarce", mix: { order: 1 }, scarceUnits: 40 };
    const { plan, decisions } = await run(scarce);
    expect(plan.requests.length).toBeGreaterThan(40);
    expect(decisions).toEqual({ sold: 40, declined: 0, refused: plan.requests.length - 40 });
  }, 30_000);

  it("takes as much longer as the gateway does", async () => {
    const slow = { from: 200, to: 260 };
    const orders = { ...cell, name: "slow payments", mix: { order: 1 }, paymentMillis: slow };
    const { responses, wrong } = await run(orders);
    expect(wrong).toEqual({});
    expect(Math.min(...responses)).toBeGreaterThan(slow.from * 1_000);
  }, 30_000);
});
