import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { infiniteServersStep } from "../../engine/analytic/closed-forms.ts";
import { Simulation } from "../../engine/simulation.ts";
import { DAY, HOUR, MILLISECOND, MINUTE, SECOND } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import { Mailing } from "../email/mailing.ts";
import { decodeScenario } from "../scenario/decode.ts";
import type { PlanSpec } from "../scenario/scenario.ts";
import { delayed, delayShares, total } from "./bins.ts";
import { busiestOf } from "./busiest.ts";
import { forecastOf } from "./forecast.ts";
import { loadTestOf } from "./load-test.ts";
import { paymentFateOf } from "./payment-fate.ts";
import { meansOfSession, sessionChainOf } from "./session-chain.ts";
import { visitsOf } from "./visits.ts";

function planOf(name: string, sets: readonly string[] = [], scale = 1, plan = 0): PlanSpec {
  const path = `scenarios/${name}.yaml`;
  const decoded = decodeScenario({ text: readFileSync(path, "utf8"), path, sets, scale });
  if (Array.isArray(decoded)) throw new Error(JSON.stringify(decoded));
  const found = decoded.plans[plan];
  if (found === undefined) throw new Error("the scenario has that plan");
  return found;
}

/** The first of Black Friday's three days. */
const ONE_DAY = ["lasts=1d", "sale.public=+12h"];

describe("a delay over bins", () => {
  it("moves what happens by its mean and loses nothing, whatever the width of a bin", () => {
    const delay = distributionOf({ kind: "lognormal", median: 34 * SECOND, sigma: 1.1 });
    for (const step of [SECOND, 8 * SECOND, 30 * SECOND]) {
      const bins = { step, count: Math.ceil((6 * HOUR) / step) };
      const input = new Float64Array(bins.count);
      input[3] = 100;
      const output = delayed(input, delayShares(delay.cdf, bins));
      const later = output.reduce((sum, amount, bin) => sum + amount * (bin - 3) * step, 0) / 100;
      expect(total(output)).toBeCloseTo(100, 3);
      expect(Math.abs(later / delay.mean - 1)).toBeLessThan(0.001);
    }
  });
});

const VIPS_FIRST = [
  "plans={batched: {launch: {at: +6min}}, simultaneous: {launch: {at: +6min}}}",
  "audience.segments={vip: {share: 20%, visits: 70%, mailed-before: 5min}, loyal: {share: 10%}}",
];

describe("the visits of a mailing", () => {
  it.each([
    ["", []],
    [", with VIPs before the rest", VIPS_FIRST],
  ])("come as the mailing of the simulation brings them, minute by minute%s", (_, sets) => {
    const size = ["audience.recipients=400k", "audience.sender-rate=20000/s"];
    const plan = planOf("small-drop", [...size, ...sets]);
    const { audience, lasts } = plan.world;
    const bins = { step: MINUTE, count: lasts / MINUTE };
    const { mail } = visitsOf(plan, { step: SECOND, count: lasts / SECOND });
    const simulated = new Float64Array(bins.count);
    const simulation = new Simulation({ seed: "forecast" });
    const mailing = new Mailing(simulation, { audience, launch: plan.launch, visit: () => {} });
    for (const time of mailing.times) if (time < lasts) simulated[Math.floor(time / MINUTE)] += 1;
    let chiSquare = 0;
    for (let minute = 0; minute < bins.count; minute += 1) {
      const expected = total(mail.slice(minute * 60, (minute + 1) * 60));
      if (expected > 5) chiSquare += (simulated[minute] - expected) ** 2 / expected;
    }
    // Some 200,000 visits over 30 minutes at most: 99.9 % of chi-squares lie below 60.
    expect(chiSquare).toBeLessThan(60);
    expect(chiSquare).toBeGreaterThan(1);
  });
});

