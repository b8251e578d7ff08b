import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeNumbered, offerOf } from "../testing/offers.ts";
import { totalOf } from "./money.ts";
import { type Discount, discountLines, discountOf, isInSegment } from "./promotion.ts";

const line = fc.record({
  sku: fc.constantFrom("lamp", "chair", "desk", "rug"),
  units: fc.integer({ min: 1, max: 99 }),
  unitPrice: fc.integer({ min: 0, max: 1_000_000 }),
});
const discount: fc.Arbitrary<Discount> = fc.oneof(
  fc.record({
    kind: fc.constant("percent" as const),
    basisPoints: fc.integer({ min: 1, max: 10_000 }),
  }),
  fc.record({ kind: fc.constant("amount" as const), minor: fc.integer({ min: 1, max: 500_000 }) }),
);
const lines = fc.array(line, { minLength: 1, maxLength: 8 }).filter((some) => totalOf(some) > 0);

describe("a discount", () => {
  it("adds up over codes and lines, and leaves no line and no order under its floor", () => {
    fc.assert(
      fc.property(
        lines,
        fc.array(discount, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 100_000 }),
        fc.integer({ min: 0, max: 100 }),
        (bought, discounts, floor, share) => {
          const floors = bought.map(({ unitPrice }) => Math.floor((unitPrice * share) / 100));
          const codes = discounts.map((one, index) => ({
            code: codeNumbered(index),
            offer: offerOf(`offer-${index}`, { discount: one, floor, stacks: true }),
          }));
          const answer = discountLines({ lines: bought, floors, codes });
          const total = totalOf(bought);
          if (answer._tag !== "OrderDiscount") {
            expect(answer._tag).toBe("BelowFloor");
            return;
          }
          const sum = (parts: readonly number[]) => parts.reduce((all, part) => all + part, 0);
          expect(sum(answer.lines)).toBe(answer.amount);
          expect(sum(answer.codes.map(({ amount }) => amount))).toBe(answer.amount);
          expect(total - answer.amount).toBeGreaterThanOrEqual(Math.max(1, floor));
          for (const [index, { units, unitPrice }] of bought.entries()) {
            const paid = units * unitPrice - answer.lines[index];
            expect(paid).toBeGreaterThanOrEqual(floors[index] * units);
            expect(paid).toBeLessThanOrEqual(units * unitPrice);
          }
        },
      ),
    );
  });

  it("in per cent is rounded down: never more than was promised, never a unit less", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 0, max: 10_000 }), (total, basisPoints) => {
        const off = BigInt(discountOf({ kind: "percent", basisPoints }, total));
        const exact = BigInt(total) * BigInt(basisPoints);
        expect(off * 10_000n <= exact && exact < (off + 1n) * 10_000n).toBe(true);
      }),
    );
  });

  it("is worked out to the cent by hand", () => {
    const bought = [
      { sku: "lamp", units: 3, unitPrice: 333 },
      { sku: "chair", units: 1, unitPrice: 1_000 },
    ];
    const codes = [{ code: "ten", offer: offerOf("ten") }];
    // 10 % of 19.99 is 1.999: 1.99 is given, in the ratio of 9.99 to 10.00.
    expect(discountLines({ lines: bought, floors: [0, 0], codes })).toEqual({
      _tag: "OrderDiscount",
      amount: 199,
      codes: [{ code: "ten", offer: "ten", amount: 199 }],
      lines: [99, 100],
    });
  });

  it("stands alone unless both offers allow another, and twice the same never", () => {
    const bought = [{ sku: "lamp", units: 1, unitPrice: 10_000 }];
    const ask = (...codes: readonly [string, boolean][]) =>
      discountLines({
        lines: bought,
        floors: [0],
        codes: codes.map(([code, stacks]) => ({ code, offer: offerOf(code, { stacks }) })),
      });
    expect(ask(["one", true], ["two", true])).toMatchObject({ amount: 1_900 });
    expect(ask(["one", true], ["two", false])).toEqual({ _tag: "NotStackable", code: "two" });
    expect(ask(["one", false], ["two", true])).toEqual({ _tag: "NotStackable", code: "one" });
    expect(ask(["one", true], ["one", true])).toEqual({ _tag: "NotStackable", code: "one" });
  });

  it("never brings an order to nothing, floor or not", () => {
    const free = offerOf("free", { discount: { kind: "amount", minor: 700 }, floor: 0 });
    const bought = [{ sku: "lamp", units: 1, unitPrice: 700 }];
    const codes = [{ code: "free", offer: free }];
    const below = { _tag: "BelowFloor", code: "free", sku: null, floor: 1 };
    expect(discountLines({ lines: bought, floors: [0], codes })).toEqual(below);
  });
});

describe("a segment", () => {
  const facts = { tier: "regular", productViews: 2, leavesCart: false } as const;
  const settings = { highIntentViews: 3 };

  it("is judged by who the shopper is, or by what they did", () => {
    expect(isInSegment("everyone", facts, settings)).toBe(true);
    expect(isInSegment("vip", { ...facts, tier: "loyal" }, settings)).toBe(false);
    expect(isInSegment("loyal", { ...facts, tier: "vip" }, settings)).toBe(true);
    expect(isInSegment("loyal", facts, settings)).toBe(false);
    expect(isInSegment("high-intent", facts, settings)).toBe(false);
    expect(isInSegment("high-intent", { ...facts, productViews: 3 }, settings)).toBe(true);
    expect(isInSegment("cart-abandoner", { ...facts, leavesCart: true }, settings)).toBe(true);
  });
});
