/** Segments and early access in a whole rehearsal: who may buy when, and who gets the units. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Simulation } from "../engine/simulation.ts";
import { MINUTE } from "../engine/time.ts";
import type { SaleEvent } from "../store/core/sale-event.ts";
import { TIERS } from "../store/core/tier.ts";
import { decodeScenario } from "./scenario/decode.ts";
import { Segments } from "./shoppers/segments.ts";
import { shopperNumber } from "./shoppers/shopper-name.ts";
import { rehearse } from "./world.ts";

const path = "scenarios/small-drop.yaml";
const text = readFileSync(path, "utf8");
const SEED = "tiers/1";
const TIERED = [
  "audience.segments={vip: {share: 10%}, loyal: {share: 20%}}",
  "plans={batched: {launch: {at: +5min}}, simultaneous: {launch: {at: +5min}}}",
  "sale={public: +6min, early-access: +0s}",
  "traffic.rate=0.2/s",
];

function run(sets: readonly string[], scale = 1) {
  const scenario = decodeScenario({ text, path, sets, scale });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
  const [plan] = scenario.plans;
  const log: SaleEvent[] = [];
  const { metrics, broken } = rehearse({ plan, seed: SEED, onSaleEvent: (one) => log.push(one) });
  const segments = new Segments(new Simulation({ seed: SEED }), plan.world.audience.segments);
  const tierOf = (name: string) => TIERS[segments.of(shopperNumber(name))];
  const { epochMillis } = plan.world.starts;
  const publicAt = epochMillis + (6 * MINUTE) / 1_000;
  return { metrics, broken, log, tierOf, publicAt };
}

const only = (tiers: string) => [...TIERED, `sale.early-access-for=[${tiers}]`];

describe("early access", () => {
  it("is for whoever was mailed, where the sale names no tiers", () => {
    const { log, tierOf, publicAt } = run(TIERED);
    const early = log.filter((event) => event.kind === "CartLineAdded" && event.at < publicAt);
    const tiers = early.map((event) => ("shopper" in event ? tierOf(event.shopper) : undefined));
    expect(new Set(tiers)).toEqual(new Set(["regular", "loyal", "vip"]));
  });

  it("lets in the tiers that the sale names and nobody else", () => {
    const { log, tierOf, publicAt, broken } = run([
      ...only("vip, loyal"),
      "audience.segments={vip: {mailed-before: 5min}, loyal: {mailed-before: 2min}}",
    ]);
    const lines = log.flatMap((event) =>
      event.kind === "CartLineAdded" ? [{ at: event.at, tier: tierOf(event.shopper) }] : [],
    );
    const early = new Set(lines.filter(({ at }) => at < publicAt).map(({ tier }) => tier));
    expect(early).toEqual(new Set(["vip", "loyal"]));
    expect(lines.some(({ at, tier }) => at >= publicAt && tier === "regular")).toBe(true);
    expect(broken).toEqual([]);
  });
});

describe("the figures of tiers", () => {
  const { metrics, log, tierOf } = run(only("vip"));
  const figure = (name: string) => metrics[name] ?? Number.NaN;
  const sumOf = (metric: string) =>
    TIERS.reduce((sum, tier) => sum + figure(`${metric}{${tier}}`), 0);

  it("add up to the whole", () => {
    expect(sumOf("sessions")).toBe(figure("sessions"));
    expect(sumOf("orders")).toBe(figure("orders"));
    expect(sumOf("units.share")).toBeCloseTo(1, 12);
  });

  it("say what the log says", () => {
    const vips = log
      .filter((event) => event.kind === "OrderConfirmed")
      .filter((event) => ("shopper" in event ? tierOf(event.shopper) === "vip" : false));
    expect(figure("orders{vip}")).toBe(vips.length);
    expect(vips.length).toBeGreaterThan(5);
  });

  it("are none where the list has no tiers", () => {
    const plain = run(["plans.batched.launch.at=+5min"], 0.1).metrics;
    expect(plain["orders{vip}"]).toBeNaN();
    expect(plain["units.share{regular}"]).toBeNaN();
  });
});
