import { describe, expect, it } from "vitest";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import type { Rehearsal } from "../result.ts";
import { decodeScenario } from "../scenario/decode.ts";
import { shopperNumber } from "../shoppers/shopper-name.ts";
import { rehearse } from "../world.ts";
import { isBot } from "./numbers.ts";

const DROP = `
name: raided
seed: raided/1
starts: 2024-05-03T12:00+02:00
lasts: 30min
sellers:
  - name: shop
    items:
      - { sku: RED, sale-price: $50, units: 60, weight: 2 }
      - { sku: BLUE, sale-price: $50, units: 40, weight: 1 }
    limit-per-shopper: 1
    hold-for: 2min
sale: { public: +0s }
audience:
  recipients: 2000
  visits: 60%
  click-delay: { log-logistic: { median: 2min, shape: 1.2, cap: 25min } }
  delivery-delay: { constant: 3s }
  sender-rate: 1k/s
shoppers:
  idle-timeout: 5min
  think-time: { lognormal: { median: 6s, sigma: 0.8 } }
  journey:
    landing: { list: 5%, product: 85% }
    product: { list: 10%, product: 15%, cart: 60% }
    cart: { list: 2%, checkout: 90% }
    checkout: { payment: 85% }
    payment: { submit: 90% }
platform: { fleet: { initial: 6, min: 6, max: 6 }, autoscaler: { kind: none } }
plans: { only: { launch: { each-over: 10s } } }
`;

const RAID = `bots=[
  { name: hoarders, kind: hoard, for: 10min, rate: 20/s, programs: 20, identities: 400, networks: 5, people: 1 },
  { name: resellers, kind: buy, for: 10min, rate: 10/s, programs: 10, identities: 300, networks: 5, people: 3 }
]`.replaceAll("\n", " ");

const LIMITS = [
  "limits.per-shopper={ requests: 20/min, burst: 20, holds: 1 }",
  "limits.per-network={ requests: 60/min, burst: 60, holds: 4 }",
  "limits.per-person=1",
  "limits.after-lapse={ first: 5min, max: 30min }",
];

interface Watched extends Rehearsal {
  readonly log: readonly SaleEvent[];
}

function rehearsed(sets: readonly string[], auditEveryEvent = false, seed = "one"): Watched {
  const scenario = decodeScenario({ path: "raided.yaml", text: DROP, sets });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
  const [plan] = scenario.plans;
  if (plan === undefined) throw new Error("the scenario has a plan");
  const log: SaleEvent[] = [];
  const onSaleEvent = (event: SaleEvent) => log.push(event);
  return { ...rehearse({ plan, seed, auditEveryEvent, onSaleEvent }), log };
}

const of = (rehearsal: Rehearsal, metric: string) => rehearsal.metrics[metric] ?? Number.NaN;

const peace = rehearsed([]);
const raided = rehearsed([RAID]);
const limited = rehearsed([RAID, ...LIMITS]);

