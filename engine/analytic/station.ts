/**
 * A station of like servers on the kernel in the manner of the twin's models: rows in typed arrays,
 * events of (time, kind, subject), no closure and no generator. First come, first served; with a
 * finite source, the customers who are away come back after a think time.
 */
import { assert } from "../assert.ts";
import type { RandomStream } from "../random.ts";
import { type EventHandle, type EventKind, NO_EVENT, Simulation } from "../simulation.ts";
import { Histogram } from "../statistics/histogram.ts";
import { LittlesLaw } from "../statistics/littles-law.ts";
import { TimeWeighted } from "../statistics/time-weighted.ts";
import { SECOND, type Ticks } from "../time.ts";
import type { Station } from "./closed-forms.ts";

/** One unit of the station's time in ticks: fine enough that rounding to ticks moves no figure. */
export const UNIT: Ticks = SECOND;
/** Sojourns are told apart between a millionth of a unit and a million units. */
const SOJOURNS = { lowest: 1 / 1_048_576, highest: 1_048_576 };
/** Customers that may be in the station at once. */
const CUSTOMERS_MAX = 100_000;
/** No customer: the end of the queue. */
const NOBODY = -1;

/** What a run counted and integrated, in units of the station's time, after the warm-up. */
export interface StationTotals {
  readonly time: number;
  readonly arrivals: number;
  readonly refused: number;
  readonly admitted: number;
  /** Admitted customers who found every server busy. */
  readonly delayed: number;
  readonly abandoned: number;
  readonly served: number;
  /** Integrals over time of the customers in the station, waiting, in service, and away. */
  readonly inSystem: number;
  readonly waiting: number;
  readonly busy: number;
  readonly away: number;
  /** Sums of the unit exponentials that were drawn for gaps between arrivals and for services. */
  readonly drawn: { readonly gaps: number; readonly services: number };
  /** Times in the station of those served, in units. */
  readonly sojourns: Histogram;
}

export interface StationRun {
  readonly station: Station;
  readonly seed: string;
  /** Units of time that are measured, and units before that are not. */
  readonly time: number;
  readonly warmUp: number;
}

class Counts {
  arrivals = 0;
  refused = 0;
  delayed = 0;
  abandoned = 0;
  served = 0;
  gapsDrawn = 0;
  servicesDrawn = 0;
}

class StationModel {
  counts = new Counts();
  sojourns = new Histogram(SOJOURNS);
  inSystem: TimeWeighted;
  waiting: TimeWeighted;
  busy: TimeWeighted;
  readonly law = new LittlesLaw("station", 0);
  private readonly station: Station;
  private readonly simulation: Simulation;
  private readonly places: number;
  private readonly abandonRate: number;
  private readonly arrivalStream: RandomStream;
  private readonly serviceStream: RandomStream;
  private readonly patienceStream: RandomStream;
  private readonly arriveKind: EventKind;
  private readonly departKind: EventKind;
  private readonly abandonKind: EventKind;
  private readonly arrivedAt = new Float64Array(CUSTOMERS_MAX);
  private readonly patience = new Float64Array(CUSTOMERS_MAX);
  private readonly next = new Int32Array(CUSTOMERS_MAX).fill(NOBODY);
  private readonly previous = new Int32Array(CUSTOMERS_MAX).fill(NOBODY);
  private readonly present = new Uint8Array(CUSTOMERS_MAX);
  private readonly free: number[] = [];
  private rows = 0;
  private head = NOBODY;
  private tail = NOBODY;

  constructor(simulation: Simulation, run: StationRun) {
    this.simulation = simulation;
    this.station = run.station;
    this.places = run.station.places ?? Number.POSITIVE_INFINITY;
    this.abandonRate = run.station.abandonRate ?? 0;
    this.arrivalStream = simulation.random("arrivals");
    this.serviceStream = simulation.random("services");
    this.patienceStream = simulation.random("patience");
    this.arriveKind = simulation.defineEvent("station.arrive", (subject) =>
      this.onArrival(subject),
    );
    this.departKind = simulation.defineEvent("station.depart", (row) => this.onDeparture(row));
    this.abandonKind = simulation.defineEvent("station.abandon", (row) => this.onAbandon(row));
    this.inSystem = new TimeWeighted(0);
    this.waiting = new TimeWeighted(0);
    this.busy = new TimeWeighted(0);
    const sources = run.station.population ?? 1;
    for (let source = 0; source < sources; source++) this.scheduleArrival(source);
  }

  /** Forgets what was measured so far; the customers stay. */
  beginMeasuring(): void {
    const { now } = this.simulation;
    this.counts = new Counts();
    this.sojourns = new Histogram(SOJOURNS);
    this.inSystem = new TimeWeighted(now, this.inSystem.value);
    this.waiting = new TimeWeighted(now, this.waiting.value);
    this.busy = new TimeWeighted(now, this.busy.value);
  }

