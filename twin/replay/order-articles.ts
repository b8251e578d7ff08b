/**
 * Articles for orders of which only the value is known: one for each value, so that a shopper who
 * buys one unit spends what was recorded. Of very many values those nearest to each other share an
 * article at their mean, so that the revenue stays what it was to a part in a thousand.
 */
import type { ItemSpec } from "../scenario/scenario.ts";

export interface OrderArticles {
  readonly items: readonly ItemSpec[];
  /** The item of each order, by its place in the list. */
  readonly itemOf: Int32Array;
}

const ARTICLES_MAX = 20_000;
/** What an order costs of which nothing is known: the least there is, so that it changes no sum. */
const UNKNOWN_VALUE = 1;

/** `totals` in minor units, not a number where unknown; `units` is what there is of all together. */
export function orderArticles(totals: Float64Array, units: number): OrderArticles {
  const values = totals.map((total) => (total >= 1 ? Math.round(total) : UNKNOWN_VALUE));
  const ordered = Float64Array.from(values).sort();
  const prices = pricesOf(ordered);
  const itemOf = new Int32Array(values.length);
  const weights = new Float64Array(prices.length);
  for (const [order, value] of values.entries()) {
    const item = placeOf(prices, value);
    itemOf[order] = item;
    weights[item] = (weights[item] ?? 0) + 1;
  }
  const items = prices.map(({ price }, index) => ({
    sku: `ORDER-${String(index + 1).padStart(5, "0")}`,
    name: `An order worth ${price}`,
    price,
    salePrice: price,
    units,
    weight: weights[index] ?? 0,
  }));
  return { items, itemOf };
}

interface Price {
  /** Orders up to this value. */
  readonly upTo: number;
  readonly price: number;
}

/** `ordered` ascends. */
function pricesOf(ordered: Float64Array): readonly Price[] {
  const distinct = new Set(ordered);
  if (distinct.size <= ARTICLES_MAX)
    return [...distinct].map((value) => ({ upTo: value, price: value }));
  const prices: Price[] = [];
  const each = ordered.length / ARTICLES_MAX;
  let from = 0;
  for (let article = 1; from < ordered.length; article += 1) {
    let to = Math.max(from + 1, Math.floor(article * each));
    const upTo = ordered[to - 1] ?? 0;
    while (to < ordered.length && ordered[to] === upTo) to += 1;
    const sum = ordered.subarray(from, to).reduce((total, value) => total + value, 0);
    prices.push({ upTo, price: Math.max(1, Math.round(sum / (to - from))) });
    from = to;
  }
  return prices;
}

/** The first article that reaches the value. */
function placeOf(prices: readonly Price[], value: number): number {
  let low = 0;
  let high = prices.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((prices[middle]?.upTo ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
