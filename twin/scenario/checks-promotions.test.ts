import { describe, expect, it } from "vitest";
import { HOUR, MINUTE } from "../../engine/time.ts";
import { decodeScenario } from "./decode.ts";
import type { OfferSpec, Scenario } from "./scenario.ts";

const FILE = `name: offers
seed: offers/1
starts: 2011-11-25T06:00-05:00
lasts: 3h
sellers: [ { name: bags, floor: 60%, items: [ { sku: A, sale-price: $5, units: 10, weight: 1 } ] } ]
audience: { recipients: 1k }
plans:
  only: { launch: { each-over: 5min } }
`;

function decode(sets: readonly string[], scale = 1) {
  return decodeScenario({ text: FILE, path: "sale.yaml", sets, scale });
}

function sound(sets: readonly string[], scale = 1): Scenario {
  const scenario = decode(sets, scale);
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario, null, 1));
  return scenario;
}

function offersOf(list: string, scale = 1): readonly OfferSpec[] {
  return sound([`promotions.offers=${list}`], scale).plans[0]?.world.promotions.offers ?? [];
}

/** The messages about an offer with these keys, with the path of each. */
function wrong(offer: string, ...sets: string[]): string[] {
  const problems = decode([`promotions.offers=[{ name: stay, ${offer} }]`, ...sets]);
  if (!Array.isArray(problems)) return [];
  return problems.map(({ path, message, suggestion }) => {
    expect(suggestion).not.toBe("");
    return `${path} ${message}`;
  });
}

describe("an offer of a scenario", () => {
  it("has the defaults of its trigger, in the twin's units", () => {
    const [stay, back, all] = offersOf(
      "[{ name: a, trigger: exit-intent }, { name: b, trigger: abandoned-cart, discount: $1.50 }, { name: c, trigger: mailed }]",
    );
    expect(stay).toMatchObject({
      segment: "cart-abandoner",
      discount: { kind: "percent", basisPoints: 1_000 },
      budget: { codes: 1_000, redemptions: 1_000, money: 1_000_000 },
      validFor: 30 * MINUTE,
      uptake: 0.16,
      floor: 0,
    });
    expect(back).toMatchObject({ discount: { kind: "amount", minor: 150 }, after: HOUR });
    expect(all).toMatchObject({ segment: "everyone", validFor: 72 * HOUR });
  });

  it("is none where the file says nothing", () => {
    expect(sound([]).plans[0]?.world.promotions.offers).toEqual([]);
  });

  it("has a budget that goes with the scale, and a floor that does not", () => {
    const list =
      "[{ name: a, trigger: mailed, floor: $2, budget: { codes: 300, redemptions: 40, money: $99 } }]";
    expect(offersOf(list, 0.02)[0]).toMatchObject({
      floor: 200,
      budget: { codes: 6, redemptions: 1, money: 198 },
    });
  });

  it("may be another in every plan", () => {
    const set = "plans.only.promotions.offers=[{ name: mine, trigger: mailed }]";
    expect(sound([set]).plans[0]?.world.promotions.offers[0]?.name).toBe("mine");
  });
});

describe("an offer that cannot be", () => {
  const at = "promotions.offers.0";

  it("is told at its key", () => {
    expect(wrong("trigger: exit-intent, discount: 0%")).toEqual([
      `${at}.discount takes nothing off`,
    ]);
    expect(wrong("trigger: exit-intent, discount: 100%")).toContain(
      `${at}.discount leaves nothing to pay`,
    );
    expect(wrong("trigger: exit-intent, discount: 41%")).toEqual([
      `${at}.discount brings every line under its seller's floor`,
    ]);
    expect(wrong("trigger: exit-intent, discount: 40%")).toEqual([]);
    expect(wrong("trigger: exit-intent, discount: €5")).toEqual([
      `${at}.discount the scenario's currency is USD, not €`,
    ]);
    expect(wrong("trigger: exit-intent, budget: { codes: 5, redemptions: 6 }")).toEqual([
      `${at}.budget.redemptions is more than there are codes`,
    ]);
    expect(wrong("trigger: exit-intent, after: 5min")).toEqual([
      `${at}.after means nothing for exit-intent`,
    ]);
    expect(wrong("trigger: abandoned-cart, after: 3h")).toEqual([
      `${at}.after is when the scenario is over`,
    ]);
    expect(wrong("trigger: mailed, segment: high-intent")).toEqual([
      `${at}.segment is known only in the visit, after the mailing`,
    ]);
    expect(wrong("trigger: mailed, segment: vip")).toEqual([`${at}.segment nobody is in it`]);
    expect(wrong("trigger: mailed, segment: vip", "audience.segments.vip.share=1%")).toEqual([]);
    const twice = decode([
      "promotions.offers=[{ name: a, trigger: mailed }, { name: a, trigger: mailed }]",
    ]);
    expect(twice).toMatchObject([{ path: "promotions.offers.1.name" }]);
  });

  it("is told where a key is none, is missing, or has no such value", () => {
    expect(wrong("trigger: popup")[0]).toContain(`${at}.trigger`);
    expect(wrong("trigger: mailed, discount: ten")).toEqual([`${at}.discount not a discount`]);
    expect(wrong("trigger: mailed, budget: { codes: 0 }")[0]).toContain("at least 1");
    expect(wrong("trigger: mailed, budget: { codes: 5M }")[0]).toContain("more than 4000000");
    expect(wrong("trigger: mailed, uptak: 5%")[0]).toContain("uptak");
    expect(wrong("segment: vip")[0]).toContain(`${at}.trigger`);
    expect(wrong("trigger: mailed, valid-for: 0s")[0]).toContain(`${at}.valid-for`);
  });
});
