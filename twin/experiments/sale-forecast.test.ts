import { describe, expect, it } from "vitest";
import { RandomStream } from "../../engine/random.ts";
import { HOUR, MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import { poissonDraw } from "../replay/count-draws.ts";
import { type RehearsedCourse, SaleForecast, stepOf } from "./sale-forecast.ts";

const LASTS: Ticks = HOUR;
const STEP = stepOf(LASTS);
const STEPS = Math.ceil(LASTS / STEP);

/** Poisson orders at a steady rate, each worth ten. */
function course(perHour: number, seed: string): RehearsedCourse {
  const random = new RandomStream(seed, "orders");
  let sum = 0;
  const orders = new Float64Array(STEPS).map(() => {
    sum += poissonDraw(perHour / STEPS, random);
    return sum;
  });
  return { orders, revenue: orders.map((count) => count * 10), queue: [], latency: [100, 120] };
}

const courses = (perHour: number, count: number, name = "a") =>
  Array.from({ length: count }, (_, seed) => course(perHour, `${name}/${seed}`));

describe("the forecast of a sale", () => {
  const forecast = new SaleForecast({ courses: courses(6_000, 10), lasts: LASTS, scale: 1 });

  it("has steps of whole seconds, the shortest that keep a sale small", () => {
    expect(stepOf(LASTS)).toBe(3 * SECOND);
    expect(stepOf(MINUTE)).toBe(SECOND);
  });

  it("expects what was rehearsed, at every time", () => {
    expect(forecast.orders(0).mean).toBe(0);
    expect(forecast.orders(LASTS / 2).mean / 3_000).toBeCloseTo(1, 1);
    expect(forecast.revenue(LASTS).mean / 60_000).toBeCloseTo(1, 1);
    // Of ten minutes of a hundred orders each: four standard deviations.
    expect(Math.abs(forecast.ordersPerMinute(LASTS / 2).mean - 100)).toBeLessThan(12.7);
    expect(forecast.latency(MINUTE)?.mean).toBeCloseTo(100, 9);
    expect(forecast.queue(MINUTE)).toBeNull();
  });

  it("has a band that is as wide as the size of the crowd is unsure", () => {
    const { low, mean, high } = forecast.orders(LASTS);
    expect((mean - low) / mean).toBeGreaterThan(0.4);
    expect((high - mean) / mean).toBeLessThan(0.6);
  });

  it("forecasts from what came: a crowd of half the size brings half as much", () => {
    const at = LASTS / 2;
    const next = forecast.next(at, 30 * MINUTE, 1_500, null);
    expect(next.mean / 1_500).toBeCloseTo(1, 1);
    expect(next.high - next.low).toBeLessThan(300);
    expect(forecast.next(at, 30 * MINUTE, 1_500, 900)).toMatchObject({ mean: 900, high: 900 });
  });

  it("holds nine of ten sales whose crowd is not the one rehearsed", () => {
    const at = LASTS / 2;
    const held = Array.from({ length: 400 }, (_, sale) => {
      const before = courses(6_000, 10, `before ${Math.floor(sale / 10)}`);
      const own = new SaleForecast({ courses: before, lasts: LASTS, scale: 1 });
      const { orders } = course(4_200, `sale ${sale}`);
      const so = orders[STEPS / 2 - 1] ?? 0;
      const { low, high } = own.next(at, 30 * MINUTE, so, null);
      const came = (orders.at(-1) ?? 0) - so;
      return came >= low && came <= high;
    }).filter(Boolean);
    // Nine of ten, and four standard deviations of 400 sales, ten of them on one forecast.
    expect(held.length / 400).toBeGreaterThan(0.84);
    expect(held.length / 400).toBeLessThan(0.96);
  });

  it("takes off what chance adds to a smaller world", () => {
    const small = new SaleForecast({ courses: courses(60, 40, "s"), lasts: LASTS, scale: 0.01 });
    const band = small.orders(LASTS);
    expect(band.mean / 6_000).toBeCloseTo(1, 1);
    // Unscaled chance alone would be 10 % of 6,000 in a hundredth of the world: far above 78.
    const crowd = 1.645 * 0.25 * band.mean;
    expect((band.high - band.mean) / crowd).toBeLessThan(1.15);
  });
});
