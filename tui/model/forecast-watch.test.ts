import { describe, expect, it } from "vitest";
import { HOUR, MINUTE } from "../../engine/time.ts";
import {
  type RehearsedCourse,
  SaleForecast,
  stepOf,
} from "../../twin/experiments/sale-forecast.ts";
import { decodeDefinition } from "../../twin/scenario/define-scenario.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { forecastWatch, type Rehearsed } from "./forecast-watch.ts";
import type { LiveFigures } from "./live-history.ts";
import type { LiveWatch } from "./live-watch.ts";

const OPENS = Date.UTC(2024, 2, 1, 12);

function plan(more: object = {}): PlanSpec {
  const found = decodeDefinition({
    path: "sale",
    definition: {
      name: "sale",
      seed: "sale/1",
      starts: "2024-03-01T12:00Z",
      lasts: "1h",
      sellers: [
        { name: "bags", items: [{ sku: "A", "sale-price": "$5", units: 9_999, weight: 1 }] },
      ],
      audience: { recipients: "10k" },
      platform: { fleet: { initial: 4, min: 4, max: 20 } },
      plans: { batched: { launch: { batches: 4, every: "10min", "each-over": "1min" } } },
      ...more,
    },
  });
  if (Array.isArray(found)) throw new Error(found[0]?.message);
  return found.plans[0] as PlanSpec;
}

/** 100 orders a minute, pages within 200 ms, and nobody waits. */
const steps = HOUR / stepOf(HOUR);
const orders = Float64Array.from({ length: steps }, (_, step) => ((step + 1) / steps) * 6_000);
const series = Array.from({ length: 12 }, () => 200);
const course: RehearsedCourse = {
  orders,
  revenue: orders.map((count) => count * 500),
  queue: series.map(() => 50),
  latency: series,
};
const forecast = new SaleForecast({ courses: [course, course, course], lasts: HOUR, scale: 1 });

const AS_REHEARSED: LiveFigures = {
  at: OPENS,
  orders: 1_000,
  ordersPerMinute: 100,
  revenue: [{ currency: "USD", minor: 500_000 }],
  revenuePerMinute: 50_000,
  queue: 50,
  queueRise: 0,
  p95Millis: 200,
  errorRate: 0,
  requestsPerSecond: 100,
  loopLateMillis: 1,
  workers: 1,
  stockLeft: 8_999,
  soldOut: 0,
  itemsAll: 1,
  items: [],
  ready: true,
};

function found(figures: Partial<LiveFigures>, more: object = {}, minutes = 10) {
  const rehearsed: Rehearsed = { plan: plan(more), forecast, file: "sale.yaml" };
  const watch: LiveWatch = {
    target: "http://127.0.0.1:8080",
    rehearsed,
    connection: { kind: "up", at: OPENS },
    sale: {
      name: "sale",
      phase: "open",
      earlyAccessAt: OPENS,
      publicAt: OPENS,
      closesAt: OPENS + 3_600_000,
      clockAheadMillis: 0,
    },
    figures: { ...AS_REHEARSED, ...figures },
    points: [],
    rules: [],
    firing: [],
    saleLog: null,
  };
  return forecastWatch(watch, rehearsed, OPENS + minutes * 60_000);
}

describe("a live sale beside its rehearsal", () => {
  it("is within its bands where all goes as rehearsed, and forecast from what came", () => {
    const watch = found({});
    expect(watch?.elapsed).toBe(10 * MINUTE);
    expect(watch?.figures.map(({ figure, lies }) => [figure, lies])).toEqual([
      ["orders", "within"],
      ["revenue", "within"],
      ["queue", "within"],
      ["p95", "within"],
    ]);
    expect(watch?.warnings).toEqual([]);
    expect(Math.abs((watch?.next?.orders.mean ?? 0) / 3_000 - 1)).toBeLessThan(0.01);
  });

  it("says nothing before the sale, in its first moments and after it", () => {
    expect(found({}, {}, -5)).toBeNull();
    expect(found({}, {}, 0.1)).toBeNull();
    expect(found({}, {}, 61)).toBeNull();
  });

  it("warns of what has left its band, with the lever that repairs it", () => {
    const few = found({ orders: 300, revenue: [{ currency: "USD", minor: 150_000 }] });
    expect(few?.warnings.map(({ figure }) => figure)).toEqual(["orders", "revenue"]);
    expect(few?.warnings[0]?.text).toMatch(/^orders 300 below its band, .* \(30 % of what/u);
    expect(few?.warnings[0]?.lever?.change).toBe("+10min launch.every=400s");
    const slow = found({ orders: 300, p95Millis: 4_000 });
    expect(slow?.warnings.find(({ figure }) => figure === "orders")?.lever).toMatchObject({
      change: "+10min platform.fleet.min=6",
      command: "rehearse run sale.yaml --plan batched --change '+10min platform.fleet.min=6'",
    });
    const many = found({ queue: 900 }, { "waiting-room": { mode: "on", capacity: 300 } });
    expect(many?.warnings[0]?.lever?.change).toBe("+10min waiting-room.capacity=450");
  });

  it("takes faster pages and shorter queues for no news", () => {
    expect(found({ queue: 0, p95Millis: 5 })?.warnings).toEqual([]);
  });

  it("knows no lever where no batch is left", () => {
    const late = found({ orders: 500, revenue: [] }, {}, 55);
    expect(late?.warnings[0]).toMatchObject({ figure: "orders", lever: null });
  });
});
