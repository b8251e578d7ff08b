/**
 * A course drawn from what was fitted to a recorded one: as many shoppers, as often, for orders
 * worth as much, at times of the same law. Where capacity shaped the recording, not demand, all
 * wait from the start, and each slot serves as many as slots of the recording did, until nobody
 * waits any more.
 */
import { gammaDraw } from "../../engine/gamma-distribution.ts";
import { RandomStream } from "../../engine/random.ts";
import { MILLISECOND, SECOND, type Ticks } from "../../engine/time.ts";
import { type ArrivalProfile, fitArrivalProfile } from "../fitting/arrival-profile.ts";
import { type Ranking, rankFits } from "../fitting/ranking.ts";
import { poissonDraw } from "./count-draws.ts";
import { countsPer, type Slots } from "./order-course.ts";
import type { Course } from "./recorded-course.ts";

/** What a course is drawn from. */
export interface CourseFit {
  readonly course: Course;
  readonly arrivals: ArrivalProfile;
  /** Served one after the other while there is a backlog; null where demand shaped the course. */
  readonly served: readonly Served[] | null;
  /** Null where values are unknown, or too few to fit. */
  readonly values: Ranking | null;
  /** Orders of each shopper. */
  readonly ordersOfShoppers: readonly number[];
}

/** One slot of the recording: how long it was and how many it served. */
interface Served {
  readonly ticks: Ticks;
  readonly orders: number;
}

/** Counts of a second, of a minute where that makes too many. */
const INTERVALS_MAX = 1_000_000;
const DAY_SECONDS = 86_400;

/** The fit of a course, or why there is none. */
export function fitCourse(
  course: Course,
  slots: Slots | null,
): CourseFit | { readonly why: string } {
  const span = Math.max(SECOND, course.at.at(-1) ?? 0);
  const every = span / SECOND > INTERVALS_MAX ? 60 : 1;
  const orders = { at: course.at, totals: course.totals, buyers: course.firstVisit };
  const counts = countsPer(orders.at, every * SECOND, span);
  const startsAt = (course.startsAt / 1_000) % DAY_SECONDS;
  const arrivals = fitArrivalProfile({ counts, every, startsAt });
  if ("why" in arrivals) return { why: arrivals.why };
  const known = course.totals.filter((total) => total > 0);
  const values = rankFits(known, { tail: true });
  return {
    course,
    arrivals,
    served: arrivals.linear ? servedSlots(course, slots, span) : null,
    values: "why" in values ? null : values,
    ordersOfShoppers: ordersOfShoppers(course.firstVisit),
  };
}

/** Slots of the recording, those without an order too; minutes where it has none. */
function servedSlots(course: Course, slots: Slots | null, span: Ticks): readonly Served[] {
  const orders = { at: course.at, totals: course.totals, buyers: course.firstVisit };
  if (slots === null) {
    const minute = 60 * SECOND;
    return Array.from(countsPer(orders.at, minute, span), (count) => ({
      ticks: minute,
      orders: count,
    }));
  }
  const { numbers, starts } = slots;
  const found: Served[] = [];
  let visit = 0;
  for (const [place, start] of starts.entries()) {
    const next = starts[place + 1] ?? span + SECOND;
    const together = (numbers[place + 1] ?? (numbers[place] ?? 0) + 1) - (numbers[place] ?? 0);
    let count = 0;
    for (; visit < course.at.length && (course.at[visit] ?? 0) < next; visit += 1) count += 1;
    const ticks = (next - start) / together;
    for (let slot = 0; slot < together; slot += 1)
      found.push({ ticks, orders: slot === 0 ? count : 0 });
  }
  return found;
}

function ordersOfShoppers(firstVisit: Uint32Array): readonly number[] {
  const orders = new Map<number, number>();
  for (const shopper of firstVisit) orders.set(shopper, (orders.get(shopper) ?? 0) + 1);
  return [...orders.values()];
}