describe("the infinite-server queue of shoppers", () => {
  it("fills as M/M/inf does where every visit is one page and then a time-out", () => {
    // Visits without a mail at an even rate, all bounce: each stays exactly the idle time-out.
    const plan = planOf("small-drop", [
      "audience.visits=0%",
      "traffic.rate=10/s",
      "shoppers.journey.landing.list=0%",
      "shoppers.journey.landing.product=0%",
    ]);
    const { figures, series } = forecastOf(plan);
    expect(figures["session.pages"]).toBeCloseTo(1, 9);
    expect(figures["shoppers.concurrent.peak"]).toBeCloseTo(10 * 300, 3);
    expect(series["shoppers.concurrent"][0]).toBeCloseTo(10 * 300, 3);
    expect(figures["shoppers.concurrent"]).toBeCloseTo(3_000 * (1 - 150 / 1_800), 0);
  });

  it("fills as M/M/inf does where gaps are exponential and the time-out is far", () => {
    // From the landing page to one list and out; nobody leaves before, nothing takes time but it.
    const plan = planOf("small-drop", [
      "lasts=2h",
      "sale.closes=+2h",
      "audience.visits=0%",
      "traffic.rate=10/s",
      "shoppers.think-time={exponential: {mean: 10min}}",
      "shoppers.idle-timeout=1h",
      "shoppers.journey.landing={list: 100%, product: 0%}",
      "shoppers.journey.list={list: 0%, product: 0%}",
      "shoppers.patience={constant: 1d}",
      "shoppers.bounce.rise=0",
      "platform.cdn.hit={constant: 0s}",
      "platform.cdn.hit-ratio=100%",
    ]);
    const { figures } = forecastOf(plan);
    const active = infiniteServersStep(10, 1 / 600);
    const at = figures["shoppers.concurrent.peak.at"] * MILLISECOND;
    expect(figures["session.pages"]).toBeCloseTo(2, 4);
    expect(figures["shoppers.active.peak"] / active(at / SECOND)).toBeCloseTo(1, 3);
  });

  it("is held by Little's law: the mean number is the visits times the mean residence", () => {
    const plan = planOf("webstore-black-friday", ONE_DAY, 0.05);
    const { figures, residence } = forecastOf(plan);
    const there = (figures.sessions * residence) / plan.world.lasts;
    // Those who are there at the end of the day have not had their whole residence yet.
    expect(figures["shoppers.concurrent"] / there).toBeGreaterThan(0.98);
    expect(figures["shoppers.concurrent"] / there).toBeLessThan(1);
  });
});

describe("a session as a chain", () => {
  it("has the figures that its journey was calibrated to (parameters.md, section 2.3)", () => {
    const { world } = planOf("webstore-black-friday", ["shoppers.journey.payment.submit=75%"]);
    const chain = sessionChainOf(world);
    const { pages, length, residence } = meansOfSession(chain, world.shoppers.idleTimeout);
    expect(Math.abs(pages / 8.14 - 1)).toBeLessThan(0.01);
    expect(Math.abs(length / (446 * SECOND) - 1)).toBeLessThan(0.01);
    // Active length and idle time-out, less what lapses between two pages (section 8.1: 1,346 s).
    expect(Math.abs(residence / (1_346 * SECOND) - 1)).toBeLessThan(0.01);
  });

  it("converts with declines and second cards as the law of total probability says", () => {
    const { payments } = planOf("small-drop", ["payments.primary.decline=20%"]).world;
    const { approved, declined, calls } = paymentFateOf({ ...payments, fallback: null });
    // 2 % errors and 1 % lost without a charge: three tries leave 0.03^3 without an answer.
    expect(approved).toBeCloseTo((1 - 0.03 ** 3) * 0.8, 12);
    expect(declined).toBeCloseTo((1 - 0.03 ** 3) * 0.2, 12);
    expect(calls).toBeCloseTo(1 + 0.03 + 0.03 ** 2, 12);
    const conversion = (otherCard: string) =>
      sessionChainOf(planOf("small-drop", [`shoppers.other-card=${otherCard}`]).world).conversion;
    expect(conversion("100%") / conversion("0%")).toBeCloseTo(1.08, 3);
  });
});

describe("the busiest of many intervals", () => {
  it("is the mean of one, and above the greatest mean of many", () => {
    expect(busiestOf(Float64Array.of(20))).toBeCloseTo(20, 6);
    expect(busiestOf(new Float64Array(5))).toBe(0);
    // Two Poisson counts of mean 1: 2 - sum of squared cumulative shares, summed by hand.
    expect(busiestOf(Float64Array.of(1, 1))).toBeCloseTo(1.523_78, 4);
    const many = busiestOf(new Float64Array(100).fill(400));
    // Normal extremes: the greatest of 100 lies 2.508 standard deviations above the mean.
    expect(Math.abs(many - (400 + 2.508 * 20))).toBeLessThan(2);
  });
});

