/** Files with a value that no world can be built of: a problem is told, and nothing falls over. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeScenario } from "./decode.ts";

const path = "scenarios/small-drop.yaml";
const text = readFileSync(path, "utf8");

/** What is told of the file with this setting: path and message, and always what to do. */
function told(...sets: string[]): string[] {
  const problems = decodeScenario({ text, path, sets });
  if (!Array.isArray(problems)) return [];
  return problems.map((problem) => {
    expect(problem.suggestion).not.toBe("");
    return `${problem.path}: ${problem.message}`;
  });
}

describe("a world that cannot be built", () => {
  it("is told and not tried, whatever plans share it", () => {
    expect(told("sellers.0.catalog.products=1000000000000")).toContain(
      "sellers: 1000000000000 products are more than 100000",
    );
    expect(told("sellers.0.catalog.discount=100%")).toEqual([
      "sellers.0.catalog.discount: leaves no price at all",
    ]);
  });

  it("is told where one plan alone asks for it", () => {
    const catalog = "catalog: { products: 1T, sale-price: { mean: €9 } }";
    const sellers = `[{ name: one, stock: { units: 5 }, ${catalog.replace("1T", "10000M")} }]`;
    expect(told(`plans.batched.sellers=${sellers}`)).toContain(
      "plans.batched.sellers: 10000000000 products are more than 100000",
    );
  });
});

describe("an offer", () => {
  it("of an unknown trigger has no other problem", () => {
    const offer = "[{ name: stay, trigger: someday }]";
    expect(told(`promotions.offers=${offer}`)).toEqual([
      "promotions.offers.0.trigger: must be one of exit-intent, abandoned-cart, mailed",
    ]);
  });

  it("with no money to give away is refused", () => {
    const offer = "[{ name: stay, trigger: exit-intent, budget: { money: €0 } }]";
    expect(told(`promotions.offers=${offer}`)).toEqual([
      "promotions.offers.0.budget.money: gives nothing away",
    ]);
  });
});

describe("a section that waits for one key", () => {
  it("is told to have no effect where nothing gives the key", () => {
    expect(told("waiting-room.rate=20/s")).toEqual([
      "waiting-room: has no effect: no mode is given",
    ]);
    expect(told("platform.database={ connections: 9 }")).toEqual([
      "platform.database: has no effect: no pool is given",
    ]);
    expect(told("platform.shedding.codel.target=50ms")).toEqual([
      "platform.shedding: has no effect: no kind is given",
    ]);
  });

  it("is what it says where it is off, on, or on in one plan", () => {
    expect(told("waiting-room={ mode: off, rate: 20/s }")).toEqual([]);
    expect(told("waiting-room={ mode: on, rate: 20/s }")).toEqual([]);
    const inPlan = "plans.simultaneous.waiting-room.mode=on";
    expect(told("waiting-room.rate=20/s", inPlan)).toEqual([]);
  });
});
