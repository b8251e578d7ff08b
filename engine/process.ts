/**
 * Processes for rare actors: a generator that says what it waits for and goes on when that has
 * come.
 *
 * ```ts
 * function* shopper(tills: Resource): Behaviour {
 *   yield 3 * MINUTE;                            // walks through the shop
 *   const till = tills.request({ patience: 10 * MINUTE });
 *   yield till;                                  // waits for its turn
 *   if (till.state !== "held") return;           // lost patience
 *   yield 40 * SECOND;
 *   till.release();
 * }
 * processes.start("shopper", shopper(tills));
 * ```
 *
 * What becomes ready within an event runs within the same event, in the order in which it became
 * ready; nobody's generator is entered from inside another's. A process that ends, in whatever way,
 * gives back what it still holds. Hot entities are rows in typed arrays, not processes.
 */
import { assert, BrokenAssumption } from "./assert.ts";
import { type EventHandle, type EventKind, NO_EVENT, type Simulation } from "./simulation.ts";
import type { Ticks } from "./time.ts";

/** Processes that may be alive at once where no other limit is given. */
export const PROCESSES_MAX = 4_000_000;
/** Steps that one process may take within one event, all of them answered at once. */
const STEPS_PER_EVENT_MAX = 1_000_000;
/** Processes that may be woken within one event, some of them again and again. */
const WAKES_PER_EVENT_MAX = 100_000_000;

/** Why a wait ends before what it waited for has come. */
export type Abandonment = "interrupt" | "patience";

/** Something that a process can wait for by yielding it. */
export interface Waitable {
  /**
   * The process begins to wait. True where there is nothing to wait for: the process goes on at
   * once.
   */
  begin(process: Process<unknown>): boolean;
  /** The process stops waiting; also called when it was already woken but has not run yet. */
  abandon(process: Process<unknown>, why: Abandonment): void;
}

/** What a process yields: a delay in whole ticks, or something to wait for. */
export type Command = Ticks | Waitable;

/** The generator of a process; its return value is the process's end value. */
export type Behaviour<T = void> = Generator<Command, T, void>;

/**
 * Thrown into a generator at its `yield` when somebody interrupts the process. It may be caught.
 */
export class Interrupt {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/** An error inside a process, with the process's name and time. It ends the run. */
export class ProcessFailure extends Error {
  override readonly name = "ProcessFailure";
}

/**
 * How a process stands: it goes on, or it has ended with a value, or by an interrupt that it did
 * not catch.
 */
export type ProcessOutcome<T> =
  | { readonly kind: "going" }
  | { readonly kind: "ended"; readonly value: T }
  | { readonly kind: "interrupted"; readonly cause: unknown };

const GOING = { kind: "going" } as const;
/** Shared by all processes that return nothing, which are most. */
const ENDED_WITHOUT_VALUE = { kind: "ended", value: undefined } as const;

/** Something that a process holds and that is given back when the process ends. */
export interface Holding {
  nextHeld: Holding | null;
  previousHeld: Holding | null;
  release(): void;
}

/** A running generator. Yielding a process waits for its end. */
export class Process<T = void> implements Waitable {
  readonly name: string;
  outcome: ProcessOutcome<T> = GOING;
  /** Place in the table of processes; the subject of its events. @internal */
  readonly slot: number;
  /** @internal */
  readonly generator: Behaviour<T>;
  /** What it waits for, until it really runs again. @internal */
  waitingOn: Waitable | null = null;
  /** The event that ends its delay or its patience. @internal */
  timer: EventHandle = NO_EVENT;
  /** In the queue of those that run before this event ends. @internal */
  isReady = false;
  /** @internal */
  nextReady: Process<unknown> | null = null;
  /** To be thrown into the generator when it runs next. @internal */
  interrupt: Interrupt | null = null;
  /** First of what it holds. @internal */
  held: Holding | null = null;
  private onEnd: Signal | null = null;
  private readonly processes: Processes;

  constructor(processes: Processes, slot: number, name: string, generator: Behaviour<T>) {
    this.processes = processes;
    this.slot = slot;
    this.name = name;
    this.generator = generator;
  }

  get going(): boolean {
    return this.outcome.kind === "going";
  }

  /**
   * Throws {@link Interrupt} into the generator at the `yield` where it waits, in this same
   * instant. False where the process has ended, or where an earlier interrupt has not reached it
   * yet.
   */
  interruptWith(cause: unknown): boolean {
    if (!this.going || this.interrupt !== null) return false;
    this.processes.interrupt(this as Process<unknown>, cause);
    return true;
  }

