import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { HOUR, MINUTE } from "../../engine/time.ts";
import { decodeScenario } from "../../twin/scenario/decode.ts";
import { ACCEPTED } from "../../twin/shoppers/sale-desk.ts";
import { rehearse } from "../../twin/world.ts";
import { LiveShoppers } from "./live-shoppers.ts";
import type { LoadRequest } from "./load-request.ts";
import { ReadAhead } from "./read-ahead.ts";
import { type RehearsedRequest, rehearsedRequests, type SaleWindow } from "./rehearsed-requests.ts";

const PATH = "scenarios/small-drop.yaml";
const plan = firstPlan();
const WHOLE = { from: 0, to: HOUR };

function firstPlan() {
  const scenario = decodeScenario({ text: readFileSync(PATH, "utf8"), path: PATH, scale: 0.05 });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario[0]));
  return scenario.plans[0];
}

const asked = (seed: string, window: SaleWindow = WHOLE) =>
  rehearsedRequests({ plan, seed, ...window });

async function all<Item>(source: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of source) items.push(item);
  return items;
}

const digestOf = (requests: readonly RehearsedRequest[]) =>
  createHash("sha256").update(JSON.stringify(requests)).digest("hex");

/** The requests of a part of the shoppers, as one line each. */
async function linesOf(place: number, of: number): Promise<string[]> {
  const items = plan.world.sellers.flatMap(({ items }) =>
    items.map(({ sku }) => ({ sku, product: `product-${sku}` })),
  );
  const shoppers = new LiveShoppers({
    window: WHOLE,
    speed: 2,
    items,
    waitingRoom: false,
    part: { place, of },
    sign: (shopper) => `token of ${shopper}`,
  });
  const requests: LoadRequest[] = await all(shoppers.requests(asked("load/1")));
  return requests.map(({ due, session, route, asking }) =>
    JSON.stringify([due, session, route, asking()]),
  );
}

describe("the requests of a rehearsal's shoppers", async () => {
  const requests = await all(asked("load/1"));

  it("are the same for a seed, and others for another", async () => {
    expect(requests.length).toBeGreaterThan(200);
    expect(digestOf(await all(asked("load/1")))).toBe(digestOf(requests));
    expect(digestOf(await all(asked("load/2")))).not.toBe(digestOf(requests));
  });

  it("have the rehearsal's own orders", () => {
    const { metrics } = rehearse({ plan, seed: "load/1" });
    const sold = requests.filter(({ answer }) => answer === ACCEPTED);
    const orders = metrics.orders as number;
    // An order in doubt is confirmed later, without its shopper.
    expect(sold.length).toBeGreaterThan(0);
    expect(sold.length).toBeLessThanOrEqual(orders);
    expect(sold.length).toBeGreaterThanOrEqual(orders - 3);
  });

  it("are those of a part of the sale where a part is asked for", async () => {
    const window = { from: 3 * MINUTE, to: 5 * MINUTE };
    const within = requests.filter(({ at }) => at >= window.from && at < window.to);
    expect(within.length).toBeGreaterThan(10);
    expect(await all(asked("load/1", window))).toEqual(within);
  });

  it("are the same requests in one process and in three", async () => {
    const whole = await linesOf(0, 1);
    const parts = await Promise.all([0, 1, 2].map((place) => linesOf(place, 3)));
    expect(parts.every(({ length }) => length > 0)).toBe(true);
    expect(parts.flat().sort()).toEqual(whole.sort());
  });
});

describe("reading ahead", () => {
  it("holds so many and no more, gives them in order, and passes on what went wrong", async () => {
    let made = 0;
    async function* numbers() {
      for (; made < 40; made += 1) yield made;
      throw new Error("there are no more");
    }
    const ahead = new ReadAhead(numbers(), 8);
    await ahead.ready();
    expect(made).toBe(7);
    const heard: number[] = [];
    const reading = (async () => {
      for await (const number of ahead) heard.push(number);
    })();
    await expect(reading).rejects.toThrow("there are no more");
    expect(heard).toEqual(Array.from({ length: 40 }, (_, number) => number));
  });
});
