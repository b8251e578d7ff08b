/**
 * Little's law, L = lambda * W, as bookkeeping that must come out: over any span of time, the time
 * that entities spent inside is the same whether it is added up by the clock (how many are inside,
 * for how long) or by the entity (how long each was inside). Entities that are still inside at the
 * end count with the time they have been there, so the law is exact and not a limit; what breaks it
 * is a lost, doubled or misdated entity. (Little, Operations Research 9(3), 1961; for finite spans:
 * Stidham 1974.)
 */
import { assert } from "../assert.ts";
import type { Ticks } from "../time.ts";
import { TimeWeighted } from "./time-weighted.ts";

/** Rounding that the sums of a long run may leave between the two sides, relative to them. */
const RELATIVE_ERROR = 1e-9;

export interface LittlesLawReport {
  /** Mean number inside. */
  readonly inside: number;
  /** Arrivals per tick. */
  readonly arrivalRate: number;
  /** Mean time inside per arrival, ticks; of those still inside, the time so far. */
  readonly timeInside: number;
  readonly arrivals: number;
  readonly departures: number;
  /** Entities still inside at the end. */
  readonly unfinished: number;
  /** Mean time inside of those who left, ticks; NaN where nobody left. */
  readonly sojournMean: number;
}

/** Watches one place (the shop, a queue) that entities enter and leave. */
export class LittlesLaw {
  private readonly name: string;
  private readonly start: Ticks;
  private readonly population: TimeWeighted;
  /** Sentences of assertions, made once: a departure is a hot path. */
  private readonly nobodyInside: string;
  private readonly misdated: string;
  private arrivals = 0;
  private departures = 0;
  private sojournTotal = 0;

  constructor(name: string, start: Ticks) {
    this.name = name;
    this.nobodyInside = `${name}: nobody leaves an empty place`;
    this.misdated = `${name}: who leaves or is inside came after the start and before now`;
    this.start = start;
    this.population = new TimeWeighted(start);
  }

  /** How many are inside now. */
  get inside(): number {
    return this.population.value;
  }

  /** An entity enters. */
  arrive(now: Ticks): void {
    this.arrivals += 1;
    this.population.add(now, 1);
  }

  /** An entity that entered at `arrivedAt` leaves. */
  depart(now: Ticks, arrivedAt: Ticks): void {
    assert(this.population.value > 0, this.nobodyInside);
    assert(arrivedAt >= this.start && arrivedAt <= now, this.misdated);
    this.departures += 1;
    this.sojournTotal += now - arrivedAt;
    this.population.add(now, -1);
  }

  /**
   * Asserts the law at `now` and says what it stands on. `arrivedAt` are the arrival times of
   * everyone still inside, as the model itself knows them: a second account, kept apart from this
   * one.
   */
  report(now: Ticks, arrivedAt: Iterable<Ticks>): LittlesLawReport {
    let unfinished = 0;
    let timeSoFar = 0;
    for (const at of arrivedAt) {
      assert(at >= this.start && at <= now, this.misdated);
      unfinished += 1;
      timeSoFar += now - at;
    }
    const byClock = this.population.integral(now);
    const byEntity = this.sojournTotal + timeSoFar;
    this.assertLaw({ unfinished, byClock, byEntity });
    const span = now - this.start;
    return {
      inside: span > 0 ? byClock / span : this.population.value,
      arrivalRate: span > 0 ? this.arrivals / span : 0,
      timeInside: this.arrivals > 0 ? byEntity / this.arrivals : 0,
      arrivals: this.arrivals,
      departures: this.departures,
      unfinished,
      sojournMean: this.sojournTotal / this.departures,
    };
  }

  private assertLaw(sums: { unfinished: number; byClock: number; byEntity: number }): void {
    const { name, arrivals, departures } = this;
    const { unfinished, byClock, byEntity } = sums;
    assert(
      unfinished === arrivals - departures,
      `${name}: ${arrivals} came and ${departures} left, but ${unfinished} are inside`,
    );
    assert(
      Math.abs(byClock - byEntity) <= RELATIVE_ERROR * Math.max(byClock, byEntity),
      `${name}: L = lambda * W fails, ${byClock} ticks by the clock, ${byEntity} by entity`,
    );
  }
}
