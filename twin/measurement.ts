/**
 * Takes the samples that make the series while a rehearsal runs, and at its end the one number per
 * metric, from the tallies of the models, the store's sale log and the store's ledgers. The sale
 * is measured from its start to the scenario's end; what comes to rest after that (an order paid
 * at the last minute) still counts as sold.
 */
import type { Simulation } from "../engine/simulation.ts";
import type { Histogram } from "../engine/statistics/histogram.ts";
import { Series } from "../engine/statistics/series.ts";
import { DAY, HOUR, MILLISECOND, type Ticks } from "../engine/time.ts";
import type { Cdn } from "./cdn/cdn.ts";
import type { Database } from "./fleet/database.ts";
import { databaseFigures } from "./fleet/database-metrics.ts";
import type { FleetFigures } from "./fleet/fleet-figures.ts";
import type { Functions } from "./fleet/functions.ts";
import { functionsFigures } from "./fleet/functions-metrics.ts";
import { LOSS_CAUSES, METRIC_NAMES, type SeriesName } from "./metrics.ts";
import type { NeighbourFigures } from "./neighbours/neighbour-figures.ts";
import type { SaleFigures } from "./sale-figures.ts";
import { PAGE_CLASSES, type WorldSpec } from "./scenario/scenario.ts";
import { ServiceLevel } from "./service-level.ts";
import { CAUSES, type ShopperTally } from "./shoppers/tally.ts";

/** What the measurement reads at the end about the store. */
export interface StoreFigures {
  /** Orders of shoppers who are none; see `twin/bots`. */
  readonly botOrders: number;
  readonly charges: number;
  readonly chargesFailed: number;
  readonly chargesTimedOut: number;
  readonly skusSoldOut: number;
  /** Ticks, or null where nothing sold out. */
  readonly firstSoldOutAt: Ticks | null;
  readonly oversold: number;
}

export interface MeasurementOptions {
  readonly simulation: Simulation;
  readonly world: WorldSpec;
  readonly interval: Ticks;
  readonly tally: ShopperTally;
  readonly figures: SaleFigures;
  readonly fleet: FleetFigures;
  /** Null where the database has no limits. */
  readonly database: Database | null;
  /** Null where instances serve. */
  readonly functions: Functions | null;
  readonly cdn: Cdn;
  /** Null where nobody else sells on the same servers. */
  readonly neighbours: NeighbourFigures | null;
  /** Requests at the servers that no shopper made. */
  readonly strangers: () => number;
  /** Shoppers in the waiting room; none where there is no such room. */
  readonly waiting: () => number;
}

export class Measurement {
  private readonly options: MeasurementOptions;
  private readonly length: number;
  private readonly concurrent: Series;
  private readonly latency: Series;
  private readonly errors: Series;
  private readonly pages: Series;
  private readonly sessions: Series;
  private readonly instances: Series;
  private readonly shed: Series;
  private readonly neighbourLatency: Series;
  private readonly queue: Series;
  private readonly serviceLevel: ServiceLevel;
  private errorsBefore = 0;
  private shedBefore = 0;
  private concurrentMean = 0;
  private instancesMean = 0;
  private instanceHours = 0;
  private asleepHours = 0;
  private readonly sampleEvent: number;

  constructor(options: MeasurementOptions) {
    const { simulation, world, interval } = options;
    this.options = options;
    this.length = Math.ceil(world.lasts / interval);
    const series = { interval, length: this.length };
    this.concurrent = new Series(series);
    this.latency = new Series(series);
    this.errors = new Series(series);
    this.pages = new Series(series);
    this.sessions = new Series(series);
    this.instances = new Series(series);
    this.shed = new Series(series);
    this.neighbourLatency = new Series(series);
    this.queue = new Series(series);
    this.serviceLevel = new ServiceLevel(world.serviceLevel);
    // After everything else of its tick, so that an interval holds all of its own events.
    this.sampleEvent = simulation.defineEvent("measurement.sample", (index) => this.sample(index), {
      priority: 1_000,
    });
    simulation.schedule(Math.min(interval, world.lasts), this.sampleEvent, 0);
  }

