/**
 * The servers of the shop: instances with cores, a bounded backlog and memory, behind a load
 * balancer. A request waits for a core first come first served, uses it for its CPU time and then
 * waits on databases for its I/O time; a full backlog refuses it, and an instance whose memory is
 * full crashes with everything inside. A shopper who has left does not stop the work, not even
 * where the fleet is told that nobody waits for it any more (`abandon`).
 *
 * One event per request: the end of its CPU time. The answer travels with the I/O time added, so
 * `onOutcome` is told when the outcome is certain, with the whole time from the request on. The
 * memory of a request is held until then, not during the tens of milliseconds of I/O after it:
 * what fills a server's memory in a flash sale is the backlog.
 *
 * Two levers make pages slower for a time: what waits on databases takes a multiple of its time,
 * or what computes does. A page feels the database it meets at its end and the CPU it met when it
 * came. Waiting on a slow database occupies no core and no place in the backlog, unless the
 * scenario gives the database limits (`database.ts`): then a request keeps its place and memory
 * until its queries are done.
 *
 * Other sellers may send requests to the same instances (`submitFor`); bulkheads then keep cores and
 * backlog apart (compartments.ts), and load shedding refuses what is too much before the backlog is
 * full (shedding.ts). Both are absent where a scenario does not ask for them. Other sellers have
 * databases of their own.
 */
import { assert } from "../../engine/assert.ts";
import type { Distribution } from "../../engine/distribution.ts";
import { nearestWhole } from "../../engine/nearest-whole.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import {
  type DatabaseSpec,
  type FleetSpec,
  PAGE_CLASSES,
  type SideBySideSpec,
} from "../scenario/scenario.ts";
import { type Compartments, compartmentsOf } from "./compartments.ts";
import { cpuTime } from "./cpu-time.ts";
import { Database } from "./database.ts";
import { Door, WAITS } from "./door.ts";
import { FleetFigures } from "./fleet-figures.ts";
import type { Instances } from "./instances.ts";
import {
  ASKED,
  AT_DATABASE,
  askedFor,
  INSTANCE,
  JOB_DOUBLE_SHIFT,
  JOB_WORD_SHIFT,
  Jobs,
  NEXT,
  NONE,
  ON_CORE,
  pageOf,
  priorityOf,
  REQUEST,
  SALE,
  SUBMITTED_AT,
  sellerOf,
  WORK,
} from "./jobs.ts";
import { Lifecycle } from "./lifecycle.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import {
  FAILED,
  OK,
  type OnOutcome,
  type Outcome,
  OVERTAXED,
  REFUSED,
  type Servers,
  SHED,
} from "./servers.ts";
import { type Shedding, sheddingOf } from "./shedding.ts";

export { FAILED, OK, type Outcome, OVERTAXED, REFUSED, SHED } from "./servers.ts";

/** A database with limits, and the articles whose stock a request changes. */
export interface FleetDatabase {
  readonly spec: DatabaseSpec;
  readonly rowsOf: (request: number) => readonly number[];
}

/** The same as {@link OnOutcome} for a request of another seller. */
export type OnOther = (seller: number, request: number, outcome: Outcome, latency: Ticks) => void;

const NO_ROWS: readonly number[] = [];

/** What some fleets have and others do without. */
export interface FleetParts {
  readonly sideBySide?: SideBySideSpec;
  readonly database?: FleetDatabase | null;
}

export class Fleet implements Servers {
  readonly figures: FleetFigures;
  readonly lifecycle: Lifecycle;
  readonly #simulation: Simulation;
  readonly #spec: FleetSpec;
  readonly #onOutcome: OnOutcome;
  readonly #jobs = new Jobs();
  readonly #instances: Instances;
  readonly #balancer: LoadBalancer;
  readonly #cpuDraws: RandomStream;
  /** By page class: CPU time, I/O time and bytes of memory. */
  readonly #cpuTimes: readonly Distribution[];
  readonly #io: Float64Array;
  readonly #memory: Float64Array;
  readonly #cpuDone: EventKind;
  /** Null where sellers are not kept apart. */
  readonly #compartments: Compartments | null;
  readonly #door: Door;
  /** Null where nothing is refused before it must be. */
  readonly #shedding: Shedding | null;
  #onOther: OnOther | null = null;
  #cpuTimesSlower = 1;
  readonly database: Database | null;
  readonly #rowsOf: FleetDatabase["rowsOf"];

