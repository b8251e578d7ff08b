import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { SECOND } from "../../engine/time.ts";
import { decodeScenario } from "../scenario/decode.ts";
import type { AuthenticationSpec } from "../scenario/scenario.ts";
import { rehearse } from "../world.ts";
import { CardBanks } from "./authentication.ts";

const SPEC: AuthenticationSpec = {
  share: 1,
  frictionless: 0.58,
  challenge: { kind: "lognormal", median: 30 * SECOND, sigma: 0.6 },
  abandon: 0.12,
  fail: 0.08,
};

function banks(change: Partial<AuthenticationSpec> = {}): CardBanks {
  return new CardBanks(new Simulation({ seed: "banks" }), { ...SPEC, ...change });
}

function sharesOf(shoppers: number, change: Partial<AuthenticationSpec> = {}) {
  const asked = banks(change);
  const counts = { frictionless: 0, passed: 0, failed: 0, abandoned: 0 };
  const times: number[] = [];
  for (let shopper = 0; shopper < shoppers; shopper += 1) {
    const answer = asked.authenticate(shopper, 0);
    counts[answer.kind] += 1;
    if (answer.kind !== "frictionless") times.push(answer.after);
  }
  const median = times.sort((one, two) => one - two)[Math.floor(times.length / 2)] ?? 0;
  return { counts, median };
}

describe("the banks of the cards", () => {
  it("let most through, and lose of the challenged the shares that they should", () => {
    const { counts, median } = sharesOf(100_000);
    expect(counts.frictionless / 100_000).toBeCloseTo(0.58, 2);
    expect(counts.abandoned / 42_000).toBeCloseTo(0.12, 1.7);
    expect(counts.failed / 42_000).toBeCloseTo(0.08, 1.7);
    expect(median / (30 * SECOND)).toBeCloseTo(1, 1.3);
  });

  it("ask nobody whose card takes no part", () => {
    expect(sharesOf(1_000, { share: 0 }).counts.frictionless).toBe(1_000);
  });

  it("tell the same shopper the same, and challenge more shoppers the same way as fewer", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(5), (shopper, card) => {
        const once = banks().authenticate(shopper, card);
        expect(banks().authenticate(shopper, card)).toEqual(once);
        const stricter = banks({ frictionless: 0 }).authenticate(shopper, card);
        if (once.kind !== "frictionless") expect(stricter).toEqual(once);
      }),
    );
  });
});

const path = "scenarios/small-drop.yaml";
const text = readFileSync(path, "utf8");

function sale(...sets: string[]) {
  const scenario = decodeScenario({ text, path, sets });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
  const [plan] = scenario.plans;
  if (plan === undefined) throw new Error("the scenario has a plan");
  const { metrics, broken, complete } = rehearse({ plan, seed: "three" });
  expect(broken).toEqual([]);
  expect(complete).toBe(true);
  return metrics;
}

const everybody = [
  "payments.three-d-secure.share=100%",
  "payments.three-d-secure.frictionless=0%",
  "sellers.0.stock.units=1M",
];

describe("a sale whose cards are challenged", () => {
  it("loses those who give up to payment, and sells to the rest", () => {
    const without = sale("sellers.0.stock.units=1M");
    const gaveUp = sale(...everybody, "payments.three-d-secure.fail=0%");
    expect(without["payments.challenged"]).toBeNaN();
    const challenged = gaveUp["payments.challenged"] ?? 0;
    const abandoned = gaveUp["payments.challenge.abandoned"] ?? 0;
    expect(abandoned / challenged).toBeGreaterThan(0.05);
    expect(abandoned / challenged).toBeLessThan(0.2);
    expect(gaveUp["payments.challenge.failed"]).toBe(0);
    expect(gaveUp.payments).toBeGreaterThan(0);
    expect(gaveUp["carts.abandoned{payment}"]).toBeGreaterThanOrEqual(abandoned);
    expect(gaveUp.orders).toBeLessThan(without.orders ?? 0);
  });

  it("charges nobody whose challenge failed", () => {
    const failed = sale(
      ...everybody,
      "payments.three-d-secure.abandon=0%",
      "payments.three-d-secure.fail=100%",
    );
    expect(failed.payments).toBe(0);
    expect(failed.orders).toBe(0);
    expect(failed["payments.challenge.failed"]).toBe(failed["payments.challenged"]);
    // Some tried a second card, which its bank refused as well.
    expect(failed["payments.challenged"]).toBeGreaterThan(failed["carts.abandoned{payment}"] ?? 0);
  });

  it("lets holds lapse that are shorter than a challenge", () => {
    const long = "payments.three-d-secure.challenge={ constant: 3min }";
    const patient = sale(...everybody, long, "sellers.0.hold-for=10min");
    const short = sale(...everybody, long, "sellers.0.hold-for=2min");
    expect(short["holds.expired"]).toBeGreaterThan((patient["holds.expired"] ?? 0) + 10);
  });
});
