import { describe, expect, it } from "vitest";
import { SECOND } from "../time.ts";
import { TimeWeighted } from "./time-weighted.ts";

describe("a time-weighted value", () => {
  it("counts each value for as long as it stood", () => {
    const shoppers = new TimeWeighted(0);
    shoppers.update(10 * SECOND, 4);
    shoppers.update(20 * SECOND, 1);
    expect(shoppers.mean(40 * SECOND)).toBe((0 * 10 + 4 * 10 + 1 * 20) / 40);
    expect(shoppers.integral(40 * SECOND)).toBe(60 * SECOND);
  });

  it("knows its peak, when that was first, and its lowest", () => {
    const value = new TimeWeighted(5, 2);
    value.add(6, 3);
    value.add(7, -5);
    value.add(8, 5);
    expect([value.peak, value.peakAt, value.lowest, value.value]).toEqual([5, 6, 0, 5]);
  });

  it("is the value itself where no time has passed", () => {
    const value = new TimeWeighted(100, 3);
    value.update(100, 9);
    expect(value.mean(100)).toBe(9);
    expect(value.peak).toBe(9);
  });

  it("refuses time that runs backwards", () => {
    const value = new TimeWeighted(100);
    value.update(200, 1);
    expect(() => value.update(199, 2)).toThrow("order of time");
    expect(() => value.mean(199)).toThrow("last update");
  });
});
