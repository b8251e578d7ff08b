/**
 * What a recording tells of a sale, as fits: when somebody came and how that scatters, what orders
 * are worth and hold, who came twice, how long visits last, how many of them buy, how soon mails
 * are opened. Each part says itself where there is too little to conclude from.
 */
import type { CountedIntervals } from "../recordings/interval-counts.ts";
import type { RecordedSale } from "../recordings/recorded-sale.ts";
import type { SessionsFound } from "../recordings/recorded-sessions.ts";
import { metricLike } from "../recordings/telling-metric.ts";
import { type ArrivalProfile, fitArrivalProfile } from "./arrival-profile.ts";
import { type CountDispersion, countDispersion } from "./count-dispersion.ts";
import {
  type DelaysOfSource,
  fitDelays,
  fitSales,
  type MilestonesOfSale,
} from "./milestones-fit.ts";
import { type DispersionAt, profileDispersion } from "./profile-dispersion.ts";
import { fitQuantity, type QuantityFit } from "./quantity-fit.ts";
import type { NoRanking } from "./ranking.ts";

export interface RecordingFit {
  readonly orders: number;
  /** Null where nothing has a time. */
  readonly arrivals: ArrivalsFit | null;
  /** Values, units and lines of orders, orders of a shopper, lengths and pages of visits. */
  readonly quantities: readonly QuantityFit[];
  readonly shoppers: RepeatBuyers | null;
  readonly sessions: Pick<SessionsFound, "sessions" | "share" | "machines"> | null;
  readonly conversion: Conversion | null;
  readonly delays: readonly DelaysOfSource[];
  readonly milestones: readonly MilestonesOfSale[];
}

export interface ArrivalsFit extends CountedIntervals {
  /** What came: orders, sessions, or what was counted. */
  readonly of: string;
  readonly total: number;
  /** Left out, for they lie far from all the others in time. */
  readonly strayed: number;
  /** Intervals that the recording does not have, taken to be like those beside them. */
  readonly filled: number;
  readonly profile: ArrivalProfile | NoRanking;
  readonly dispersion: readonly DispersionAt[];
  /** Variance over mean of the orders of a slot; null where the recording has no slots. */
  readonly slots: CountDispersion | null;
  readonly days: DayLevels | null;
}

/** How the level changes from day to day. */
export interface DayLevels {
  /** Days with something. */
  readonly days: number;
  readonly mean: number;
  readonly cv: number;
  /** Mean level of each day of the week over the mean, from Monday; null for less than two weeks. */
  readonly week: readonly number[] | null;
}

export interface RepeatBuyers {
  /** Shoppers looked at, and the part of all that they are. */
  readonly sampled: number;
  readonly share: number;
  /** Of the shoppers, those with one order. */
  readonly single: number;
  /** Standard error of that share. */
  readonly error: number;
  readonly ordersPerShopper: number;
}

export interface Conversion {
  readonly orders: number;
  readonly sessions: number;
  readonly share: number;
  /** 90 % interval (Wilson, JASA 22, 1927). */
  readonly low: number;
  readonly high: number;
}

const DAY_SECONDS = 86_400;
const HOUR_MILLIS = 3_600_000;

/** `offsetSeconds`: how far the sale's zone is ahead of UTC. */
export function fitRecording(sale: RecordedSale, offsetSeconds = 0): RecordingFit {
  const sessions = sale.sessions.found();
  const orders = sale.sampledOrders;
  const ofOrders = (name: "units" | "lines") =>
    fitQuantity(
      orders.flatMap((order) => order[name] ?? []),
      { name: `order.${name}`, unit: "count" },
    );
  const values = orders.flatMap(({ total }) => total ?? []);
  const { counts } = sale.ordersOfShoppers;
  return {
    orders: sale.orderCount,
    arrivals: fitArrivals(sale, sessions, offsetSeconds),
    quantities: [
      fitQuantity(values, { name: "order.value", unit: "money", tail: true }),
      ofOrders("units"),
      ofOrders("lines"),
      fitQuantity(counts, { name: "shopper.orders", unit: "count" }),
      fitQuantity(sessions?.lengths ?? [], { name: "session.length", unit: "seconds" }),
      fitQuantity(sessions?.pages ?? [], { name: "session.pages", unit: "count" }),
    ],
    shoppers: repeatBuyers(sale),
    sessions,
    conversion: conversionOf(sale, sessions),
    delays: fitDelays(sale.milestones),
    milestones: fitSales(sale.milestones),
  };
}

function fitArrivals(
  sale: RecordedSale,
  sessions: SessionsFound | null,
  offsetSeconds: number,
): ArrivalsFit | null {
  const told = cameWhen(sale, sessions);
  if (told === null) return null;
  const found = { ...told, ...fromTheHour(told) };
  const { counts, every, from } = found;
  const start = from / 1_000 + offsetSeconds;
  const midnight = Math.floor(start / DAY_SECONDS) * DAY_SECONDS;
  const profile = fitArrivalProfile({ counts, every, startsAt: start - midnight });
  const { slots } = sale;
  const known = "why" in profile ? null : profile;
  return {
    ...found,
    total: counts.reduce((sum, count) => sum + count, 0),
    profile,
    dispersion:
      known === null ? [] : profileDispersion({ counts, every, startsAt: start - midnight }, known),
    slots: slots === null ? null : (countDispersion([slots], [1])[0] ?? null),
    days: known === null ? null : dayLevels(known, midnight / DAY_SECONDS),
  };
}

