/**
 * How far a series spreads over the seeds, interval by interval: what a chart shades around the
 * mean. Plain arithmetic over finished rehearsals; the same rehearsals give the same numbers.
 */
import type { Rehearsal, SeriesBands } from "../result.ts";

/** Series that charts draw; the spread of the others is in no result. */
const BANDED = [
  "shoppers.concurrent",
  "orders",
  "latency.p95",
  "instances",
  "queue.length",
] as const;

/** From so many seeds on, the outer 5 % on each side are left out; below, nothing is. */
const SEEDS_FOR_PERCENTILES = 20;

/** The spread of the charted series that differ between seeds; null where nothing spreads. */
export function bandsOf(rehearsals: readonly Rehearsal[]): SeriesBands | null {
  if (rehearsals.length < 2) return null;
  const low: Record<string, readonly number[]> = {};
  const high: Record<string, readonly number[]> = {};
  for (const name of BANDED) {
    const all = rehearsals.flatMap(({ series }) => (name in series ? [series[name] ?? []] : []));
    const spread = spreadOf(all, rehearsals.length);
    if (spread === null) continue;
    low[name] = spread.low;
    high[name] = spread.high;
  }
  const of = bandKind(rehearsals.length);
  return Object.keys(low).length === 0 ? null : { of, low, high };
}

/** Whether a band leaves out the outer 5 % on each side, or nothing. */
export function bandKind(seeds: number): SeriesBands["of"] {
  return seeds >= SEEDS_FOR_PERCENTILES ? "percentiles" : "extremes";
}

/** The spread of one series over so many seeds, interval by interval; null where nothing spreads. */
export function spreadOf(
  all: readonly (readonly number[])[],
  seeds = all.length,
): { readonly low: readonly number[]; readonly high: readonly number[] } | null {
  const columns = columnsOf(all);
  if (columns.every((column) => column.length < 2 || column[0] === column.at(-1))) return null;
  const outer = bandKind(seeds) === "percentiles" ? 0.05 : 0;
  return {
    low: columns.map((column) => quantile(column, outer)),
    high: columns.map((column) => quantile(column, 1 - outer)),
  };
}

/** What each interval measured, in order of size; a rehearsal whose series is shorter counted nothing more. */
function columnsOf(all: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const length = Math.max(0, ...all.map((one) => one.length));
  return Array.from({ length }, (_, index) =>
    all
      .map((one) => one[index] ?? 0)
      .filter(Number.isFinite)
      .sort((one, other) => one - other),
  );
}

/** Between two values in proportion (type 7 of Hyndman and Fan); not a number of nothing. */
function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return rounded(below + (above - below) * (place - Math.floor(place)));
}

/** As many decimals as the means of the series have. */
function rounded(value: number): number {
  return Math.round(value * 1_000_000) / 1_000_000;
}
