/**
 * What a recording tells of a sale, as fits: how its orders came, how they scatter, what they are
 * worth, who came twice. Each part says itself where there is too little to conclude from.
 */
import type { RecordedSale } from "../recordings/recorded-sale.ts";
import { type ArrivalProfile, fitArrivalProfile } from "./arrival-profile.ts";
import { type CountDispersion, countDispersion } from "./count-dispersion.ts";
import { fitMilestones, type MilestoneFit } from "./milestones.ts";
import { type NoRanking, type Ranking, rankFits } from "./ranking.ts";
import { type ValueShape, valueShape } from "./value-shape.ts";

export interface RecordingFit {
  readonly orders: number;
  /** Seconds of an interval of the counts. */
  readonly every: number;
  readonly arrivals: ArrivalProfile | NoRanking;
  readonly dispersion: readonly DispersionAt[];
  /** Variance over mean of the orders of a slot; null where the recording has no slots. */
  readonly slotDispersion: CountDispersion | null;
  /** In minor units. */
  readonly values: Measured;
  readonly units: Measured;
  readonly lines: Measured;
  readonly shoppers: RepeatBuyers | null;
  readonly milestones: readonly MilestonesOfSale[];
}

export interface DispersionAt extends CountDispersion {
  /** Length of the intervals, seconds. */
  readonly seconds: number;
}

export interface Measured {
  readonly ranking: Ranking | NoRanking;
  readonly shape: ValueShape | NoRanking;
}

export interface RepeatBuyers {
  /** Shoppers looked at, and the part of all that they are. */
  readonly sampled: number;
  readonly share: number;
  /** Of the shoppers, those with one order. */
  readonly single: number;
  readonly ordersPerShopper: number;
}

export interface MilestonesOfSale {
  readonly sale: string;
  readonly metric: string;
  readonly fits: readonly MilestoneFit[];
}

const DAY_SECONDS = 86_400;
/** Lengths at which the scatter of the orders is looked at, seconds. */
const DISPERSION_SECONDS = [60, 300, 3_600] as const;

/** `offsetSeconds`: how far the sale's zone is ahead of UTC. */
export function fitRecording(sale: RecordedSale, offsetSeconds = 0): RecordingFit {
  const { counts, every, from } = sale.orders;
  const start = (from ?? 0) / 1_000 + offsetSeconds;
  const arrivals = fitArrivalProfile({
    counts,
    every,
    startsAt: start - Math.floor(start / DAY_SECONDS) * DAY_SECONDS,
  });
  const sampled = sale.sampledOrders;
  const measured = (of: (order: (typeof sampled)[number]) => number | null, tail: boolean) => {
    const values = sampled.flatMap((order) => of(order) ?? []).filter((value) => value > 0);
    return { ranking: rankFits(values, { tail }), shape: valueShape(values) };
  };
  const slots = sale.slots;
  return {
    orders: sale.orderCount,
    every,
    arrivals,
    dispersion: dispersionOf(sale),
    slotDispersion: slots === null ? null : (countDispersion([slots], [1])[0] ?? null),
    values: measured(({ total }) => total, true),
    units: measured(({ units }) => units, false),
    lines: measured(({ lines }) => lines, false),
    shoppers: repeatBuyers(sale),
    milestones: sale.milestones.map(({ sale: name, metric, points }) => {
      const last = points.reduce((most, point) => (point.seconds > most.seconds ? point : most));
      const shares = points.map(({ seconds, value }) => ({ seconds, share: value / last.value }));
      return { sale: name, metric, fits: fitMilestones(shares, last.seconds) };
    }),
  };
}

/** Days apart, so that the level of a day is no scatter; at lengths that the counts can be joined to. */
function dispersionOf(sale: RecordedSale): readonly DispersionAt[] {
  const { counts, every } = sale.orders;
  const perDay = Math.max(1, Math.floor(DAY_SECONDS / every));
  const days: Float64Array[] = [];
  for (let at = 0; at < counts.length; at += perDay) days.push(counts.subarray(at, at + perDay));
  const lengths = DISPERSION_SECONDS.filter((seconds) => seconds % every === 0);
  const found = countDispersion(
    days,
    lengths.map((seconds) => seconds / every),
  );
  return found.map((dispersion) => ({ ...dispersion, seconds: dispersion.joined * every }));
}

function repeatBuyers(sale: RecordedSale): RepeatBuyers | null {
  const { counts, share } = sale.ordersOfShoppers;
  if (counts.length === 0) return null;
  const single = counts.filter((count) => count === 1).length / counts.length;
  const orders = counts.reduce((sum, count) => sum + count, 0);
  return { sampled: counts.length, share, single, ordersPerShopper: orders / counts.length };
}
