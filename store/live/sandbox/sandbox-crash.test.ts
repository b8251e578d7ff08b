/**
 * The sandbox in a process of its own, killed while the store waits for it. Whatever moment it is
 * killed at, the store's doubt ends with one capture for an order that is confirmed and none for
 * any other, by the sandbox's own books.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect } from "effect";
import seedrandom from "seedrandom";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { assert } from "../../core/assert.ts";
import type { PlaceOrderAnswer } from "../../core/checkout.ts";
import { auditOrders } from "../../core/order-audit.ts";
import { auditPayments, type GatewayCharge } from "../../core/payment-audit.ts";
import { makeCheckout } from "../../service/checkout.ts";
import { makeReconciliation } from "../../service/reconcile.ts";
import type { StorePorts, StoreSettings } from "../../service/store-ports.ts";
import { buildChildProgram, type ChildProgram } from "../../testing/child-program.ts";
import { request, type TrialStore, trialStore } from "../../testing/trial-store.ts";
import { type SandboxGateway, sandboxGateway } from "./sandbox-gateway.ts";
import type { BookedCharge } from "./sandbox-ledger.ts";
import { keepSandbox, type SpawnedSandbox, spawnSandbox } from "./sandbox-program.ts";

/** A test that waits longer for something has failed. */
const WAIT_MILLIS_MAX = 30_000;
const TIME_LIMIT = 20_000;
const DAY = 86_400_000;

let program: ChildProgram;
let folder: string;
const open: { close: () => unknown }[] = [];

beforeAll(async () => {
  program = await buildChildProgram("store/live/sandbox/sandbox-main.ts");
});

afterAll(() => rmSync(program.folder, { recursive: true }));

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
  rmSync(folder, { recursive: true });
});

async function spawn(port = 0, latencyMillis = { from: 0, to: 0 }): Promise<SpawnedSandbox> {
  const sandbox = await spawnSandbox({
    program: program.file,
    folder,
    port,
    behaviour: { latencyMillis },
  });
  open.push(sandbox);
  return sandbox;
}

async function kill({ pid, exited }: SpawnedSandbox): Promise<void> {
  process.kill(pid, "SIGKILL");
  await exited;
}

