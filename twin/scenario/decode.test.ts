import { describe, expect, it } from "vitest";
import { DAY, HOUR, MINUTE } from "../../engine/time.ts";
import { decodeScenario } from "./decode.ts";
import type { ScenarioProblem } from "./problem.ts";
import type { Scenario } from "./scenario.ts";

const MINIMAL = `name: minimal
seed: minimal/1
starts: 2011-11-25T06:00-05:00
lasts: 3d
sellers:
  - name: handbags
    catalog: { products: 10, sale-price: { mean: $80 } }
    stock: { units: 1k }
audience:
  recipients: 100k
  visits: 12%
plans:
  batched: { launch: { batches: 4, every: 15min, each-over: 8min } }
  early:
    launch: { each-over: 30min }
`;

function decoded(text: string, sets: readonly string[] = [], scale?: number): Scenario {
  const input = { text, path: "sale.yaml", sets };
  const scenario = decodeScenario(scale === undefined ? input : { ...input, scale });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario, null, 1));
  return scenario;
}

function problems(text: string, sets: readonly string[] = []): ScenarioProblem[] {
  const scenario = decodeScenario({ text, path: "sale.yaml", sets });
  return Array.isArray(scenario) ? scenario : [];
}

function only(text: string, sets: readonly string[] = []): ScenarioProblem | string {
  const found = problems(text, sets);
  return found.length === 1 && found[0] !== undefined ? found[0] : JSON.stringify(found, null, 1);
}

function changed(from: string, to: string): string {
  if (!MINIMAL.includes(from)) throw new Error(`the scenario has no ${from}`);
  return MINIMAL.replace(from, to);
}

describe("a minimal file", () => {
  it("is a whole scenario, every default filled in", () => {
    const scenario = decoded(MINIMAL);
    const world = scenario.plans[0]?.world;
    expect(scenario).toMatchObject({ name: "minimal", seeds: 3, scale: 1, expect: [] });
    expect(world?.lasts).toBe(3 * DAY);
    expect(world?.audience).toMatchObject({
      recipients: 100_000,
      visitRate: 0.12,
      clickDelay: { kind: "log-logistic", median: 2.761 * HOUR, shape: 0.671, cap: 14 * DAY },
      senderRate: 5e6 / 3600,
    });
    expect(world?.shoppers.idleTimeout).toBe(15 * MINUTE);
    expect(world?.sale).toMatchObject({ earlyAccessAt: 0, publicAt: 0, closesAt: 3 * DAY });
    expect(world?.payments.fallback).toBeNull();
    expect(world?.traffic.decayPerDay).toBe(0.3015);
    expect(world?.sellers[0]?.items).toHaveLength(10);
  });

  it("keeps the file's order of plans, with a launch completed from defaults", () => {
    const [batched, early] = decoded(MINIMAL).plans;
    expect(batched?.name).toBe("batched");
    expect(batched?.launch).toEqual({
      at: 0,
      batches: 4,
      every: 15 * MINUTE,
      eachOver: 8 * MINUTE,
    });
    expect(early?.launch).toEqual({ at: 0, batches: 1, every: 0, eachOver: 30 * MINUTE });
  });

  it("decodes to the same value every time, from JSON as well", () => {
    const json = `{"name":"a","seed":"s","starts":"2011-11-25T06:00-05:00","lasts":"1d",
      "sellers":[{"name":"x","items":[{"sku":"A1","sale-price":"$5","units":3,"weight":1}]}],
      "audience":{"recipients":10},"plans":{"p":{"launch":{"each-over":"1min"}}}}`;
    expect(decoded(MINIMAL)).toEqual(decoded(MINIMAL));
    expect(decoded(json).plans[0]?.world.sellers[0]?.items).toEqual([
      { sku: "A1", name: "A1", price: 500, salePrice: 500, units: 3, weight: 1 },
    ]);
  });

  it("shares one world between plans that override nothing", () => {
    const [batched, early] = decoded(MINIMAL).plans;
    expect(batched?.world).toEqual(early?.world);
  });
});

