import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BOUGHT, NEVER_CAME, REASONS, ShopperOutcomes } from "../../shoppers/outcomes.ts";
import type { CAUSES } from "../../shoppers/tally.ts";
import { countShoppers, shopperComparison } from "./shopper-comparison.ts";

/** Shoppers by number: `bought`, a cause, or `never`. */
function codesOf(all: readonly string[]): Uint8Array {
  const outcomes = new ShopperOutcomes();
  all.forEach((what, shopper) => {
    if (what === "bought") outcomes.bought(shopper);
    else if (what !== "never") outcomes.left(shopper, what as (typeof CAUSES)[number]);
  });
  return outcomes.codes();
}

describe("two plans, shopper by shopper", () => {
  it("count who bought under one alone, by why they did not under the other", () => {
    const first = codesOf(["bought", "bought", "bought", "choice", "payment", "never"]);
    const second = codesOf(["bought", "error", "never", "bought", "payment"]);
    const count = countShoppers(first, second, null);
    const compared = shopperComparison({ first: "a", second: "b", mailedOnly: false }, [count]);
    expect(compared).toMatchObject({
      both: { mean: 1 },
      onlyFirst: { all: { mean: 2 }, by: { never: { mean: 1 }, error: { mean: 1 } } },
      onlySecond: { all: { mean: 1 }, by: { choice: { mean: 1 } } },
      net: { mean: 1, n: 1, sure: 0 },
    });
  });

  it("count only the recipients that both lists have where they differ in length", () => {
    const first = codesOf(["bought", "bought", "bought"]);
    const second = codesOf(["choice", "choice", "choice"]);
    expect(countShoppers(first, second, 2).onlyFirst.reduce((sum, one) => sum + one)).toBe(2);
  });

  it("is nobody for a plan and itself, and the other way round for the plans exchanged", () => {
    const all = fc.array(fc.constantFrom("bought", ...REASONS), { maxLength: 40 });
    fc.assert(
      fc.property(all, all, (one, other) => {
        const [first, second] = [codesOf(one), codesOf(other)];
        const there = countShoppers(first, second, null);
        const back = countShoppers(second, first, null);
        expect(there.onlyFirst).toEqual(back.onlySecond);
        expect(there.both).toBe(back.both);
        const same = countShoppers(first, first, null);
        expect([...same.onlyFirst, ...same.onlySecond].every((count) => count === 0)).toBe(true);
        const buyers = first.filter((code) => code === BOUGHT).length;
        expect(there.both + there.onlyFirst.reduce((sum, count) => sum + count)).toBe(buyers);
        expect(NEVER_CAME).toBe(0);
      }),
    );
  });
});