  /** At the end of an interval: what stands now, and what came since the last sample. */
  private sample(index: number): void {
    const { simulation, world, interval, tally, fleet, cdn } = this.options;
    const begin = index * interval;
    const { errors } = tally;
    const came = tally.takeInterval();
    const latency = quantile(came.latency, 0.95);
    this.concurrent.set(begin, tally.concurrent.value);
    this.latency.set(begin, millis(latency));
    this.errors.set(begin, errors - this.errorsBefore);
    this.pages.set(begin, came.pages);
    this.sessions.set(begin, came.sessions);
    this.instances.set(begin, fleet.serving.value);
    this.shed.set(begin, tally.shedInAll - this.shedBefore);
    const { neighbours } = this.options;
    this.neighbourLatency.set(begin, millis(neighbours?.takeInterval() ?? Number.NaN));
    this.queue.set(begin, this.options.waiting());
    this.errorsBefore = errors;
    this.shedBefore = tally.shedInAll;
    this.serviceLevel.take({
      length: Math.min(interval, world.lasts - begin),
      pages: tally.pagesInAll,
      asked: cdn.misses + cdn.passes - this.options.strangers(),
      errors,
      givenUp: tally.impatient,
      latency,
      concurrent: tally.concurrent.value,
    });
    if (index + 1 < this.length) {
      const next = Math.min((index + 2) * interval, world.lasts);
      simulation.schedule(next, this.sampleEvent, index + 1);
    } else {
      this.concurrentMean = tally.concurrent.mean(simulation.now);
      this.instancesMean = fleet.serving.mean(simulation.now);
      this.instanceHours = fleet.instanceHours(simulation.now);
      this.asleepHours = fleet.asleepHours(simulation.now);
    }
  }

  series(): Record<SeriesName, readonly number[]> {
    const { figures } = this.options;
    const within = (series: Series) => [...series.values.subarray(0, this.length)];
    return {
      "shoppers.concurrent": within(this.concurrent),
      sessions: within(this.sessions),
      pages: within(this.pages),
      orders: within(figures.ordersPerInterval),
      revenue: within(figures.revenuePerInterval),
      "latency.p95": within(this.latency),
      errors: within(this.errors),
      instances: within(this.instances),
      "pages.shed": within(this.shed),
      "sellers.other.latency.p95": within(this.neighbourLatency),
      "queue.length": within(this.queue),
    };
  }

  /**
   * One number for each name of METRICS, in that order; `parts` are the figures of the parts that
   * this world has and another may leave out, by name. What nobody measured is not a number.
   */
  metrics(
    store: StoreFigures,
    visits: { readonly mail: number; readonly traffic: number },
    parts: Readonly<Record<string, number>>,
  ): Record<string, number> {
    const found: Record<string, number> = {
      ...this.saleMetrics(store),
      ...this.shopperMetrics(),
      ...this.latencyMetrics(),
      ...this.platformMetrics(),
      ...this.costMetrics(),
      "sessions{mail}": visits.mail,
      "sessions{traffic}": visits.traffic,
      ...parts,
    };
    return Object.fromEntries(METRIC_NAMES.map((name) => [name, found[name] ?? Number.NaN]));
  }

  private saleMetrics(store: StoreFigures): Record<string, number> {
    const { figures, tally, world, interval } = this.options;
    const { orders, revenue } = figures;
    const day = Math.min(Math.round(DAY / interval), figures.revenuePerInterval.length);
    return {
      revenue,
      "revenue.bestDay": figures.revenuePerInterval.peak(day).value,
      orders,
      "orders.per5min.peak": figures.ordersPerInterval.peak().value,
      "order.value.mean": orders === 0 ? Number.NaN : revenue / orders,
      conversion: ratio(orders, tally.sessions),
      "honest.orders": orders - store.botOrders,
      "honest.success":
        tally.checkouts === 0 ? Number.NaN : (orders - store.botOrders) / tally.checkouts,
      holds: figures.count("HoldPlaced"),
      "holds.expired": figures.count("HoldExpired"),
      soldOut: store.skusSoldOut,
      "soldOut.first": millis(store.firstSoldOutAt ?? world.lasts),
      oversold: store.oversold,
      payments: store.charges,
      "payments.declined": figures.count("OrderDeclined"),
      "payments.retried": figures.chargesRetried,
      "payments.fallback": figures.chargesFallenBack,
      "payments.failed": store.chargesFailed,
      "payments.timedOut": store.chargesTimedOut,
      "payments.inDoubt": figures.count("OrderInDoubt"),
    };
  }

