/**
 * A resource with a capacity that may change while it runs: tills, connections, places. Claims are
 * served by priority (the lowest value first), first come first served among equals; a claim that
 * does not fit holds up those behind it, so that a large one is not starved.
 *
 * Five things can go otherwise than "wait, hold, release": a claim *balks* (the queue is full),
 * *reneges* (its patience ends), is *withdrawn* (its process is interrupted while it waits), is
 * *preempted* (a more urgent claim takes its place; its process gets an {@link Interrupt} with a
 * {@link Preempted}), or is released by the end of its process.
 */
import { assert } from "./assert.ts";
import type { Abandonment, Holding, Process, Processes, Waitable } from "./process.ts";
import { TimeWeighted } from "./statistics/time-weighted.ts";
import type { Ticks } from "./time.ts";

/** Claims that may wait for one resource where no other limit is given. */
export const RESOURCE_QUEUE_MAX = 1_000_000;
/** Different priorities that the claims of one resource may have over its life. */
export const RESOURCE_PRIORITIES_MAX = 64;

export interface ResourceOptions {
  readonly name: string;
  /** Units that can be held at once; may be 0. */
  readonly capacity: number;
  /** Claims that may wait; one more balks. {@link RESOURCE_QUEUE_MAX} where nothing is said. */
  readonly queueLimit?: number;
}

export interface ClaimOptions {
  /** Units wanted; 1 where nothing is said. */
  readonly amount?: number;
  /** The lowest value is served first; 0 where nothing is said. */
  readonly priority?: number;
  /** Ticks after which it stops waiting; it never does where nothing is said. */
  readonly patience?: Ticks;
  /** Takes the place of less urgent holders where it does not fit otherwise. */
  readonly preempt?: boolean;
  /** Balks where already this many wait, if that is stricter than the resource's own limit. */
  readonly queueLimit?: number;
}

export type ClaimState =
  | "new"
  | "waiting"
  | "held"
  | "released"
  | "balked"
  | "reneged"
  | "withdrawn"
  | "preempted";

/** The cause of the interrupt that tells a process that it has lost what it held. */
export class Preempted {
  readonly claim: Claim;

  constructor(claim: Claim) {
    this.claim = claim;
  }
}

const NO_OPTIONS: ClaimOptions = {};

/** A wish for some units of a resource. Yield it, look at its `state`, release it. */
export class Claim implements Waitable, Holding {
  state: ClaimState = "new";
  readonly resource: Resource;
  readonly amount: number;
  readonly options: ClaimOptions;
  /** When it was yielded. */
  requestedAt: Ticks = 0;
  /** @internal */
  process: Process<unknown> | null = null;
  /** Neighbours in the queue of its priority, or among the holders. @internal */
  next: Claim | null = null;
  /** @internal */
  previous: Claim | null = null;
  nextHeld: Holding | null = null;
  previousHeld: Holding | null = null;

  constructor(resource: Resource, options: ClaimOptions) {
    this.resource = resource;
    this.options = options;
    this.amount = options.amount ?? 1;
  }

  get priority(): number {
    return this.options.priority ?? 0;
  }

  /** Gives the units back. Nothing happens where they are not held (any more). */
  release(): void {
    if (this.state === "held") this.resource.giveBack(this, "released");
  }

  begin(process: Process<unknown>): boolean {
    assert(this.state === "new", "a claim is made once");
    this.process = process;
    return this.resource.admit(this);
  }

  abandon(_process: Process<unknown>, why: Abandonment): void {
    this.resource.withdraw(this, why === "patience" ? "reneged" : "withdrawn");
  }
}

/** Claims in order of arrival. */
class ClaimList {
  first: Claim | null = null;
  last: Claim | null = null;

  append(claim: Claim): void {
    claim.previous = this.last;
    claim.next = null;
    if (this.last === null) this.first = claim;
    else this.last.next = claim;
    this.last = claim;
  }

