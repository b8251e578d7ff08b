import { describe, expect, it } from "vitest";
import { bandsOf } from "./bands.ts";
import { rehearsal } from "./testing/made-up.ts";

const withOrders = (...orders: number[]) => rehearsal("s", { series: { orders } });

describe("the bands of a series over seeds", () => {
  it("reach from the lowest to the highest of few seeds, interval by interval", () => {
    const bands = bandsOf([withOrders(4, 9), withOrders(6, 1), withOrders(5)]);
    expect(bands).toEqual({ of: "extremes", low: { orders: [4, 0] }, high: { orders: [6, 9] } });
  });

  it("are the 5th and the 95th percentile of many", () => {
    const bands = bandsOf(Array.from({ length: 21 }, (_, index) => withOrders(index)));
    expect(bands).toEqual({ of: "percentiles", low: { orders: [1] }, high: { orders: [19] } });
  });

  it("leave out what nothing was measured of", () => {
    const latencies = [Number.NaN, 300, 500].map((latency) =>
      rehearsal("s", { series: { "latency.p95": [latency, Number.NaN] } }),
    );
    expect(bandsOf(latencies)).toMatchObject({
      low: { "latency.p95": [300, Number.NaN] },
      high: { "latency.p95": [500, Number.NaN] },
    });
  });

  it("are not there for one seed, nor where no seed differs", () => {
    expect(bandsOf([withOrders(4)])).toBeNull();
    expect(bandsOf([withOrders(4), withOrders(4)])).toBeNull();
  });
});
