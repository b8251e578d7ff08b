/**
 * The visitors whom no mail brings: a Poisson process with the rate of `traffic-rate.ts`, or with
 * the constant rates of a load test's steps. They are
 * numbered in order of arrival from a stream of their own, so the same visitors come at the same
 * times under every launch plan.
 */
import {
  type Arrivals,
  NO_ARRIVAL,
  PoissonArrivals,
  type RateCorner,
} from "../../engine/arrivals.ts";
import { assert } from "../../engine/assert.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import { HOUR, MINUTE, type Ticks } from "../../engine/time.ts";
import type { TrafficSpec, TrafficStep, WorldSpec } from "../scenario/scenario.ts";
import { localTimeOfDay, trafficRate } from "./traffic-rate.ts";

/**
 * Between two points where the rate is evaluated; it is linear in between. The decay is the only
 * curve in it: at 30 % a day a chord over a minute is off by 5e-9.
 */
const RATE_GRID: Ticks = MINUTE;

export interface BackgroundTrafficOptions {
  readonly traffic: TrafficSpec;
  readonly starts: WorldSpec["starts"];
  /** Nobody comes from here on. */
  readonly lasts: Ticks;
  /** Called at the tick of each arrival with the visitor's number, from 0. */
  readonly visit: (visitor: number) => void;
}

/** Starts by itself: it schedules its first arrival when it is made. One event is pending at a time. */
export class BackgroundTraffic {
  readonly #simulation: Simulation;
  readonly #visit: (visitor: number) => void;
  readonly #arrivals: Arrivals;
  readonly #draws: RandomStream;
  readonly #arrived: EventKind;
  #count = 0;

  constructor(simulation: Simulation, options: BackgroundTrafficOptions) {
    this.#simulation = simulation;
    this.#visit = options.visit;
    this.#arrivals = new PoissonArrivals({ corners: rateCorners(options) });
    this.#draws = simulation.random("traffic.arrivals");
    this.#arrived = simulation.defineEvent("traffic.arrival", (visitor) => this.#arrive(visitor));
    this.#scheduleNext();
  }

  /** Visitors who have come so far. */
  get visited(): number {
    return this.#count;
  }

  #arrive(visitor: number): void {
    assert(visitor === this.#count, "visitors come in the order of their numbers");
    this.#count += 1;
    this.#scheduleNext();
    this.#visit(visitor);
  }

  #scheduleNext(): void {
    const at = this.#arrivals.next(this.#draws, this.#simulation.now);
    if (at !== NO_ARRIVAL) this.#simulation.schedule(at, this.#arrived, this.#count);
  }
}

/** The rate as corners: on the grid, and where the ramp and the profile have kinks. */
export function rateCorners(options: Omit<BackgroundTrafficOptions, "visit">): RateCorner[] {
  const { traffic, starts, lasts } = options;
  assert(lasts > 0, "a sale lasts");
  if (traffic.steps.length > 0) return stepCorners(traffic.steps, lasts);
  const times = new Set<Ticks>([lasts]);
  for (let at: Ticks = 0; at < lasts; at += RATE_GRID) times.add(at);
  if (traffic.ramp < lasts) times.add(traffic.ramp);
  const firstMidHour = (HOUR + HOUR / 2 - (localTimeOfDay(starts, 0) % HOUR)) % HOUR;
  for (let at: Ticks = firstMidHour; at < lasts; at += HOUR) times.add(at);
  return [...times]
    .sort((one, other) => one - other)
    .map((at) => ({ at, perSecond: trafficRate(traffic, starts, at) }));
}

/** Constant rates: each ends one tick before the next, and the last at the end. */
function stepCorners(steps: readonly TrafficStep[], lasts: Ticks): RateCorner[] {
  return steps.flatMap(({ at, rate }, index) => {
    const end = (steps[index + 1]?.at ?? lasts) - 1;
    const first = { at, perSecond: rate };
    return end > at ? [first, { at: end, perSecond: rate }] : [first];
  });
}
