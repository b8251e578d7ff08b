import { expect, it } from "vitest";
import { amountOf, currencyOf, decimalMark } from "./written-amount.ts";

it.each([
  ["12", 12],
  ["1234.5", 1234.5],
  ["1,234.50", 1234.5],
  ["1.234,50", 1234.5],
  ["1 234,50 €", 1234.5],
  ["1'234.50 CHF", 1234.5],
  ["12,5", 12.5],
  ["1,234,567", 1_234_567],
  ["1.234.567", 1_234_567],
  ["0,125", 0.125],
  [".5", 0.5],
  ["-$5.00", -5],
  ["$-5", -5],
  ["(5.00)", -5],
  ["5.00-", -5],
  ["1.5e3", 1500],
  ["US$12", 12],
])("%s is %d, whatever its table does", (written, value) => {
  expect([amountOf(written, false), amountOf(written, true)]).toEqual([value, value]);
});

it("thousands or decimals: the table tells where the amount does not", () => {
  expect(decimalMark("1,234")).toBeNull();
  expect([amountOf("1,234", false), amountOf("1,234", true)]).toEqual([1_234, 1.234]);
  expect([amountOf("1.234", false), amountOf("1.234", true)]).toEqual([1.234, 1_234]);
});

it.each(["", "soon", "Q4", "12k", "1,2,3.4.5", "--"])("%s is no amount", (written) => {
  expect(amountOf(written, false)).toBeNaN();
});

it("a dollar may be of many countries, a euro is a euro", () => {
  expect(["12 EUR", "€12", "GBP12", "$12"].map(currencyOf)).toEqual(["EUR", "EUR", "GBP", null]);
});