describe("a plan", () => {
  const overriding = changed(
    "  early:\n",
    `  early:
    audience: { visits: 20%, click-delay: { exponential: { mean: 1h } } }
    platform: { fleet: { initial: 9 }, autoscaler: { kind: none } }
    payments: { fallback: { decline: 3% } }
`,
  );

  it("overrides any part of any section, and leaves the rest", () => {
    const [batched, early] = decoded(overriding).plans;
    expect(early?.world.audience).toMatchObject({ recipients: 100_000, visitRate: 0.2 });
    expect(early?.world.audience.clickDelay).toEqual({ kind: "exponential", mean: HOUR });
    expect(early?.world.fleet).toEqual({ ...batched?.world.fleet, initial: 9 });
    expect(early?.world.autoscaler).toEqual({ kind: "none" });
    expect(early?.world.payments.fallback?.decline).toBe(0.03);
    expect(early?.world.payments.fallback?.softShare).toBe(0.8);
    expect(batched?.world.audience.visitRate).toBe(0.12);
  });

  it("is told what is wrong at its own key", () => {
    expect(only(overriding.replace("20%", "200%"))).toMatchObject({
      line: 15,
      column: 25,
      path: "plans.early.audience.visits",
    });
  });

  it("is told at the file's key, with its name, what its override breaks there", () => {
    const text = changed("  early:\n", "  early:\n    lasts: 1d\n");
    expect(only(`${text}sale: { public: +2d }\n`)).toMatchObject({
      line: 17,
      path: "sale.public",
      message: "in plan early: the sale closes before it opens",
    });
  });

  it("is told at the plan what its override breaks in a default", () => {
    const text = changed("  early:\n", "  early:\n    platform: { fleet: { max: 1 } }\n");
    expect(only(text)).toMatchObject({ line: 15, path: "plans.early.platform.fleet.min" });
  });

  it("must not outlast the sale", () => {
    expect(only(changed("every: 15min", "every: 2d"))).toMatchObject({
      line: 13,
      path: "plans.batched.launch.every",
      suggestion: "the sale closes 3d after the start",
    });
    expect(only(changed("each-over: 30min", "each-over: 30d"))).toMatchObject({
      path: "plans.early.launch.each-over",
    });
    const slow = problems(changed("recipients: 100k", "recipients: 90M\n  sender-rate: 1M/h"));
    expect(slow.map((problem) => problem.path)).toEqual([
      "plans.batched.launch",
      "plans.early.launch",
    ]);
  });

  it("may expect more than all must", () => {
    const text = `${MINIMAL.replace("each-over: 30min }", 'each-over: 30min }\n    expect: { orders: "> 5" }')}
expect: { oversold: "= 0" }
`;
    const scenario = decoded(text);
    expect(scenario.expect).toEqual([{ metric: "oversold", expect: "= 0" }]);
    expect(scenario.plans[1]?.expect).toEqual([{ metric: "orders", expect: "> 5" }]);
  });
});

describe("a setting of the command line", () => {
  const visits = (sets: readonly string[]) => decoded(MINIMAL, sets).plans[0]?.world.audience;

  it("replaces a value of the file, of a default, of a plan and in a list", () => {
    expect(visits(["audience.visits=30%"])?.visitRate).toBe(0.3);
    expect(visits(["audience.visits=0.3"])?.visitRate).toBe(0.3);
    expect(decoded(MINIMAL, ["shoppers.retry.limit=0"]).plans[0]?.world.shoppers.retry.limit).toBe(
      0,
    );
    expect(decoded(MINIMAL, ["plans.batched.launch.every=30min"]).plans[0]?.launch.every).toBe(
      30 * MINUTE,
    );
    const items = decoded(MINIMAL, ["sellers.0.stock.units=10"]).plans[0]?.world.sellers[0]?.items;
    expect(items?.reduce((sum, item) => sum + item.units, 0)).toBe(10);
    expect(decoded(MINIMAL, ["seed=other"]).seed).toBe("other");
  });

  it("may be a section, laid over what is there", () => {
    expect(visits(["audience={visits: 1%}"])).toMatchObject({
      visitRate: 0.01,
      recipients: 100_000,
    });
  });

  it("replaces a distribution by one of another kind", () => {
    expect(visits(["audience.click-delay.exponential.mean=2h"])?.clickDelay).toEqual({
      kind: "exponential",
      mean: 2 * HOUR,
    });
  });

  it("names a metric of the expectations with its dots", () => {
    const sets = ["expect.latency.p95=< 2s", "plans.early.expect.orders=> 5"];
    const scenario = decoded(MINIMAL, sets);
    expect(scenario.expect).toEqual([{ metric: "latency.p95", expect: "< 2s" }]);
    expect(scenario.plans[1]?.expect).toEqual([{ metric: "orders", expect: "> 5" }]);
  });

  it("counts in the order given", () => {
    expect(visits(["audience.visits=1%", "audience.visits=2%"])?.visitRate).toBe(0.02);
  });

  it.each([
    ["audience.visit=12%", "audience.visit", "did you mean visits?"],
    ["audience.visits=120%", "audience.visits", "the greatest share is 100%"],
    ["plans.batch.launch.every=1h", "plans.batch", "did you mean batched?"],
    ["sellers.3.stock.units=1", "sellers", "places are counted from 0 to 0"],
    ["faults.0.kind=cdn-cold", "faults", 'give the whole list, like --set "faults=[{ … }]"'],
    ["name.first=a", "name", "set name itself"],
    ["audience", "", "write it like --set audience.visits=12%"],
    ["audience..visits=1%", "", "write it like --set audience.visits=12%"],
    ["__proto__.polluted=1", "__proto__", ""],
  ])("is refused where it leads nowhere: %s", (set, path, suggestion) => {
    expect(only(MINIMAL, [set])).toMatchObject({ file: `--set ${set}`, line: 0, path });
    expect(only(MINIMAL, [set])).toHaveProperty("suggestion", expect.stringContaining(suggestion));
  });
});

