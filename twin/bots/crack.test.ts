import { describe, expect, it } from "vitest";
import { CODE_SYMBOLS } from "../../store/core/promotion-code.ts";
import type { Rehearsal } from "../result.ts";
import { decodeScenario } from "../scenario/decode.ts";
import { rehearse } from "../world.ts";

const SHOP = `
name: cracked
seed: cracked/1
starts: 2024-05-03T12:00+02:00
lasts: 30min
sellers:
  - name: shop
    items: [{ sku: RED, sale-price: $50, units: 5000, weight: 1 }]
    hold-for: 2min
sale: { public: +0s }
audience:
  recipients: 2000
  visits: 60%
  click-delay: { log-logistic: { median: 2min, shape: 1.2, cap: 25min } }
  delivery-delay: { constant: 3s }
  sender-rate: 1k/s
shoppers:
  think-time: { lognormal: { median: 6s, sigma: 0.8 } }
platform: { fleet: { initial: 6, min: 6, max: 6 }, autoscaler: { kind: none } }
promotions:
  offers: [{ name: stay, trigger: exit-intent, segment: everyone, budget: { codes: 400, money: $2k } }]
plans: { only: { launch: { each-over: 10s } } }
`;

const RAID =
  "bots=[{ kind: crack, for: 20min, rate: 20/s, programs: 20, identities: 2k, networks: 8 }]";
const PER_NETWORK = "limits.per-network={ requests: 20/min, burst: 20 }";
/** Nobody is told that they named too many wrong codes. */
const NO_TRIES_LIMIT = "promotions.wrong-codes.max=1000";
/** Three draws of a code below this: 4,096 codes are possible, of which the shop gives out 400. */
const FEW = 16;

function problemsOf(sets: readonly string[], text = SHOP) {
  const scenario = decodeScenario({ path: "cracked.yaml", text, sets });
  return Array.isArray(scenario) ? JSON.stringify(scenario) : scenario;
}

function rehearsed(sets: readonly string[], codeDrawsBelow?: number): Rehearsal {
  const scenario = problemsOf(sets);
  if (typeof scenario === "string") throw new Error(scenario);
  const [plan] = scenario.plans;
  if (plan === undefined) throw new Error("the scenario has a plan");
  const planted = codeDrawsBelow === undefined ? {} : { codeDrawsBelow };
  const rehearsal = rehearse({ plan, seed: "one", ...planted });
  expect(rehearsal.broken).toEqual([]);
  return rehearsal;
}

const of = (rehearsal: Rehearsal, metric: string) => rehearsal.metrics[metric] ?? Number.NaN;

describe("bots that guess discount codes", () => {
  it("find none among all codes, however often they try", () => {
    const run = rehearsed([RAID, NO_TRIES_LIMIT]);
    expect(of(run, "offers.made")).toBe(400);
    expect(of(run, "bots.codes.tried")).toBeGreaterThan(10_000);
    expect(of(run, "bots.codes.found")).toBe(0);
  });

  it("find them where few codes are possible, as often as chance says, and gain nothing", () => {
    const run = rehearsed([RAID, NO_TRIES_LIMIT], FEW);
    expect(FEW).toBeLessThan(CODE_SYMBOLS);
    const hit = of(run, "bots.codes.found") / of(run, "bots.codes.tried");
    expect(hit).toBeGreaterThan((0.5 * 400) / FEW ** 3);
    expect(hit).toBeLessThanOrEqual((1.1 * 400) / FEW ** 3);
    // A code is its owner's alone: no bot holds or buys anything by it.
    expect(of(run, "bots.holds") + of(run, "bots.orders")).toBe(0);
    expect(of(run, "offers.refused")).toBe(of(rehearsed([], FEW), "offers.refused"));
  });

  it("try ten codes by each name, and fewer where their networks are limited", () => {
    const free = rehearsed([RAID, NO_TRIES_LIMIT]);
    const perName = rehearsed([RAID.replace("2k", "50"), "promotions.wrong-codes.within=2h"]);
    const perNetwork = rehearsed([RAID, NO_TRIES_LIMIT, PER_NETWORK]);
    expect(of(perName, "bots.codes.tried")).toBe(50 * 10);
    expect(of(perName, "bots.limited")).toBeGreaterThan(0);
    // Each network may ask for its burst and then for twenty a minute, whatever names it goes by.
    expect(of(perNetwork, "bots.codes.tried")).toBeLessThanOrEqual(8 * (20 + 20 * 20));
    expect(of(perNetwork, "bots.codes.tried")).toBeLessThan(0.3 * of(free, "bots.codes.tried"));
  });

  it("need a store with codes", () => {
    const told = problemsOf([RAID, "promotions.offers=[]"]);
    expect(told).toContain("bots.0.kind");
    expect(told).toContain("there are no codes to crack");
  });

  it("are not measured where nobody guesses", () => {
    expect(of(rehearsed([]), "bots.codes.tried")).toBeNaN();
    expect(of(rehearsed([RAID.replace("crack", "hoard")]), "bots.codes.tried")).toBeNaN();
  });
});
