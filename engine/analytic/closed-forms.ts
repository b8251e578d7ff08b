/**
 * Queueing theory that the kernel is checked against. Rates and times are in one unit of time,
 * whatever that is; every function names its source. Written apart from the simulations: nothing
 * here draws or schedules.
 */
import { assert } from "../assert.ts";
import { exp, sin } from "../elementary.ts";

/**
 * States of a birth-death chain that are kept; beyond them lies less than the share that is
 * dropped.
 */
const STATES_MAX = 100_000;
const SHARE_DROPPED = 1e-18;

/** A birth-death chain: states 0, 1, 2 ..., one step up or down at a time. */
export interface BirthDeath {
  /** Rate from k to k + 1; zero in the last state of a finite chain. */
  birth(k: number): number;
  /** Rate from k to k - 1, for k >= 1. */
  death(k: number): number;
}

/** Long-run share of time in each state (detailed balance, from the likeliest state outwards). */
export function stationary(chain: BirthDeath): Float64Array {
  let mode = 0;
  while (mode < STATES_MAX && chain.birth(mode) > chain.death(mode + 1)) mode++;
  assert(mode < STATES_MAX, "the chain has a likeliest state");
  const weights = [1];
  for (let k = mode; weights[0] > SHARE_DROPPED && k > 0; k--) {
    weights.unshift((weights[0] * chain.death(k)) / chain.birth(k - 1));
  }
  const first = mode - weights.length + 1;
  let last = 1;
  for (let k = mode; last > SHARE_DROPPED && chain.birth(k) > 0; k++) {
    last *= chain.birth(k) / chain.death(k + 1);
    weights.push(last);
    assert(weights.length < STATES_MAX, "the chain has a stationary distribution");
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = new Float64Array(first + weights.length);
  for (let k = 0; k < weights.length; k++) shares[first + k] = weights[k] / total;
  return shares;
}

/** The long-run mean of a figure that depends on the state. */
export function stationaryMean(shares: Float64Array, figure: (k: number) => number): number {
  return shares.reduce((sum, share, k) => sum + share * figure(k), 0);
}

/**
 * T times the variance of the time average of a figure over a long time T: how long one must
 * simulate. (Whitt, "Asymptotic formulas for Markov processes with applications to simulation",
 * Operations Research 40(2), 1992.)
 */
export function asymptoticVariance(chain: BirthDeath, figure: (k: number) => number): number {
  const shares = stationary(chain);
  const mean = stationaryMean(shares, figure);
  let partial = 0;
  let sum = 0;
  for (let k = 0; k < shares.length - 1; k++) {
    partial += (figure(k) - mean) * shares[k];
    if (shares[k] > 1e-15) sum += (partial * partial) / (chain.birth(k) * shares[k]);
  }
  return 2 * sum;
}

/** A station of like servers with exponential times. */
export interface Station {
  /** Arrivals per unit of time; for a finite source, per customer who is away. */
  readonly arrivalRate: number;
  /** Services per unit of time and busy server. */
  readonly serviceRate: number;
  readonly servers: number;
  /** Customers that find room, those in service included; unlimited where nothing is said. */
  readonly places?: number;
  /** Rate at which each waiting customer gives up. */
  readonly abandonRate?: number;
  /** Customers in the world, for a finite source. */
  readonly population?: number;
}

/** The chain of a station's number of customers. */
export function chainOf(station: Station): BirthDeath {
  const { arrivalRate, serviceRate, servers, population } = station;
  const places = station.places ?? Number.POSITIVE_INFINITY;
  const abandonRate = station.abandonRate ?? 0;
  return {
    birth: (k) => {
      if (k >= places) return 0;
      return population === undefined ? arrivalRate : arrivalRate * Math.max(0, population - k);
    },
    death: (k) => serviceRate * Math.min(k, servers) + abandonRate * Math.max(0, k - servers),
  };
}

/** M/M/1: L = r / (1 - r) (Kleinrock, Queueing Systems I, 1975). */
export function singleServer(arrivalRate: number, serviceRate: number) {
  const load = arrivalRate / serviceRate;
  const inSystem = load / (1 - load);
  const sojourn = inSystem / arrivalRate;
  const wait = sojourn - 1 / serviceRate;
  return {
    inSystem,
    sojourn,
    wait,
    waiting: wait * arrivalRate,
    sojournRate: serviceRate - arrivalRate,
  };
}

/**
 * The share of calls lost by c lines at the offered load a: B_k = a B_{k-1} / (k + a B_{k-1})
 * (Erlang 1917).
 */
export function erlangB(lines: number, load: number): number {
  let blocked = 1;
  for (let k = 1; k <= lines; k++) blocked = (load * blocked) / (k + load * blocked);
  return blocked;
}

/** The share of customers that wait, and the mean wait in service times (Erlang 1917). */
export function erlangC(servers: number, load: number) {
  const blocked = erlangB(servers, load);
  const utilisation = load / servers;
  const waits = blocked / (1 - utilisation * (1 - blocked));
  const wait = waits / (servers - load);
  return { waits, wait, waiting: wait * load };
}

/** M/G/1: the mean wait in queue by Pollaczek (1930) and Khinchine (1932). */
export function pollaczekKhinchine(options: {
  readonly arrivalRate: number;
  readonly serviceMean: number;
  /** Squared coefficient of variation of the service time. */
  readonly serviceVariation: number;
}) {
  const { arrivalRate, serviceMean, serviceVariation } = options;
  const load = arrivalRate * serviceMean;
  const wait = (load * serviceMean * (1 + serviceVariation)) / (2 * (1 - load));
  return { wait, inSystem: arrivalRate * (wait + serviceMean) };
}

/**
 * The mean number in Mt/M/inf under the rate a + b sin(w t), in its periodic steady state (Eick,
 * Massey, Whitt 1993).
 */
export function infiniteServersSinusoidal(options: {
  readonly base: number;
  readonly swing: number;
  readonly period: number;
  readonly serviceRate: number;
}) {
  const { base, swing, period, serviceRate: mu } = options;
  const w = (2 * Math.PI) / period;
  return (t: number): number => {
    const sine = sin(w * t);
    const cosine = sin(w * t + Math.PI / 2);
    return base / mu + (swing * (mu * sine - w * cosine)) / (mu * mu + w * w);
  };
}

/** The mean number in M/M/inf that starts empty: (l / m) (1 - exp(-m t)). */
export function infiniteServersStep(arrivalRate: number, serviceRate: number) {
  return (t: number): number => (arrivalRate / serviceRate) * (1 - exp(-serviceRate * t));
}

/**
 * Throughput and time at the stations of a closed network by mean value analysis (Reiser &
 * Lavenberg 1980).
 */
export function meanValueAnalysis(options: {
  readonly population: number;
  readonly think: number;
  /** Service demand at each single-server station. */
  readonly demands: readonly number[];
}) {
  const { population, think, demands } = options;
  let queues = demands.map(() => 0);
  let throughput = 0;
  let response = 0;
  for (let customers = 1; customers <= population; customers++) {
    const times = demands.map((demand, station) => demand * (1 + queues[station]));
    response = times.reduce((sum, time) => sum + time, 0);
    throughput = customers / (think + response);
    queues = times.map((time) => throughput * time);
  }
  return { throughput, response, queues };
}
