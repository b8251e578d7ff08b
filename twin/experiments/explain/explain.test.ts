import { describe, expect, it } from "vitest";
import { rehearse } from "../../world.ts";
import { seedsFrom } from "../jobs.ts";
import { explain, rehearseBases } from "./explain.ts";
import type { Explanation, PlanExplanation } from "./explanation.ts";
import { answered, explained, QUESTION, rehearsed, smallSale } from "./testing/small-sale.ts";

/** One server that can make two products in a second. */
const FEW_SERVERS = [
  "platform.fleet={ initial: 1, min: 1, max: 1, cores: 1, backlog: 16 }",
  "platform.profile.product={ cpu: 600ms, io: 20ms }",
];
const OUTAGE = ["faults=[{ at: +2min, kind: gateway-outage, for: 5min }]"];
/** Everybody comes from one carrier, which may ask for little. */
const TIGHT_LIMITS = [
  "limits.per-network={ requests: 6/min, burst: 6 }",
  "shoppers.whereabouts={ shared: 100%, networks: 1 }",
];
const HOARDERS = [
  "bots=[{ kind: hoard, for: 8min, rate: 20/s, programs: 20, identities: 5k, networks: 5, people: 1 }]",
];
const SLOW_DOOR = [
  "waiting-room={ mode: on, rate: 5/min, patience: { exponential: { mean: 2min } } }",
];
const FEW_UNITS = ["sellers.0.stock.units=24"];
/** Two cores, which are enough for the sale and not for it and half of what the others ask. */
const LOUD_NEIGHBOUR = [
  "lasts=20min",
  "platform.fleet={ initial: 1, min: 1, max: 1, cores: 2, backlog: 64 }",
  "neighbours=[{ name: books, rate: 60/s }]",
];
/** Five servers that are enough, and one that is left of them. */
const LOST_ZONES = [
  "platform.fleet={ zones: 5, initial: 5, min: 5, max: 5, cores: 2, backlog: 16 }",
  "platform.profile.product={ cpu: 1s, io: 20ms }",
  `faults=[${[1, 2, 3, 4].map((zone) => `{ at: +1min, kind: zone-lost, zone: ${zone}, for: 20min }`).join(", ")}]`,
];
const FUNCTIONS = ["platform.autoscaler.kind=serverless"];

function planOf(explanation: Explanation, name = "one"): PlanExplanation {
  const plan = explanation.plans[name];
  if (plan === undefined) throw new Error(`${name} is explained`);
  return plan;
}

function revenueOf(explanation: Explanation) {
  const { revenue } = planOf(explanation);
  if (revenue === null) throw new Error("the revenue is explained");
  return revenue;
}

/** What the rows add up to, with what was not told apart. */
function sumOf({ causes, rest }: ReturnType<typeof revenueOf>): number {
  return causes.reduce((sum, { gain }) => sum + (gain?.mean ?? 0), rest?.mean ?? 0);
}

