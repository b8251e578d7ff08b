/**
 * A live store over the last hour, from one scrape to the next: what its counters gained in a
 * minute, the quantile of its answers, and the points of its charts. A counter that falls has
 * begun anew with its process, and what it stands at is what it gained since, as PromQL's
 * `increase` has it. The counters of the sale are read from the sale log again by a process that
 * starts, so those gain nothing until they are back where they were.
 */
import { histogramQuantile } from "./histogram-quantile.ts";
import type { SoldInMinute } from "./live-sale-log.ts";
import type { ItemLeft, Money, RequestSeries, StoreScrape } from "./live-scrape.ts";

const MINUTE = 60_000;
const KEPT_MILLIS = 60 * MINUTE;
/** A scrape each half second for an hour. */
const POINTS_MAX = 7_200;
/** A store reads its log again at its first look, five seconds after its start. */
const READING_AGAIN_MILLIS = 15_000;
const QUANTILE = 0.95;

/** What is known of a store at one moment. Null is what cannot be said yet, or is not there. */
export interface LiveFigures {
  readonly at: number;
  /** Confirmed orders since the start of the sale, and those of the last minute. */
  readonly orders: number;
  readonly ordersPerMinute: number;
  /** The same in money, the largest currency first. */
  readonly revenue: readonly Money[];
  /** In the currency that is first, minor units. */
  readonly revenuePerMinute: number;
  /** Shoppers who wait, and how many more than a minute ago. */
  readonly queue: number | null;
  readonly queueRise: number | null;
  /** Of the shoppers' requests of the last minute. */
  readonly p95Millis: number | null;
  /** Share of them that failed for a reason of the store's own. */
  readonly errorRate: number | null;
  readonly requestsPerSecond: number | null;
  readonly loopLateMillis: number | null;
  readonly workers: number;
  readonly stockLeft: number | null;
  readonly soldOut: number | null;
  readonly itemsAll: number | null;
  readonly items: readonly ItemLeft[];
  readonly ready: boolean | null;
}

/** What was gained between two scrapes. */
interface Gain {
  readonly at: number;
  readonly millis: number;
  readonly orders: number;
  readonly revenue: number;
  readonly requests: number;
  readonly serverErrors: number;
  readonly within: ReadonlyMap<number, number>;
}

export class LiveHistory {
  readonly #gains: Gain[] = [];
  readonly #points: LiveFigures[] = [];
  readonly #orders = new SaleCounter();
  readonly #revenue = new Map<string, SaleCounter>();
  #before: StoreScrape | null = null;

  get points(): readonly LiveFigures[] {
    return this.#points;
  }

  get last(): LiveFigures | null {
    return this.#points.at(-1) ?? null;
  }

  /** `counted`: what a sale log says of the last minute, which goes before what was gained. */
  heed(scrape: StoreScrape, counted: SoldInMinute | null = null): LiveFigures {
    const gain = this.#gain(scrape);
    if (gain !== null) this.#gains.push(gain);
    while ((this.#gains[0]?.at ?? scrape.at) <= scrape.at - MINUTE) this.#gains.shift();
    const figures = this.#figures(scrape, counted);
    this.#points.push(figures);
    const oldest = scrape.at - KEPT_MILLIS;
    while (this.#points.length > POINTS_MAX || (this.#points[0]?.at ?? oldest) < oldest) {
      this.#points.shift();
    }
    this.#before = scrape;
    return figures;
  }

  #gain(scrape: StoreScrape): Gain | null {
    const before = this.#before;
    const { at } = scrape;
    const orders = this.#orders.gained(scrape.orders, at);
    const money = scrape.revenue.map(({ currency, minor }) =>
      this.#counterOf(currency).gained(minor, at),
    );
    if (before === null) return null;
    const within = new Map<number, number>();
    let requests = 0;
    let failed = 0;
    for (const [key, now] of scrape.requests) {
      const gained = bucketsGained(before.requests.get(key), now);
      const all = gained.get(Infinity) ?? 0;
      if (!now.isOfShoppers) continue;
      requests += all;
      if (now.isServerError) failed += all;
      addTo(within, gained);
    }
    const refused = sumGained(before.refused, scrape.refused);
    return {
      at,
      millis: at - before.at,
      orders,
      revenue: money[0] ?? 0,
      requests,
      serverErrors: Math.max(0, failed - refused),
      within,
    };
  }

  #counterOf(currency: string): SaleCounter {
    const counter =
      this.#revenue.get(currency) ?? new SaleCounter(this.#before === null ? null : 0);
    this.#revenue.set(currency, counter);
    return counter;
  }

