import { expect, it } from "vitest";
import { orderArticles } from "./order-articles.ts";

it("there is an article for each value, and every order finds its own", () => {
  const totals = Float64Array.from([500, 250, 500, Number.NaN, 99]);
  const { items, itemOf } = orderArticles(totals, 10);
  expect(items.map(({ salePrice }) => salePrice)).toEqual([1, 99, 250, 500]);
  expect([...itemOf].map((item) => items[item]?.salePrice)).toEqual([500, 250, 500, 1, 99]);
  expect(items.at(-1)?.weight).toBe(2);
});

it("very many values share articles, and the revenue stays", () => {
  const totals = Float64Array.from({ length: 60_000 }, (_, index) => 1_000 + index * 7);
  const { items, itemOf } = orderArticles(totals, 1);
  expect(items.length).toBeLessThanOrEqual(20_001);
  const sum = (values: Iterable<number>) => [...values].reduce((all, value) => all + value, 0);
  const sold = [...itemOf].map((item) => items[item]?.salePrice ?? 0);
  expect(sum(sold) / sum(totals)).toBeCloseTo(1, 4);
});
