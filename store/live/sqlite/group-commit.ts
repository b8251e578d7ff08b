/**
 * One commit for all who write in the same turn. The first write of a turn takes the file's write
 * lock; every step until the end of the turn runs inside the same transaction, one after the
 * other; then all of them are made durable together. What a step answers is known at once and
 * counts when {@link GroupCommit.durable} says so: a group is kept or lost as a whole.
 *
 * Other processes may write to the same file. What is kept in memory of it ({@link Image}) is
 * forgotten as soon as one of them has, and while they do this one pauses after its commits, so
 * that each gets the lock in its turn.
 */
import { assert } from "../../core/assert.ts";
import { PortUnavailable } from "../../ports/port-unavailable.ts";
import { type Connection, isSqliteError, plainReason } from "./ledger-file.ts";

/** What is kept in memory of the file. */
export interface Image {
  /** Writes what the group has changed; called before its commit. */
  readonly flush: () => void;
  /** The file is not what it was: another process has written to it, or the group was lost. */
  readonly forget: (why: "others wrote" | "lost") => void;
}

/** After another process has written, this one leaves the lock alone this long after a commit. */
const PAUSE_MILLIS = 1;
/** For how long after another process has written it is counted on to write again. */
const SHARED_FOR_MILLIS = 1_000;
/** How often a waiting step tries for the lock, and how long it may take altogether. */
const RETRY_MILLIS = 1;
const LOCK_WAIT_MILLIS_MAX = 5_000;
/** Steps that wait for the lock; one more is refused. */
const WAITING_STEPS_MAX = 10_000;
/**
 * After a group was lost nobody writes for this long. By then whoever acted on what it answered
 * has come to another step and heard that there is no ledger.
 */
const REST_AFTER_LOSS_MILLIS = 2_000;

export type Waiter = (problem: string | null) => void;

const MILLIS_PER_SECOND = 1_000;

interface Waiting {
  readonly since: number;
  readonly run: Waiter;
}

class Durability {
  readonly promise: Promise<void>;
  settle!: (problem: string | null) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.settle = (problem) => {
        if (problem === null) resolve();
        else reject(new PortUnavailable({ port: "the ledger's file", reason: problem }));
      };
    });
    // Whoever asked hears of it; that nobody did is no failure of its own.
    this.promise.catch(() => {});
  }
}

export class GroupCommit {
  readonly #connection: Connection;
  readonly #images: Image[] = [];
  readonly #begin;
  readonly #commit;
  readonly #dataVersion;
  #isOpen = false;
  #isClosed = false;
  #version: number;
  /** Writes of the open group, counted. */
  #writes = 0;
  #durability: Durability | null = null;
  #waiting: Waiting[] = [];
  #retry: NodeJS.Timeout | null = null;
  #othersWroteAt = Number.NEGATIVE_INFINITY;
  #pausedUntil = 0;
  #lostAt = Number.NEGATIVE_INFINITY;
  #lossReason = "";
  #openedAt = 0;
  /** Hears for how many seconds each group has held the file's lock. */
  onHeld: (seconds: number) => void = () => {};