  begin(process: Process<unknown>): boolean {
    assert(process !== this, "a process does not wait for its own end");
    if (!this.going) return true;
    this.onEnd ??= new Signal(this.processes);
    return this.onEnd.begin(process);
  }

  abandon(process: Process<unknown>): void {
    this.onEnd?.abandon(process);
  }

  /** Takes hold of something until it is released or the process ends. @internal */
  hold(holding: Holding): void {
    holding.nextHeld = this.held;
    holding.previousHeld = null;
    if (this.held !== null) this.held.previousHeld = holding;
    this.held = holding;
  }

  /** Lets go of something it holds. @internal */
  letGo(holding: Holding): void {
    const { nextHeld, previousHeld } = holding;
    if (previousHeld === null) this.held = nextHeld;
    else previousHeld.nextHeld = nextHeld;
    if (nextHeld !== null) nextHeld.previousHeld = previousHeld;
    holding.nextHeld = null;
    holding.previousHeld = null;
  }

  /** The generator has ended. @internal */
  finish(outcome: ProcessOutcome<T>): void {
    assert(this.going, "a process ends once");
    this.outcome = outcome;
    while (this.held !== null) {
      const holding: Holding = this.held;
      holding.release();
      assert(this.held !== holding, "what is released is no longer held");
    }
    this.onEnd?.fire();
  }
}

/** All processes of a simulation: starts them, wakes them, carries interrupts. */
export class Processes {
  readonly simulation: Simulation;
  private readonly limit: number;
  private readonly table: (Process<unknown> | null)[] = [];
  private readonly freeSlots: number[] = [];
  private readonly wakeKind: EventKind;
  private readonly patienceKind: EventKind;
  private readonly drainKind: EventKind;
  private firstReady: Process<unknown> | null = null;
  private lastReady: Process<unknown> | null = null;
  private isDraining = false;
  private isDrainScheduled = false;
  private running: Process<unknown> | null = null;

  constructor(simulation: Simulation, options: { readonly limit?: number } = {}) {
    this.simulation = simulation;
    this.limit = options.limit ?? PROCESSES_MAX;
    this.wakeKind = simulation.defineEvent("process.wake", (slot) => this.onDelayOver(slot));
    this.patienceKind = simulation.defineEvent("process.patience", (slot) =>
      this.onPatienceOver(slot),
    );
    this.drainKind = simulation.defineEvent("process.drain", () => {
      this.isDrainScheduled = false;
      this.drain();
    });
  }

  /** How many processes have not ended. */
  get alive(): number {
    return this.table.length - this.freeSlots.length;
  }

  /** Every process that has not ended, for the report of what a run left unfinished. */
  *unfinished(): Generator<Process<unknown>, void, void> {
    for (const process of this.table) if (process !== null) yield process;
  }

  /** Starts a process; its generator runs up to its first wait before the current event ends. */
  start<T>(name: string, behaviour: Behaviour<T>): Process<T> {
    const slot = this.freeSlots.pop() ?? this.table.length;
    assert(slot < this.limit, "the processes alive at once stay below their limit");
    const process = new Process<T>(this, slot, name, behaviour);
    this.table[slot] = process as Process<unknown>;
    this.ready(process as Process<unknown>);
    return process;
  }

  /** The process goes on before the current event ends. @internal */
  ready(process: Process<unknown>): void {
    assert(process.going && !process.isReady, "a process is woken once, and while it is alive");
    process.isReady = true;
    // Here and not when it runs: its patience may not end between being woken and going on.
    if (process.timer !== NO_EVENT) this.stopTimer(process);
    if (this.lastReady === null) this.firstReady = process;
    else this.lastReady.nextReady = process;
    this.lastReady = process;
    if (this.isDraining || this.isDrainScheduled) return;
    this.isDrainScheduled = true;
    this.simulation.schedule(this.simulation.now, this.drainKind, 0);
  }

  /** Ends the wait of a process after a delay, where nothing else has ended it before. @internal */
  limitWait(process: Process<unknown>, patience: Ticks): void {
    assert(process.timer === NO_EVENT, "a wait has one limit");
    process.timer = this.simulation.scheduleAfter(patience, this.patienceKind, process.slot);
  }