  constructor(
    simulation: Simulation,
    spec: FleetSpec,
    onOutcome: OnOutcome,
    { sideBySide, database = null }: FleetParts = {},
  ) {
    assert(spec.cores >= 1 && spec.backlog >= 0, "an instance has a core");
    this.#simulation = simulation;
    this.#spec = spec;
    this.#onOutcome = onOutcome;
    const demands = PAGE_CLASSES.map((page) => spec.demands[page]);
    this.#cpuTimes = demands.map(cpuTime);
    this.#io = Float64Array.from(demands, ({ io }) => io);
    this.#memory = Float64Array.from(demands, ({ memory }) => memory);
    this.#cpuDraws = simulation.random("fleet.cpu");
    this.#cpuDone = simulation.defineEvent("fleet.cpu-done", (job) => this.#finish(job));
    this.database =
      database === null
        ? null
        : new Database(simulation, database.spec, (job, timedOut) => this.#leave(job, timedOut));
    this.#rowsOf = database?.rowsOf ?? (() => NO_ROWS);
    this.figures = new FleetFigures(simulation.now);
    this.lifecycle = new Lifecycle(simulation, spec, this.figures, (instance) =>
      this.#failAll(instance),
    );
    this.#instances = this.lifecycle.instances;
    this.#balancer = this.lifecycle.balancer;
    this.#compartments = compartmentsOf(spec, sideBySide ?? null, this.#jobs);
    this.#shedding = sheddingOf(sideBySide ?? null);
    this.#door = new Door(spec, {
      instances: this.#instances,
      compartments: this.#compartments,
      shedding: this.#shedding,
    });
  }

  /** Whether the priority of a request makes a difference. */
  get sheds(): boolean {
    return this.#shedding !== null;
  }

  /** Whom to tell of the outcomes of {@link submitFor}. */
  tellOthers(onOther: OnOther): void {
    this.#onOther = onOther;
  }

  submit(request: number, page: number, session: number, n: number, priority = 0): number {
    const instance = this.#balancer.choose(session, n);
    const draws = this.#cpuDraws.at(session, n);
    const job = this.#submit(instance, request, askedFor(page, priority, SALE), draws);
    if (job !== NONE && this.database?.serves(page)) this.database.expect(job, page, session, n);
    return job;
  }

  /** A request of another seller, from 1, with a stream that stands at its draws. */
  submitFor(seller: number, request: number, asked: number, draws: RandomStream): void {
    assert(seller > SALE && this.#onOther !== null, "somebody waits for another seller's page");
    const instance = this.#balancer.chooseBy(draws.next());
    this.#submit(instance, request, asked, draws);
  }

  abandon(job: number): void {
    const row = job << JOB_WORD_SHIFT;
    assert(this.#jobs.words[row + REQUEST] !== NONE, "a request is given up once");
    this.#jobs.words[row + REQUEST] = NONE;
  }

  slowDatabase(times: number): void {
    assert(times > 0, "a page's I/O takes a time");
    PAGE_CLASSES.forEach((page, index) => {
      this.#io[index] = Math.round(this.#spec.demands[page].io * times);
    });
    this.database?.slow(times);
  }

  slowCpu(times: number): void {
    assert(times > 0, "a page's CPU work takes a time");
    this.#cpuTimesSlower = times;
  }

  /** Requests inside the fleet. */
  get inFlight(): number {
    return this.#jobs.count;
  }

  #submit(instance: number, request: number, asked: number, draws: RandomStream): number {
    const page = pageOf(asked);
    assert(page >= 0 && page < this.#memory.length, "a request asks for a known page");
    const place = instance === NONE ? REFUSED : this.#door.placeFor(instance, asked);
    if (place === REFUSED || place === SHED) {
      if (place === REFUSED) this.figures.refused += 1;
      else this.figures.shedAtDoor += 1;
      this.#tell(request, asked, place, this.#spec.refusal);
      return NONE;
    }
    const cpu = nearestWhole(this.#cpuTimes[page].whole(draws) * this.#cpuTimesSlower);
    const job = this.#accept(instance, request, asked);
    if (this.#instances.enter(instance, this.#memory[page]) > this.#spec.memory.total) {
      this.lifecycle.crash(instance);
      return NONE;
    }
    if (place === WAITS) this.#enqueue(instance, job, cpu);
    else {
      const { now } = this.#simulation;
      this.#instances.begin(instance, now);
      if (this.#shedding !== null) this.#shedding.noteAtOnce(instance, sellerOf(asked), now);
      this.#start(job, cpu);
    }
    return job;
  }

  #tell(request: number, asked: number, outcome: Outcome, latency: Ticks): void {
    const seller = sellerOf(asked);
    if (seller === SALE) this.#onOutcome(request, outcome, latency);
    else this.#onOther?.(seller, request, outcome, latency);
  }

  /** A row for the request, on no core and in no backlog yet. */
  #accept(instance: number, request: number, asked: number): number {
    const jobs = this.#jobs;
    const job = jobs.take();
    const row = job << JOB_WORD_SHIFT;
    jobs.words[row + REQUEST] = request;
    jobs.words[row + INSTANCE] = instance;
    jobs.words[row + NEXT] = NONE;
    jobs.words[row + ASKED] = asked;
    jobs.doubles[(job << JOB_DOUBLE_SHIFT) + SUBMITTED_AT] = this.#simulation.now;
    this.figures.accepted += 1;
    return job;
  }

  /** A core of its instance takes up a job that needs `cpu`. */
  #start(job: number, cpu: Ticks): void {
    const jobs = this.#jobs;
    jobs.words[(job << JOB_WORD_SHIFT) + NEXT] = ON_CORE;
    const end = this.#simulation.scheduleAfter(cpu, this.#cpuDone, job);
    jobs.doubles[(job << JOB_DOUBLE_SHIFT) + WORK] = end;
  }

  #enqueue(instance: number, job: number, cpu: Ticks): void {
    const jobs = this.#jobs;
    jobs.doubles[(job << JOB_DOUBLE_SHIFT) + WORK] = cpu;
    if (this.#compartments !== null) {
      const asked = jobs.words[(job << JOB_WORD_SHIFT) + ASKED];
      this.#compartments.append(instance, sellerOf(asked), job);
      return;
    }
    const last = this.#instances.lastInBacklog(instance);
    if (last !== NONE) jobs.words[(last << JOB_WORD_SHIFT) + NEXT] = job;
    this.#instances.append(instance, job);
  }

  /** The CPU time of a job is over: its core takes the next, and the answer is on its way. */
  #finish(job: number): void {
    const jobs = this.#jobs;
    const row = job << JOB_WORD_SHIFT;
    assert(jobs.words[row + NEXT] === ON_CORE, "a job that ends has begun");
    const request = jobs.words[row + REQUEST];
    const instance = jobs.words[row + INSTANCE];
    const asked = jobs.words[row + ASKED];
    const page = pageOf(asked);
    if (sellerOf(asked) === SALE && this.database?.serves(page)) {
      jobs.words[row + NEXT] = AT_DATABASE;
      if (this.#compartments !== null) this.#compartments.leave(instance, SALE);
      this.#startNext(instance);
      const rows = request === NONE ? NO_ROWS : this.#rowsOf(request);
      this.database.ask({ job, instance, rows });
      return;
    }
    const inside = this.#simulation.now - jobs.doubles[(job << JOB_DOUBLE_SHIFT) + SUBMITTED_AT];
    if (this.#shedding !== null) this.#door.noteAnswer(instance, asked, inside);
    jobs.release(job);
    this.#instances.leave(instance, this.#memory[page]);
    if (this.#compartments !== null) this.#compartments.leave(instance, sellerOf(asked));
    this.figures.answered += 1;
    this.#startNext(instance);
    if (request === NONE) this.figures.wasted += 1;
    else this.#tell(request, asked, OK, inside + this.#io[page]);
  }

  /** The database is done with a job, or let it wait for too long: the answer is on its way. */
  #leave(job: number, timedOut: boolean): void {
    const jobs = this.#jobs;
    const row = job << JOB_WORD_SHIFT;
    assert(jobs.words[row + NEXT] === AT_DATABASE, "who leaves the database was there");
    const request = jobs.words[row + REQUEST];
    const instance = jobs.words[row + INSTANCE];
    const asked = jobs.words[row + ASKED];
    const elapsed = this.#simulation.now - jobs.doubles[(job << JOB_DOUBLE_SHIFT) + SUBMITTED_AT];
    if (this.#shedding !== null) this.#door.noteAnswer(instance, asked, elapsed);
    jobs.release(job);
    this.#instances.leave(instance, this.#memory[pageOf(asked)]);
    if (this.#instances.inFlight(instance) === 0) this.lifecycle.emptied(instance);
    if (timedOut) this.figures.overtaxed += 1;
    else this.figures.answered += 1;
    if (request === NONE) this.figures.wasted += timedOut ? 0 : 1;
    else if (timedOut) this.#onOutcome(request, OVERTAXED, elapsed + this.#spec.refusal);
    else this.#onOutcome(request, OK, elapsed);
  }

  /** The core that is free now takes up the first job that is still worth it, or rests. */
  #startNext(instance: number): void {
    let job = this.#takeFromLine(instance);
    while (job !== NONE && this.#shedding !== null && this.#shedsInLine(job, instance)) {
      job = this.#takeFromLine(instance);
    }
    if (job !== NONE) {
      this.#start(job, this.#jobs.doubles[(job << JOB_DOUBLE_SHIFT) + WORK]);
      return;
    }
    const instances = this.#instances;
    instances.rest(instance, this.#simulation.now);
    if (instances.inFlight(instance) === 0) this.lifecycle.emptied(instance);
  }

  /** The job that is next on an instance, taken out of the backlog; NONE where none may begin. */
  #takeFromLine(instance: number): number {
    if (this.#compartments !== null) return this.#compartments.next(instance);
    const job = this.#instances.firstInBacklog(instance);
    if (job !== NONE)
      this.#instances.advance(instance, this.#jobs.words[(job << JOB_WORD_SHIFT) + NEXT]);
    return job;
  }

  /** Whether a job that a core takes up is refused instead; it is then gone. */
  #shedsInLine(job: number, instance: number): boolean {
    const jobs = this.#jobs;
    const row = job << JOB_WORD_SHIFT;
    const { now } = this.#simulation;
    const asked = jobs.words[row + ASKED];
    const waited = now - jobs.doubles[(job << JOB_DOUBLE_SHIFT) + SUBMITTED_AT];
    const judge = this.#shedding?.of(instance, sellerOf(asked));
    if (judge?.refusesInLine(priorityOf(asked), waited, now) !== true) return false;
    const request = jobs.words[row + REQUEST];
    jobs.release(job);
    this.#instances.leave(instance, this.#memory[pageOf(asked)]);
    if (this.#compartments !== null) this.#compartments.leave(instance, sellerOf(asked));
    this.figures.shedInLine += 1;
    if (request !== NONE) this.#tell(request, asked, SHED, waited + this.#spec.refusal);
    return true;
  }

  /**
   * Ends every request inside an instance that no longer is in service. The walk over all rows is
   * safe against requests that come back at once: they cannot come to this instance.
   */
  #failAll(instance: number): void {
    this.#instances.empty(instance, this.#simulation.now, this.#spec.memory.base);
    this.#compartments?.empty(instance);
    this.#shedding?.restart(instance);
    const jobs = this.#jobs;
    const rows = jobs.used;
    for (let job = 0; job < rows; job += 1) {
      if (jobs.words[(job << JOB_WORD_SHIFT) + INSTANCE] === instance) this.#fail(job);
    }
    assert(this.#instances.inFlight(instance) === 0, "an instance that failed takes nothing in");
  }

  #fail(job: number): void {
    const jobs = this.#jobs;
    const row = job << JOB_WORD_SHIFT;
    const submittedAt = jobs.doubles[(job << JOB_DOUBLE_SHIFT) + SUBMITTED_AT];
    if (jobs.words[row + NEXT] === ON_CORE) {
      this.#simulation.cancel(jobs.doubles[(job << JOB_DOUBLE_SHIFT) + WORK]);
    }
    if (jobs.words[row + NEXT] === AT_DATABASE) this.database?.drop(job);
    const request = jobs.words[row + REQUEST];
    const asked = jobs.words[row + ASKED];
    jobs.release(job);
    this.figures.failed += 1;
    const latency = this.#simulation.now - submittedAt + this.#spec.refusal;
    if (request !== NONE) this.#tell(request, asked, FAILED, latency);
  }
}
