/**
 * The servers of the shop: instances with cores, a bounded backlog and memory, behind a load
 * balancer. A request waits for a core first come first served, uses it for its CPU time and then
 * waits on databases for its I/O time; a full backlog refuses it, and an instance whose memory is
 * full crashes with everything inside. A shopper who has left does not stop the work.
 *
 * One event per request: the end of its CPU time. The answer travels with the I/O time added, so
 * `onOutcome` is told when the outcome is certain, with the whole time from the request on. The
 * memory of a request is held until then, not during the tens of milliseconds of I/O after it:
 * what fills a server's memory in a flash sale is the backlog.
 */
import { assert } from "../../engine/assert.ts";
import { constant, type Distribution, lognormalFromMean } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import { type Demand, type FleetSpec, PAGE_CLASSES } from "../scenario/scenario.ts";
import { FleetFigures } from "./fleet-figures.ts";
import { Jobs, NONE } from "./jobs.ts";
import { Lifecycle } from "./lifecycle.ts";
import { lengthened } from "./rows.ts";

/** The answer is a page. */
export const OK = 0;
/** The request was turned away at once: nobody in service, or the backlog full (503). */
export const REFUSED = 1;
/** The instance crashed, or was taken away, with the request inside (502). */
export const FAILED = 2;
export type Outcome = typeof OK | typeof REFUSED | typeof FAILED;

/**
 * `latency`: ticks from `submit` until the shopper has the answer; the call comes at that time or
 * before it, for a refusal during `submit` itself.
 */
export type OnOutcome = (request: number, outcome: Outcome, latency: Ticks) => void;

export class Fleet {
  readonly figures: FleetFigures;
  readonly lifecycle: Lifecycle;
  readonly #simulation: Simulation;
  readonly #spec: FleetSpec;
  readonly #onOutcome: OnOutcome;
  readonly #jobs = new Jobs();
  /** The job that each request waits for, or NONE. */
  #jobOf = new Int32Array(1024).fill(NONE);
  readonly #cpuDraws: RandomStream;
  readonly #cpuTimes: readonly Distribution[];
  readonly #demands: readonly Demand[];
  readonly #cpuDone: EventKind;

  constructor(simulation: Simulation, spec: FleetSpec, onOutcome: OnOutcome) {
    assert(spec.cores >= 1 && spec.backlog >= 0, "an instance has a core");
    this.#simulation = simulation;
    this.#spec = spec;
    this.#onOutcome = onOutcome;
    this.#demands = PAGE_CLASSES.map((page) => spec.demands[page]);
    this.#cpuTimes = this.#demands.map(cpuTime);
    this.#cpuDraws = simulation.random("fleet.cpu");
    this.#cpuDone = simulation.defineEvent("fleet.cpu-done", (job) => this.#finish(job));
    this.figures = new FleetFigures(simulation.now);
    this.lifecycle = new Lifecycle(simulation, spec, this.figures, (instance) =>
      this.#failAll(instance),
    );
  }

  /**
   * The `n`th page of a session asks for a page (an index of PAGE_CLASSES). `request` names the
   * shopper's row and has one answer outstanding at most.
   */
  submit(request: number, page: number, session: number, n: number): void {
    assert(page >= 0 && page < this.#demands.length, "a request asks for a known page");
    const instance = this.lifecycle.balancer.choose(session, n);
    if (instance === NONE || !this.#hasRoom(instance)) {
      this.figures.refused += 1;
      this.#onOutcome(request, REFUSED, this.#spec.refusal);
      return;
    }
    const job = this.#accept(instance, request, page);
    this.#jobs.cpu[job] = Math.round(this.#cpuTimes[page].at(this.#cpuDraws, session, n));
    const { instances } = this.lifecycle;
    if (instances.memory[instance] > this.#spec.memory.total) {
      this.lifecycle.crash(instance);
    } else if (instances.busy[instance] < this.#spec.cores) {
      this.#start(instance, job);
    } else this.#enqueue(instance, job);
  }

  /** The shopper has left: the work goes on, but nobody is told how it ended. */
  abandon(request: number): void {
    const job = this.#outstanding(request);
    assert(job !== NONE, "only an outstanding request is abandoned");
    this.#jobs.request[job] = NONE;
    this.#jobOf[request] = NONE;
    this.figures.abandoned += 1;
  }

  /** Whether a request still waits for its outcome. */
  isOutstanding(request: number): boolean {
    return this.#outstanding(request) !== NONE;
  }

  /** Requests inside the fleet, those included that nobody waits for any more. */
  get inFlight(): number {
    return this.#jobs.count;
  }

  #outstanding(request: number): number {
    assert(request >= 0, "a request has a row");
    return request < this.#jobOf.length ? this.#jobOf[request] : NONE;
  }

