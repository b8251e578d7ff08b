import { describe, expect, it } from "vitest";
import {
  briefMoneyText,
  briefNumber,
  durationText,
  figureText,
  moneyText,
  percentText,
  plainNumber,
  sureText,
} from "./quantity.ts";

describe("figures as people read them", () => {
  it("put commas between thousands and keep a whole number whole", () => {
    expect(plainNumber(1_234_567, 1)).toBe("1,234,567");
    expect(plainNumber(1234.56, 1)).toBe("1,234.6");
    expect(plainNumber(-1234, 0)).toBe("-1,234");
  });

  it("never print a negative zero", () => {
    expect(plainNumber(-0.001, 1)).toBe("0.0");
    expect(plainNumber(-0, 1)).toBe("0");
  });

  it("take few cells where there are few", () => {
    expect([2_500_000, 999_999, 999_940, 1_000, 999, -12.34].map(briefNumber)).toEqual([
      "2.5M",
      "1.0M",
      "999.9k",
      "1k",
      "999",
      "-12.3",
    ]);
    expect(briefMoneyText(250_000_000, "USD")).toBe("$2.5M");
    expect(briefMoneyText(-25_000_000, "EUR")).toBe("-€250k");
    expect(briefMoneyText(120_000_000, "CHF")).toBe("1.2M CHF");
  });

  it("print money from minor units, with cents only where they matter", () => {
    expect(moneyText(451_234_500, "USD")).toBe("$4,512,345");
    expect(moneyText(8_012, "USD")).toBe("$80.12");
    expect(moneyText(-8_012, "EUR")).toBe("-€80.12");
    expect(moneyText(1_500, "JPY")).toBe("¥1,500");
    expect(moneyText(123_400, "CHF")).toBe("1,234 CHF");
    expect(moneyText(12_345, "TND")).toBe("12.345 TND");
    expect(moneyText(1_500, "VND")).toBe("1,500 VND");
  });

  it("print durations in the largest unit that keeps them readable", () => {
    expect([3, 412, 1_240, 130_000, 7_300_000, 200_000_000].map(durationText)).toEqual([
      "3 ms",
      "412 ms",
      "1.24 s",
      "2.2 min",
      "2.0 h",
      "2.3 d",
    ]);
  });

  it("print each metric in its unit", () => {
    const context = { currency: "USD" };
    expect(figureText("revenue", 100_000, context)).toBe("$1,000");
    expect(figureText("conversion", 0.0147, context)).toBe("1.47 %");
    expect(figureText("latency.p95", 412, context)).toBe("412 ms");
    expect(figureText("orders", 56_100, context)).toBe("56,100");
    expect(figureText("instance.hours", 72.04, context)).toBe("72.0 h");
  });

  it("give a percentage as many places as it takes to say something", () => {
    expect([0.5, 0.012, 0.00004].map(percentText)).toEqual(["50 %", "1.20 %", "0.0040 %"]);
  });

  it("never claim more sureness than the test has", () => {
    expect(sureText(1)).toBe("more than 99.9 %");
    expect(sureText(0.9499)).toBe("94.9 %");
  });
});