describe("revenue that was lost", () => {
  it("is nothing where nothing is short, and no part is blamed", () => {
    const revenue = revenueOf(explained(smallSale(), { seeds: 1 }));
    expect(revenue).toMatchObject({ certainty: "none", causes: [], rest: null });
    expect(revenue.lost.mean).toBe(0);
    expect(revenue.inert).toEqual(["servers", "cdn", "payments", "stock"]);
  });

  it.each([
    ["servers", FEW_SERVERS],
    ["payments", OUTAGE],
    ["stock", FEW_UNITS],
    ["bots", HOARDERS],
    ["waiting-room", SLOW_DOOR],
    ["limits", TIGHT_LIMITS],
    ["authentication", ["payments.three-d-secure={ share: 100%, frictionless: 0%, abandon: 50% }"]],
    ["declines", ["payments.primary.decline=30%"]],
    ["faults", ["faults=[{ at: +2min, kind: fleet-slow, times: 100, for: 20min }]"]],
    ["faults", LOST_ZONES],
    ["database", ["platform.database={ pool: 1, wait-limit: 2s, read: { constant: 400ms } }"]],
    ["neighbours", LOUD_NEIGHBOUR],
    [
      "servers",
      [
        ...FUNCTIONS,
        "platform.autoscaler.serverless.concurrency=1",
        "platform.profile.product.cpu=600ms",
      ],
    ],
    [
      "scaling",
      [
        ...FUNCTIONS,
        "platform.autoscaler.serverless={ cold-start: { constant: 15s }, keep-alive: 1s }",
      ],
    ],
  ])("is put down to %s where only they are bad", (part, sets) => {
    const revenue = revenueOf(explained(smallSale(sets), { seeds: 3 }));
    expect(revenue.lost.mean).toBeGreaterThan(0);
    expect(revenue.causes[0]).toMatchObject({ part, certainty: "cause" });
    expect(revenue.causes[0]?.share).toBeGreaterThan(0.9);
    expect(sumOf(revenue)).toBeCloseTo(revenue.lost.mean, 6);
  });

  it.each([
    [
      "a database and other sellers",
      [
        "platform.database={ pool: 40, connections: 400 }",
        "neighbours=[{ name: books, rate: 5/s }]",
      ],
    ],
    ["functions", FUNCTIONS],
  ])("is not put down to %s that do not hurt", (_parts, sets) => {
    const revenue = revenueOf(explained(smallSale([...sets, ...FEW_UNITS]), { seeds: 2 }));
    expect(revenue.causes.map(({ part }) => part)).toEqual(["stock"]);
  });

  it("is put down to servers that are too few, with and without the little that others ask", () => {
    const quiet = "neighbours=[{ name: books, rate: 30/min }]";
    const revenue = revenueOf(explained(smallSale([...FEW_SERVERS, quiet]), { seeds: 2 }));
    expect(revenue.causes[0]?.part).toBe("servers");
  });

  it("adds up where several parts are bad, the one that costs most first", () => {
    const revenue = revenueOf(explained(smallSale([...FEW_SERVERS, ...OUTAGE]), { seeds: 3 }));
    const named = revenue.causes.filter(({ gain }) => gain !== null).map(({ part }) => part);
    expect(named.slice(0, 2).sort()).toEqual(["payments", "servers"]);
    expect(sumOf(revenue)).toBeCloseTo(revenue.lost.mean, 6);
    const [first, second] = revenue.causes;
    expect(first?.alone.mean).toBe(first?.gain?.mean);
    expect(first?.alone.mean).toBeGreaterThan(second?.alone.mean ?? Number.NaN);
    // Whom the servers turn away meets no payment network: each part is worth more after the other.
    expect(revenue.overlaps.map(({ parts }) => parts)).toContainEqual([first?.part, second?.part]);
    expect(second?.gain?.mean).toBeGreaterThan(second?.alone.mean ?? Number.NaN);
  });
});

describe("an expectation that was missed", () => {
  it("is met with the part that was the cause, and with no other", () => {
    const scenario = smallSale(FEW_SERVERS, 'expect: { errors.rate: "< 0.1%", oversold: "= 0" }');
    const { missed } = planOf(explained(scenario, { seeds: 1 }));
    expect(missed.map(({ metric }) => metric)).toEqual(["errors.rate"]);
    expect(missed[0]?.alone[0]).toMatchObject({
      parts: ["servers"],
      value: 0,
      met: true,
      closer: 1,
    });
    expect(missed[0]?.alone.filter(({ met }) => met)).toHaveLength(1);
    expect(missed[0]?.together).toBeNull();
  });

  it("is met with the smallest set where no part alone is enough", () => {
    const sound = rehearse({ plan: only(smallSale()), seed: "small-sale/1" }).metrics.orders ?? 0;
    const scenario = smallSale(
      [...FEW_SERVERS, ...OUTAGE],
      `expect: { orders: ">= ${Math.round(0.97 * sound)}" }`,
    );
    const [missed] = planOf(explained(scenario, { seeds: 1 })).missed;
    expect(missed?.alone.some(({ met }) => met)).toBe(false);
    expect(missed?.together).toMatchObject({ met: true, closer: 1 });
    expect([...(missed?.together?.parts ?? [])].sort()).toEqual(["payments", "servers"]);
  });

  it("is not put down to a part that would only distort it", () => {
    const scenario = smallSale([], 'expect: { instances.peak: "< 4" }');
    const [missed] = planOf(explained(scenario, { seeds: 1 })).missed;
    expect(missed?.alone.flatMap(({ parts }) => parts)).not.toContain("servers");
    expect(missed?.together).toBeNull();
  });
});