  /** @internal */
  interrupt(process: Process<unknown>, cause: unknown): void {
    assert(process !== this.running, "a process does not interrupt itself");
    process.interrupt = new Interrupt(cause);
    if (!process.isReady) this.ready(process);
    this.abandonWait(process, "interrupt");
    assert(process.timer === NO_EVENT, "an interrupted process waits for nothing else");
  }

  private onDelayOver(slot: number): void {
    const process = this.occupant(slot);
    process.timer = NO_EVENT;
    this.isDraining = true;
    this.run(process);
    this.drain();
  }

  private onPatienceOver(slot: number): void {
    const process = this.occupant(slot);
    process.timer = NO_EVENT;
    this.ready(process);
    this.abandonWait(process, "patience");
  }

  private occupant(slot: number): Process<unknown> {
    const process = this.table[slot];
    assert(process !== null, "a process's timer does not outlive it");
    return process;
  }

  private abandonWait(process: Process<unknown>, why: Abandonment): void {
    const waitable = process.waitingOn;
    process.waitingOn = null;
    if (waitable !== null) waitable.abandon(process, why);
  }

  private stopTimer(process: Process<unknown>): void {
    this.simulation.cancel(process.timer);
    process.timer = NO_EVENT;
  }

  /** Runs everybody who is ready, and who becomes ready on the way. */
  private drain(): void {
    this.isDraining = true;
    let process = this.firstReady;
    for (let woken = 0; process !== null; woken++) {
      assert(woken < WAKES_PER_EVENT_MAX, "processes do not wake each other for ever in one event");
      this.firstReady = process.nextReady;
      if (this.firstReady === null) this.lastReady = null;
      process.nextReady = null;
      process.isReady = false;
      this.run(process);
      process = this.firstReady;
    }
    this.isDraining = false;
  }

  /** Lets the generator go on to its next wait or its end. */
  private run(process: Process<unknown>): void {
    process.waitingOn = null;
    this.running = process;
    try {
      this.advance(process);
    } catch (error) {
      this.onThrown(process, error);
    }
    this.running = null;
  }

  private advance(process: Process<unknown>): void {
    const { generator, interrupt } = process;
    process.interrupt = null;
    let step = interrupt === null ? generator.next() : generator.throw(interrupt);
    for (let steps = 0; step.done !== true; steps++) {
      assert(steps < STEPS_PER_EVENT_MAX, "a process does not go on for ever within one event");
      const command = step.value;
      if (typeof command === "number") {
        process.timer = this.simulation.scheduleAfter(command, this.wakeKind, process.slot);
        return;
      }
      process.waitingOn = command;
      if (!command.begin(process)) return;
      process.waitingOn = null;
      step = generator.next();
    }
    const { value } = step;
    this.end(process, value === undefined ? ENDED_WITHOUT_VALUE : { kind: "ended", value });
  }

  private onThrown(process: Process<unknown>, error: unknown): void {
    if (error instanceof Interrupt) {
      this.end(process, { kind: "interrupted", cause: error.cause });
      return;
    }
    const where = `in process "${process.name}" at tick ${this.simulation.now}`;
    if (error instanceof BrokenAssumption) {
      throw new BrokenAssumption(`${error.message} (${where})`, { cause: error });
    }
    const what = error instanceof Error ? error.message : String(error);
    throw new ProcessFailure(`${where}: ${what}`, { cause: error });
  }

  private end(process: Process<unknown>, outcome: ProcessOutcome<unknown>): void {
    this.table[process.slot] = null;
    this.freeSlots.push(process.slot);
    process.finish(outcome);
  }
}

/** A moment that several processes wait for together: the doors open, a batch is complete. */
export class Signal implements Waitable {
  private readonly processes: Processes;
  private waiting: Process<unknown>[] = [];

  constructor(processes: Processes) {
    this.processes = processes;
  }

  /** How many wait. */
  get size(): number {
    return this.waiting.length;
  }

  /** Wakes everybody who waits, in the order in which they came. */
  fire(): void {
    const woken = this.waiting;
    this.waiting = [];
    for (const process of woken) this.processes.ready(process);
  }

  begin(process: Process<unknown>): boolean {
    this.waiting.push(process);
    return false;
  }

  abandon(process: Process<unknown>): void {
    const index = this.waiting.indexOf(process);
    if (index >= 0) this.waiting.splice(index, 1);
  }
}
