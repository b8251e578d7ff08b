/**
 * The Markov rows of the table as stations, and each figure of a row as a function of the station's
 * state: so that one can say what it is in theory, how it is measured, and how far a measurement of
 * a given length may be off.
 */
import { assert } from "../assert.ts";
import { exp, log } from "../elementary.ts";
import { type AnalyticCheck, input } from "./checks.ts";
import {
  asymptoticVariance,
  chainOf,
  type Station,
  stationary,
  stationaryMean,
} from "./closed-forms.ts";
import type { StationTotals } from "./station.ts";

export interface Figure {
  readonly name: string;
  /** The value in theory, by the birth-death chain. */
  readonly expected: number;
  /** The value in a simulation. */
  measure(totals: StationTotals): number;
  /** Standard error of the measured value relative to the expected one, after a time. */
  relativeError(time: number): number;
}

/**
 * The station of a Markov row; null for the rows that are not Markovian in the number of customers.
 */
export function stationOf(check: AnalyticCheck): Station | null {
  const get = (name: string): number => input(check, name);
  switch (check.model) {
    case "M/M/1":
      return { arrivalRate: get("lam"), serviceRate: get("mu"), servers: 1 };
    case "ErlangC":
      return { arrivalRate: get("a"), serviceRate: 1, servers: get("c") };
    case "ErlangB":
      return { arrivalRate: get("a"), serviceRate: 1, servers: get("c"), places: get("c") };
    case "M/M/c/K":
      return {
        arrivalRate: get("lam"),
        serviceRate: get("mu"),
        servers: get("c"),
        places: get("K"),
      };
    case "ErlangA":
      return {
        arrivalRate: get("lam"),
        serviceRate: get("mu"),
        servers: get("n"),
        abandonRate: get("theta"),
      };
    case "finite source":
      return {
        arrivalRate: 1 / get("Z"),
        serviceRate: 1 / get("D"),
        servers: get("c"),
        population: get("N"),
      };
    default:
      return null;
  }
}

/** How a figure follows from the state, and from what was counted. */
interface Recipe {
  /** Its contribution in state k: the figure is the long-run mean of it. */
  of(k: number): number;
  measure(totals: StationTotals): number;
  /** Counted things per unit of time that the measurement stands on, for its counting error. */
  readonly counted: number;
}

/** The figures that a row expects. */
export function figuresOf(check: AnalyticCheck): readonly Figure[] {
  const station = stationOf(check);
  assert(station !== null, "figures of a state are asked for a Markov row");
  const recipes = recipesOf(station);
  const chain = chainOf(station);
  const shares = stationary(chain);
  return Object.keys(check.expect).flatMap((name) => {
    const recipe = recipes[name];
    if (recipe === undefined) return [];
    const expected = stationaryMean(shares, recipe.of);
    const variance = asymptoticVariance(chain, recipe.of) / (expected * expected);
    const relativeError = (time: number): number =>
      Math.sqrt((variance + 1 / recipe.counted) / time);
    return [{ name, expected, measure: recipe.measure, relativeError }];
  });
}

function recipesOf(station: Station): Record<string, Recipe | undefined> {
  const { serviceRate, servers, places = Number.POSITIVE_INFINITY } = station;
  const abandonRate = station.abandonRate ?? 0;
  const chain = chainOf(station);
  const shares = stationary(chain);
  const mean = (of: (k: number) => number): number => stationaryMean(shares, of);
  const busy = (k: number): number => Math.min(k, servers);
  const waiting = (k: number): number => Math.max(0, k - servers);
  const isFull = (k: number): number => (k >= places ? 1 : 0);
  const waits = (k: number): number => (k >= servers ? 1 : 0);
  const admitted = mean((k) => chain.birth(k));
  const served = mean((k) => serviceRate * busy(k));
  const arriving = station.arrivalRate;
  const refused: Recipe = {
    of: isFull,
    measure: ({ refused, arrivals }) => refused / arrivals,
    counted: arriving * mean(isFull),
  };
  const throughput: Recipe = {
    of: (k) => serviceRate * busy(k),
    measure: ({ served, time }) => served / time,
    counted: served,
  };
  return {
    L: { of: (k) => k, measure: ({ inSystem, time }) => inSystem / time, counted: admitted },
    Lq: { of: waiting, measure: ({ waiting, time }) => waiting / time, counted: admitted },
    W: {
      of: (k) => k / admitted,
      measure: ({ inSystem, admitted }) => inSystem / admitted,
      counted: admitted,
    },
    Wq: {
      of: (k) => waiting(k) / admitted,
      measure: ({ waiting, admitted }) => waiting / admitted,
      counted: admitted,
    },
    Pwait: {
      of: waits,
      measure: ({ delayed, arrivals }) => delayed / arrivals,
      counted: arriving * mean(waits),
    },
    Pab: {
      of: (k) => (abandonRate * waiting(k)) / arriving,
      measure: ({ abandoned, arrivals }) => abandoned / arrivals,
      counted: abandonRate * mean(waiting),
    },
    util: {
      of: (k) => busy(k) / servers,
      measure: ({ busy, time }) => busy / time / servers,
      counted: served,
    },
    R: {
      of: (k) => k / served,
      measure: ({ inSystem, served }) => inSystem / served,
      counted: served,
    },
    B: refused,
    pK: refused,
    thr: throughput,
    X: throughput,
    sojourn_p90: sojournNinetieth(station),
  };
}

/**
 * The ninetieth percentile of the time in an M/M/1, through the share of sojourns that exceed it.
 */
function sojournNinetieth(station: Station): Recipe | undefined {
  const { arrivalRate, serviceRate, servers } = station;
  if (servers !== 1 || arrivalRate >= serviceRate || station.population !== undefined)
    return undefined;
  const rate = serviceRate - arrivalRate;
  const ninetieth = log(10) / rate;
  const density = 0.1 * rate;
  // P(Erlang(k + 1) > x) is the chance of at most k services within x; linear around the quantile.
  const exceeds = (k: number): number => {
    let term = exp(-serviceRate * ninetieth);
    let sum = term;
    for (let n = 1; n <= k; n++) {
      term *= (serviceRate * ninetieth) / n;
      sum += term;
    }
    return sum;
  };
  return {
    of: (k) => ninetieth + (exceeds(k) - 0.1) / density,
    measure: ({ sojourns }) => sojourns.quantile(0.9),
    counted: arrivalRate * 0.1,
  };
}
