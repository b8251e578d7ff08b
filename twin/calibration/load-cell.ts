/**
 * A load that a store is put under for some seconds, as data: which routes in which shares, how
 * many requests a second and when. Its plan names every request and the time at which it is due, so
 * that the model and the store are asked the very same.
 */
import { assert } from "../../engine/assert.ts";
import { RandomStream } from "../../engine/random.ts";
import { SECOND, type Ticks } from "../../engine/time.ts";

/**
 * What a shopper asks of the store, in the order of a visit; `declined` is an order on a bad card,
 * `refused` one for an item of which nothing is left.
 */
export const ROUTES = ["home", "product", "stock", "cart", "order", "declined", "refused"] as const;
export type RouteName = (typeof ROUTES)[number];
/** Those whose work is made durable before they are answered, and those with a payment in between. */
export const WRITES: ReadonlySet<RouteName> = new Set(["cart", "order", "declined"]);
export const PAYS: ReadonlySet<RouteName> = new Set(["order", "declined"]);
export type Mix = Readonly<Partial<Record<RouteName, number>>>;

/** What a cell asks of the model that the calibration has not shown it. */
export type CellKind =
  | "calibration"
  | "rate"
  | "mix"
  | "instances"
  | "payments"
  | "step"
  | "batch"
  | "late"
  | "sell-out";

export interface Phase {
  readonly seconds: number;
  /** Requests a second, as a share of what keeps the calibrated store busy; see `Reach`. */
  readonly load: number;
}

/** So many requests besides the steady ones, in batches of which each is due over a time. */
export interface Batches {
  readonly requests: number;
  readonly count: number;
  readonly everySeconds: number;
  readonly overSeconds: number;
}

export interface LoadCell {
  readonly name: string;
  readonly kind: CellKind;
  readonly mix: Mix;
  readonly phases: readonly Phase[];
  readonly batches?: Batches;
  /** Instances behind the load; 1 where nothing is said. */
  readonly instances?: number;
  /** The last of the instances takes requests from then on. */
  readonly joinsAtSeconds?: number;
  /** Milliseconds by which the payment gateway answers later than by itself, evenly drawn. */
  readonly paymentMillis?: { readonly from: number; readonly to: number };
  /** All orders are for one item with so many units; those after them are refused. */
  readonly scarceUnits?: number;
}

export interface PlannedRequest {
  readonly due: Ticks;
  /** Place in {@link ROUTES}. */
  readonly route: number;
  readonly instance: number;
  /** Whole numbers that say for whom and for which item; the store decides what they are. */
  readonly shopper: number;
  readonly item: number;
}

export interface LoadPlan {
  readonly cell: LoadCell;
  readonly seconds: number;
  readonly requests: readonly PlannedRequest[];
}

/** Requests a second of a mix that are a load of 1. */
export type Reach = (mix: Mix) => number;

const SHOPPERS = 1_000_000;
const REQUESTS_MAX = 1_000_000;

/** The requests of a cell: Poisson arrivals at the rate of each phase, and the batches among them. */
export function planOf(cell: LoadCell, reach: Reach, seed: string): LoadPlan {
  const random = new RandomStream(seed, `load/${cell.name}`);
  const rate = reach(cell.mix);
  const times: Ticks[] = [];
  let from = 0;
  for (const { seconds, load } of cell.phases) {
    const perSecond = load * rate;
    const until = from + seconds;
    let at = from;
    while (perSecond > 0) {
      at += random.exponential() / perSecond;
      if (at >= until) break;
      times.push(Math.round(at * SECOND));
      assert(times.length < REQUESTS_MAX, "a cell has fewer requests than its limit");
    }
    from = until;
  }
  times.push(...batchTimes(cell.batches, random));
  times.sort((one, other) => one - other);
  const share = sharesOf(cell.mix);
  let unitsLeft = cell.scarceUnits ?? Number.POSITIVE_INFINITY;
  const asked = (route: number) => {
    if (ROUTES[route] !== "order") return route;
    unitsLeft -= 1;
    return unitsLeft >= 0 ? route : ROUTES.indexOf("refused");
  };
  const requests = times.map((due) => ({
    due,
    route: asked(routeAt(share, random.next())),
    instance: instanceOf(cell, due, random),
    shopper: random.below(SHOPPERS),
    item: random.below(SHOPPERS),
  }));
  return { cell, seconds: from, requests };
}

function batchTimes(batches: Batches | undefined, random: RandomStream): readonly Ticks[] {
  if (batches === undefined) return [];
  const { requests, count, everySeconds, overSeconds } = batches;
  return Array.from({ length: requests }, (_, number) => {
    const batch = number % count;
    const at = 1 + batch * everySeconds + random.next() * overSeconds;
    return Math.round(at * SECOND);
  });
}

function instanceOf(
  { instances = 1, joinsAtSeconds = 0 }: LoadCell,
  due: Ticks,
  random: RandomStream,
): number {
  const there = due < joinsAtSeconds * SECOND ? instances - 1 : instances;
  return random.below(Math.max(1, there));
}

/** Cumulative shares of the routes, the last one 1. */
function sharesOf(mix: Mix): readonly number[] {
  const weights = ROUTES.map((route) => mix[route] ?? 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  assert(total > 0, "a mix has a route");
  let sum = 0;
  return weights.map((weight) => {
    sum += weight / total;
    return sum;
  });
}

function routeAt(shares: readonly number[], draw: number): number {
  const found = shares.findIndex((share) => draw < share);
  return found < 0 ? shares.length - 1 : found;
}

/** Requests of each route in a plan. */
export function countsOf({ requests }: LoadPlan): readonly number[] {
  const counts = ROUTES.map(() => 0);
  for (const { route } of requests) counts[route] += 1;
  return counts;
}
