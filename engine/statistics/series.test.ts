import { describe, expect, it } from "vitest";
import { MINUTE } from "../time.ts";
import { Series } from "./series.ts";

describe("a series", () => {
  it("adds to the interval that holds the instant, its first tick included", () => {
    const orders = new Series({ interval: MINUTE, length: 3 });
    orders.add(0);
    orders.add(MINUTE - 1);
    orders.add(MINUTE);
    orders.add(3 * MINUTE - 1, 5);
    expect([...orders.values]).toEqual([2, 1, 5]);
    expect(orders.total()).toBe(8);
  });

  it("keeps what comes after its end apart", () => {
    const orders = new Series({ interval: MINUTE, length: 1 });
    orders.add(MINUTE, 4);
    expect(orders.total()).toBe(0);
    expect(orders.beyond).toBe(4);
  });

  it("holds samples: the last, or the greatest", () => {
    const shoppers = new Series({ interval: MINUTE, length: 2, start: 10 * MINUTE });
    shoppers.set(10 * MINUTE, 7);
    shoppers.set(10 * MINUTE + 5, 3);
    shoppers.raise(11 * MINUTE, 9);
    shoppers.raise(11 * MINUTE, 2);
    expect([...shoppers.values]).toEqual([3, 9]);
    expect(shoppers.get(11 * MINUTE + 1)).toBe(9);
  });

  it("finds the peak of a moving window, the earliest of equals", () => {
    const orders = new Series({ interval: MINUTE, length: 6 });
    for (const [index, count] of [1, 5, 2, 0, 6, 1].entries()) orders.add(index * MINUTE, count);
    expect(orders.peak()).toEqual({ value: 6, at: 4 * MINUTE });
    expect(orders.peak(2)).toEqual({ value: 7, at: 1 * MINUTE });
    expect(orders.peak(6)).toEqual({ value: 15, at: 0 });
  });

  it("sums neighbours into groups and loses nothing", () => {
    const orders = new Series({ interval: MINUTE, length: 5 });
    for (let minute = 0; minute < 5; minute++) orders.add(minute * MINUTE, minute);
    const groups = orders.grouped(2);
    expect([...groups.values]).toEqual([1, 5, 4]);
    expect(groups.interval).toBe(2 * MINUTE);
    expect(groups.total()).toBe(orders.total());
  });

  it("refuses what was before its start, and a length without limit", () => {
    const series = new Series({ interval: MINUTE, length: 1, start: MINUTE });
    expect(() => series.add(0)).toThrow("before its start");
    expect(() => new Series({ interval: MINUTE, length: 1e9 })).toThrow("at most");
  });
});