async function booked(url: string): Promise<readonly BookedCharge[]> {
  const answer = await fetch(`${url}/v1/charges`);
  const { charges } = (await answer.json()) as { charges: readonly BookedCharge[] };
  return charges;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT_MILLIS_MAX;
  while (!(await condition())) {
    assert(Date.now() < deadline, "what a test waits for comes");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

interface LiveTrial {
  readonly trial: TrialStore;
  readonly gateway: SandboxGateway;
  readonly ports: StorePorts;
  readonly settings: StoreSettings;
}

/** The store in memory on the real clock, with the sandbox as its only gateway. */
function storeAt(url: string): LiveTrial {
  const trial = trialStore({ units: 1_000 });
  const gateway = sandboxGateway({ url, timeLimitMillis: TIME_LIMIT });
  open.push(gateway);
  const now = Date.now();
  const settings = {
    ...trial.settings,
    sale: { earlyAccessAt: now - DAY, publicAt: now - DAY, closesAt: now + DAY },
    payment: { ...trial.settings.payment, backoff: { initialMillis: 1, maxMillis: 1 } },
  };
  return { trial, gateway, ports: { ...trial.ports, gateways: [gateway] }, settings };
}

const answerTo = <A, E>(program: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(program);

function findingsOf({ trial }: LiveTrial, charges: readonly BookedCharge[]) {
  const orders = trial.orders.book.snapshot();
  const { holds, levels } = trial.stock.stock.snapshot();
  const kept = charges.map((charge): GatewayCharge => ({ gateway: "sandbox", ...charge }));
  return [
    ...auditOrders({ orders, holds, levels, acknowledged: [], quiescent: true }),
    ...auditPayments({ orders, charges: kept, quiescent: true }),
  ];
}

describe("the sandbox killed under the store", () => {
  it("between capture and answer: in doubt, then one capture and a confirmed order", async () => {
    folder = mkdtempSync(join(tmpdir(), "rehearse-sandbox-"));
    const first = await spawn();
    const live = storeAt(first.url);
    const asked = request({ paymentToken: "card-timeout" });
    const { placeOrder } = makeCheckout(live.ports, live.settings);
    const answer = answerTo(placeOrder(asked));
    await until(async () => (await booked(first.url)).length === 1);
    await kill(first);
    expect(await answer).toEqual({ _tag: "PaymentInDoubt", order: "order-1" });

    const { reconcile } = makeReconciliation(live.ports, live.settings);
    expect(await answerTo(reconcile(0))).toEqual({ found: 1, ended: 0, left: 1 });
    const second = await spawn(Number(new URL(first.url).port));
    expect(await answerTo(reconcile(0))).toEqual({ found: 1, ended: 1, left: 0 });
    expect(await answerTo(placeOrder(asked))).toMatchObject({ _tag: "Confirmed" });
    const charges = await booked(second.url);
    expect(charges).toMatchObject([{ order: "order-1", captured: 2_500, refunded: 0 }]);
    expect(findingsOf(live, charges)).toEqual([]);
  });

  it("before it captured: in doubt, then cancelled, and no capture ever", async () => {
    folder = mkdtempSync(join(tmpdir(), "rehearse-sandbox-"));
    const first = await spawn(0, { from: 60_000, to: 60_000 });
    const live = storeAt(first.url);
    const { placeOrder } = makeCheckout(live.ports, live.settings);
    let sent = false;
    const charge = (asked: Parameters<SandboxGateway["charge"]>[0]) =>
      Effect.suspend(() => {
        sent = true;
        return live.gateway.charge(asked);
      });
    const watched = { ...live.gateway, charge };
    const ports = { ...live.ports, gateways: [watched] };
    const answer = answerTo(makeCheckout(ports, live.settings).placeOrder(request()));
    await until(async () => sent && (await live.gateway.check()) === null);
    await kill(first);
    expect(await answer).toEqual({ _tag: "PaymentInDoubt", order: "order-1" });

    const second = await spawn(Number(new URL(first.url).port));
    const { reconcile } = makeReconciliation(live.ports, live.settings);
    expect(await answerTo(reconcile(0))).toEqual({ found: 1, ended: 1, left: 0 });
    expect((await answerTo(placeOrder(request())))._tag).toBe("PaymentUnavailable");
    expect(await booked(second.url)).toEqual([]);
    expect(findingsOf(live, [])).toEqual([]);
  });

  it("and started again by who keeps it, with its books and at its address", async () => {
    folder = mkdtempSync(join(tmpdir(), "rehearse-sandbox-"));
    const given: string[] = [];
    const options = { program: program.file, folder, port: 0 };
    const sandbox = await keepSandbox(options, (reason) => given.push(reason));
    open.push(sandbox);
    const live = storeAt(sandbox.url);
    const { placeOrder } = makeCheckout(live.ports, live.settings);
    expect((await answerTo(placeOrder(request())))._tag).toBe("Confirmed");
    const before = sandbox.pid;
    process.kill(before, "SIGKILL");
    await until(async () => sandbox.pid !== before && (await live.gateway.check()) === null);
    const bob = request({ shopper: "bob" });
    expect((await answerTo(placeOrder(bob)))._tag).toBe("Confirmed");
    expect((await booked(sandbox.url)).map(({ order }) => order)).toEqual(["order-1", "order-2"]);
    await sandbox.close();
    expect(await live.gateway.check()).toBe("the gateway sandbox does not answer");
    expect(given).toEqual([]);
  });

  it("at any moment of a rush, again and again: what is confirmed was captured once", async () => {
    folder = mkdtempSync(join(tmpdir(), "rehearse-sandbox-"));
    const draw = seedrandom("sandbox-crash/1");
    const latency = { from: 0, to: 20 };
    let sandbox = await spawn(0, latency);
    const port = Number(new URL(sandbox.url).port);
    const live = storeAt(sandbox.url);
    const { placeOrder } = makeCheckout(live.ports, live.settings);
    const { reconcile } = makeReconciliation(live.ports, live.settings);
    const heard: PlaceOrderAnswer[] = [];
    for (let round = 0; round < 4; round += 1) {
      const killAfter = 1 + Math.floor(draw() * 60);
      let ended = 0;
      let killing: Promise<void> | null = null;
      const orders = Array.from({ length: 80 }, async (_, index) => {
        const shopper = `shopper-${round}-${index}`;
        const answer = await answerTo(placeOrder(request({ shopper })));
        ended += 1;
        if (ended === killAfter) killing = kill(sandbox);
        return answer;
      });
      heard.push(...(await Promise.all(orders)));
      await killing;
      sandbox = await spawn(port, latency);
      expect(await answerTo(reconcile(0))).toMatchObject({ left: 0 });
    }
    const charges = await booked(sandbox.url);
    expect(findingsOf(live, charges)).toEqual([]);
    const states = live.trial.orders.book.snapshot().orders.map(({ state }) => state);
    expect(states).toHaveLength(320);
    expect(states.filter((state) => state === "confirmed")).toHaveLength(charges.length);
    // The kills were felt: some orders were left in doubt, and some got through.
    expect(heard.some(({ _tag }) => _tag === "PaymentInDoubt")).toBe(true);
    expect(heard.filter(({ _tag }) => _tag === "Confirmed").length).toBeGreaterThan(4);
  });
});