/** The same seed gives the same course. */
export function drawnCourse(fit: CourseFit, seed: string): Course {
  const { course, served } = fit;
  const draws = {
    times: new RandomStream(seed, "replay.times"),
    values: new RandomStream(seed, "replay.values"),
    shoppers: new RandomStream(seed, "replay.shoppers"),
  };
  const { at, slots } =
    served === null ? timesByProfile(fit, draws.times) : timesBySlots(fit, served, draws.times);
  const size = at.length;
  const totals = new Float64Array(size);
  for (let visit = 0; visit < size; visit += 1) {
    const value = fit.values?.distribution.sample(draws.values) ?? Number.NaN;
    totals[visit] = Math.max(1, Math.round(value));
  }
  return {
    ...course,
    at,
    totals,
    slots,
    pagesAt: new Float64Array(0),
    firstVisit: shoppersOf(fit.ordersOfShoppers, size, draws.shoppers),
  };
}

interface Times {
  readonly at: Float64Array;
  readonly slots: Float64Array;
}

/**
 * Counts of each interval around what the best profile expects: gamma mixed Poisson counts with the
 * scatter that was found (negative binomial; Greenwood and Yule, JRSS 83, 1920).
 */
function timesByProfile({ arrivals, course }: CourseFit, random: RandomStream): Times {
  const [best] = arrivals.candidates;
  const span = course.at.at(-1) ?? 0;
  const every = arrivals.every * SECOND;
  const extra = arrivals.dispersion - 1;
  const times: number[] = [];
  for (const [interval, expected] of (best?.expected ?? new Float64Array(0)).entries()) {
    const level =
      extra > 0 && expected > 0 ? gammaDraw(expected / extra, random) * extra : expected;
    const until = Math.min(span, (interval + 1) * every);
    const from = Math.min(until, interval * every);
    const count = poissonDraw(level, random);
    for (let order = 0; order < count; order += 1)
      times.push(Math.floor(from + random.next() * (until - from)));
  }
  const at = Float64Array.from(times).sort();
  return { at, slots: new Float64Array(at.length).fill(Number.NaN) };
}

/** Slots that follow one another in the recording are drawn together: some are busy for a while. */
const SLOTS_TOGETHER = 12;
/** How far from the same part of the recording they are drawn, to either side. */
const NEAR = 0.1;

/**
 * The local block bootstrap of Paparoditis and Politis (2002), until the backlog is served: what
 * changed slowly over the recording does so again.
 */
function timesBySlots(
  { course }: CourseFit,
  served: readonly Served[],
  random: RandomStream,
): Times {
  const backlog = course.at.length;
  const at = new Float64Array(backlog);
  const slots = new Float64Array(backlog);
  const near = Math.max(1, Math.round(NEAR * served.length));
  let now = 0;
  let visit = 0;
  let from = 0;
  for (let slot = 0; visit < backlog; slot += 1) {
    if (slot % SLOTS_TOGETHER === 0) {
      const same = Math.floor((visit / backlog) * served.length);
      from = same - near + random.below(2 * near);
    }
    const place = (from + (slot % SLOTS_TOGETHER) + served.length) % served.length;
    const drawn = served[place];
    const count = Math.min(backlog - visit, drawn?.orders ?? 0);
    for (let order = 0; order < count; order += 1) {
      at[visit] = Math.round(now / MILLISECOND) * MILLISECOND;
      slots[visit] = slot;
      visit += 1;
    }
    now += drawn?.ticks ?? SECOND;
  }
  return { at, slots };
}

/** Shoppers with as many orders as those of the recording, their orders anywhere among the others. */
function shoppersOf(orders: readonly number[], size: number, random: RandomStream): Uint32Array {
  const shoppers = new Uint32Array(size);
  for (let visit = 0, shopper = 0; visit < size; shopper += 1) {
    const many = orders[random.below(orders.length)] ?? 1;
    for (let order = 0; order < many && visit < size; order += 1, visit += 1)
      shoppers[visit] = shopper;
  }
  for (let visit = size - 1; visit > 0; visit -= 1) {
    const other = random.below(visit + 1);
    const held = shoppers[visit] ?? 0;
    shoppers[visit] = shoppers[other] ?? 0;
    shoppers[other] = held;
  }
  const first = new Map<number, number>();
  return shoppers.map((shopper, visit) => {
    const known = first.get(shopper);
    if (known !== undefined) return known;
    first.set(shopper, visit);
    return visit;
  });
}