  /** Arrival times of everybody in the station. */
  *arrivalTimes(): Generator<Ticks, void, void> {
    for (let row = 0; row < this.rows; row++)
      if (this.present[row] === 1) yield this.arrivedAt[row];
  }

  private scheduleArrival(source: number): void {
    const gap = this.arrivalStream.exponential();
    this.counts.gapsDrawn += gap;
    const delay = Math.round((gap / this.station.arrivalRate) * UNIT);
    this.simulation.scheduleAfter(delay, this.arriveKind, source);
  }

  private onArrival(source: number): void {
    const isOpen = this.station.population === undefined;
    if (isOpen) this.scheduleArrival(source);
    this.counts.arrivals += 1;
    if (this.inSystem.value >= this.places) {
      this.counts.refused += 1;
      return;
    }
    const { now } = this.simulation;
    const row = isOpen ? this.takeRow() : this.rowOfSource(source);
    this.arrivedAt[row] = now;
    this.present[row] = 1;
    this.inSystem.add(now, 1);
    this.law.arrive(now);
    if (this.busy.value < this.station.servers) this.beginService(row);
    else this.beginWaiting(row);
  }

  private takeRow(): number {
    const row = this.free.pop() ?? this.rows++;
    assert(row < CUSTOMERS_MAX, "the station's customers stay below their limit");
    return row;
  }

  /** In a finite source, a customer keeps one row for life. */
  private rowOfSource(source: number): number {
    this.rows = Math.max(this.rows, source + 1);
    return source;
  }

  private beginService(row: number): void {
    this.busy.add(this.simulation.now, 1);
    const draw = this.serviceStream.exponential();
    this.counts.servicesDrawn += draw;
    const time = draw / this.station.serviceRate;
    this.simulation.scheduleAfter(Math.round(time * UNIT), this.departKind, row);
  }

  private beginWaiting(row: number): void {
    this.counts.delayed += 1;
    this.waiting.add(this.simulation.now, 1);
    this.next[row] = NOBODY;
    this.previous[row] = this.tail;
    if (this.tail === NOBODY) this.head = row;
    else this.next[this.tail] = row;
    this.tail = row;
    this.patience[row] = this.schedulePatience(row);
  }

  private schedulePatience(row: number): EventHandle {
    if (this.abandonRate === 0) return NO_EVENT;
    const patience = this.patienceStream.exponential() / this.abandonRate;
    return this.simulation.scheduleAfter(Math.round(patience * UNIT), this.abandonKind, row);
  }

  private onDeparture(row: number): void {
    const { now } = this.simulation;
    this.counts.served += 1;
    this.sojourns.record((now - this.arrivedAt[row]) / UNIT);
    this.busy.add(now, -1);
    this.leave(row);
    const first = this.head;
    if (first === NOBODY) return;
    if (this.patience[first] !== NO_EVENT) {
      assert(this.simulation.cancel(this.patience[first]), "who is served had not given up");
    }
    this.leaveQueue(first);
    this.beginService(first);
  }

  private onAbandon(row: number): void {
    this.counts.abandoned += 1;
    this.leaveQueue(row);
    this.leave(row);
  }

  private leaveQueue(row: number): void {
    const next = this.next[row];
    const previous = this.previous[row];
    if (previous === NOBODY) this.head = next;
    else this.next[previous] = next;
    if (next === NOBODY) this.tail = previous;
    else this.previous[next] = previous;
    this.waiting.add(this.simulation.now, -1);
    assert(this.waiting.value >= 0, "nobody leaves an empty queue");
  }

  private leave(row: number): void {
    const { now } = this.simulation;
    this.inSystem.add(now, -1);
    this.law.depart(now, this.arrivedAt[row]);
    this.present[row] = 0;
    if (this.station.population === undefined) this.free.push(row);
    else this.scheduleArrival(row);
  }
}

/** Simulates a station and asserts Little's law at the end. */
export function simulateStation(run: StationRun): StationTotals {
  const simulation = new Simulation({ seed: run.seed });
  const model = new StationModel(simulation, run);
  const begin = Math.round(run.warmUp * UNIT);
  const end = begin + Math.round(run.time * UNIT);
  simulation.run({ until: begin });
  model.beginMeasuring();
  simulation.run({ until: end });
  model.law.report(end, model.arrivalTimes());
  const { arrivals, refused, delayed, abandoned, served, gapsDrawn, servicesDrawn } = model.counts;
  const inSystem = model.inSystem.integral(end) / UNIT;
  return {
    time: run.time,
    arrivals,
    refused,
    admitted: arrivals - refused,
    delayed,
    abandoned,
    served,
    inSystem,
    waiting: model.waiting.integral(end) / UNIT,
    busy: model.busy.integral(end) / UNIT,
    away: (run.station.population ?? 0) * run.time - inSystem,
    drawn: { gaps: gapsDrawn, services: servicesDrawn },
    sojourns: model.sojourns,
  };
}