describe("a raid", () => {
  it("takes most of a scarce sale from a store without limits", () => {
    expect(of(raided, "bots.units.share")).toBeGreaterThan(0.4);
    expect(of(raided, "units.people.share")).toBeLessThan(0.7);
    expect(of(raided, "honest.success")).toBeLessThan(0.6 * of(peace, "honest.success"));
    expect(of(raided, "bots.holds.expired")).toBeGreaterThan(100);
  });

  it("gets next to nothing from a store with limits, and shoppers hardly feel them", () => {
    expect(of(limited, "units.people.share")).toBe(1);
    // Three people, of two SKUs one unit each.
    expect(of(limited, "bots.units")).toBeLessThanOrEqual(6);
    expect(of(limited, "honest.success")).toBeGreaterThan(0.9 * of(peace, "honest.success"));
    expect(of(limited, "bots.limited")).toBeGreaterThan(1_000);
  });

  it("keeps every book, whatever it does", () => {
    for (const run of [raided, limited]) {
      expect(run.broken).toEqual([]);
      expect(of(run, "oversold")).toBe(0);
    }
    const small =
      "bots=[{ kind: buy, for: 2min, rate: 2/s, programs: 3, identities: 9, networks: 2, people: 2 }]";
    const fewer = [small, ...LIMITS, "audience.recipients=60", "lasts=10min"];
    expect(rehearsed(fewer, true).broken).toEqual([]);
  });

  it("is the same raid for the same seed, and another for another", () => {
    expect(rehearsed([RAID, ...LIMITS]).digest).toBe(limited.digest);
    expect(rehearsed([RAID, ...LIMITS], false, "two").digest).not.toBe(limited.digest);
  });

  it("asks as often as its rate says, as long as the store answers", () => {
    const asked = of(raided, "bots.requests");
    expect(asked).toBeGreaterThan(0.9 * 30 * 600);
    expect(asked).toBeLessThan(1.05 * 30 * 600);
  });

  it("is over at its end: no bot takes a hold after it", () => {
    const opens = raided.log[0]?.at ?? 0;
    const late = raided.log.filter(
      (event) =>
        event.kind === "HoldPlaced" &&
        isBot(shopperNumber(event.shopper)) &&
        event.at > opens + 15 * 60_000,
    );
    expect(late).toEqual([]);
  });

  it("that refreshes is the share of all page requests that it says", () => {
    const run = rehearsed(["bots=[{ kind: refresh, share: 18% }]"]);
    const [bots, pages] = [of(run, "bots.requests"), of(run, "pages")];
    expect(bots / (bots + pages)).toBeCloseTo(0.18, 2);
    expect(of(run, "bots.holds")).toBe(0);
    expect(of(run, "pages.wasted")).toBe(0);
  });

  it("whose programs do not adapt wait as long as they are told", () => {
    const stubborn = rehearsed([RAID.replaceAll("people:", "adapts: 0%, people:"), ...LIMITS]);
    expect(of(stubborn, "bots.limited")).toBeLessThan(0.7 * of(limited, "bots.limited"));
  });
});

describe("a world without bots and limits", () => {
  it("measures nothing of them, and is not changed by where shoppers would come from", () => {
    expect(of(peace, "bots.orders")).toBeNaN();
    expect(of(peace, "honest.orders")).toBe(of(peace, "orders"));
    expect(peace.log.some(({ kind }) => kind === "RequestLimited")).toBe(false);
    const elsewhere = rehearsed([
      "shoppers.whereabouts={ shared: 90%, networks: 1, households: 50% }",
    ]);
    expect(elsewhere.digest).toBe(peace.digest);
  });

  it("has the same course under limits that nobody reaches", () => {
    const wide = [
      "limits.per-shopper={ requests: 100k/s, burst: 1000, holds: 100 }",
      "limits.per-network={ requests: 100k/s, burst: 1000, holds: 100k }",
      "limits.per-person=100",
    ];
    const generous = rehearsed(wide);
    expect(generous.digest).toBe(peace.digest);
    expect(of(generous, "shoppers.limited")).toBe(0);
    expect(of(generous, "units.people.share")).toBe(1);
  });
});

describe("a limit per network", () => {
  it("hits shoppers behind one shared address, and those who are there to stay come back", () => {
    const crowd = "shoppers.whereabouts={ shared: 100%, networks: 1, households: 0% }";
    const tight = "limits.per-network={ requests: 60/min, burst: 10, holds: none }";
    const run = rehearsed([crowd, tight]);
    expect(of(run, "shoppers.limited")).toBeGreaterThan(100);
    expect(of(run, "carts.abandoned{limited}")).toBeGreaterThan(10);
    expect(of(run, "honest.success")).toBeLessThan(of(peace, "honest.success"));
    expect(run.broken).toEqual([]);
  });
});

describe("a limit per person", () => {
  it("takes the two of a household for one", () => {
    const homes = "shoppers.whereabouts={ shared: 0%, networks: 1, households: 100% }";
    const run = rehearsed([homes, "limits.per-person=1"]);
    const refused = run.log.filter(
      (event) => event.kind === "OrderCancelled" && event.reason === "PersonLimitReached",
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(of(run, "units.people.share")).toBe(1);
  });
});
