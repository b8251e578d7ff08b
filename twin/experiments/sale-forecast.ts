/**
 * What a sale that is on was rehearsed to do: the band in which its figures should lie at a time,
 * and what the next while will bring, given what it has brought so far. Times are ticks since the
 * scenario's start.
 */
import { normalQuantile, studentQuantile } from "../../engine/special-functions.ts";
import { MILLISECOND, type Ticks } from "../../engine/time.ts";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { sealed } from "../adapters/sealed-globals.ts";
import { SERIES_INTERVAL } from "../metrics.ts";
import type { PlanSpec } from "../scenario/scenario.ts";
import { World } from "../world.ts";

/** The course of one rehearsal. */
export interface RehearsedCourse {
  /** Orders and minor units until the end of each step. */
  readonly orders: Float64Array;
  readonly revenue: Float64Array;
  /** Per interval of the series of results. */
  readonly queue: readonly number[];
  readonly latency: readonly number[];
}

const STEPS = 1_440;
const STEP_LEAST: Ticks = 1_000_000;

/** The length of a step for a sale of this length. */
export function stepOf(lasts: Ticks): Ticks {
  return Math.max(STEP_LEAST, Math.ceil(lasts / STEPS / STEP_LEAST) * STEP_LEAST);
}

/** One rehearsal of a plan, advanced a slice at a time. */
export class CourseRun {
  readonly #world: World;
  readonly #epochMillis: number;
  readonly #step: Ticks;
  readonly #lasts: Ticks;
  readonly #orders: Float64Array;
  readonly #revenue: Float64Array;
  #over = false;

