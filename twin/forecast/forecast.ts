/**
 * The forecast of one plan in closed form, from list and traffic to servers, without a simulation:
 * expected values of a shop whose servers answer at once and whose shelves are full. Its figures
 * have the names of `figures.ts`; those that a rehearsal has too mean the same thing there.
 */
import { assert } from "../../engine/assert.ts";
import { DAY, MILLISECOND, MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import { tiersOf } from "../email/waves.ts";
import { SERIES_INTERVAL } from "../metrics.ts";
import {
  PAGE_CLASSES,
  type PageClass,
  type PlanSpec,
  type WorldSpec,
} from "../scenario/scenario.ts";
import { stockedShare } from "./basket.ts";
import { type Bins, peakOf, runningMeans, sumsOf, total } from "./bins.ts";
import { busiestOf } from "./busiest.ts";
import type { ForecastName } from "./figures.ts";
import { type Flow, flowOf } from "./flow.ts";
import { meansOfSession, type SessionChain, sessionChainOf } from "./session-chain.ts";
import { visitsOf } from "./visits.ts";

/** Utilisation that servers are counted for where no autoscaler says one (EC2's usual target). */
const TARGET_WITHOUT_AUTOSCALER = 0.5;

/** Bins between one page and the next, at least; and bins that one forecast may have. */
const BINS_PER_GAP = 8;
const BINS_MAX = 40_000;

/** Shares that sum to all but this are all. */
const ROUNDING = 1e-9;

/** Mean gaps after the end of the scenario within which its last sessions end. */
const TAIL_GAPS = 40;

export interface Forecast {
  readonly figures: Readonly<Record<ForecastName, number>>;
  /** Relative standard deviation of one rehearsal around the figure, by chance alone. */
  readonly chance: Readonly<Partial<Record<ForecastName, number>>>;
  /** Means per interval of every series; `shoppers.concurrent` at its end. */
  readonly series: Readonly<
    Record<"shoppers.concurrent" | "sessions" | "pages" | "orders", readonly number[]>
  >;
  /** CPU utilisation that `servers.atTarget` holds. */
  readonly target: number;
  /** From a shopper's first request until they no longer count as concurrent, mean. */
  readonly residence: Ticks;
}

/** `refinement` divides the width of the bins, for tests of how little it matters. */
export function forecastOf(plan: PlanSpec, refinement = 1): Forecast {
  const { world } = plan;
  const chain = sessionChainOf(world);
  const bins = binsOf(world, chain, refinement);
  const perInterval = Math.round(SERIES_INTERVAL / bins.step);
  const visits = visitsOf(plan, bins);
  const arrivals = visits.mail.map((mail, bin) => mail + visits.traffic[bin]);
  const flow = flowOfAll(world, { bins, chain, visits });
  const during = Math.min(bins.count, Math.round(world.lasts / bins.step));
  const sums = (values: Float64Array) => sumsOf(values.slice(0, during), perInterval);
  const pages = Float64Array.from({ length: bins.count }, (_, bin) =>
    flow.requests.reduce((sum, row) => sum + row[bin], 0),
  );
  const concurrent = flow.concurrent.slice(0, during);
  const parts: Parts = {
    world,
    chain,
    bins,
    flow,
    pages,
    sessions: total(arrivals),
    mail: total(visits.mail),
    ordersPerInterval: sums(flow.orders),
    pagesPerInterval: sums(pages),
    concurrent,
  };
  const figures = { ...shopperFigures(parts), ...pageFigures(parts), ...orderFigures(parts) };
  return {
    figures: { ...figures, ...normalFigures(parts, figures["orders.perSecond.peak"]) },
    chance: chanceOf(figures, chain.orderValueCv),
    series: {
      "shoppers.concurrent": Array.from(parts.ordersPerInterval, (_, interval) =>
        rounded(concurrent[Math.min(during, (interval + 1) * perInterval) - 1]),
      ),
      sessions: Array.from(sums(arrivals), rounded),
      pages: Array.from(parts.pagesPerInterval, rounded),
      orders: Array.from(parts.ordersPerInterval, rounded),
    },
    target: targetOf(world),
    residence: meansOfSession(chain, world.shoppers.idleTimeout).residence,
  };
}

/** As many decimals as a series of results has. */
function rounded(value: number): number {
  return Math.round(value * 1_000_000) / 1_000_000;
}

/** Bins so narrow that pages and time-outs are told apart; whole intervals of a series hold whole bins. */
function binsOf({ lasts, shoppers }: WorldSpec, { steps }: SessionChain, refinement: number): Bins {
  const { idleTimeout } = shoppers;
  const gap = Math.max(...steps.map((step) => step.gapLimitedMean(idleTimeout || SERIES_INTERVAL)));
  const wanted = Math.max(Math.min(gap, SERIES_INTERVAL) / BINS_PER_GAP, lasts / BINS_MAX);
  const perInterval = Math.max(1, Math.ceil(SERIES_INTERVAL / wanted)) * refinement;
  const step = SERIES_INTERVAL / perInterval;
  return { step, count: Math.ceil((lasts + TAIL_GAPS * gap) / step) };
}

interface Streams {
  readonly bins: Bins;
  readonly chain: SessionChain;
  readonly visits: ReturnType<typeof visitsOf>;
}

/** Invited and other visitors may buy at different times; together they are one flow. */
function flowOfAll(world: WorldSpec, { bins, chain, visits }: Streams): Flow {
  const { sale, traffic, shoppers } = world;
  const flow = (arrivals: Float64Array, from: Ticks) =>
    flowOf({
      bins,
      chain,
      idleTimeout: shoppers.idleTimeout,
      visits: arrivals,
      open: openShares(bins, from, sale.closesAt),
    });
  const early = traffic.invited * earlyShare(world);
  const invited = visits.traffic.map((count, bin) => count * early + visits.invited[bin]);
  const all = visits.traffic.map((count, bin) => count + visits.mail[bin]);
  const others = all.map((count, bin) => Math.max(0, count - invited[bin]));
  if (sale.publicAt === sale.earlyAccessAt || total(others) <= total(all) * ROUNDING)
    return flow(all, sale.earlyAccessAt);
  return sumOfFlows(flow(invited, sale.earlyAccessAt), flow(others, sale.publicAt));
}

/** Share of all who may come whose invitation the sale honours. */
function earlyShare({ audience, sale }: WorldSpec): number {
  return tiersOf(audience)
    .filter(({ name }) => sale.earlyAccessFor.includes(name))
    .reduce((sum, { share }) => sum + share, 0);
}

function sumOfFlows(one: Flow, other: Flow): Flow {
  const sum = (first: Float64Array, second: Float64Array) =>
    first.map((value, bin) => value + second[bin]);
  return {
    requests: one.requests.map((row, step) => sum(row, other.requests[step])),
    concurrent: sum(one.concurrent, other.concurrent),
    activeAt: (bin) => one.activeAt(bin) + other.activeAt(bin),
    orders: sum(one.orders, other.orders),
    declined: sum(one.declined, other.declined),
    charges: sum(one.charges, other.charges),
  };
}

function openShares({ step, count }: Bins, from: Ticks, until: Ticks): Float64Array {
  return Float64Array.from({ length: count }, (_, bin) => {
    const begins = Math.max(bin * step, from);
    const ends = Math.min((bin + 1) * step, until);
    return Math.max(0, ends - begins) / step;
  });
}

interface Parts {
  readonly world: WorldSpec;
  readonly chain: SessionChain;
  readonly bins: Bins;
  readonly flow: Flow;
  readonly pages: Float64Array;
  readonly sessions: number;
  readonly mail: number;
  readonly ordersPerInterval: Float64Array;
  readonly pagesPerInterval: Float64Array;
  /** While the scenario lasts. */
  readonly concurrent: Float64Array;
}

function shopperFigures({ world, chain, bins, flow, sessions, mail, concurrent, pages }: Parts) {
  const peak = peakOf(concurrent);
  const session = meansOfSession(chain, world.shoppers.idleTimeout);
  return {
    recipients: world.audience.recipients,
    "sessions{mail}": mail,
    "sessions{traffic}": sessions - mail,
    sessions,
    "session.pages": ratio(total(pages), sessions),
    "session.length": session.length / MILLISECOND,
    // Between the ends of two bins the number changes evenly; the first begins with nobody.
    "shoppers.concurrent":
      (total(concurrent) - concurrent[concurrent.length - 1] / 2) / concurrent.length,
    "shoppers.concurrent.peak": concurrent[peak],
    "shoppers.concurrent.peak.at": Math.round(((peak + 1) * bins.step) / MILLISECOND),
    "shoppers.active.peak": flow.activeAt(peak),
  };
}

/** Rates per second are means over a minute: over much less, no server is started and nobody measures. */
const RATE_WINDOW: Ticks = MINUTE;

/** Per second, over the minute that ends with each bin. */
function ratesOf(counts: Float64Array, { step }: Bins): Float64Array {
  const window = Math.max(1, Math.round(RATE_WINDOW / step));
  return runningMeans(counts, window).map((count) => (count * SECOND) / step);
}

function peakRate(counts: Float64Array, bins: Bins): number {
  const rates = ratesOf(counts, bins);
  return rates[peakOf(rates)];
}

function pageFigures({ world, chain, bins, flow, pages, pagesPerInterval }: Parts) {
  const rates = ratesOf(pages, bins);
  const peak = peakOf(rates);
  const byClass = new Float64Array(PAGE_CLASSES.length);
  const origin = new Float64Array(bins.count);
  /** Ticks of CPU per bin. */
  const cpu = new Float64Array(bins.count);
  for (const [index, { page, originShare }] of chain.steps.entries()) {
    const name = PAGE_CLASSES[page];
    assert(name !== undefined, "a step has a page");
    const requests = flow.requests[index];
    byClass[page] += ratesOf(requests, bins)[peak];
    for (let bin = 0; bin < bins.count; bin += 1) {
      origin[bin] += requests[bin] * originShare;
      cpu[bin] += requests[bin] * originShare * world.fleet.demands[name].cpu;
    }
  }
  const busy = peakRate(cpu, bins) / SECOND + neighbourCores(world);
  const classes = Object.fromEntries(
    PAGE_CLASSES.map((name, page) => [`pages.perSecond.peak{${name}}`, byClass[page]]),
  ) as Record<`pages.perSecond.peak{${PageClass}}`, number>;
  return {
    pages: total(pages),
    "pages.per5min.peak": busiestOf(pagesPerInterval),
    "pages.perSecond.peak": rates[peak],
    ...classes,
    "requests.perSecond.peak": peakRate(origin, bins),
    "cores.busy.peak": busy,
    "servers.atTarget": serversFor(busy, world, targetOf(world)),
    "servers.atFull": serversFor(busy, world, 1),
  };
}

/** Cores that other sellers on the same servers keep busy, at any time of day. */
function neighbourCores({ sideBySide, fleet }: WorldSpec): number {
  return sideBySide.neighbours.reduce((sum, { rate, pages }) => {
    const work = PAGE_CLASSES.reduce(
      (ticks, page) => ticks + pages[page] * fleet.demands[page].cpu,
      0,
    );
    return sum + (rate * work) / SECOND;
  }, 0);
}

/** Servers whose cores are busy to a share with so much work; never less than one. */
export function serversFor(busyCores: number, { fleet }: WorldSpec, utilisation: number): number {
  return Math.max(1, Math.ceil(busyCores / (fleet.cores * utilisation)));
}

function targetOf({ autoscaler }: WorldSpec): number {
  switch (autoscaler.kind) {
    case "none":
    case "serverless":
      return TARGET_WITHOUT_AUTOSCALER;
    case "target-tracking":
    case "hpa":
      return autoscaler.target;
    case "step":
    case "simple":
      return autoscaler.high;
  }
}

function orderFigures({ world, chain, bins, flow, sessions, ordersPerInterval }: Parts) {
  const orders = total(flow.orders);
  return {
    conversion: ratio(orders, sessions),
    orders,
    "orders.inStock": orders * stockedShare(world, orders * chain.orderUnits),
    "orders.per5min.peak": busiestOf(ordersPerInterval),
    "orders.perSecond.peak": peakRate(flow.orders, bins),
    "order.value.mean": chain.orderValue,
    revenue: orders * chain.orderValue,
    "revenue.bestDay": bestDay(ordersPerInterval) * chain.orderValue,
    payments: total(flow.charges),
    "payments.perSecond.peak": peakRate(flow.charges, bins),
    "payments.declined": total(flow.declined),
  };
}

/** The most orders of 24 hours in a row. */
function bestDay(perInterval: Float64Array): number {
  const width = Math.round(DAY / SERIES_INTERVAL);
  let sum = 0;
  let best = 0;
  for (let interval = 0; interval < perInterval.length; interval += 1) {
    sum += perInterval[interval] - (interval >= width ? perInterval[interval - width] : 0);
    best = Math.max(best, sum);
  }
  return best;
}

/**
 * A normal day: the visits that no mail explains, at the level of the first day, without ramp and
 * decay, converting as the scenario's shoppers do.
 */
function normalFigures({ world, chain }: Parts, peak: number) {
  const { rate, dailyProfile } = world.traffic;
  const mean = dailyProfile.reduce((sum, factor) => sum + factor, 0) / dailyProfile.length;
  const busiest = Math.max(...dailyProfile);
  return {
    "normal.sessions.perSecond": rate * mean,
    "normal.orders.perSecond": rate * mean * chain.conversion,
    "multiple.ofNormalMean": peak / (rate * mean * chain.conversion),
    "multiple.ofNormalPeak": peak / (rate * busiest * chain.conversion),
  };
}

/** Counts scatter as Poisson counts do; money scatters with the value of an order besides. */
function chanceOf(
  figures: Readonly<Record<string, number>>,
  orderValueCv: number,
): Forecast["chance"] {
  const count = (name: string) => 1 / Math.sqrt(Math.max(1, figures[name] ?? 0));
  const money = Math.sqrt(1 + orderValueCv * orderValueCv) * count("orders");
  // Pages come in sessions: their count scatters with the sessions, and within each one.
  const pages = 2 * count("sessions");
  return {
    "sessions{mail}": count("sessions{mail}"),
    "sessions{traffic}": count("sessions{traffic}"),
    sessions: count("sessions"),
    "session.pages": pages,
    "shoppers.concurrent": count("sessions"),
    "shoppers.concurrent.peak": count("shoppers.concurrent.peak"),
    pages,
    "pages.per5min.peak": count("shoppers.active.peak"),
    conversion: count("orders"),
    orders: count("orders"),
    "orders.inStock": count("orders.inStock"),
    "orders.per5min.peak": count("orders.per5min.peak"),
    "order.value.mean": orderValueCv * count("orders"),
    revenue: money,
    "revenue.bestDay": money,
    payments: count("payments"),
    "payments.declined": count("payments.declined"),
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