  private shopperMetrics(): Record<string, number> {
    const { tally } = this.options;
    const abandoned = CAUSES.reduce((sum, cause) => sum + tally.abandoned[cause], 0);
    const lost = LOSS_CAUSES.reduce((sum, cause) => sum + tally.abandonedValue[cause], 0);
    return {
      sessions: tally.sessions,
      "shoppers.concurrent": this.concurrentMean,
      "shoppers.concurrent.peak": tally.concurrent.peak,
      "shoppers.concurrent.knee": this.serviceLevel.knee ?? Number.NaN,
      "honest.checkouts": tally.checkouts,
      "shoppers.limited": tally.limited,
      bounces: tally.bounces,
      carts: tally.carts,
      "carts.abandoned": abandoned,
      ...Object.fromEntries(
        CAUSES.map((cause) => [`carts.abandoned{${cause}}`, tally.abandoned[cause]]),
      ),
      "revenue.lost": lost,
      ...Object.fromEntries(
        LOSS_CAUSES.map((cause) => [`revenue.lost{${cause}}`, tally.abandonedValue[cause]]),
      ),
    };
  }

  private latencyMetrics(): Record<string, number> {
    const { tally } = this.options;
    const all = tally.latencyOfAll();
    tally.takeInterval();
    return {
      "latency.p50": millis(quantile(all, 0.5)),
      "latency.p95": millis(quantile(all, 0.95)),
      "latency.p99": millis(quantile(all, 0.99)),
      ...Object.fromEntries(
        PAGE_CLASSES.map((page, index) => [
          `latency.p95{${page}}`,
          millis(quantile(tally.latency[index], 0.95)),
        ]),
      ),
    };
  }

  private platformMetrics(): Record<string, number> {
    const { tally, fleet, cdn } = this.options;
    const pages = tally.pagesInAll;
    const { errors } = tally;
    return {
      pages,
      "pages.abandoned": tally.impatient,
      "pages.wasted": fleet.wasted,
      errors,
      "errors{refused}": tally.refused,
      "errors{failed}": tally.failed,
      "errors{shed}": tally.shedInAll,
      "errors.rate": ratio(errors, pages),
      availability: 1 - ratio(errors, pages),
      downtime: millis(this.serviceLevel.downtime),
      "downtime.longest": millis(this.serviceLevel.longestDowntime),
      retries: tally.retries,
      instances: this.instancesMean,
      "instances.peak": fleet.serving.peak,
      "instances.crashed": fleet.crashes,
      "instances.lost": fleet.lost,
      "instance.hours": this.instanceHours,
      "instance.hours{asleep}": this.asleepHours,
      "cdn.hit.ratio": cdn.hitRatio,
    };
  }

  /** Whole minor units; the parts add up to the whole. */
  private costMetrics(): Record<string, number> {
    const { world, figures, database, functions } = this.options;
    const { price } = world;
    const hours = world.lasts / HOUR;
    const hourly = functions === null ? this.instanceHours : 0;
    const instances = Math.round(hourly * price.instance);
    const asleep = Math.round(this.asleepHours * price.asleep);
    const ofDatabase = database === null ? 0 : Math.round(hours * price.database);
    const ofFunctions = functions === null ? 0 : this.costOf(functions);
    const cost = instances + asleep + ofDatabase + ofFunctions;
    const gaveUp = this.options.tally.overtaxed;
    return {
      cost,
      "cost{instances}": instances,
      "cost{asleep}": asleep,
      "cost.perOrder": figures.orders === 0 ? Number.NaN : cost / figures.orders,
      "cost.perHour": cost / hours,
      ...(database === null ? {} : databaseFigures(database, { gaveUp, cost: ofDatabase })),
      ...(functions === null ? {} : functionsFigures(functions, ofFunctions)),
    };
  }

  private costOf(functions: Functions): number {
    const { request, gigabyteSecond } = this.options.world.price;
    const requests = functions.figures.accepted * request;
    return Math.round(requests + functions.gigabyteSeconds * gigabyteSecond);
  }
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Not a number where nothing was recorded. */
function quantile(histogram: Histogram | undefined, share: number): Ticks {
  return histogram === undefined || histogram.count === 0 ? Number.NaN : histogram.quantile(share);
}

/** Milliseconds of ticks, to the microsecond. */
function millis(ticks: Ticks): number {
  return Math.round(ticks) / MILLISECOND;
}