const THINK = (key: string) => `shoppers.think-time.${key}`;

describe("what cannot be", () => {
  it.each([
    ["visits: 12%", "visit: 12%", 11, 3, "audience.visit", "did you mean visits?"],
    ["lasts: 3d", "lasts: 3 days", 4, 8, "lasts", "write 3d"],
    ["lasts: 3d", "lasts: 3", 4, 8, "lasts", "write 3s, 3min or 3h"],
    ["lasts: 3d", "lasts: [3d]", 4, 1, "lasts", "write it like 90s, 14.8min or 3d"],
    ["visits: 12%", "visits: 112%", 11, 11, "audience.visits", "the greatest share is 100%"],
    ["visits: 12%", "visits:", 11, 10, "audience.visits", "write it like 16% or 0.16"],
    ["recipients: 100k", "recipients: 0", 10, 15, "audience.recipients", "write 1 or more"],
    ["recipients: 100k", "recipients: -5", 10, 15, "audience.recipients", "write it like"],
    ["recipients: 100k", "recipients: 100,000", 10, 15, "audience.recipients", "100000"],
    ["mean: $80", "mean: €80", 7, 50, "sellers.0.catalog.sale-price.mean", "set currency"],
    ["products: 10,", "", 7, 5, "sellers.0.catalog.products", "say how many"],
    ["starts: 2011-11-25", "starts: 2011-02-29", 3, 9, "starts", "write it like 2011-11-25"],
    ["    stock: { units: 1k }\n", "", 6, 5, "sellers.0", "add stock"],
    ["name: minimal", "name: my sale", 1, 7, "name", "a letter, then"],
    [
      "batches: 4, every: 15min,",
      "batches: 4,",
      13,
      14,
      "plans.batched.launch.every",
      "such as 15min",
    ],
  ])("%s → %s", (from, to, line, column, path, suggestion) => {
    expect(only(changed(from, to))).toMatchObject({ file: "sale.yaml", line, column, path });
    expect(only(changed(from, to))).toHaveProperty(
      "suggestion",
      expect.stringContaining(suggestion),
    );
  });

  it.each([
    ["shoppers: { journey: { list: { list: 70%, product: 40% } } }", "shoppers.journey.list"],
    [
      "shoppers: { journey: { list: { list: 70%, product: 30% }, product: { list: 100%, product: 0%, cart: 0% } } }",
      "shoppers.journey",
    ],
    ["platform: { fleet: { min: 9, max: 4, initial: 4 } }", "platform.fleet.min"],
    ["platform: { fleet: { initial: 99 } }", "platform.fleet.initial"],
    ["platform: { fleet: { memory: { base: 9GB } } }", "platform.fleet.memory.base"],
    ["platform: { autoscaler: { target: 0% } }", "platform.autoscaler.target"],
    ["platform: { autoscaler: { kind: predictive } }", "platform.autoscaler.kind"],
    ["platform: { cdn: { pages: [home] } }", "platform.cdn.pages.0"],
    ["payments: { primary: { decline: 60%, error: 50% } }", "payments.primary"],
    ["payments: { policy: { backoff: { initial: 9s } } }", "payments.policy.backoff.initial"],
    ["traffic: { daily-profile: [1, 2] }", "traffic.daily-profile"],
    ["sale: { public: +1d, closes: +1h }", "sale.closes"],
    ["sale: { closes: +4d }", "sale.closes"],
    ["sale: { early-access: +2h, public: +1h }", "sale.early-access"],
    ["sale: { public: 2011-11-24T06:00-05:00 }", "sale.public"],
    ['expect: { orders: "many" }', "expect.orders"],
    ['expect: { order: "> 5" }', "expect.order"],
    ["wating-room: { capacity: 5 }", "wating-room"],
    ["seeds: 0", "seeds"],
    ["seeds: 1M", "seeds"],
    ["currency: dollars", "currency"],
    ['expect: { revenue: "> £4.5M" }', "expect.revenue"],
    ['expect: { carts: "> 5 for all but 5min" }', "expect.carts"],
    [
      "shoppers: { think-time: { lognormal: { median: 9s, sigma: 40 } } }",
      THINK("lognormal.sigma"),
    ],
    ["shoppers: { think-time: { weibull: { median: 9s, shape: 0.001 } } }", THINK("weibull.shape")],
    ["shoppers: { think-time: { lognormal: { median: 9s, sigma: 5 } } }", "shoppers.think-time"],
    ["shoppers: { think-time: { constant: 2h } }", "shoppers.think-time"],
    ["shoppers: { idle-timeout: 300d }", "shoppers.idle-timeout"],
    ["platform: { profile: { list: { cv: 1000000 } } }", "platform.profile.list.cv"],
    ["platform: { profile: { list: { cpu: 3d } } }", "platform.profile.list.cpu"],
    ["platform: { autoscaler: { metric-delay: 300d } }", "platform.autoscaler.metric-delay"],
    ["payments: { policy: { time-limit: 3d } }", "payments.policy.time-limit"],
    [
      "payments: { fallback: { latency: { log-logistic: { median: 1s, shape: 0.3 } } } }",
      "payments.fallback.latency",
    ],
  ])("%s", (line, path) => {
    const problem = only(`${MINIMAL}${line}\n`);
    expect(problem).toMatchObject({ line: 16, path });
    expect(problem).toHaveProperty("suggestion", expect.stringMatching(/./u));
  });

  it("two distributions at once, or none, is no distribution", () => {
    const two = "click-delay: { exponential: { mean: 1h }, constant: 3s }";
    expect(only(changed("visits: 12%", two))).toMatchObject({ path: "audience.click-delay" });
    const typo = "click-delay: { log-logistic: { median: 1h, shap: 1 } }";
    expect(only(changed("visits: 12%", typo))).toMatchObject({
      path: "audience.click-delay.log-logistic.shap",
      suggestion: "did you mean shape?",
    });
  });

  it("two sellers cannot share a name or a SKU", () => {
    const twice = MINIMAL.replace(
      "audience:",
      `  - name: handbags
    items: [ { sku: A, sale-price: $1, units: 1, weight: 1 }, { sku: A, sale-price: $1, units: 1, weight: 1 } ]
audience:`,
    );
    expect(problems(twice).map((problem) => problem.path)).toEqual([
      "sellers.1.name",
      "sellers.1.items.1.sku",
    ]);
  });

  it("an item cannot have a SKU that a catalog writes out", () => {
    const items = (sku: string) =>
      MINIMAL.replace(
        "audience:",
        `  - name: scarves
    items: [ { sku: ${sku}, sale-price: $1, units: 1, weight: 1 } ]
audience:`,
      );
    expect(only(items("HA-0010"))).toMatchObject({ line: 10, path: "sellers.1.items.0.sku" });
    for (const free of ["HA-0011", "HA-00010", "HA-10", "HB-0001"]) {
      expect(problems(items(free))).toEqual([]);
    }
  });

  it("a seed is held to the rule of the command line", () => {
    const long = `"${"s".repeat(201)}"`;
    for (const seed of [long, '"a\\nb"', '""']) {
      expect(only(changed("seed: minimal/1", `seed: ${seed}`))).toMatchObject({
        line: 2,
        column: 7,
        path: "seed",
      });
    }
  });

  it("another key at the top does not make a wrong currency of a right one", () => {
    const euros = `${changed("mean: $80", "mean: €80")}currency: EUR\n`;
    expect(problems(euros)).toEqual([]);
    expect(only(euros.replace("name: minimal", "name: my sale"))).toMatchObject({ path: "name" });
    expect(only(euros.replace("EUR", "euros"))).toMatchObject({ path: "currency" });
  });

  it("YAML's merge key is told by its name", () => {
    const merged = changed("audience:", "audience:\n  <<: { visits: 1% }");
    expect(only(merged)).toMatchObject({
      path: "audience.<<",
      message: expect.stringContaining("merge key"),
      suggestion: "write the keys out",
    });
  });

  it("is told all at once, in the order of the file", () => {
    const text = changed("lasts: 3d", "lasts: 3").replace("visits: 12%", "visit: 12%");
    expect(problems(text).map((problem) => problem.line)).toEqual([4, 11]);
  });

  it("is told where a file is all but empty", () => {
    expect(problems("name: a\n").map((problem) => problem.path)).toEqual([
      "seed",
      "starts",
      "lasts",
      "sellers",
      "audience.recipients",
      "plans",
    ]);
  });
});
