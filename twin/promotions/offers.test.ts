import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { totalOf } from "../../store/core/money.ts";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { TIERS } from "../../store/core/tier.ts";
import type { Rehearsal } from "../result.ts";
import { decodeScenario } from "../scenario/decode.ts";
import type { PlanSpec } from "../scenario/scenario.ts";
import { Segments } from "../shoppers/segments.ts";
import { rehearse } from "../world.ts";

const path = "scenarios/exit-offers.yaml";
const text = readFileSync(path, "utf8");
const SEED = "offers";

function planNamed(name: string, sets: readonly string[] = []): PlanSpec {
  const small = ["audience.recipients=8k", ...sets];
  const scenario = decodeScenario({ text, path, sets: small });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario, null, 1));
  const plan = scenario.plans.find((one) => one.name === name);
  if (plan === undefined) throw new Error(`the scenario has a plan ${name}`);
  return plan;
}

interface Run {
  readonly metrics: Rehearsal["metrics"];
  readonly events: readonly SaleEvent[];
}

/** Rehearses the plan; a broken invariant fails the test that asked. */
function run(name: string, sets: readonly string[] = []): Run {
  const events: SaleEvent[] = [];
  const onSaleEvent = (event: SaleEvent) => events.push(event);
  const { metrics, broken } = rehearse({ plan: planNamed(name, sets), seed: SEED, onSaleEvent });
  expect(broken).toEqual([]);
  return { metrics, events };
}

/** One offer in place of the scenario's, for the plan without any. */
function withOffer(offer: string, ...sets: string[]): Run {
  return run("none", [`promotions.offers=[{ name: x, ${offer} }]`, ...sets]);
}

const of = <Kind extends SaleEvent["kind"]>(events: readonly SaleEvent[], kind: Kind) =>
  events.filter((event): event is Extract<SaleEvent, { kind: Kind }> => event.kind === kind);

const metric = ({ metrics }: Run, name: string): number => metrics[name] ?? Number.NaN;
const none = run("none");

describe("a sale with offers", () => {
  it("has the orders of the sale without them, and those that they won", () => {
    expect(metric(none, "orders")).toBeGreaterThan(100);
    for (const name of ["exit-intent", "come-back", "mailed"]) {
      const offered = run(name);
      expect(metric(offered, "orders.won")).toBeGreaterThan(0);
      expect(metric(offered, "orders")).toBe(
        metric(none, "orders") + metric(offered, "orders.won"),
      );
      expect(metric(offered, "revenue")).toBe(
        metric(none, "revenue") +
          metric(offered, "revenue.won") -
          metric(offered, "discounts.anyway"),
      );
    }
  });

  it("can bring less money than the sale without them, with more orders", () => {
    const mailed = run("mailed");
    expect(metric(mailed, "orders")).toBeGreaterThan(metric(none, "orders"));
    expect(metric(mailed, "revenue")).toBeLessThan(metric(none, "revenue"));
    expect(metric(mailed, "discounts.anyway")).toBeGreaterThan(metric(mailed, "revenue.won"));
  });

  it("charges what its lines cost less the discounts, and says how much that is", () => {
    const { events, metrics } = run("exit-intent");
    const placed = new Map(of(events, "OrderPlaced").map((event) => [event.order, event]));
    let revenue = 0;
    let discounts = 0;
    for (const { order, total } of of(events, "OrderConfirmed")) {
      const { lines = [], discount = 0 } = placed.get(order) ?? {};
      expect(total).toBe(totalOf(lines) - discount);
      revenue += total;
      discounts += discount;
    }
    expect(metrics.revenue).toBe(revenue);
    expect(metrics.discounts).toBe(discounts);
    expect(discounts).toBeGreaterThan(0);
  });

  it("is sound after every event", () => {
    const plan = planNamed("exit-intent", ["audience.recipients=500", "traffic.rate=0/s"]);
    const rehearsal = rehearse({ plan, seed: SEED, auditEveryEvent: true });
    expect(rehearsal.broken).toEqual([]);
    expect(rehearsal.metrics["offers.made"]).toBeGreaterThan(0);
  });

  it("measures nothing about offers where there are none, and meets the same shoppers", () => {
    expect(none.metrics["offers.made"]).toBeNaN();
    expect(of(none.events, "OfferMade")).toEqual([]);
    const digest = (sets: readonly string[]) =>
      rehearse({ plan: planNamed("none", sets), seed: SEED }).digest;
    expect(digest(["promotions.false-alarm=90%", "sellers.0.floor=10%"])).toBe(digest([]));
  });
});