/** Recordings of days begin with a whole hour, so that each interval lies in one hour. */
function fromTheHour({ counts, every, from }: CountedIntervals): CountedIntervals {
  const before = Math.floor((from % HOUR_MILLIS) / (every * 1_000));
  if (counts.length * every < 2 * DAY_SECONDS || !(before > 0)) return { counts, every, from };
  const padded = new Float64Array(before + counts.length);
  padded.set(counts, before);
  return { counts: padded, every, from: from - before * every * 1_000 };
}

/** Orders where there are any, else visits, else what was counted. */
function cameWhen(
  sale: RecordedSale,
  sessions: SessionsFound | null,
): (CountedIntervals & Pick<ArrivalsFit, "of" | "strayed" | "filled">) | null {
  const orders = sale.orders.mainStretch;
  if (orders !== null) return { of: "orders", filled: 0, ...orders };
  const visits = sessions?.starts.mainStretch ?? null;
  if (visits !== null) return { of: "sessions", filled: 0, ...visits };
  const counted = sale.counts.telling();
  if (counted === null) return null;
  const { metric, ...intervals } = counted;
  return { of: metric, ...intervals };
}

const WEEK = 7;
/** 1 January 1970 was a Thursday. */
const FIRST_WEEKDAY = 3;

function dayLevels({ candidates }: ArrivalProfile, firstDay: number): DayLevels | null {
  const daily = candidates.find((candidate) => candidate.daily !== null)?.daily ?? null;
  if (daily === null) return null;
  const filled = daily.days.filter((level) => level > 0);
  const mean = filled.reduce((sum, level) => sum + level, 0) / filled.length;
  const squares = filled.reduce((sum, level) => sum + (level - mean) * (level - mean), 0);
  const cv = filled.length < 2 ? 0 : Math.sqrt(squares / (filled.length - 1)) / mean;
  const { days } = daily;
  const all = days.reduce((sum, level) => sum + level, 0) / days.length;
  const week = Array.from({ length: WEEK }, (_none, weekday) => {
    const levels = days.filter(
      (_level, day) => (firstDay + day + FIRST_WEEKDAY) % WEEK === weekday,
    );
    return levels.reduce((sum, level) => sum + level, 0) / levels.length / all;
  });
  return { days: filled.length, mean, cv, week: days.length < 2 * WEEK ? null : week };
}

function repeatBuyers(sale: RecordedSale): RepeatBuyers | null {
  const { counts, share } = sale.ordersOfShoppers;
  const sampled = counts.length;
  if (sampled === 0) return null;
  const single = counts.filter((count) => count === 1).length / sampled;
  const orders = counts.reduce((sum, count) => sum + count, 0);
  const error = Math.sqrt((single * (1 - single)) / sampled);
  return { sampled, share, single, error, ordersPerShopper: orders / sampled };
}

/** Where both are known: in one log, or as two columns of counts. */
function conversionOf(sale: RecordedSale, found: SessionsFound | null): Conversion | null {
  if (found !== null && found.sessions > 0) {
    const orders = sale.orderCount > 0 ? sale.orderCount * found.share : found.bought;
    return orders > 0 ? convertedOf(orders, found.sessions) : null;
  }
  const { metrics } = sale.counts;
  const orders = metricLike(metrics, ["orders"]);
  const sessions = metricLike(metrics, ["sessions", "visits", "visitors"]);
  if (orders === null || sessions === null) return null;
  return convertedOf(sale.counts.total(orders), sale.counts.total(sessions));
}

/** The upper 5 % point of a standard normal. */
const NORMAL_95 = 1.6448536;

function convertedOf(orders: number, sessions: number): Conversion | null {
  if (!(sessions > 0) || orders > sessions) return null;
  const share = orders / sessions;
  const square = NORMAL_95 * NORMAL_95;
  const middle = (share + square / (2 * sessions)) / (1 + square / sessions);
  const half =
    (NORMAL_95 / (1 + square / sessions)) *
    Math.sqrt((share * (1 - share)) / sessions + square / (4 * sessions * sessions));
  return { orders, sessions, share, low: middle - half, high: middle + half };
}

/** Whether anything at all could be concluded. */
export function concludes({ arrivals, quantities, delays, milestones }: RecordingFit): boolean {
  return (
    (arrivals !== null && !("why" in arrivals.profile)) ||
    quantities.some(({ why }) => why === null) ||
    delays.some(({ fits }) => fits.length > 0) ||
    milestones.some(({ fits }) => fits.length > 0)
  );
}