  remove(claim: Claim): void {
    const { next, previous } = claim;
    if (previous === null) this.first = next;
    else previous.next = next;
    if (next === null) this.last = previous;
    else next.previous = previous;
    claim.next = null;
    claim.previous = null;
  }
}

/** The queue of one priority. */
class Level extends ClaimList {
  readonly priority: number;

  constructor(priority: number) {
    super();
    this.priority = priority;
  }
}

export class Resource {
  readonly name: string;
  /** Units in use over time: mean, peak, and the value now. */
  readonly use: TimeWeighted;
  /** Claims waiting over time. */
  readonly queue: TimeWeighted;
  /** Claims that ever were granted, balked, reneged, were withdrawn, were preempted. */
  readonly counts = { granted: 0, balked: 0, reneged: 0, withdrawn: 0, preempted: 0 };
  /** Ticks that granted claims waited, together. */
  waitTotal = 0;
  private readonly processes: Processes;
  private readonly queueLimit: number;
  private readonly levels: Level[] = [];
  private readonly holders = new ClaimList();
  private units: number;

  constructor(processes: Processes, options: ResourceOptions) {
    const { name, capacity, queueLimit = RESOURCE_QUEUE_MAX } = options;
    assertCapacity(capacity);
    assert(queueLimit >= 0 && queueLimit <= RESOURCE_QUEUE_MAX, "a queue has a limit");
    this.processes = processes;
    this.name = name;
    this.units = capacity;
    this.queueLimit = queueLimit;
    this.use = new TimeWeighted(processes.simulation.now);
    this.queue = new TimeWeighted(processes.simulation.now);
  }

  get capacity(): number {
    return this.units;
  }

  /** Units that are held; for a while more than the capacity after that has been lowered. */
  get inUse(): number {
    return this.use.value;
  }

  get waiting(): number {
    return this.queue.value;
  }

  /** A claim, to be yielded by the process that wants it. */
  request(options: ClaimOptions = NO_OPTIONS): Claim {
    return new Claim(this, options);
  }

  /**
   * Changes the capacity. More of it is given out at once. Less of it: whoever holds units keeps
   * them until released, or, with `evict`, the least urgent holders lose them as if preempted until
   * the rest fits.
   */
  setCapacity(capacity: number, options: { readonly evict?: boolean } = {}): void {
    assertCapacity(capacity);
    this.units = capacity;
    if (options.evict === true) {
      let holder = this.leastUrgent(Number.NEGATIVE_INFINITY, null);
      while (this.inUse > capacity && holder !== null) {
        this.preempt(holder);
        holder = this.leastUrgent(Number.NEGATIVE_INFINITY, null);
      }
    }
    this.grantWaiting();
  }

  /** Decides on a new claim: true where it need not wait (granted or balked). @internal */
  admit(claim: Claim): boolean {
    const { options } = claim;
    claim.requestedAt = this.processes.simulation.now;
    assert(claim.amount > 0, "a claim wants something");
    if (!this.isOvertaking(claim) && (this.fits(claim) || this.makeRoom(claim))) {
      this.grant(claim);
      return true;
    }
    const limit = Math.min(this.queueLimit, options.queueLimit ?? RESOURCE_QUEUE_MAX);
    if (this.waiting >= limit) {
      claim.state = "balked";
      this.counts.balked += 1;
      return true;
    }
    claim.state = "waiting";
    this.level(claim.priority).append(claim);
    this.queue.add(claim.requestedAt, 1);
    if (options.patience !== undefined && claim.process !== null) {
      this.processes.limitWait(claim.process, options.patience);
    }
    return false;
  }

  /**
   * Ends a claim that waits, or that was granted in this instant without its process knowing yet.
   * @internal
   */
  withdraw(claim: Claim, as: "reneged" | "withdrawn"): void {
    if (claim.state === "held") {
      this.counts[as] += 1;
      this.giveBack(claim, as);
    } else if (claim.state === "waiting") {
      this.counts[as] += 1;
      claim.state = as;
      this.leaveQueue(claim);
      this.grantWaiting();
    }
  }

