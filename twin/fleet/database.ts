/**
 * The database behind the instances: each has a pool of connections, and the database serves so
 * many of them at once. A page that has its CPU time behind it waits for a connection of its
 * instance, first come first served, and keeps it for its queries; one that waits too long is an
 * error. A page that changes stock commits at the end: it waits, with its connection, for the rows
 * of its articles (`hot-rows.ts`). That is how a bestseller can take every connection of a pool.
 *
 * The time of a page's queries is drawn by (session, page number), so that it is the same in every
 * plan. All that waits inside an instance keeps its memory and its place there.
 */
import { assert } from "../../engine/assert.ts";
import type { Distribution } from "../../engine/distribution.ts";
import { nearestWhole } from "../../engine/nearest-whole.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import { Histogram } from "../../engine/statistics/histogram.ts";
import type { Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import { type DatabaseSpec, PAGE_CLASSES, type QueriesSpec } from "../scenario/scenario.ts";
import { ConnectionQueues } from "./connection-queues.ts";
import { HotRows } from "./hot-rows.ts";
import { NONE } from "./jobs.ts";
import { lengthened } from "./rows.ts";

const JOBS_AT_FIRST = 1024;
const INSTANCES_AT_FIRST = 16;

/** A request as the database sees it. */
export interface DatabaseVisit {
  readonly job: number;
  readonly instance: number;
  /** The articles whose stock it changes. */
  readonly rows: readonly number[];
}

export class Database {
  /** From asking for a connection to having one, every request that got one. */
  readonly waits = new Histogram();
  /** From the end of a commit's queries to its having the rows. */
  readonly rowWaits = new Histogram();
  /** Connections in use, and the most there were. */
  inUse = 0;
  inUsePeak = 0;
  /** Requests that waited for a connection for too long. */
  timeouts = 0;
  readonly #simulation: Simulation;
  readonly #spec: DatabaseSpec;
  readonly #onDone: (job: number, timedOut: boolean) => void;
  readonly #queries: readonly QueriesSpec[];
  readonly #read: Distribution;
  readonly #write: Distribution;
  readonly #draws: RandomStream;
  readonly #hotRows: HotRows;
  readonly #queues = new ConnectionQueues();
  readonly #queriesDone: EventKind;
  readonly #committed: EventKind;
  readonly #waitOver: EventKind;
  /** By instance: connections of its pool in use. */
  #used = new Int32Array(INSTANCES_AT_FIRST);
  /** By job: the time of its queries, its instance, and the event that ends what it does now. */
  #work = new Float64Array(JOBS_AT_FIRST);
  #instance = new Int32Array(JOBS_AT_FIRST);
  #ends = new Float64Array(JOBS_AT_FIRST);
  /** 1 while a job waits for a connection. */
  #waiting = new Uint8Array(JOBS_AT_FIRST);
  /** Rows of the jobs that change any. */
  readonly #rows = new Map<number, readonly number[]>();
  /** The jobs of those that are past their queries. */
  readonly #committing = new Set<number>();
  #timesSlower = 1;

  /** `onDone`: a request has its answer, or waited for too long. */
  constructor(
    simulation: Simulation,
    spec: DatabaseSpec,
    onDone: (job: number, timedOut: boolean) => void,
  ) {
    assert(spec.pool >= 1 && spec.connections >= 1, "a database has a connection");
    this.#simulation = simulation;
    this.#spec = spec;
    this.#onDone = onDone;
    this.#queries = PAGE_CLASSES.map((page) => spec.queries[page]);
    this.#read = distributionOf(spec.read);
    this.#write = distributionOf(spec.write);
    this.#draws = simulation.random("database.queries");
    this.#hotRows = new HotRows(spec.row);
    this.#queriesDone = simulation.defineEvent("database.queries", (job) => this.#commit(job));
    this.#committed = simulation.defineEvent("database.commit", (job) => this.#finish(job));
    this.#waitOver = simulation.defineEvent("database.wait-over", (job) => this.#giveUp(job));
  }

  /** Whether a page (an index of PAGE_CLASSES) asks anything of the database. */
  serves(page: number): boolean {
    const { reads, writes } = this.#queries[page];
    return reads + writes > 0;
  }

  /** A job is there that will come: the `n`th page of a session. */
  expect(job: number, page: number, session: number, n: number): void {
    if (job >= this.#work.length) this.#lengthen(job);
    const { reads, writes } = this.#queries[page];
    const random = this.#draws.at(session, n);
    let work = 0;
    for (let read = 0; read < reads; read += 1) work += this.#read.sample(random);
    for (let write = 0; write < writes; write += 1) work += this.#write.sample(random);
    this.#work[job] = work;
  }

  /** A job asks for a connection of its instance. */
  ask({ job, instance, rows }: DatabaseVisit): void {
    if (instance >= this.#used.length)
      this.#used = lengthened(this.#used, Math.max(instance + 1, this.#used.length * 2));
    this.#instance[job] = instance;
    if (rows.length > 0 && this.#spec.row.lock > 0) this.#rows.set(job, rows);
    if (this.#hasConnection(instance) && this.#queues.first(instance) === NONE) {
      this.#begin(job, 0);
      return;
    }
    this.#waiting[job] = 1;
    this.#queues.join(job, instance, this.#simulation.now);
    this.#ends[job] = this.#simulation.scheduleAfter(this.#spec.waitLimit, this.#waitOver, job);
  }

  /** A job is gone with its instance, whatever it was doing here. */
  drop(job: number): void {
    this.#simulation.cancel(this.#ends[job]);
    if (this.#waiting[job] === 1) {
      this.#waiting[job] = 0;
      this.#queues.leave(job, this.#instance[job]);
      this.#rows.delete(job);
    } else this.#release(job);
  }

  /** Queries that begin from now on take this multiple of their time; 1 ends it. */
  slow(times: number): void {
    assert(times > 0, "a query takes a time");
    this.#timesSlower = times;
  }

  #hasConnection(instance: number): boolean {
    return this.#used[instance] < this.#spec.pool && this.inUse < this.#spec.connections;
  }

  /** A job has its connection after so long a wait, and begins its queries. */
  #begin(job: number, waited: Ticks): void {
    this.waits.record(waited);
    this.inUse += 1;
    this.inUsePeak = Math.max(this.inUsePeak, this.inUse);
    this.#used[this.#instance[job]] += 1;
    const work = nearestWhole(this.#work[job] * this.#timesSlower);
    this.#ends[job] = this.#simulation.scheduleAfter(work, this.#queriesDone, job);
  }

  /** The queries of a job are done: what it changes is committed, once the rows are free. */
  #commit(job: number): void {
    const rows = this.#rows.get(job);
    if (rows === undefined) {
      this.#finish(job);
      return;
    }
    const { now } = this.#simulation;
    const { from, until } = this.#hotRows.begin(rows, now);
    this.rowWaits.record(from - now);
    this.#committing.add(job);
    this.#ends[job] = this.#simulation.schedule(until, this.#committed, job);
  }

  #finish(job: number): void {
    this.#release(job);
    this.#onDone(job, false);
  }

  #giveUp(job: number): void {
    assert(this.#waiting[job] === 1, "who gives up has waited");
    this.#waiting[job] = 0;
    this.#queues.leave(job, this.#instance[job]);
    this.#rows.delete(job);
    this.timeouts += 1;
    this.#onDone(job, true);
  }

  /** A job's connection goes to whoever may have it now: its own instance's next, as a rule. */
  #release(job: number): void {
    const instance = this.#instance[job];
    const wereAllInUse = this.inUse === this.#spec.connections;
    this.inUse -= 1;
    this.#used[instance] -= 1;
    assert(this.#used[instance] >= 0, "a connection is given back once");
    const rows = this.#rows.get(job);
    if (rows !== undefined) {
      if (this.#committing.delete(job)) this.#hotRows.end(rows);
      this.#rows.delete(job);
    }
    const next = wereAllInUse
      ? this.#queues.longestWaiting((one) => this.#used[one] < this.#spec.pool)
      : instance;
    const first = next === NONE ? NONE : this.#queues.first(next);
    if (first !== NONE) this.#admit(first, next);
  }

  #admit(job: number, instance: number): void {
    this.#simulation.cancel(this.#ends[job]);
    this.#waiting[job] = 0;
    this.#queues.leave(job, instance);
    this.#begin(job, this.#simulation.now - this.#queues.since(job));
  }

  #lengthen(job: number): void {
    const length = Math.max(job + 1, this.#work.length * 2);
    this.#work = lengthened(this.#work, length);
    this.#instance = lengthened(this.#instance, length);
    this.#ends = lengthened(this.#ends, length);
    this.#waiting = lengthened(this.#waiting, length);
  }
}
