/**
 * The kernel's one loop. An event is (time, kind, subject) without a closure; it is executed by
 * the handler that was defined for its kind, in the total order (tick, priority, sequence).
 * A seed decides everything: two simulations with the same seed and the same handlers execute the
 * same events, and `digest` proves it.
 */
import { assert } from "./assert.ts";
import { Digest } from "./digest.ts";
import { EventQueue } from "./event-queue.ts";
import { RandomStream } from "./random.ts";
import type { Ticks } from "./time.ts";

/** What kind of event it is: the number that `defineEvent` gave. */
export type EventKind = number;
/** Names one scheduled event for `cancel`; never valid again once it ran or was cancelled. */
export type EventHandle = number;
export const NO_EVENT: EventHandle = 0;

/**
 * How a run ended: nothing was left to do, the time given was reached, the number of events given
 * (or the simulation's limit) was reached, or a handler called `stop`.
 */
export type RunEnd = "drained" | "until" | "event-limit" | "stopped";

/** Events that a simulation executes at most unless it is told otherwise: days of computing. */
const EVENT_LIMIT = 100_000_000_000;
/** Events that wait at once at most unless it is told otherwise. */
const PENDING_LIMIT = 16_000_000;
/** Kinds of events a simulation may define. */
const KINDS_MAX = 4_096;
/** Priorities lie between this and its negative. */
export const PRIORITY_MAX = 1_000;

interface SimulationOptions {
  readonly seed: string;
  /** Ends the run, as "event-limit", when so many events were executed. */
  readonly eventLimit?: number;
  /** More events than these may not wait at once. */
  readonly pendingLimit?: number;
}

type EventHandler = (subject: number) => void;
type EventObserver = (kind: EventKind, subject: number) => void;

export class Simulation {
  readonly seed: string;
  readonly digest = new Digest();
  /** The time of the event that is executed, or at which the last run ended. */
  now: Ticks = 0;

  private readonly queue: EventQueue;
  private readonly eventLimit: number;
  private readonly handlers: EventHandler[] = [];
  private readonly priorities: number[] = [];
  private readonly names: string[] = [];
  private readonly streams = new Map<string, RandomStream>();
  private observer: EventObserver | null = null;
  private running = false;
  private stopping = false;

  constructor(options: SimulationOptions) {
    this.seed = options.seed;
    this.eventLimit = options.eventLimit ?? EVENT_LIMIT;
    this.queue = new EventQueue(options.pendingLimit ?? PENDING_LIMIT);
  }

  /** Events executed so far. */
  get events(): number {
    return this.digest.events;
  }

  /** Events that wait; cancelled ones do not count. */
  get pending(): number {
    return this.queue.size;
  }

  /** The stream of this name; the same object each time it is asked for. */
  random(name: string): RandomStream {
    let stream = this.streams.get(name);
    if (stream === undefined) {
      stream = new RandomStream(this.seed, name);
      this.streams.set(name, stream);
    }
    return stream;
  }

  /**
   * Defines what happens at events of a kind. Among events of one tick the lower priority goes
   * first (0 unless given), then the one that was scheduled first. The name is for people.
   */
  defineEvent(name: string, handler: EventHandler, options?: { priority?: number }): EventKind {
    const priority = options?.priority ?? 0;
    const known = Number.isInteger(priority) && Math.abs(priority) <= PRIORITY_MAX;
    assert(known, "a priority is a whole number within its range");
    assert(this.handlers.length < KINDS_MAX, "the kinds of events stay below their limit");
    this.names.push(name);
    this.priorities.push(priority);
    return this.handlers.push(handler) - 1;
  }

  /** The name that an event's kind was defined with. */
  nameOf(kind: EventKind): string {
    const name = this.names[kind];
    assert(name !== undefined, "the kind of event is defined");
    return name;
  }

  /** Schedules an event at a whole tick that is not past. The subject is a whole number of 32 bits. */
  schedule(at: Ticks, kind: EventKind, subject: number): EventHandle {
    assert(at >= this.now, "no event is scheduled in the past");
    assert(at <= Number.MAX_SAFE_INTEGER && Math.floor(at) === at, "a tick is a whole number");
    assert((subject | 0) === subject, "a subject is a whole number of 32 bits");
    const priority = this.priorities[kind];
    assert(priority !== undefined, "the kind of event is defined");
    return this.queue.push(at, priority, kind, subject);
  }

  scheduleAfter(delay: Ticks, kind: EventKind, subject: number): EventHandle {
    return this.schedule(this.now + delay, kind, subject);
  }

  /** Takes the event back. False when it already ran, was cancelled before, or is {@link NO_EVENT}. */
  cancel(handle: EventHandle): boolean {
    return this.queue.cancel(handle);
  }

  /**
   * Executes events until none is left, up to and with those at `until`, at most `events` of them,
   * or until a handler calls `stop`. When it comes to an end at `until`, or because nothing is left
   * before it, the time becomes `until`. It can be called again to go on.
   */
  run(options?: { until?: Ticks; events?: number }): RunEnd {
    const until = options?.until ?? Infinity;
    assert(!this.running, "a run is not started from within an event");
    assert(until >= this.now, "a run does not end before it begins");
    this.running = true;
    this.stopping = false;
    const last = Math.min(this.eventLimit, this.events + (options?.events ?? Infinity));
    const end = this.execute(until, last);
    this.running = false;
    // Nothing is left up to the time that was asked for, so this is the time.
    if ((end === "until" || end === "drained") && until < Infinity) this.now = until;
    return end;
  }

  /** Ends the run after the current event. */
  stop(): void {
    this.stopping = true;
  }

  /** Has the observer called after every event (for invariants in tests), or nobody. */
  onEvent(observer: EventObserver | null): void {
    this.observer = observer;
  }

  private execute(until: Ticks, lastEvent: number): RunEnd {
    const { queue, digest, handlers } = this;
    while (digest.events < lastEvent) {
      if (!queue.pop(until)) return queue.size === 0 ? "drained" : "until";
      const { at, kind, subject } = queue;
      assert(at >= this.now, "time does not run backwards");
      this.now = at;
      digest.add(at, kind, subject);
      handlers[kind](subject);
      if (this.observer !== null) this.observer(kind, subject);
      if (this.stopping) return "stopped";
    }
    return "event-limit";
  }
}
