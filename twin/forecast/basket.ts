/** What a shopper puts into the cart: an article by its demand, one or more units of it. */
import { assert } from "../../engine/assert.ts";
import type { WorldSpec } from "../scenario/scenario.ts";

export interface Basket {
  /** Share of the additions that the limit per shopper allows. */
  readonly accepted: number;
  /** Mean of a line, minor units, and its coefficient of variation. */
  readonly lineValue: number;
  readonly lineValueCv: number;
  /** Units of a line, mean. */
  readonly lineUnits: number;
}

/** Units that the shopper model puts into one line at most. */
const UNITS_MAX = 20;

export function basketOf({ sellers, shoppers }: WorldSpec): Basket {
  let weights = 0;
  let accepted = 0;
  let value = 0;
  let squares = 0;
  let unitsInAll = 0;
  for (const { items, limitPerShopper } of sellers) {
    const units = unitsOf(shoppers.extraUnitsMean, limitPerShopper);
    for (const { weight, salePrice } of items) {
      weights += weight;
      accepted += weight * units.share;
      unitsInAll += weight * units.mean;
      value += weight * units.mean * salePrice;
      squares += weight * units.square * salePrice * salePrice;
    }
  }
  assert(weights > 0, "there is something to buy");
  const lineValue = accepted === 0 ? 0 : value / accepted;
  const square = accepted === 0 ? 0 : squares / accepted;
  const variance = Math.max(0, square - lineValue * lineValue);
  const lineValueCv = lineValue === 0 ? 0 : Math.sqrt(variance) / lineValue;
  const lineUnits = accepted === 0 ? 0 : unitsInAll / accepted;
  return { accepted: accepted / weights, lineValue, lineValueCv, lineUnits };
}

/**
 * Share of the units asked for that are on stock, where each article is asked for by its demand
 * and nobody takes another one instead.
 */
export function stockedShare({ sellers }: WorldSpec, unitsAsked: number): number {
  const items = sellers.flatMap((seller) => seller.items);
  const weights = items.reduce((sum, { weight }) => sum + weight, 0);
  if (unitsAsked === 0) return 1;
  return items.reduce((sum, { weight, units }) => {
    const share = weight / weights;
    return sum + Math.min(share, units / unitsAsked);
  }, 0);
}

/** 1 and a geometric excess: the share within the limit, and over it the sums of units and squares. */
function unitsOf(extraMean: number, limit: number) {
  const another = extraMean / (1 + extraMean);
  let left = 1;
  let share = 0;
  let mean = 0;
  let square = 0;
  for (let units = 1; units <= Math.min(UNITS_MAX, limit); units += 1) {
    const chance = units === UNITS_MAX ? left : left * (1 - another);
    share += chance;
    mean += chance * units;
    square += chance * units * units;
    left -= chance;
  }
  return { share, mean, square };
}
