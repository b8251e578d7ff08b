/**
 * A catalog described by a rule, written out item by item. Nothing is drawn: prices are the
 * quantiles of a lognormal at evenly spaced shares, demand follows Zipf's law over a fixed
 * permutation, and units are split by largest remainders, so that one description is one catalog.
 */
import { assert } from "../../engine/assert.ts";
import { exp, log, pow } from "../../engine/elementary.ts";
import { normalQuantile } from "../../engine/special-functions.ts";
import type { ItemSpec } from "./scenario.ts";

export interface CatalogRule {
  /** The seller's name, for the names of products. */
  readonly seller: string;
  readonly products: number;
  /** What SKUs begin with, as in HB-0001. */
  readonly prefix: string;
  /** Mean sale price of what shoppers choose (weighted by demand), minor units. */
  readonly salePriceMean: number;
  /** Standard deviation of the prices over their mean. */
  readonly salePriceCv: number;
  /** How far the sale price lies under the price outside the sale, a ratio under 1. */
  readonly discount: number;
  /** Exponent of Zipf's law over the ranks of demand. */
  readonly popularity: number;
  /** Units of all products together. */
  readonly units: number;
  /** Share of the units placed in proportion to demand; the rest is spread evenly. */
  readonly byDemand: number;
}

/** Every item of the catalog, cheapest first. */
export function describeItems(rule: CatalogRule): ItemSpec[] {
  const { products, discount } = rule;
  assert(products >= 1, "a catalog has products");
  assert(discount < 1, "a discount leaves a price");
  const ranks = demandRanks(products);
  const weights = ranks.map((rank) => pow(rank, -rule.popularity));
  const prices = salePrices(rule, weights);
  const units = splitUnits(rule.units, unitShares(weights, rule.byDemand));
  return prices.map((salePrice, index) => ({
    sku: `${rule.prefix}-${String(index + 1).padStart(4, "0")}`,
    name: `${rule.seller} ${index + 1}`,
    price: Math.round(salePrice / (1 - discount)),
    salePrice,
    units: units[index] ?? 0,
    weight: weights[index] ?? 0,
  }));
}

/** Lognormal quantiles, scaled so that their mean weighted by demand is the mean asked for. */
function salePrices(rule: CatalogRule, weights: readonly number[]): number[] {
  const sigma = Math.sqrt(log(1 + rule.salePriceCv * rule.salePriceCv));
  const relative = weights.map((_, index) =>
    exp(sigma * normalQuantile((index + 0.5) / rule.products)),
  );
  const chosen = relative.reduce((sum, price, index) => sum + price * (weights[index] ?? 0), 0);
  const mean = chosen / total(weights);
  return relative.map((price) => Math.max(1, Math.round((price / mean) * rule.salePriceMean)));
}

/**
 * The rank of demand of each item, 1 the most wanted, which stands in the middle of the prices.
 * Steps of about 0.618 of the catalog spread neighbours in price over all ranks, so that price and
 * demand are as good as independent.
 */
function demandRanks(products: number): number[] {
  const GOLDEN_RATIO = 0.6180339887498949;
  let step = Math.max(1, Math.round(products * GOLDEN_RATIO));
  while (greatestCommonDivisor(step, products) !== 1) step += 1;
  const afterMiddle = products - Math.floor(products / 2);
  return Array.from(
    { length: products },
    (_, index) => (((index + afterMiddle) * step) % products) + 1,
  );
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}

function unitShares(weights: readonly number[], byDemand: number): number[] {
  const sum = total(weights);
  return weights.map((weight) => (byDemand * weight) / sum + (1 - byDemand) / weights.length);
}

/** Whole units in the given proportions that add up exactly; the largest remainders round up. */
export function splitUnits(units: number, proportions: readonly number[]): number[] {
  const sum = total(proportions);
  const exact = proportions.map((share) => (sum === 0 ? 0 : (units * share) / sum));
  const whole = exact.map(Math.floor);
  const missing = sum === 0 ? 0 : units - total(whole);
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((one, other) => other.remainder - one.remainder || one.index - other.index);
  for (const { index } of byRemainder.slice(0, missing)) whole[index] = (whole[index] ?? 0) + 1;
  assert(sum === 0 || total(whole) === units, "splitting units loses none");
  return whole;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
