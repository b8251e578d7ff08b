/**
 * Predictive scaling: every hour the fleet is brought to what a forecast says of that hour, some
 * minutes before it begins; it is never made smaller by that. The forecast comes from the last
 * fortnight by hours, reaches 48 hours ahead and is made anew every six hours, when the hours of
 * the sale that are over have come into it (EC2 Auto Scaling user guide; parameters.md section
 * 3.3). A mailing stands in no history: nothing here can foresee it.
 */
import { assert } from "../../engine/assert.ts";
import type { Simulation } from "../../engine/simulation.ts";
import { HOUR, MILLISECOND, MINUTE, type Ticks } from "../../engine/time.ts";
import type { Lifecycle } from "../fleet/lifecycle.ts";
import type { FleetSpec, PredictiveSpec, WorldSpec } from "../scenario/scenario.ts";
import { HOURS_PER_DAY, instancesFor, LoadHistory } from "./load-history.ts";

/** Hours between two forecasts. */
const REFRESHED_EVERY = 6;

export interface PredictiveOptions {
  readonly spec: PredictiveSpec;
  readonly fleet: FleetSpec;
  readonly lifecycle: Lifecycle;
  readonly starts: WorldSpec["starts"];
  /** Busy cores of each hour of a normal day at the shop. */
  readonly normalLoad: readonly number[];
  /** Told of every change, with the number of instances wanted before. */
  readonly onChange?: (desired: number, before: number) => void;
}

/** Starts by itself: the forecast of the hour under way holds from the first tick. */
export class PredictiveScaling {
  /** Instances that the forecast asks for now; other policies do not shrink the fleet below them. */
  wanted = 0;
  readonly #simulation: Simulation;
  readonly #options: PredictiveOptions;
  readonly #history: LoadHistory;
  #forecast: readonly number[];
  /** The hour of the day at the first tick, and ticks until it is over. */
  readonly #firstHour: number;
  readonly #firstEnds: Ticks;
  #busyBefore: Ticks = 0;

  constructor(simulation: Simulation, options: PredictiveOptions) {
    const { spec, starts } = options;
    assert(spec.buffer >= 0 && spec.buffer < HOUR, "an hour is prepared within the one before");
    this.#simulation = simulation;
    this.#options = options;
    this.#history = new LoadHistory(options.normalLoad);
    this.#forecast = this.#history.forecast();
    const local = starts.epochMillis + (starts.offsetMinutes * MINUTE) / MILLISECOND;
    const hours = Math.floor((local * MILLISECOND) / HOUR);
    this.#firstHour = ((hours % HOURS_PER_DAY) + HOURS_PER_DAY) % HOURS_PER_DAY;
    this.#firstEnds = (hours + 1) * HOUR - local * MILLISECOND;
    const over = simulation.defineEvent("autoscaler.hour", (hour) => {
      this.#endHour(hour);
      simulation.scheduleAfter(HOUR, over, hour + 1);
    });
    const due = simulation.defineEvent("autoscaler.predicted", (hour) => {
      this.#prepare(hour);
      const next = this.#begins(hour + 1) - spec.buffer;
      simulation.schedule(Math.max(simulation.now, next), due, hour + 1);
    });
    simulation.schedule(simulation.now, due, 0);
    simulation.schedule(this.#firstEnds, over, 0);
  }

  /** When the hour begins that is so many after the first. */
  #begins(hour: number): Ticks {
    return this.#firstEnds + (hour - 1) * HOUR;
  }

  #hourOfDay(hour: number): number {
    return (this.#firstHour + hour) % HOURS_PER_DAY;
  }

  /** What an hour needs stands before it begins, and no less than the hour under way still needs. */
  #prepare(hour: number): void {
    const needed = this.#neededIn(hour);
    const underWay = this.#begins(hour) > this.#simulation.now ? this.#neededIn(hour - 1) : 0;
    this.wanted = Math.max(needed, underWay);
    const { lifecycle, onChange } = this.#options;
    const before = lifecycle.desired;
    if (this.wanted <= before) return;
    lifecycle.resize(this.wanted);
    if (lifecycle.desired > before) onChange?.(lifecycle.desired, before);
  }

  #neededIn(hour: number): number {
    const { spec, fleet } = this.#options;
    const load = this.#forecast[this.#hourOfDay(hour)] ?? 0;
    return instancesFor(load, { target: spec.target, cores: fleet.cores });
  }

  /** A whole hour comes into the history; every sixth time the forecast is made anew. */
  #endHour(hour: number): void {
    const { instances } = this.#options.lifecycle;
    const { now } = this.#simulation;
    let busy = 0;
    for (let instance = 0; instance < instances.count; instance += 1)
      busy += instances.busyTicks(instance, now);
    const worked = busy - this.#busyBefore;
    this.#busyBefore = busy;
    if (hour > 0 || this.#firstEnds === HOUR) {
      this.#history.record(this.#hourOfDay(hour), worked / HOUR);
    }
    if ((hour + 1) % REFRESHED_EVERY === 0) this.#forecast = this.#history.forecast();
    this.wanted = this.#neededIn(hour + 1);
  }
}
