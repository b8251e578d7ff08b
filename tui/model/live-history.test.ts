import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CumulativeBucket, histogramQuantile } from "./histogram-quantile.ts";
import { LiveHistory } from "./live-history.ts";
import { type NamedSample, scrapeOf } from "./live-scrape.ts";

/** What a store would say, of which each test changes what it is about. */
interface Said {
  readonly orders?: number;
  readonly minor?: number;
  readonly queue?: number;
  /** Of each worker: answers within 10 ms, within 100 ms, all, and those that failed. */
  readonly workers?: readonly (readonly [number, number, number, number])[];
  readonly refused?: number;
}

function scrape(at: number, said: Said) {
  const { orders = 0, minor = 0, queue = 0, workers = [], refused = 0 } = said;
  const sample = (name: string, labels: Record<string, string>, value: number): NamedSample => ({
    name: `rehearse_${name}`,
    labels,
    value,
  });
  const requests = workers.flatMap(([ten, hundred, all, failed], worker) => {
    const bucket = (status: string, le: string, value: number) =>
      sample(
        "http_request_duration_seconds_bucket",
        { worker: String(worker), route: "/api/orders", method: "POST", status_class: status, le },
        value,
      );
    return [
      bucket("2xx", "0.01", ten),
      bucket("2xx", "0.1", hundred),
      bucket("2xx", "+Inf", all),
      bucket("5xx", "0.01", failed),
      bucket("5xx", "0.1", failed),
      bucket("5xx", "+Inf", failed),
    ];
  });
  return scrapeOf(
    [
      sample("orders_ended_total", { state: "confirmed" }, orders),
      sample("revenue_minor_units_total", { currency: "EUR" }, minor),
      sample("queue_shoppers", { where: "waiting" }, queue),
      sample("http_problems_total", { kind: "overloaded", worker: "0" }, refused),
      ...requests,
    ],
    at,
  );
}

describe("the last minute of a store", () => {
  it("has what was gained since, and forgets what is older", () => {
    const history = new LiveHistory();
    history.heed(scrape(0, { orders: 1_000, minor: 50_000, queue: 40 }));
    expect(history.last).toMatchObject({ orders: 1_000, ordersPerMinute: 0, queueRise: null });
    history.heed(scrape(30_000, { orders: 1_006, minor: 80_000, queue: 55 }));
    expect(history.last).toMatchObject({ ordersPerMinute: 6, revenuePerMinute: 30_000 });
    history.heed(scrape(60_000, { orders: 1_007, minor: 85_000, queue: 70 }));
    expect(history.last).toMatchObject({ ordersPerMinute: 7, queueRise: 30 });
    history.heed(scrape(95_000, { orders: 1_007, minor: 85_000, queue: 70 }));
    expect(history.last).toMatchObject({ ordersPerMinute: 1, queueRise: 0 });
  });

  it("counts a worker that begins anew from nothing, and the others on", () => {
    const history = new LiveHistory();
    history.heed(
      scrape(0, {
        workers: [
          [90, 100, 100, 0],
          [500, 500, 500, 0],
        ],
      }),
    );
    // The first worker was killed and has answered ten; the second forty more.
    const figures = history.heed(
      scrape(2_000, {
        workers: [
          [10, 10, 10, 0],
          [540, 540, 540, 0],
        ],
      }),
    );
    expect(figures).toMatchObject({ requestsPerSecond: 25, errorRate: 0 });
    expect(figures.p95Millis).toBeCloseTo(9.5, 9);
  });

  it("sells nothing twice where a store reads its log again, and knows another sale", () => {
    const history = new LiveHistory();
    history.heed(scrape(0, { orders: 800 }));
    expect(history.heed(scrape(2_000, { orders: 0 })).ordersPerMinute).toBe(0);
    expect(history.heed(scrape(4_000, { orders: 500 })).ordersPerMinute).toBe(0);
    expect(history.heed(scrape(6_000, { orders: 803 })).ordersPerMinute).toBe(3);
    history.heed(scrape(8_000, { orders: 2 }));
    history.heed(scrape(30_000, { orders: 4 }));
    expect(history.heed(scrape(32_000, { orders: 9 })).ordersPerMinute).toBe(8);
  });

  it("fails by what broke, not by what a busy store refuses", () => {
    const history = new LiveHistory();
    history.heed(scrape(0, { workers: [[0, 0, 0, 0]] }));
    const workers = [[80, 80, 80, 20]] as const;
    expect(history.heed(scrape(2_000, { workers, refused: 15 })).errorRate).toBe(0.05);
  });

  it("keeps an hour and no more", () => {
    const history = new LiveHistory();
    for (let at = 0; at <= 7_200_000; at += 10_000) history.heed(scrape(at, {}));
    expect(history.points[0]?.at).toBe(3_600_000);
    expect(history.points).toHaveLength(361);
  });
});

describe("a quantile of a histogram", () => {
  const of = (...buckets: [number, number][]): CumulativeBucket[] =>
    buckets.map(([bound, count]) => ({ bound, count }));

  // The cases of Prometheus' own tests, promql/promqltest/testdata/histograms.test.
  it("is what Prometheus says", () => {
    const positive = of([0.1, 5], [0.2, 7], [1, 11], [Infinity, 12]);
    expect(histogramQuantile(0.5, positive)).toBeCloseTo(0.15, 9);
    expect(histogramQuantile(0.8, positive)).toBeCloseTo(0.72, 9);
    expect(histogramQuantile(0.95, positive)).toBe(1);
    const negative = of([-0.2, 1], [-0.1, 2], [0.3, 2], [Infinity, 3]);
    expect(histogramQuantile(0.2, negative)).toBe(-0.2);
    expect(histogramQuantile(0.5, negative)).toBeCloseTo(-0.15, 9);
    expect(histogramQuantile(0.8, negative)).toBe(0.3);
  });

  it("is nothing where nothing was counted or the last bound is missing", () => {
    expect(histogramQuantile(0.95, [])).toBeNull();
    expect(histogramQuantile(0.95, of([1, 0], [Infinity, 0]))).toBeNull();
    expect(histogramQuantile(0.95, of([1, 3]))).toBeNull();
  });

  it("lies in the bucket of the value that has the rank", () => {
    const bounds = [0.01, 0.1, 1, 10];
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 9.9, noNaN: true }), { minLength: 1 }),
        (all) => {
          const sorted = [...all].sort((one, other) => one - other);
          const ranked = sorted[Math.ceil(0.95 * all.length) - 1] ?? 0;
          const buckets = [...bounds, Infinity].map((bound) => ({
            bound,
            count: all.filter((value) => value <= bound).length,
          }));
          const upper = bounds.find((bound) => ranked <= bound) ?? 0;
          const lower = bounds[bounds.indexOf(upper) - 1] ?? 0;
          const found = histogramQuantile(0.95, buckets) ?? -1;
          expect(found).toBeGreaterThanOrEqual(lower);
          expect(found).toBeLessThanOrEqual(upper);
        },
      ),
    );
  });
});
