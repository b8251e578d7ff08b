/**
 * How a sale's orders spread over its time: from counts per interval since the launch, the shapes
 * of a launch and of a day, ranked; and whether capacity shaped the curve, not demand.
 */
import { assert } from "../../engine/assert.ts";
import { log } from "../../engine/elementary.ts";
import { type DailyProfile, fitDailyProfile } from "./daily-profile.ts";
import type { FittedParameter } from "./families.ts";
import {
  freedom,
  guesses,
  LAUNCH_SHAPES,
  type LaunchShape,
  launchCurve,
  launchParameters,
} from "./launch-curve.ts";
import { inverseCurvature, leastOf } from "./nelder-mead.ts";
import type { NoRanking } from "./ranking.ts";
import { square } from "./square.ts";

export interface CountedArrivals {
  /** Orders per interval, from the launch to the end of the sale. */
  readonly counts: ArrayLike<number>;
  /** Length of an interval, in seconds. */
  readonly every: number;
  /** The launch, in seconds since a midnight of the sale's zone. */
  readonly startsAt: number;
}

export type ProfileKind = "constant" | "launch" | "daily profile";

export interface ProfileCandidate {
  readonly kind: ProfileKind;
  /** Of a launch. */
  readonly shape: LaunchShape | null;
  readonly parameters: Readonly<Record<string, FittedParameter>>;
  /** Of a daily profile. */
  readonly daily: DailyProfile | null;
  /** Orders that it expects of each interval of `ArrivalProfile.every`. */
  readonly expected: Float64Array;
  /** Free numbers, besides the level. */
  readonly freedom: number;
  /** Twice the log-likelihood that is lacking to a perfect fit, of Poisson counts. */
  readonly deviance: number;
  /** Deviance / dispersion + 2 k: the least is the best. */
  readonly quasiAic: number;
}

export interface ArrivalProfile {
  readonly orders: number;
  /** Length of the intervals that were fitted, seconds: short ones of a long sale are joined. */
  readonly every: number;
  /** Best first. */
  readonly candidates: readonly ProfileCandidate[];
  /** Pearson's chi-square per degree of freedom of the nearest candidate, at least 1. */
  readonly dispersion: number;
  /** When half of the orders had come, as a part of the sale's time. */
  readonly halfAt: number;
  /** Greatest distance of the cumulative curve to a straight line, as a share of the orders. */
  readonly distanceFromLine: number;
  /**
   * A straight line without decay or hours: as a sale above its capacity has it, and a steady
   * demand, whose counts scatter less.
   */
  readonly linear: boolean;
}

export const ORDERS_MIN = 30;
export const INTERVALS_MIN = 10;
/** Half of the orders come at half of the time, to this part of it. */
export const HALF_TOLERANCE = 0.03;
/**
 * Nor does the curve stray from the line by more than this share of the orders. A recorded sale
 * above its capacity, the Bancor token sale of 2017 with its stalls of up to 139 s, strays by 0.09.
 */
export const LINE_TOLERANCE = 0.1;
/** Counts of more intervals are joined; to at most an hour, where the hours of days are told. */
const INTERVALS_MAX = 500;
const HOUR_SECONDS = 3_600;
const TWO_DAYS = 172_800;

/** The profile of a sale, or why there is none. */
export function fitArrivalProfile(arrivals: CountedArrivals): ArrivalProfile | NoRanking {
  const why = reasonNotToFit(arrivals.counts);
  if (why !== null) return { size: arrivals.counts.length, why };
  const joined = join(arrivals, Math.max(1, Math.floor(HOUR_SECONDS / arrivals.every)));
  const { orders } = joined;
  const coarse = join(arrivals, arrivals.counts.length);
  const fits = [
    constant(joined),
    ...LAUNCH_SHAPES.flatMap((shape) => fitLaunch(shape, coarse, joined) ?? []),
    ...fitDays(joined),
  ];
  const nearest = fits.reduce((best, fit) => (fit.deviance < best.deviance ? fit : best));
  const dispersion = dispersionAround(joined.counts, nearest);
  const candidates = fits
    .map((fit) => candidateOf(fit, dispersion))
    .sort((one, other) => one.quasiAic - other.quasiAic);
  const line = againstLine(joined);
  const near = Math.abs(line.halfAt - 0.5) <= HALF_TOLERANCE;
  const linear =
    near &&
    line.distanceFromLine <= LINE_TOLERANCE &&
    !decays(candidates) &&
    candidates[0]?.daily === null;
  return { orders, every: joined.every, candidates, dispersion, ...line, linear };
}

/** Whether a decaying rate alone explains the counts better than a constant one. */
function decays(candidates: readonly ProfileCandidate[]): boolean {
  const decay = candidates.findIndex(
    ({ shape }) => shape?.family === "exponential" && !shape.steady,
  );
  const level = candidates.findIndex(({ kind }) => kind === "constant");
  return decay >= 0 && decay < level;
}

function reasonNotToFit(counts: ArrayLike<number>): string | null {
  if (counts.length < INTERVALS_MIN)
    return `${counts.length} intervals are too few: ${INTERVALS_MIN} are needed`;
  const all = Array.from(counts);
  if (!all.every((count) => count >= 0 && Number.isFinite(count)))
    return "not all counts are 0 or more";
  const orders = all.reduce((sum, count) => sum + count, 0);
  return orders < ORDERS_MIN ? `${orders} orders are too few: ${ORDERS_MIN} are needed` : null;
}

/** The least number from `wanted` on that makes whole parts of an hour; `wanted` if none does. */
function partOfHour(wanted: number, every: number, atMost: number): number {
  for (let together = wanted; together <= atMost; together += 1)
    if (HOUR_SECONDS % (together * every) === 0) return together;
  return wanted;
}