describe("the forecast of the white paper's sales", () => {
  it("comes to 110,000 shoppers and 400 orders in 5 minutes on Black Friday without a simulation", () => {
    const { figures } = forecastOf(planOf("webstore-black-friday"));
    expect(Math.abs(figures["shoppers.concurrent.peak"] / 110_000 - 1)).toBeLessThan(0.01);
    expect(Math.abs(figures["orders.per5min.peak"] / 400 - 1)).toBeLessThan(0.04);
    expect(Math.abs(figures.revenue / 450_000_000 - 1)).toBeLessThan(0.01);
  });

  it("depends on the plan: one send brings more shoppers at once, and the same orders in all", () => {
    const batched = forecastOf(planOf("webstore-black-friday", ONE_DAY, 0.05, 0)).figures;
    const once = forecastOf(planOf("webstore-black-friday", ONE_DAY, 0.05, 1)).figures;
    const more = once["shoppers.concurrent.peak"] / batched["shoppers.concurrent.peak"];
    // Of the rehearsals of README: 125,037 over 110,271.
    expect(Math.abs(more / 1.134 - 1)).toBeLessThan(0.005);
    expect(once.orders / batched.orders).toBeCloseTo(1, 2);
  });

  it("does not depend on the bins: half as wide they move no figure by half a percent", () => {
    const plan = planOf("small-drop");
    const [coarse, fine] = [forecastOf(plan), forecastOf(plan, 2)];
    for (const [name, value] of Object.entries(fine.figures)) {
      if (name.endsWith(".at") || name.startsWith("servers")) continue;
      const other = coarse.figures[name as keyof typeof coarse.figures];
      expect(Math.abs(other / value - 1), name).toBeLessThan(0.005);
    }
  });

  it("lets nobody order before the sale is open to them", () => {
    const orders = (...sets: string[]) => forecastOf(planOf("small-drop", sets)).figures.orders;
    const late = orders("sale.early-access=+29min", "sale.public=+29min", "sale.closes=+30min");
    expect(late).toBeLessThan(orders() * 0.02);
    expect(orders("traffic.invited=100%")).toBeGreaterThan(orders("traffic.invited=0%") * 1.01);
  });
});

describe("a normal day and the steps of a load test", () => {
  it("compare with the traffic without mails, and have no multiple where there is none", () => {
    const { figures } = forecastOf(planOf("small-drop"));
    expect(figures["normal.sessions.perSecond"]).toBeCloseTo(0.6, 12);
    const none = forecastOf(planOf("small-drop", ["traffic.rate=0/s"])).figures;
    expect(none["multiple.ofNormalMean"]).toBe(Number.POSITIVE_INFINITY);
  });

  it("go beyond the peak, need more servers step by step, and outlast a scale-out", () => {
    const plan = planOf("webstore-black-friday", ONE_DAY, 0.5);
    const steps = loadTestOf(forecastOf(plan), plan.world);
    const servers = steps.map((step) => step.servers);
    expect(steps.map(({ share }) => share)).toEqual([0.1, 0.25, 0.5, 0.75, 1, 1.25]);
    expect(servers).toEqual([...servers].sort((one, other) => one - other));
    // 4 datapoints of a minute, 10 s of delay, 300 s in the metric, and the start itself.
    const least = 4 * MINUTE + 10 * SECOND + 5 * MINUTE + 150 * SECOND;
    for (const { hold } of steps) {
      expect(hold * MILLISECOND).toBeGreaterThan(least);
      expect(hold * MILLISECOND).toBeLessThan(DAY / 24);
    }
  });
});

describe("other sellers on the same servers", () => {
  it("keep as many more cores busy as their requests and their pages' work come to", () => {
    const busy = (sets: readonly string[]) =>
      forecastOf(planOf("small-drop", sets)).figures["cores.busy.peak"];
    const pages = "pages: { product: 50%, list: 50% }";
    const books = `neighbours=[{ name: books, rate: 40/s, ${pages} }]`;
    // A product page takes 50 ms, a list page 10 ms.
    expect(busy([books]) - busy([])).toBeCloseTo(40 * 0.03, 9);
  });
});
