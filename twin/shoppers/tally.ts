/**
 * What the shopper model counts while a rehearsal runs: visits, pages, carts, and why carts were
 * left. Figures about orders and money come from the store's sale log instead, so that no order
 * is counted that the store does not have.
 */
import { Histogram } from "../../engine/statistics/histogram.ts";
import { LittlesLaw } from "../../engine/statistics/littles-law.ts";
import { TimeWeighted } from "../../engine/statistics/time-weighted.ts";
import type { Ticks } from "../../engine/time.ts";
import { PAGE_CLASSES } from "../scenario/scenario.ts";
import type { ShopperOutcomes } from "./outcomes.ts";

/** Why a shopper with a cart left without an order. */
export const CAUSES = [
  "choice",
  "soldOut",
  "payment",
  "error",
  "wait",
  "closed",
  "limited",
] as const;
export type Cause = (typeof CAUSES)[number];

/** What one interval of a series holds of the shoppers. */
export interface Interval {
  readonly latency: Histogram;
  readonly pages: number;
  readonly sessions: number;
}

export class ShopperTally {
  sessions = 0;
  bounces = 0;
  carts = 0;
  /** Sessions that asked for a checkout, or for less and were turned away by a limit. */
  checkouts = 0;
  /** Who hears of each of them, by the shopper's number; null for nobody. */
  onCheckout: ((shopper: number) => void) | null = null;
  /** Sessions that a limit of the store turned away at least once. */
  limited = 0;
  /** Requests that the servers refused or lost, before any retry. */
  refused = 0;
  failed = 0;
  /** Requests that the servers refused early, per page class. */
  readonly shed = new Float64Array(PAGE_CLASSES.length);
  /** Requests that waited for the database for too long. */
  overtaxed = 0;
  /** Shoppers whom a card's bank challenged, and of those who gave up, and who failed. */
  challenged = 0;
  challengesAbandoned = 0;
  challengesFailed = 0;
  retries = 0;
  /** Sessions that left because a page took too long, or because they gave up retrying. */
  impatient = 0;
  gaveUp = 0;
  readonly pages = new Float64Array(PAGE_CLASSES.length);
  readonly abandoned: Record<Cause, number> = zeroPerCause();
  /** Value of the carts that were left, minor units. */
  readonly abandonedValue: Record<Cause, number> = zeroPerCause();
  readonly concurrent = new TimeWeighted(0);
  readonly visits = new LittlesLaw("the shop", 0);
  /** From request to page, ticks, per page class, up to the last {@link takeInterval}. */
  readonly latency = PAGE_CLASSES.map(() => new Histogram());
  /** Where the latency of every page is recorded as well, for whoever watches; null for nobody. */
  watched: Histogram | null = null;
  /** The same for whoever samples the rehearsal. */
  sampled: Histogram | null = null;
  /** What became of each shopper, for a rehearsal that is asked for it; null for any other. */
  outcomes: ShopperOutcomes | null = null;
  private readonly latencyNow = PAGE_CLASSES.map(() => new Histogram());
  /** Of all page classes together; filled anew for every interval. */
  private readonly latencyOfInterval = new Histogram();
  private pagesBefore = 0;
  private sessionsBefore = 0;

  /** Pages asked for, of every class. */
  get pagesInAll(): number {
    return this.pages.reduce((sum, count) => sum + count, 0);
  }

  /** Requests that the servers refused early, of every class. */
  get shedInAll(): number {
    return this.shed.reduce((sum, count) => sum + count, 0);
  }

  /** Requests that ended in an error, of every kind. */
  get errors(): number {
    return this.refused + this.failed + this.overtaxed + this.shedInAll;
  }

  /** `page` is an index into PAGE_CLASSES. */
  recordLatency(page: number, latency: Ticks): void {
    this.latencyNow[page]?.record(latency);
    if (this.watched !== null) this.watched.record(latency);
    if (this.sampled !== null) this.sampled.record(latency);
  }

  /** From request to page, ticks, of every page so far. */
  latencyOfAll(): Histogram {
    const all = new Histogram();
    for (const histogram of [...this.latency, ...this.latencyNow]) all.merge(histogram);
    return all;
  }

  /** What came since this was asked last, to be read before it is asked again. */
  takeInterval(): Interval {
    const latency = this.latencyOfInterval;
    latency.clear();
    this.latencyNow.forEach((histogram, page) => {
      latency.merge(histogram);
      this.latency[page]?.merge(histogram);
      histogram.clear();
    });
    const pages = this.pagesInAll - this.pagesBefore;
    const sessions = this.sessions - this.sessionsBefore;
    this.pagesBefore += pages;
    this.sessionsBefore += sessions;
    return { latency, pages, sessions };
  }

  abandon(cause: Cause, cartValue: number): void {
    this.abandoned[cause] += 1;
    this.abandonedValue[cause] += cartValue;
  }

  /** A cart that was left before is taken up again: it was not abandoned after all. */
  takeUp(cause: Cause, cartValue: number): void {
    this.abandoned[cause] -= 1;
    this.abandonedValue[cause] -= cartValue;
  }
}

function zeroPerCause(): Record<Cause, number> {
  return { choice: 0, soldOut: 0, payment: 0, error: 0, wait: 0, closed: 0, limited: 0 };
}