describe("a budget", () => {
  const sets = "trigger: exit-intent, uptake: 100%";

  it("of redemptions ends the offer, however many codes are about", () => {
    const tight = withOffer(`${sets}, budget: { codes: 500, redemptions: 7 }`);
    expect(metric(tight, "offers.redeemed")).toBe(7);
    expect(metric(tight, "offers.made")).toBeLessThanOrEqual(500);
  });

  it("of codes ends the offer with the last of them, and the offer behind it goes on", () => {
    const [first, behind] = [5, 7].map((codes) => `${sets}, budget: { codes: ${codes} }`);
    const offers = `promotions.offers=[{ name: x, ${first} }, { name: y, ${behind} }]`;
    const made = of(run("none", [offers]).events, "OfferMade").map(({ offer }) => offer);
    expect(made).toEqual([..."xxxxxyyyyyyy"]);
  });

  it("of money is never gone beyond, and its end is told at the checkout", () => {
    const tight = withOffer(`${sets}, budget: { codes: 500, money: €40 }`);
    expect(metric(tight, "discounts")).toBeLessThanOrEqual(4_000);
    expect(metric(tight, "discounts")).toBeGreaterThan(3_000);
    expect(metric(tight, "offers.refused")).toBeGreaterThan(0);
  });
});

describe("a floor", () => {
  it("of the offer is under every order that was made cheaper", () => {
    const { events } = withOffer("trigger: exit-intent, uptake: 100%, floor: €50");
    const totals = new Map(of(events, "OrderConfirmed").map(({ order, total }) => [order, total]));
    const redeemed = of(events, "CodeRedeemed");
    expect(redeemed.length).toBeGreaterThan(20);
    for (const { order } of redeemed) expect(totals.get(order)).toBeGreaterThanOrEqual(5_000);
  });

  it("of the seller keeps an offer from being made that would go under it", () => {
    const offer = "trigger: exit-intent, uptake: 100%, discount: €20";
    const lines = (events: readonly SaleEvent[]) => of(events, "CodeRedeemed").length;
    const free = withOffer(offer, "sellers.0.floor=0%");
    const floored = withOffer(offer, "sellers.0.floor=70%");
    expect(lines(floored.events)).toBeGreaterThan(0);
    expect(lines(floored.events)).toBeLessThan(lines(free.events) / 2);
  });
});

describe("an offer", () => {
  it("for VIPs is made to VIPs", () => {
    const vips = withOffer("trigger: exit-intent, segment: vip", "audience.segments.vip.share=20%");
    const spec = { vip: { share: 0.2 }, loyal: { share: 0 } };
    const segments = new Segments(new Simulation({ seed: SEED }), spec);
    const made = of(vips.events, "OfferMade");
    expect(made.length).toBeGreaterThan(50);
    for (const { shopper } of made) {
      expect(TIERS[segments.of(Number(shopper.replace("shopper-", "")))]).toBe("vip");
    }
  });

  it("for shoppers of high intent needs no cart, and is made once to each", () => {
    const intent = "trigger: exit-intent, segment: high-intent, budget: { codes: 100k }";
    const eager = withOffer(intent, "promotions.high-intent-views=1");
    const slow = withOffer(intent, "promotions.high-intent-views=6");
    const made = of(eager.events, "OfferMade").map(({ shopper }) => shopper);
    expect(new Set(made).size).toBe(made.length);
    expect(made.length).toBeGreaterThan(metric(none, "carts"));
    expect(metric(slow, "offers.made")).toBeLessThan(made.length / 4);
    expect(metric(slow, "offers.made")).toBeGreaterThan(0);
  });

  it("about a cart brings its shopper back to that cart, which was not abandoned then", () => {
    const back = withOffer("trigger: abandoned-cart, after: 10min, uptake: 100%, valid-for: 3h");
    const returned = metric(back, "offers.returned");
    expect(returned).toBeGreaterThan(50);
    expect(metric(back, "sessions")).toBe(metric(none, "sessions") + returned);
    expect(metric(back, "carts")).toBe(metric(none, "carts"));
    expect(metric(back, "carts.abandoned")).toBe(
      metric(none, "carts.abandoned") - metric(back, "orders.won"),
    );
  });
});
