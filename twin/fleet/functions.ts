/**
 * A shop on functions in place of instances: each request has an execution environment to itself.
 * One that rests answers at once; otherwise a new one starts cold, as fast as the ramp allows and
 * as long as the account's concurrency is not used up; else the request is turned away (429). An
 * environment that has rested for too long is gone. Nothing waits for a core, nothing crashes, and
 * what is paid for is requests and the memory they hold over time, cold starts included.
 *
 * CPU times are drawn as a fleet draws them, so the same page needs the same work on both.
 */
import { assert } from "../../engine/assert.ts";
import type { Distribution } from "../../engine/distribution.ts";
import { nearestWhole } from "../../engine/nearest-whole.ts";
import type { RandomStream } from "../../engine/random.ts";
import { type EventKind, NO_EVENT, type Simulation } from "../../engine/simulation.ts";
import { SECOND, type Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import { type FleetSpec, PAGE_CLASSES, type ServerlessSpec } from "../scenario/scenario.ts";
import { cpuTime } from "./cpu-time.ts";
import { Database } from "./database.ts";
import { ConcurrencyRamp, RestingEnvironments } from "./environments.ts";
import type { FleetDatabase } from "./fleet.ts";
import { FleetFigures } from "./fleet-figures.ts";
import {
  ASKED,
  askedFor,
  INSTANCE,
  JOB_DOUBLE_SHIFT,
  JOB_WORD_SHIFT,
  Jobs,
  NONE,
  pageOf,
  REQUEST,
  SALE,
  SUBMITTED_AT,
} from "./jobs.ts";
import { OK, type OnOutcome, OVERTAXED, REFUSED, type Servers } from "./servers.ts";

const NO_ROWS: readonly number[] = [];
/** All environments stand in one line for the database: none has a pool of its own. */
const ONE_POOL = 0;

export class Functions implements Servers {
  readonly figures: FleetFigures;
  readonly database: Database | null;
  /** A request to a function waits for nothing, so none is refused early. */
  readonly sheds = false;
  /** Environments that started for a request. */
  coldStarts = 0;
  /** Requests at once, and the most there were. */
  concurrent = 0;
  concurrentPeak = 0;
  /** Ticks that environments were at work, cold starts included. */
  worked: Ticks = 0;
  readonly #simulation: Simulation;
  readonly #fleet: FleetSpec;
  readonly #spec: ServerlessSpec;
  readonly #onOutcome: OnOutcome;
  readonly #rowsOf: FleetDatabase["rowsOf"];
  readonly #jobs = new Jobs();
  readonly #ramp: ConcurrencyRamp;
  readonly #resting = new RestingEnvironments();
  readonly #cpuTimes: readonly Distribution[];
  readonly #io: Float64Array;
  readonly #cpuDraws: RandomStream;
  readonly #coldStart: Distribution;
  readonly #coldDraws: RandomStream;
  readonly #done: EventKind;
  readonly #expired: EventKind;
  #expiry = NO_EVENT;
  #cpuTimesSlower = 1;

  constructor(
    simulation: Simulation,
    fleet: FleetSpec,
    options: {
      readonly spec: ServerlessSpec;
      readonly onOutcome: OnOutcome;
      readonly database: FleetDatabase | null;
    },
  ) {
    const { spec, database } = options;
    this.#simulation = simulation;
    this.#fleet = fleet;
    this.#spec = spec;
    this.#onOutcome = options.onOutcome;
    this.#rowsOf = database?.rowsOf ?? (() => NO_ROWS);
    this.#ramp = new ConcurrencyRamp(spec.ramp);
    const demands = PAGE_CLASSES.map((page) => fleet.demands[page]);
    this.#cpuTimes = demands.map(cpuTime);
    this.#io = Float64Array.from(demands, ({ io }) => io);
    this.#cpuDraws = simulation.random("fleet.cpu");
    this.#coldStart = distributionOf(spec.coldStart);
    this.#coldDraws = simulation.random("functions.cold-start");
    this.#done = simulation.defineEvent("functions.done", (job) => this.#finish(job));
    this.#expired = simulation.defineEvent("functions.expired", () => this.#expire());
    this.figures = new FleetFigures(simulation.now);
    this.database =
      database === null
        ? null
        : new Database(
            simulation,
            { ...database.spec, pool: database.spec.connections },
            (job, timedOut) => this.#answer(job, timedOut),
          );
  }

  submit(request: number, page: number, session: number, n: number): number {
    const { now } = this.#simulation;
    const started = this.concurrent < this.#spec.concurrency ? this.#environment(now) : null;
    if (started === null) {
      this.figures.refused += 1;
      this.#onOutcome(request, REFUSED, this.#fleet.refusal);
      return NONE;
    }
    const job = this.#accept(request, page, now);
    const asks = this.database?.serves(page) ?? false;
    if (asks) this.database?.expect(job, page, session, n);
    const cold = started === "cold" ? this.#coldStart.whole(this.#coldDraws.at(session, n)) : 0;
    const work = this.#cpuTimes[page].whole(this.#cpuDraws.at(session, n));
    const cpu = nearestWhole(work * this.#cpuTimesSlower);
    this.#simulation.scheduleAfter(cold + cpu + (asks ? 0 : this.#io[page]), this.#done, job);
    return job;
  }

  abandon(job: number): void {
    const row = job << JOB_WORD_SHIFT;
    assert(this.#jobs.words[row + REQUEST] !== NONE, "a request is given up once");
    this.#jobs.words[row + REQUEST] = NONE;
  }

  slowDatabase(times: number): void {
    assert(times > 0, "a page's I/O takes a time");
    PAGE_CLASSES.forEach((page, index) => {
      this.#io[index] = Math.round(this.#fleet.demands[page].io * times);
    });
    this.database?.slow(times);
  }

  slowCpu(times: number): void {
    assert(times > 0, "a page's CPU work takes a time");
    this.#cpuTimesSlower = times;
  }

  /** Gigabytes times seconds that are paid for. */
  get gigabyteSeconds(): number {
    return (this.worked / SECOND) * (this.#spec.memory / 2 ** 30);
  }

  /** An environment for a request: one that rests, or a new one; null where neither may be had. */
  #environment(now: Ticks): "warm" | "cold" | null {
    if (this.#resting.take()) return "warm";
    if (!this.#ramp.admits(now)) return null;
    this.coldStarts += 1;
    return "cold";
  }

  #accept(request: number, page: number, now: Ticks): number {
    const jobs = this.#jobs;
    const job = jobs.take();
    const row = job << JOB_WORD_SHIFT;
    jobs.words[row + REQUEST] = request;
    jobs.words[row + INSTANCE] = ONE_POOL;
    jobs.words[row + ASKED] = askedFor(page, 0, SALE);
    jobs.doubles[(job << JOB_DOUBLE_SHIFT) + SUBMITTED_AT] = now;
    this.figures.accepted += 1;
    this.concurrent += 1;
    this.concurrentPeak = Math.max(this.concurrentPeak, this.concurrent);
    this.#count();
    return job;
  }

  /** The function has run; where the page has queries, they come now. */
  #finish(job: number): void {
    const { database } = this;
    const row = job << JOB_WORD_SHIFT;
    if (database?.serves(pageOf(this.#jobs.words[row + ASKED]))) {
      const request = this.#jobs.words[row + REQUEST];
      const rows = request === NONE ? NO_ROWS : this.#rowsOf(request);
      database.ask({ job, instance: ONE_POOL, rows });
    } else this.#answer(job, false);
  }

  #answer(job: number, timedOut: boolean): void {
    const jobs = this.#jobs;
    const { now } = this.#simulation;
    const request = jobs.words[(job << JOB_WORD_SHIFT) + REQUEST];
    const elapsed = now - jobs.doubles[(job << JOB_DOUBLE_SHIFT) + SUBMITTED_AT];
    jobs.release(job);
    this.worked += elapsed;
    this.concurrent -= 1;
    this.#resting.rest(now);
    if (this.#expiry === NO_EVENT)
      this.#expiry = this.#simulation.scheduleAfter(this.#spec.keepAlive, this.#expired, 0);
    if (timedOut) this.figures.overtaxed += 1;
    else this.figures.answered += 1;
    if (request === NONE) this.figures.wasted += timedOut ? 0 : 1;
    else if (timedOut) this.#onOutcome(request, OVERTAXED, elapsed + this.#fleet.refusal);
    else this.#onOutcome(request, OK, elapsed);
  }

  /** Ends the environments that have rested for too long, and looks again when the next will have. */
  #expire(): void {
    const { now } = this.#simulation;
    this.#resting.end(now - this.#spec.keepAlive);
    const { longest } = this.#resting;
    this.#expiry =
      longest === null
        ? NO_EVENT
        : this.#simulation.schedule(longest + this.#spec.keepAlive, this.#expired, 0);
    this.#count();
  }

  #count(): void {
    const environments = this.concurrent + this.#resting.count;
    const { now } = this.#simulation;
    this.figures.instances.update(now, environments);
    this.figures.serving.update(now, environments);
  }
}