  #figures(scrape: StoreScrape, counted: SoldInMinute | null): LiveFigures {
    const sum = (of: (gain: Gain) => number) =>
      this.#gains.reduce((whole, gain) => whole + of(gain), 0);
    const requests = sum((gain) => gain.requests);
    const seconds = sum((gain) => gain.millis) / 1_000;
    const { at, orders, revenue, queue, loopLateMillis, workers } = scrape;
    const { stockLeft, soldOut, itemsAll, items, ready } = scrape;
    return {
      ...{ at, orders, revenue, queue, loopLateMillis, workers },
      ...{ stockLeft, soldOut, itemsAll, items, ready },
      ordersPerMinute: counted?.orders ?? sum((gain) => gain.orders),
      revenuePerMinute: counted?.revenue ?? sum((gain) => gain.revenue),
      queueRise: this.#queueRise(scrape),
      p95Millis: this.#p95Millis(),
      errorRate: requests > 0 ? sum((gain) => gain.serverErrors) / requests : null,
      requestsPerSecond: seconds > 0 ? requests / seconds : null,
    };
  }

  #queueRise({ at, queue }: StoreScrape): number | null {
    const then = this.#points.find((point) => point.at >= at - MINUTE);
    return queue === null || then === undefined || then.queue === null ? null : queue - then.queue;
  }

  #p95Millis(): number | null {
    const within = new Map<number, number>();
    for (const gain of this.#gains) addTo(within, gain.within);
    const buckets = [...within].map(([bound, count]) => ({ bound, count }));
    buckets.sort((one, other) => one.bound - other.bound);
    const seconds = histogramQuantile(QUANTILE, buckets);
    return seconds === null ? null : seconds * 1_000;
  }
}

/** A count of the whole sale, which a new process comes to again by reading its log. */
class SaleCounter {
  #highest: number | null;
  #fellAt: number | null = null;

  /** `from` is null where the first value seen is what was there before. */
  constructor(from: number | null = null) {
    this.#highest = from;
  }

  gained(value: number, at: number): number {
    const highest = this.#highest ?? value;
    if (value < highest) {
      this.#fellAt ??= at;
      if (at - this.#fellAt <= READING_AGAIN_MILLIS) return 0;
      // It is the count of another sale at the same address.
      this.#fellAt = null;
      this.#highest = value;
      return 0;
    }
    this.#fellAt = null;
    this.#highest = value;
    return value - highest;
  }
}

/** A series that was not there before began at nothing; one that fell began anew. */
function bucketsGained(
  before: RequestSeries | undefined,
  now: RequestSeries,
): ReadonlyMap<number, number> {
  const was = before?.within;
  if (was === undefined) return now.within;
  if ((now.within.get(Infinity) ?? 0) < (was.get(Infinity) ?? 0)) return now.within;
  return new Map([...now.within].map(([bound, count]) => [bound, count - (was.get(bound) ?? 0)]));
}

function sumGained(was: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): number {
  let gained = 0;
  for (const [key, count] of now) {
    const before = was.get(key) ?? 0;
    gained += count < before ? count : count - before;
  }
  return gained;
}

function addTo(sums: Map<number, number>, more: ReadonlyMap<number, number>): void {
  for (const [key, count] of more) sums.set(key, (sums.get(key) ?? 0) + count);
}
