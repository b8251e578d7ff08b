import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { add, allocate, formatMoney, money, multiply, totalOf } from "./money.ts";

describe("money", () => {
  it("is added and multiplied exactly, in one currency", () => {
    expect(add(money(1_99, "USD"), money(1, "USD"))).toEqual(money(2_00, "USD"));
    expect(multiply(money(1_99, "USD"), 3)).toEqual(money(5_97, "USD"));
    expect(() => add(money(1, "USD"), money(1, "EUR"))).toThrow("one currency");
    expect(() => money(0.5, "USD")).toThrow("whole minor units");
    expect(() => money(1, "dollars")).toThrow("three capital letters");
  });

  it("is allocated without losing or gaining a minor unit, each part within one of its share", () => {
    const weights = fc
      .array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 12 })
      .filter((list) => list.some((weight) => weight > 0));
    fc.assert(
      fc.property(fc.maxSafeInteger(), weights, (minor, ratio) => {
        const parts = allocate(money(minor, "USD"), ratio);
        const sum = parts.reduce((total, part) => total + BigInt(part.minor), 0n);
        expect(sum).toBe(BigInt(minor));
        const all = ratio.reduce((total, weight) => total + BigInt(weight), 0n);
        parts.forEach((part, index) => {
          const off = BigInt(part.minor) * all - BigInt(minor) * BigInt(ratio[index]);
          expect(off < all && off > -all).toBe(true);
        });
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it("gives what is left to the parts that lost most, the first among equals first", () => {
    const minors = (minor: number, weights: number[]) =>
      allocate(money(minor, "USD"), weights).map((part) => part.minor);
    expect(minors(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(minors(10, [1, 5, 1])).toEqual([2, 7, 1]);
    expect(minors(-100, [1, 1, 1])).toEqual([-34, -33, -33]);
    expect(minors(5, [0, 1])).toEqual([0, 5]);
    expect(() => minors(5, [0, 0])).toThrow("one weight is above zero");
  });

  it("is written with the decimals of its currency", () => {
    expect(formatMoney(money(123_456_789, "USD"))).toBe("USD 1,234,567.89");
    expect(formatMoney(money(5, "USD"))).toBe("USD 0.05");
    expect(formatMoney(money(-5_00, "EUR"))).toBe("-EUR 5.00");
    expect(formatMoney(money(1_000, "JPY"))).toBe("JPY 1,000");
    expect(formatMoney(money(1_234_567, "KWD"))).toBe("KWD 1,234.567");
    expect(formatMoney(money(0, "JPY"))).toBe("JPY 0");
  });

  it("totals lines, and crashes where a total would not be exact", () => {
    const lines = [
      { units: 2, unitPrice: 1_50 },
      { units: 1, unitPrice: 99 },
    ];
    expect(totalOf(lines)).toBe(3_99);
    expect(totalOf([])).toBe(0);
    expect(() => totalOf([{ units: 99, unitPrice: Number.MAX_SAFE_INTEGER }])).toThrow("whole");
  });
});