  #hasRoom(instance: number): boolean {
    const { instances } = this.lifecycle;
    return instances.inFlight(instance) < this.#spec.cores + this.#spec.backlog;
  }

  /** A row for the request, its memory taken. */
  #accept(instance: number, request: number, page: number): number {
    assert(this.#outstanding(request) === NONE, "a request waits for one answer at a time");
    const jobs = this.#jobs;
    const job = jobs.take();
    jobs.request[job] = request;
    jobs.instance[job] = instance;
    jobs.page[job] = page;
    jobs.submittedAt[job] = this.#simulation.now;
    if (request >= this.#jobOf.length) this.#growRequests(request);
    this.#jobOf[request] = job;
    this.lifecycle.instances.memory[instance] += this.#demands[page].memory;
    this.figures.accepted += 1;
    this.figures.inFlight.add(this.#simulation.now, 1);
    return job;
  }

  #growRequests(request: number): void {
    const rows = this.#jobOf.length;
    let length = rows;
    while (length <= request) length *= 2;
    this.#jobOf = lengthened(this.#jobOf, length).fill(NONE, rows);
  }

  #start(instance: number, job: number): void {
    const { instances } = this.lifecycle;
    const { now } = this.#simulation;
    assert(instances.busy[instance] < this.#spec.cores, "no more work than cores");
    instances.setBusy(instance, now, instances.busy[instance] + 1);
    this.figures.busyCores.add(now, 1);
    const cpu = this.#jobs.cpu[job];
    this.#jobs.completion[job] = this.#simulation.scheduleAfter(cpu, this.#cpuDone, job);
  }

  #enqueue(instance: number, job: number): void {
    const { instances } = this.lifecycle;
    const last = instances.tail[instance];
    if (last === NONE) instances.head[instance] = job;
    else this.#jobs.next[last] = job;
    instances.tail[instance] = job;
    instances.queued[instance] += 1;
    this.figures.queued.add(this.#simulation.now, 1);
  }

  /** The CPU time of a job is over: its core takes the next, and the answer is on its way. */
  #finish(job: number): void {
    const { instances } = this.lifecycle;
    const instance = this.#jobs.instance[job];
    assert(instance !== NONE, "a job that ends has begun");
    const { now } = this.#simulation;
    const latency = now - this.#jobs.submittedAt[job] + this.#demands[this.#jobs.page[job]].io;
    const request = this.#leave(job, instance);
    instances.setBusy(instance, now, instances.busy[instance] - 1);
    this.figures.busyCores.add(now, -1);
    this.figures.answered += 1;
    const next = this.#dequeue(instance);
    if (next !== NONE) this.#start(instance, next);
    else if (instances.inFlight(instance) === 0) this.lifecycle.emptied(instance);
    if (request !== NONE) this.#onOutcome(request, OK, latency);
  }

  /** The first job of an instance's backlog, taken out of it, or NONE. */
  #dequeue(instance: number): number {
    const { instances } = this.lifecycle;
    const job = instances.head[instance];
    if (job === NONE) return NONE;
    const next = this.#jobs.next[job];
    instances.head[instance] = next;
    if (next === NONE) instances.tail[instance] = NONE;
    instances.queued[instance] -= 1;
    assert(instances.queued[instance] >= 0, "a backlog is not shorter than empty");
    this.figures.queued.add(this.#simulation.now, -1);
    return job;
  }

  /** Takes a job's row and memory away; whoever still waits for it is returned, or NONE. */
  #leave(job: number, instance: number): number {
    const request = this.#jobs.request[job];
    if (request !== NONE) this.#jobOf[request] = NONE;
    const memory = this.#demands[this.#jobs.page[job]].memory;
    this.lifecycle.instances.memory[instance] -= memory;
    this.#jobs.release(job);
    this.figures.inFlight.add(this.#simulation.now, -1);
    return request;
  }

  /**
   * Ends every request inside an instance that no longer is in service. The walk over all rows is
   * safe against requests that come back at once: they cannot come to this instance.
   */
  #failAll(instance: number): void {
    const { instances } = this.lifecycle;
    const { now } = this.#simulation;
    this.figures.busyCores.add(now, -instances.busy[instance]);
    this.figures.queued.add(now, -instances.queued[instance]);
    instances.setBusy(instance, now, 0);
    instances.queued[instance] = 0;
    instances.head[instance] = NONE;
    instances.tail[instance] = NONE;
    const jobs = this.#jobs;
    const rows = jobs.used;
    for (let job = 0; job < rows; job += 1) {
      if (jobs.instance[job] === instance) this.#fail(job, instance);
    }
    instances.memory[instance] = this.#spec.memory.base;
  }

  #fail(job: number, instance: number): void {
    const completion = this.#jobs.completion[job];
    if (completion !== 0) this.#simulation.cancel(completion);
    const { now } = this.#simulation;
    const latency = now - this.#jobs.submittedAt[job] + this.#spec.refusal;
    const request = this.#leave(job, instance);
    this.figures.failed += 1;
    if (request !== NONE) this.#onOutcome(request, FAILED, latency);
  }
}

/** The CPU time of a page class: lognormal, or always the same where the demand does not vary. */
function cpuTime(demand: Demand): Distribution {
  if (demand.cv === 0) return constant({ value: demand.cpu });
  return lognormalFromMean({ mean: demand.cpu, cv: demand.cv });
}