  constructor(connection: Connection) {
    this.#connection = connection;
    // A step never waits for the lock where it stands: that would hold up everybody else.
    connection.pragma("busy_timeout = 0");
    this.#begin = connection.prepare("BEGIN IMMEDIATE");
    this.#commit = connection.prepare("COMMIT");
    this.#dataVersion = connection.prepare<[], number>("PRAGMA data_version").pluck();
    this.#version = this.#dataVersion.get() as number;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Images are flushed in the order in which they join. */
  join(image: Image): void {
    this.#images.push(image);
  }

  /** Why nothing can be written now, or null. */
  get problem(): string | null {
    if (this.#isClosed) return "the ledger is closed";
    if (performance.now() - this.#lostAt >= REST_AFTER_LOSS_MILLIS) return null;
    return `what was written last is lost: ${this.#lossReason}`;
  }

  /** True where the group is open now; false where another process has the lock. */
  enter(): boolean {
    if (this.#isOpen) return true;
    assert(this.problem === null, "a group is opened on a ledger that can be written");
    if (this.#waiting.length > 0 || performance.now() < this.#pausedUntil) return false;
    return this.#open();
  }

  /** Calls back inside a group, as soon as there is one, or with why there is none. */
  whenOpen(run: Waiter): void {
    if (this.#waiting.length >= WAITING_STEPS_MAX) {
      run("too many requests wait for the ledger");
      return;
    }
    this.#waiting.push({ since: performance.now(), run });
    this.#retryLater();
  }

  /** Notes that the open group has something to lose. */
  wrote(): void {
    assert(this.#isOpen, "nothing is written outside a group");
    this.#writes += 1;
  }

  /**
   * Runs a step inside the open group. A step that fails before its first write has changed
   * nothing; one that fails later takes its group with it, so that no half of it stays.
   */
  step<Answer>(run: () => Answer): Answer {
    assert(this.#isOpen, "a step that writes runs inside a group");
    const writes = this.#writes;
    try {
      return run();
    } catch (error) {
      if (this.#writes !== writes || isSqliteError(error)) this.#lose(plainReason(error));
      throw error;
    }
  }

  /** Looks at the file, and inside an open group at what that has changed. */
  look<Answer>(run: () => Answer): Answer {
    if (!this.#isOpen) this.#heedOthers();
    return run();
  }

  /** Resolves when everything that was written before is on disk; rejects where it was lost. */
  durable(): Promise<void> {
    if (!this.#isOpen) return Promise.resolve();
    this.#durability ??= new Durability();
    return this.#durability.promise;
  }

  close(): void {
    if (this.#isClosed) return;
    if (this.#isOpen) this.#commitGroup();
    this.#isClosed = true;
    this.#failWaiting("the ledger is closed");
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#connection.close();
  }

  #open(): boolean {
    try {
      this.#begin.run();
    } catch (error) {
      if (isSqliteError(error) && error.code.startsWith("SQLITE_BUSY")) return false;
      throw error;
    }
    this.#isOpen = true;
    this.#openedAt = performance.now();
    this.#writes = 0;
    this.#heedOthers();
    setImmediate(() => {
      if (this.#isOpen) this.#commitGroup();
    });
    return true;
  }

  #heedOthers(): void {
    const version = this.#dataVersion.get() as number;
    if (version === this.#version) return;
    this.#version = version;
    this.#othersWroteAt = performance.now();
    for (const image of this.#images) image.forget("others wrote");
  }

  #commitGroup(): void {
    try {
      for (const image of this.#images) image.flush();
      this.#commit.run();
    } catch (error) {
      this.#lose(plainReason(error));
      return;
    }
    this.#end(null);
    const now = performance.now();
    if (now - this.#othersWroteAt < SHARED_FOR_MILLIS) this.#pausedUntil = now + PAUSE_MILLIS;
  }

  #lose(reason: string): void {
    if (this.#connection.inTransaction) this.#connection.exec("ROLLBACK");
    for (const image of this.#images) image.forget("lost");
    this.#lostAt = performance.now();
    this.#lossReason = reason;
    this.#end(`the ledger could not keep what was written: ${reason}`);
  }

  #end(problem: string | null): void {
    this.#isOpen = false;
    this.onHeld((performance.now() - this.#openedAt) / MILLIS_PER_SECOND);
    const durability = this.#durability;
    this.#durability = null;
    durability?.settle(problem);
  }

  #retryLater(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = null;
      this.#serveWaiting();
    }, RETRY_MILLIS);
  }

  #serveWaiting(): void {
    const { problem } = this;
    if (problem !== null) {
      this.#failWaiting(problem);
      return;
    }
    const now = performance.now();
    if (now < this.#pausedUntil || !(this.#isOpen || this.#open())) {
      const [first] = this.#waiting;
      if (first !== undefined && now - first.since > LOCK_WAIT_MILLIS_MAX) {
        this.#failWaiting("another process has kept the ledger locked for seconds");
      } else this.#retryLater();
      return;
    }
    for (const { run } of this.#waiting.splice(0)) {
      run(this.#isOpen || this.#open() ? null : "what was written last is lost");
    }
  }

  #failWaiting(problem: string): void {
    for (const { run } of this.#waiting.splice(0)) run(problem);
  }
}
