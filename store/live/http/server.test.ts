import { afterEach, describe, expect, it } from "vitest";
import {
  ask,
  LIST_PRICE,
  PRICE,
  type TrialServer,
  type TrialServerOptions,
  TrialShopper,
  trialServer,
} from "../testing/trial-server.ts";

const open: TrialServer[] = [];
async function start(options?: TrialServerOptions): Promise<TrialServer> {
  const trial = await trialServer(options);
  open.push(trial);
  return trial;
}
afterEach(async () => {
  for (const trial of open.splice(0)) await trial.close();
});

describe("a shopper over HTTP", () => {
  it("comes, looks, fills a cart, holds it, and buys it", async () => {
    const { origin, gateways } = await start();
    const ann = await TrialShopper.come(origin);
    const sale = await ask(origin, "/api/sale");
    expect(sale.body).toMatchObject({ name: "Trial", phase: "public", waitingRoom: false });
    const list = await ask(origin, "/api/products");
    expect(list.body.items[0]).toMatchObject({
      sku: "TOASTER",
      price: PRICE,
      listPrice: LIST_PRICE,
    });
    const added = await ann.ask("/api/cart/lines", { body: { sku: "TOASTER", units: 2 } });
    expect(added.status).toBe(200);
    const { cart } = added.body;
    expect((await ann.ask("/api/cart")).body).toMatchObject({ cart, total: 2 * PRICE });
    const held = await ann.ask("/api/checkout", { body: { cart } });
    expect([held.status, held.body.total]).toEqual([201, 2 * PRICE]);
    expect((await ask(origin, "/api/stock?sku=TOASTER,NONE")).body).toEqual({
      levels: [{ sku: "TOASTER", available: 8, soldOut: false }],
    });
    const { hold } = held.body;
    const placed = await ann.order("first", { cart, hold });
    expect(placed.status).toBe(201);
    expect(placed.body).toMatchObject({ status: "confirmed", total: 2 * PRICE, currency: "USD" });
    expect(await ann.order("first", { cart, hold })).toMatchObject({
      status: 201,
      body: placed.body,
    });
    const seen = await ann.ask(`/api/orders/${placed.body.order}`);
    expect(seen.body).toMatchObject({ status: "confirmed", total: 2 * PRICE });
    expect(gateways[0].charges()).toHaveLength(1);
    expect((await ann.ask("/api/cart")).body.lines).toEqual([]);
  });
});
