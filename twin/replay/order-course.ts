/**
 * What a course of orders comes to, recorded or simulated alike: how many, when, worth what, by
 * whom, and how they scatter. A share of the sale's time is from 0 at its first second to 1.
 */
import { MINUTE, SECOND, type Ticks } from "../../engine/time.ts";

/** The columns of a course of orders. */
export interface Orders {
  /** Ticks since the start, ascending. */
  readonly at: ArrayLike<number>;
  /** Minor units; not a number where it is not known. */
  readonly totals: ArrayLike<number>;
  /** Whose it is, as a number. */
  readonly buyers: ArrayLike<number>;
}

/** When the slots of a recording began, in which orders were served together. */
export interface Slots {
  /** Numbers of the slots that served an order, ascending. */
  readonly numbers: readonly number[];
  /** Ticks. */
  readonly starts: readonly Ticks[];
}

export interface Frame {
  /** The time that the recording took from its start to its last order, ticks. */
  readonly span: Ticks;
  /** Of an interval of the series, ticks. */
  readonly every: Ticks;
  readonly slots: Slots | null;
}

export interface OrderFigures {
  readonly orders: number;
  /** Minor units; not a number where no value is known. */
  readonly revenue: number;
  readonly "order.value.mean": number;
  /** Orders of the busiest interval. */
  readonly "orders.perInterval.peak": number;
  /** The share of the time at which half of the orders had come. */
  readonly "orders.halfAt": number;
  /** Orders of the last quarter of the time over those of the first. */
  readonly "orders.lastOverFirst": number;
  /** Variance over mean of the orders per minute, and per slot. */
  readonly "orders.dispersion{minute}": number;
  readonly "orders.dispersion{slot}": number;
  /** Of the buyers, the share who bought once. */
  readonly "buyers.single": number;
  readonly "orders.perBuyer": number;
}

export function figuresOf(orders: Orders, frame: Frame): OrderFigures {
  const { at, totals, buyers } = orders;
  const size = at.length;
  let revenue = 0;
  let valued = 0;
  for (let order = 0; order < size; order += 1) {
    const total = totals[order] ?? Number.NaN;
    if (Number.isNaN(total)) continue;
    revenue += total;
    valued += 1;
  }
  const perInterval = countsPer(orders.at, frame.every, frame.span);
  const { single, mean } = buyersOf(buyers);
  const quarter = frame.span / 4;
  const inQuarter = (from: Ticks, to: Ticks) => placeAfter(at, to) - placeAfter(at, from);
  return {
    orders: size,
    revenue: valued === 0 ? Number.NaN : revenue,
    "order.value.mean": valued === 0 ? Number.NaN : revenue / valued,
    "orders.perInterval.peak": perInterval.reduce((most, count) => Math.max(most, count), 0),
    "orders.halfAt": size === 0 ? Number.NaN : (at[Math.floor((size - 1) / 2)] ?? 0) / frame.span,
    "orders.lastOverFirst":
      inQuarter(3 * quarter, Number.POSITIVE_INFINITY) / inQuarter(-1, quarter),
    "orders.dispersion{minute}": dispersion(countsPer(orders.at, MINUTE, frame.span)),
    "orders.dispersion{slot}": frame.slots === null ? Number.NaN : ofSlots(orders, frame.slots),
    "buyers.single": single,
    "orders.perBuyer": mean,
  };
}

/** How many there are in each interval of the frame; what comes after its end counts in the last one. */
export function countsPer(at: ArrayLike<number>, every: Ticks, span: Ticks): Float64Array {
  return perInterval({ at }, { every, span }, () => 1);
}

/** Minor units of each interval; an unknown value counts as nothing. */
export function revenuePer(orders: Orders, every: Ticks, span: Ticks): Float64Array {
  return perInterval(orders, { every, span }, (order) => orders.totals[order] || 0);
}

function perInterval(
  { at }: Pick<Orders, "at">,
  { every, span }: { readonly every: Ticks; readonly span: Ticks },
  amount: (order: number) => number,
): Float64Array {
  const sums = new Float64Array(Math.floor(span / every) + 1);
  for (let order = 0; order < at.length; order += 1) {
    const place = Math.min(sums.length - 1, Math.floor((at[order] ?? 0) / every));
    sums[place] = (sums[place] ?? 0) + amount(order);
  }
  return sums;
}

/** Variance over mean, around the mean of all. */
export function dispersion(counts: ArrayLike<number>): number {
  const size = counts.length;
  if (size < 2) return Number.NaN;
  let sum = 0;
  for (let index = 0; index < size; index += 1) sum += counts[index] ?? 0;
  const mean = sum / size;
  let squares = 0;
  for (let index = 0; index < size; index += 1) {
    const off = (counts[index] ?? 0) - mean;
    squares += off * off;
  }
  return squares / (size - 1) / mean;
}

/** An order is of the slot that began last; slots without an order count, by their numbers. */
function ofSlots({ at }: Orders, { numbers, starts }: Slots): number {
  const first = numbers[0] ?? 0;
  const counts = new Float64Array((numbers.at(-1) ?? first) - first + 1);
  for (let order = 0; order < at.length; order += 1) {
    const place = Math.max(0, placeAfter(starts, at[order] ?? 0) - 1);
    const slot = (numbers[place] ?? first) - first;
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  return dispersion(counts);
}

function buyersOf(buyers: ArrayLike<number>): { readonly single: number; readonly mean: number } {
  const orders = new Map<number, number>();
  for (let order = 0; order < buyers.length; order += 1) {
    const buyer = buyers[order] ?? 0;
    orders.set(buyer, (orders.get(buyer) ?? 0) + 1);
  }
  let single = 0;
  for (const count of orders.values()) if (count === 1) single += 1;
  if (orders.size === 0) return { single: Number.NaN, mean: Number.NaN };
  return { single: single / orders.size, mean: buyers.length / orders.size };
}

/** How many of the ascending times are at or before this one. */
export function placeAfter(times: ArrayLike<number>, time: Ticks): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Lengths of an interval that a planner reads easily. */
const LENGTHS = [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400, 604_800].map(
  (seconds) => seconds * SECOND,
);
const INTERVALS_MAX = 200;
/** Fewer orders an interval show chance alone; fewer intervals than this show no course. */
const ORDERS_PER_INTERVAL = 5;
const INTERVALS_MIN = 12;

/** The shortest interval of which the span has not too many for its orders. */
export function intervalOf(span: Ticks, orders: number): Ticks {
  const most = Math.min(INTERVALS_MAX, Math.max(INTERVALS_MIN, orders / ORDERS_PER_INTERVAL));
  const found = LENGTHS.find((length) => span / length <= most);
  return found ?? (LENGTHS.at(-1) as number);
}
