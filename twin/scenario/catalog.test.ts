import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pow } from "../../engine/elementary.ts";
import { type CatalogRule, describeItems, splitUnits } from "./catalog.ts";

const HANDBAGS: CatalogRule = {
  seller: "handbags",
  products: 300,
  prefix: "HB",
  salePriceMean: 8000,
  salePriceCv: 0.8,
  discount: 0.6,
  popularity: 0.8,
  units: 120_000,
  byDemand: 0.9,
};

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

describe("a catalog described by a rule", () => {
  it("has every product once, with a SKU of its own", () => {
    const skus = describeItems(HANDBAGS).map((item) => item.sku);
    expect(skus).toHaveLength(300);
    expect(new Set(skus).size).toBe(300);
    expect(skus[0]).toBe("HB-0001");
  });

  it("costs on average, weighted by what shoppers choose, the mean asked for", () => {
    const items = describeItems(HANDBAGS);
    const weighted = sum(items.map((item) => item.weight * item.salePrice));
    expect(weighted / sum(items.map((item) => item.weight))).toBeCloseTo(8000, 0);
  });

  it("spreads prices as widely as asked for", () => {
    const prices = describeItems(HANDBAGS).map((item) => item.salePrice);
    const mean = sum(prices) / prices.length;
    const variance = sum(prices.map((price) => (price - mean) * (price - mean))) / prices.length;
    // Quantiles at mid-shares cut the last tail off, so the spread is a little under 0.8.
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.74);
    expect(Math.sqrt(variance) / mean).toBeLessThan(0.81);
  });

  it("wants dear and cheap products alike", () => {
    const items = describeItems(HANDBAGS);
    const cheap = sum(items.slice(0, 150).map((item) => item.weight));
    const share = cheap / sum(items.map((item) => item.weight));
    expect(share).toBeGreaterThan(0.42);
    expect(share).toBeLessThan(0.58);
  });

  it("follows Zipf's law", () => {
    const weights = describeItems(HANDBAGS)
      .map((item) => item.weight)
      .sort((one, other) => other - one);
    expect(weights[0]).toBe(1);
    expect(weights[1]).toBeCloseTo(pow(2, -0.8), 12);
    expect(weights[299]).toBeCloseTo(pow(300, -0.8), 12);
  });

  it("asks more outside the sale by the discount", () => {
    for (const item of describeItems(HANDBAGS)) {
      expect(item.price * 0.4).toBeGreaterThan(item.salePrice - 1);
      expect(item.price * 0.4).toBeLessThan(item.salePrice + 1);
    }
  });

  it("is the same every time", () => {
    expect(describeItems(HANDBAGS)).toEqual(describeItems({ ...HANDBAGS }));
  });

  it("has exactly the units it was given, whatever the rule", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (products, units, byDemand, popularity) => {
          const items = describeItems({ ...HANDBAGS, products, units, byDemand, popularity });
          expect(sum(items.map((item) => item.units))).toBe(units);
          expect(items.every((item) => item.units >= 0 && item.salePrice >= 1)).toBe(true);
        },
      ),
      { seed: 3, numRuns: 100 },
    );
  });
});

describe("splitting units", () => {
  it("gives the largest remainders the units that are left", () => {
    expect(splitUnits(10, [1, 1, 1])).toEqual([4, 3, 3]);
    expect(splitUnits(10, [2, 1, 1])).toEqual([5, 3, 2]);
    expect(splitUnits(0, [1, 2])).toEqual([0, 0]);
    expect(splitUnits(3, [0, 0])).toEqual([0, 0]);
  });
});