describe("shoppers who bought under one plan and not under the other", () => {
  it("are none where the plans are equal", () => {
    const [compared] = explained(smallSale(), { plans: ["one", "two"], seeds: 2 }).shoppers;
    expect(compared?.onlyFirst).toMatchObject({ all: { mean: 0 }, by: {} });
    expect(compared?.onlySecond).toMatchObject({ all: { mean: 0 }, by: {} });
    expect(compared?.net.mean).toBe(0);
    expect(compared?.both.mean).toBeGreaterThan(100);
  });

  it("are as many as the plans differ in buyers, by the cause that the other plan has", () => {
    const scenario = smallSale(OUTAGE.map((set) => `plans.two.${set}`));
    const seed = "small-sale/1";
    const [one, two] = scenario.plans.map((plan) => rehearse({ plan, seed, outcomes: true }));
    const buyers = (codes: Uint8Array | undefined) =>
      (codes ?? []).filter((code) => code === 1).length;
    const [compared] = explained(scenario, { plans: ["one", "two"], seeds: 1 }).shoppers;
    expect(compared?.net.mean).toBe(buyers(one?.outcomes) - buyers(two?.outcomes));
    expect(compared?.net.mean).toBeGreaterThan(50);
    expect(compared?.onlyFirst.by.payment?.mean).toBe(compared?.onlyFirst.all.mean);
    const bought = (compared?.both.mean ?? 0) + (compared?.onlyFirst.all.mean ?? 0);
    expect(bought).toBe(buyers(one?.outcomes));
  });
});

describe("an explanation", () => {
  it("is the same twice", () => {
    const scenario = smallSale(OUTAGE);
    expect(explained(scenario, { seeds: 1 })).toEqual(explained(scenario, { seeds: 1 }));
  });

  it("asks for no rehearsal twice", () => {
    const scenario = smallSale([...FEW_SERVERS, ...OUTAGE], 'expect: { orders: "> 5k" }');
    const bases = answered(rehearseBases([only(scenario)], seedsFrom("s", 1)));
    const asked: string[] = [];
    const program = explain(bases, { ...QUESTION, scenario });
    let step = program.next();
    while (step.done !== true) {
      asked.push(...step.value.map(({ plan, seed }) => JSON.stringify([plan.world, seed])));
      step = program.next(step.value.map(rehearsed));
    }
    expect(new Set(asked).size).toBe(asked.length);
    expect(step.value.reruns).toBe(asked.length);
  });

  it("says what it has where it is interrupted, and nothing else", () => {
    const scenario = smallSale(OUTAGE, 'expect: { orders: "> 5k" }');
    const bases = answered(rehearseBases([only(scenario)], seedsFrom("s", 1)));
    const program = explain(bases, { ...QUESTION, scenario });
    let step = program.next();
    while (step.done !== true) step = program.next(step.value.map(() => null));
    expect(step.value).toMatchObject({ partial: true, reruns: 0, exit: { code: 130 } });
    const plan = planOf(step.value);
    expect(plan.revenue).toBeNull();
    expect(plan.missed).toMatchObject([{ metric: "orders", alone: [], everything: null }]);
  });
});

function only(scenario: ReturnType<typeof smallSale>) {
  const [plan] = scenario.plans;
  if (plan === undefined) throw new Error("the small sale has a plan");
  return plan;
}