interface Joined {
  readonly counts: Float64Array;
  readonly orders: number;
  readonly every: number;
  readonly startsAt: number;
  /** Seconds; the last interval may be shorter than the others. */
  readonly lasts: number;
}

/** To no more than `INTERVALS_MAX`, unless more than `atMost` would have to be put together. */
function join({ counts, every, startsAt }: CountedArrivals, atMost: number): Joined {
  assert(every > 0, "an interval lasts");
  const wanted = Math.min(Math.ceil(counts.length / INTERVALS_MAX), atMost);
  const together = counts.length * every < TWO_DAYS ? wanted : partOfHour(wanted, every, atMost);
  const sums = new Float64Array(Math.ceil(counts.length / together));
  for (let index = 0; index < counts.length; index += 1) {
    const place = Math.floor(index / together);
    sums[place] = (sums[place] ?? 0) + (counts[index] ?? 0);
  }
  const orders = sums.reduce((sum, count) => sum + count, 0);
  const lasts = counts.length * every;
  return { counts: sums, orders, every: every * together, startsAt, lasts };
}

interface Fit extends Omit<ProfileCandidate, "quasiAic" | "parameters"> {
  readonly parametersAt: (dispersion: number) => ProfileCandidate["parameters"];
}

function candidateOf(fit: Fit, dispersion: number): ProfileCandidate {
  const { kind, shape, daily, expected, freedom: free, deviance } = fit;
  const parameters = fit.parametersAt(dispersion);
  const quasiAic = deviance / dispersion + 2 * free;
  return { kind, shape, daily, expected, freedom: free, parameters, deviance, quasiAic };
}

function constant(joined: Joined): Fit {
  const expected = expectedBy((time) => time / joined.lasts, joined);
  const perSecond = joined.orders / joined.lasts;
  return {
    kind: "constant",
    shape: null,
    daily: null,
    expected,
    freedom: 0,
    deviance: devianceOf(joined.counts, expected),
    parametersAt: (dispersion) => ({
      perSecond: {
        value: perSecond,
        error: perSecond * Math.sqrt(dispersion / joined.orders),
      },
    }),
  };
}

/** The curve is found on few intervals and judged on those of all candidates. */
function fitLaunch(shape: LaunchShape, coarse: Joined, joined: Joined): Fit | null {
  const half = (numbers: readonly number[]): number => {
    const curve = launchCurve(shape, numbers, joined.lasts);
    if (curve === null) return Number.POSITIVE_INFINITY;
    return devianceOf(coarse.counts, expectedBy(curve, coarse)) / 2;
  };
  const least = guesses(shape, joined.lasts)
    .map((start) => leastOf(half, start))
    .reduce((best, found) => (found.value < best.value ? found : best));
  const curve = launchCurve(shape, least.point, joined.lasts);
  if (curve === null) return null;
  const variances = inverseCurvature(half, least.point);
  const expected = expectedBy(curve, joined);
  return {
    kind: "launch",
    shape,
    daily: null,
    expected,
    freedom: freedom(shape),
    deviance: devianceOf(joined.counts, expected),
    parametersAt: (dispersion) =>
      launchParameters(
        shape,
        least.point,
        variances.map((variance) => variance * dispersion),
      ),
  };
}

function fitDays({ counts, every, startsAt }: Joined): readonly Fit[] {
  const daily = fitDailyProfile(counts, { startsAt, every });
  if (daily === null) return [];
  const { expected } = daily;
  const deviance = devianceOf(counts, expected);
  const rest = { freedom: daily.freedom, parametersAt: () => ({}) };
  return [{ kind: "daily profile", shape: null, daily, expected, deviance, ...rest }];
}

function expectedBy(curve: (time: number) => number, joined: Joined): Float64Array {
  const { counts, orders, every, lasts } = joined;
  let before = 0;
  return counts.map((_count, index) => {
    const by = orders * curve(Math.min(lasts, (index + 1) * every));
    const here = by - before;
    before = by;
    return here;
  });
}

/** What is expected is never quite nothing: a count there is very unlikely, not impossible. */
const EXPECTED_LEAST = 1e-9;

/** 2 sum(c ln(c / m) - c + m). */
function devianceOf(counts: Float64Array, expected: Float64Array): number {
  let total = 0;
  counts.forEach((count, index) => {
    const mean = Math.max(expected[index] ?? 0, EXPECTED_LEAST);
    total += mean - count + (count > 0 ? count * log(count / mean) : 0);
  });
  return 2 * total;
}

/**
 * Variance over mean around the nearest candidate, which divides all deviances alike (Burnham and
 * Anderson, Model Selection and Multimodel Inference, 2nd edition, 2002, section 2.5).
 */
function dispersionAround(counts: Float64Array, { expected, freedom: used }: Fit): number {
  let total = 0;
  counts.forEach((count, index) => {
    const mean = expected[index] ?? 0;
    if (mean > EXPECTED_LEAST) total += square(count - mean) / mean;
  });
  return Math.max(1, total / Math.max(1, counts.length - used - 1));
}

function againstLine({ counts, orders, every, lasts }: Joined): {
  readonly halfAt: number;
  readonly distanceFromLine: number;
} {
  let before = 0;
  let halfAt = 1;
  let distanceFromLine = 0;
  counts.forEach((count, index) => {
    const from = (index * every) / lasts;
    const to = Math.min(1, ((index + 1) * every) / lasts);
    const half = orders / 2;
    if (before < half && before + count >= half)
      halfAt = from + ((half - before) / count) * (to - from);
    before += count;
    distanceFromLine = Math.max(distanceFromLine, Math.abs(before / orders - to));
  });
  return { halfAt, distanceFromLine };
}
