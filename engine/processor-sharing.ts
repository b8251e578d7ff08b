/**
 * A server that works on all its jobs at once, each getting an equal share of its capacity: the
 * usual model of a processor under time slicing (Kleinrock 1967). Exact, by virtual time: a clock
 * that advances as fast as one job is worked on, so that a job is done when that clock has advanced
 * by its work, however the shares changed in between. A job costs O(log n) when it comes and when
 * it goes, and nothing meanwhile.
 */
import { assert } from "./assert.ts";
import { type EventHandle, type EventKind, NO_EVENT, type Simulation } from "./simulation.ts";
import { TimeWeighted } from "./statistics/time-weighted.ts";
import type { Ticks } from "./time.ts";

/** Jobs that one server may work on at once where no other limit is given. */
export const JOBS_MAX = 1_000_000;

export interface ProcessorSharingOptions {
  readonly name: string;
  /** Work done per tick over all jobs: 4 for four cores if work is in core ticks. */
  readonly capacity: number;
  /** Work done per tick on one job at most: 1 for one core. Unlimited where nothing is said. */
  readonly shareMax?: number;
  /** Jobs at once; the next one is refused. {@link JOBS_MAX} where nothing is said. */
  readonly jobsMax?: number;
}

export class ProcessorSharing {
  readonly name: string;
  /** Jobs in the server over time. */
  readonly jobs: TimeWeighted;
  private readonly simulation: Simulation;
  private readonly doneKind: EventKind;
  private readonly onDone: (subject: number) => void;
  private readonly shareMax: number;
  private readonly jobsMax: number;
  private capacityNow: number;
  /** A binary heap by the virtual time at which a job is done, equals by order of arrival. */
  private readonly heapEnds: number[] = [];
  private readonly heapOrders: number[] = [];
  private readonly heapSubjects: number[] = [];
  private readonly placeOf = new Map<number, number>();
  private order = 0;
  private virtualTime = 0;
  private advancedAt: Ticks;
  private next: EventHandle = NO_EVENT;

  /** `onDone` is called with a job's subject when its work is done. */
  constructor(
    simulation: Simulation,
    options: ProcessorSharingOptions,
    onDone: (subject: number) => void,
  ) {
    const { name, capacity, shareMax = Number.POSITIVE_INFINITY, jobsMax = JOBS_MAX } = options;
    assertCapacity(capacity);
    assert(shareMax > 0, "a job's greatest share is positive");
    assert(jobsMax > 0 && jobsMax <= JOBS_MAX, "a server has a bounded number of jobs");
    this.simulation = simulation;
    this.name = name;
    this.capacityNow = capacity;
    this.shareMax = shareMax;
    this.jobsMax = jobsMax;
    this.onDone = onDone;
    this.jobs = new TimeWeighted(simulation.now);
    this.advancedAt = simulation.now;
    this.doneKind = simulation.defineEvent(`${name}.done`, () => this.finishFirst());
  }

  get capacity(): number {
    return this.capacityNow;
  }

  /** Work per tick that each job gets now. */
  get share(): number {
    return this.shareAmong(this.heapEnds.length);
  }

  /** A job begins; `work` in units of the capacity times ticks. False where the server is full. */
  add(subject: number, work: number): boolean {
    assert(work >= 0 && Number.isFinite(work), "a job's work is finite and not negative");
    assert(!this.placeOf.has(subject), "a subject has one job at a time");
    if (this.heapEnds.length >= this.jobsMax) return false;
    this.advance();
    this.push(this.virtualTime + work, subject);
    this.jobs.add(this.simulation.now, 1);
    this.reschedule();
    return true;
  }

  /** Takes a job away before it is done. False where the subject has none. */
  remove(subject: number): boolean {
    const place = this.placeOf.get(subject);
    if (place === undefined) return false;
    this.advance();
    this.take(place);
    this.jobs.add(this.simulation.now, -1);
    this.reschedule();
    return true;
  }

  /** Changes the capacity from now on; 0 stops all work, and the jobs stay. */
  setCapacity(capacity: number): void {
    assertCapacity(capacity);
    this.advance();
    this.capacityNow = capacity;
    this.reschedule();
  }

  private shareAmong(jobs: number): number {
    return jobs === 0 ? 0 : Math.min(this.shareMax, this.capacityNow / jobs);
  }

  /**
   * Brings virtual time up to now. It starts again at zero when the server is empty, to keep its
   * precision.
   */
  private advance(): void {
    const { now } = this.simulation;
    if (this.heapEnds.length === 0) this.virtualTime = 0;
    else this.virtualTime += (now - this.advancedAt) * this.share;
    this.advancedAt = now;
  }

  private reschedule(): void {
    if (this.next !== NO_EVENT) this.simulation.cancel(this.next);
    this.next = NO_EVENT;
    if (this.heapEnds.length === 0 || this.capacityNow === 0) return;
    const delay = Math.ceil((this.heapEnds[0] - this.virtualTime) / this.share);
    this.next = this.simulation.scheduleAfter(
      Math.max(0, delay),
      this.doneKind,
      this.heapSubjects[0],
    );
  }

  private finishFirst(): void {
    this.next = NO_EVENT;
    this.advance();
    const end = this.heapEnds[0];
    const subject = this.take(0);
    assert(
      this.virtualTime >= end - 1e-6 * (1 + Math.abs(end)),
      "a finished job has had all its work",
    );
    this.jobs.add(this.simulation.now, -1);
    this.reschedule();
    this.onDone(subject);
  }

  private push(end: number, subject: number): void {
    const place = this.heapEnds.length;
    this.heapEnds.push(end);
    this.heapOrders.push(this.order++);
    this.heapSubjects.push(subject);
    this.placeOf.set(subject, place);
    this.rise(place);
  }

  /** Removes the job at a place of the heap and answers its subject. */
  private take(place: number): number {
    const subject = this.heapSubjects[place];
    const last = this.heapEnds.length - 1;
    if (place !== last) this.swap(place, last);
    this.heapEnds.pop();
    this.heapOrders.pop();
    this.heapSubjects.pop();
    this.placeOf.delete(subject);
    if (place !== last) {
      this.rise(place);
      this.sink(place);
    }
    return subject;
  }

  private rise(from: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      if (!this.isBefore(place, parent)) return;
      this.swap(place, parent);
      place = parent;
    }
  }

  private sink(from: number): void {
    const count = this.heapEnds.length;
    let place = from;
    for (let child = 2 * place + 1; child < count; child = 2 * place + 1) {
      if (child + 1 < count && this.isBefore(child + 1, child)) child += 1;
      if (!this.isBefore(child, place)) return;
      this.swap(place, child);
      place = child;
    }
  }

  private isBefore(a: number, b: number): boolean {
    if (this.heapEnds[a] !== this.heapEnds[b]) return this.heapEnds[a] < this.heapEnds[b];
    return this.heapOrders[a] < this.heapOrders[b];
  }

  private swap(a: number, b: number): void {
    swapElements(this.heapEnds, a, b);
    swapElements(this.heapOrders, a, b);
    swapElements(this.heapSubjects, a, b);
    this.placeOf.set(this.heapSubjects[a], a);
    this.placeOf.set(this.heapSubjects[b], b);
  }
}

function swapElements(array: number[], a: number, b: number): void {
  const kept = array[a];
  array[a] = array[b];
  array[b] = kept;
}

function assertCapacity(capacity: number): void {
  assert(capacity >= 0 && Number.isFinite(capacity), "a capacity is finite and not negative");
}