  /** @internal */
  giveBack(claim: Claim, as: "released" | "reneged" | "withdrawn"): void {
    this.endHolding(claim, as);
    this.grantWaiting();
  }

  /** Whether somebody at least as urgent already waits. */
  private isOvertaking(claim: Claim): boolean {
    if (this.queue.value === 0) return false;
    for (const level of this.levels) {
      if (level.priority > claim.priority) return false;
      if (level.first !== null) return true;
    }
    return false;
  }

  private fits(claim: Claim): boolean {
    return this.use.value + claim.amount <= this.units;
  }

  private grant(claim: Claim): void {
    const { process } = claim;
    assert(process !== null, "a claim is granted to a process");
    const now = this.processes.simulation.now;
    claim.state = "held";
    this.use.add(now, claim.amount);
    this.holders.append(claim);
    process.hold(claim);
    this.counts.granted += 1;
    this.waitTotal += now - claim.requestedAt;
  }

  private grantWaiting(): void {
    if (this.queue.value === 0) return;
    for (const level of this.levels) {
      while (level.first !== null) {
        const claim = level.first;
        if (!this.fits(claim)) return;
        level.remove(claim);
        this.queue.add(this.processes.simulation.now, -1);
        this.grant(claim);
        if (claim.process !== null) this.processes.ready(claim.process);
      }
    }
  }

  private leaveQueue(claim: Claim): void {
    this.level(claim.priority).remove(claim);
    this.queue.add(this.processes.simulation.now, -1);
  }

  private endHolding(claim: Claim, as: ClaimState): void {
    assert(claim.state === "held", "only held units are given back");
    claim.state = as;
    this.holders.remove(claim);
    claim.process?.letGo(claim);
    this.use.add(this.processes.simulation.now, -claim.amount);
    assert(this.use.value >= 0, "a resource never gets back more than it gave");
  }

  /** Preempts just enough less urgent holders, or nobody where even all of them would not do. */
  private makeRoom(claim: Claim): boolean {
    if (claim.options.preempt !== true) return false;
    let available = this.units - this.inUse;
    for (let holder = this.holders.first; holder !== null; holder = holder.next) {
      if (isPreemptedBy(holder, claim.priority, claim.process)) available += holder.amount;
    }
    if (available < claim.amount) return false;
    while (!this.fits(claim)) {
      const holder = this.leastUrgent(claim.priority, claim.process);
      assert(holder !== null, "there is a holder left to preempt");
      this.preempt(holder);
    }
    return true;
  }

  /**
   * The least urgent holder above a priority value, the latest among equals, never of that process.
   */
  private leastUrgent(above: number, except: Process<unknown> | null): Claim | null {
    let found: Claim | null = null;
    for (let holder = this.holders.first; holder !== null; holder = holder.next) {
      if (!isPreemptedBy(holder, above, except)) continue;
      if (found === null || holder.priority >= found.priority) found = holder;
    }
    return found;
  }

  private preempt(claim: Claim): void {
    this.counts.preempted += 1;
    this.endHolding(claim, "preempted");
    claim.process?.interruptWith(new Preempted(claim));
  }

  private level(priority: number): Level {
    let index = 0;
    while (index < this.levels.length && this.levels[index].priority < priority) index++;
    const found = this.levels[index];
    if (found !== undefined && found.priority === priority) return found;
    assert(
      this.levels.length < RESOURCE_PRIORITIES_MAX,
      "a resource knows a bounded set of priorities",
    );
    const level = new Level(priority);
    this.levels.splice(index, 0, level);
    return level;
  }
}

function isPreemptedBy(holder: Claim, above: number, except: Process<unknown> | null): boolean {
  return holder.priority > above && holder.process !== except;
}

function assertCapacity(capacity: number): void {
  assert(capacity >= 0 && Number.isFinite(capacity), "a capacity is finite and not negative");
}