  constructor(plan: PlanSpec, seed: string) {
    const { lasts, starts } = plan.world;
    this.#lasts = lasts;
    this.#step = stepOf(lasts);
    this.#epochMillis = starts.epochMillis;
    const length = Math.ceil(lasts / this.#step);
    this.#orders = new Float64Array(length);
    this.#revenue = new Float64Array(length);
    const onSaleEvent = (event: SaleEvent) => this.#read(event);
    this.#world = sealed(() => new World({ plan, seed, onSaleEvent }));
  }

  /** Goes on for some ten milliseconds; true when the sale is over. */
  advance(): boolean {
    if (!this.#over) this.#over = sealed(() => this.#world.advance()) === "over";
    return this.#over;
  }

  /** How much of the sale's time has passed, 0 to 1. */
  get done(): number {
    return Math.min(1, this.#world.simulation.now / this.#lasts);
  }

  get events(): number {
    return this.#world.simulation.events;
  }

  course(): RehearsedCourse {
    const { series } = sealed(() => this.#world.result(this.#over));
    const queue = series["queue.length"] ?? [];
    const latency = series["latency.p95"] ?? [];
    return { orders: summed(this.#orders), revenue: summed(this.#revenue), queue, latency };
  }

  #read(event: SaleEvent): void {
    if (event.kind !== "OrderConfirmed") return;
    const at = (event.at - this.#epochMillis) * MILLISECOND;
    const step = Math.min(this.#orders.length - 1, Math.floor(at / this.#step));
    this.#orders[step] = (this.#orders[step] ?? 0) + 1;
    this.#revenue[step] = (this.#revenue[step] ?? 0) + event.total;
  }
}

function summed(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

/** Where a figure should lie, with 90 %. */
export interface ForecastBand {
  readonly low: number;
  readonly mean: number;
  readonly high: number;
}

/** The share of a band. */
export const BAND_SHARE = 0.9;
/**
 * How unsure the size of the crowd is before the sale, as a coefficient of variation: an assumption.
 * A mailing's response is known to some tens of percent from the mailings before it.
 */
export const CROWD_UNSURE = 0.25;

export interface ForecastOptions {
  readonly courses: readonly RehearsedCourse[];
  readonly lasts: Ticks;
  /** Of the rehearsed world: counts are those of a world so much smaller. */
  readonly scale: number;
}

export class SaleForecast {
  readonly lasts: Ticks;
  readonly #courses: readonly RehearsedCourse[];
  readonly #step: Ticks;
  readonly #scale: number;

  /** There is a course. */
  constructor({ courses, lasts, scale }: ForecastOptions) {
    this.lasts = lasts;
    this.#courses = courses;
    this.#step = stepOf(lasts);
    this.#scale = scale;
  }

  get seeds(): number {
    return this.#courses.length;
  }

  /** Orders until a time. */
  orders(at: Ticks): ForecastBand {
    return this.#countBand((course) => this.#until(course.orders, at));
  }

  /** Minor units until a time. */
  revenue(at: Ticks): ForecastBand {
    return this.#band(
      this.#courses.map((course) => this.#until(course.revenue, at) / this.#scale),
      0,
    );
  }

  /** Orders of the minute before a time. */
  ordersPerMinute(at: Ticks): ForecastBand {
    const minute = 60_000_000;
    return this.#countBand(
      ({ orders }) => this.#until(orders, at) - this.#until(orders, at - minute),
    );
  }

  /** Shoppers in the waiting room; null where the plan has none that anybody waits in. */
  queue(at: Ticks): ForecastBand | null {
    const found = this.#courses.map(({ queue }) => around(queue, at));
    if (this.#courses.every(({ queue }) => queue.every((length) => length === 0))) return null;
    return this.#band(
      found.map((length) => length / this.#scale),
      0,
    );
  }

  /** The 95th percentile of the pages, milliseconds; null where nothing was asked for. */
  latency(at: Ticks): ForecastBand | null {
    const found = this.#courses.map(({ latency }) => around(latency, at)).filter(Number.isFinite);
    return found.length === 0 ? null : this.#band(found, 0);
  }

  /**
   * Orders of the next `ticks`, after `orders` until now. The crowd is as large as the orders say:
   * a gamma prior of the size rehearsed and {@link CROWD_UNSURE}, times Poisson counts (Gelman et
   * al., Bayesian Data Analysis, 3rd edition, 2013, section 2.6). `left`: units that are left.
   */
  next(at: Ticks, ticks: Ticks, orders: number, left: number | null): ForecastBand {
    const prior = 1 / (CROWD_UNSURE * CROWD_UNSURE);
    const gained = this.#courses.map((course) => {
      const before = this.#until(course.orders, at);
      return (this.#until(course.orders, at + ticks) - before) / this.#scale;
    });
    const expected = meanOf(this.#courses.map((course) => this.#until(course.orders, at)));
    const level = (prior + orders) / (prior + expected / this.#scale);
    const unsure = 1 / (prior + orders);
    const mean = level * meanOf(gained);
    const course = this.#trueVariance(gained);
    // The means over the rehearsals are themselves means of few counts.
    const rehearsed = this.#courses.length * this.#scale;
    const ofMeans = (level * mean + (mean * mean) / Math.max(1, expected)) / rehearsed;
    const variance = mean * mean * unsure + level * level * course + mean + ofMeans;
    const half = normalQuantile((1 + BAND_SHARE) / 2) * Math.sqrt(variance);
    const most = left ?? Number.POSITIVE_INFINITY;
    const within = (value: number) => Math.min(most, Math.max(0, value));
    return { low: within(mean - half), mean: within(mean), high: within(mean + half) };
  }

  #until(sums: Float64Array, at: Ticks): number {
    if (at <= 0) return 0;
    const place = at / this.#step - 1;
    const before = Math.floor(place);
    if (before >= sums.length - 1) return sums.at(-1) ?? 0;
    const low = before < 0 ? 0 : (sums[before] ?? 0);
    return low + ((sums[before + 1] ?? low) - low) * (place - before);
  }

  #countBand(of: (course: RehearsedCourse) => number): ForecastBand {
    const counts = this.#courses.map((course) => of(course) / this.#scale);
    return this.#band(counts, meanOf(counts));
  }

  /** `poisson`: the variance that independent counts of the whole world would have by chance. */
  #band(values: readonly number[], poisson: number): ForecastBand {
    const mean = meanOf(values);
    const spread = poisson > 0 ? this.#trueVariance(values) + poisson : varianceOf(values, mean);
    const n = values.length;
    const above = (1 + BAND_SHARE) / 2;
    const quantile = studentQuantile(above, Math.max(2, n - 1));
    const crowd = normalQuantile(above) * CROWD_UNSURE * mean;
    const half = Math.sqrt(quantile * quantile * spread * (1 + 1 / n) + crowd * crowd);
    return { low: Math.max(0, mean - half), mean, high: mean + half };
  }

  /** Between the courses, less what chance adds to counts of a smaller world. */
  #trueVariance(counts: readonly number[]): number {
    const mean = meanOf(counts);
    return Math.max(0, varianceOf(counts, mean) - mean / this.#scale);
  }
}

function around(series: readonly number[], at: Ticks): number {
  return series[Math.max(0, Math.floor(at / SERIES_INTERVAL))] ?? 0;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOf(values: readonly number[], mean: number): number {
  if (values.length < 2) return 0;
  return (
    values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (values.length - 1)
  );
}
