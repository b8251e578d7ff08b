/**
 * Runs the store's real Effect programs on the kernel's clock. Effect's Clock sleeps on kernel
 * events and its scheduler is drained before the event ends, so a program that takes no virtual
 * time has finished when {@link VirtualRuntime.run} returns, and one that sleeps goes on in a
 * later event. Nothing may wait on real time: an unfinished program that no kernel event will
 * wake ends the run with a broken assumption. A program of the store is gone through by hand as
 * far as that goes, which with ports in memory is to its end; any other Effect, and what is left of
 * a program at a step that only a fiber can do, runs in a {@link Lane lane}, as if on its own fiber.
 */
import {
  Cause,
  Clock,
  Context,
  DefaultServices,
  Duration,
  Effect,
  Effectable,
  type Exit,
  FiberRef,
  Random,
  Runtime,
  RuntimeFlags,
  type Scheduler,
  Utils,
} from "effect";
import { assert, BrokenAssumption } from "../../engine/assert.ts";
import { type EventKind, NO_EVENT, type Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, type Ticks } from "../../engine/time.ts";
import { restOf, type Steps, type Program as StoreProgram } from "../../store/service/program.ts";
import { Lane } from "./lane.ts";
import { grantFiberStamp, revokeFiberStamp } from "./sealed-globals.ts";

/** Tasks one event may run before it counts as a program that never ends. */
const TASKS_PER_EVENT_MAX = 1_000_000;

const ONE_AT_A_TIME = "one program of the store runs at a time";

/** A running program: where it runs, how many kernel events will wake it, and how it ended. */
class Program<R> {
  waits = 0;
  exit: Exit.Exit<unknown, never> | null = null;
  readonly lane: Lane<R>;
  readonly onSuccess: (answer: never) => void;

  constructor(lane: Lane<R>, onSuccess: (answer: never) => void) {
    this.lane = lane;
    this.onSuccess = onSuccess;
  }
}

/** Waits on the kernel. A fiber runs it, or the runtime that made it does so without one. */
class KernelSleep extends Effectable.Class<void> {
  readonly runtime: VirtualRuntime<never>;
  readonly delay: Ticks;

  constructor(runtime: VirtualRuntime<never>, delay: Ticks) {
    super();
    this.runtime = runtime;
    this.delay = delay;
  }

  override commit(): Effect.Effect<void> {
    return this.runtime.sleepOnFiber(this.delay);
  }
}

class DrainedScheduler implements Scheduler.Scheduler {
  private readonly tasks: Array<() => void> = [];
  private next = 0;

  shouldYield(): false {
    return false;
  }

  scheduleTask(task: () => void): void {
    this.tasks.push(task);
  }

  /** Runs every task, and those that they add, in the order they came. */
  drain(): void {
    while (this.next < this.tasks.length) {
      assert(
        this.next < TASKS_PER_EVENT_MAX,
        "a program of the store comes to rest within an event",
      );
      const task = this.tasks[this.next++];
      task?.();
    }
    this.tasks.length = 0;
    this.next = 0;
  }
}

export interface VirtualRuntimeOptions<R> {
  readonly simulation: Simulation;
  /** Wall time of tick 0, milliseconds since 1970-01-01T00:00Z. */
  readonly epochMillis: number;
  /** The store's services: its ports, answered by the twin. */
  readonly services: Context.Context<R>;
}

export class VirtualRuntime<R> {
  private readonly simulation: Simulation;
  private readonly scheduler = new DrainedScheduler();
  /** What wakes each sleeping program. */
  private readonly waiters: Array<(() => void) | undefined> = [];
  private readonly freeWaiters: number[] = [];
  private readonly wake: EventKind;
  private readonly clock: Clock.Clock;
  private readonly runtime: Runtime.Runtime<R>;
  /** Lanes that wait for a program; together with the unfinished programs' these are all. */
  private readonly freeLanes: Lane<R>[] = [];
  private current: Program<R> | null = null;
  /** True while the runtime goes through steps itself. */
  private byHand = false;
  private unfinishedPrograms = 0;
  /** This runtime, whatever its services: a sleep needs none. */
  private readonly itself = this as unknown as VirtualRuntime<never>;

  constructor(options: VirtualRuntimeOptions<R>) {
    this.simulation = options.simulation;
    this.wake = options.simulation.defineEvent("store.wake", (waiter) => this.takeWaiter(waiter)());
    this.clock = this.clockAt(options.epochMillis);
    this.runtime = this.runtimeOf(options);
  }

  /** Programs that have started and not ended: they sleep on the kernel. */
  get unfinished(): number {
    return this.unfinishedPrograms;
  }

  /**
   * Starts a program. `onSuccess` is called with its answer, in this event or in a later one.
   * A defect of the program ends the rehearsal: errors that a shopper can meet are values.
   */
  run<A>(program: Effect.Effect<A, never, R>, onSuccess: (answer: A) => void): void {
    const record = new Program<R>(this.freeLanes.pop() ?? this.newLane(), onSuccess);
    this.unfinishedPrograms += 1;
    this.step(record, () =>
      record.lane.take(program, (exit) => {
        record.exit = exit;
      }),
    );
  }

  /**
   * Starts a program of the store, as {@link run} does; an expected failure of it is an answer as
   * well. The runtime goes through its steps itself and gives it to a fiber only where it comes to
   * one that is neither over at once nor a sleep on the kernel.
   */
  ask<A, E>(program: StoreProgram<A, E>, onAnswer: (answer: A | E) => void): void {
    this.unfinishedPrograms += 1;
    this.goOn(program.begin(this.clock), onAnswer);
  }

  private goOn<A, E>(steps: Steps<A, E>, onAnswer: (answer: A | E) => void): void {
    assert(this.current === null && !this.byHand, ONE_AT_A_TIME);
    this.byHand = true;
    const next = steps.next();
    this.byHand = false;
    if (next.done === true) {
      this.unfinishedPrograms -= 1;
      onAnswer(next.value);
      return;
    }
    const step = Utils.yieldWrapGet(next.value);
    if (step instanceof KernelSleep && step.runtime === this.itself) {
      this.wait(step.delay, () => this.goOn(steps, onAnswer));
      return;
    }
    this.unfinishedPrograms -= 1;
    this.run(Effect.catchAll(restOf(steps, next.value), Effect.succeed<E>), onAnswer);
  }

  /** Waits on the kernel for whole ticks. */
  sleep(delay: Ticks): Effect.Effect<void> {
    return new KernelSleep(this.itself, delay);
  }

  /** What {@link sleep} is to a fiber. */
  sleepOnFiber(delay: Ticks): Effect.Effect<void> {
    return Effect.async<void>((resume) => {
      const program = this.current;
      assert(program !== null, "only a program of the virtual runtime waits on the kernel");
      program.waits += 1;
      const { handle, waiter } = this.wait(delay, () => {
        program.waits -= 1;
        this.step(program, () => resume(Effect.void));
      });
      return Effect.sync(() => {
        if (!this.simulation.cancel(handle)) return;
        this.takeWaiter(waiter);
        program.waits -= 1;
      });
    });
  }

  private wait(delay: Ticks, resume: () => void): { handle: number; waiter: number } {
    const waiter = this.freeWaiters.pop() ?? this.waiters.length;
    this.waiters[waiter] = resume;
    const handle = this.simulation.scheduleAfter(delay, this.wake, waiter);
    assert(handle !== NO_EVENT, "a sleep is an event of the kernel");
    return { handle, waiter };
  }

  private takeWaiter(waiter: number): () => void {
    const resume = this.waiters[waiter];
    assert(resume !== undefined, "a kernel event wakes a program that waits");
    this.waiters[waiter] = undefined;
    this.freeWaiters.push(waiter);
    return resume;
  }

  /** Runs a program to where it ends or sleeps, and asserts that it did one of the two. */
  private step(program: Program<R>, go: () => void): void {
    assert(this.current === null && !this.byHand, ONE_AT_A_TIME);
    this.current = program;
    go();
    this.scheduler.drain();
    this.current = null;
    if (program.exit !== null) this.settle(program, program.exit);
    else assert(program.waits > 0, "a program of the store sleeps on the kernel, not on real time");
  }

  private settle(program: Program<R>, exit: Exit.Exit<unknown, never>): void {
    this.unfinishedPrograms -= 1;
    assert(program.waits === 0, "a program that has ended sleeps nowhere");
    if (exit._tag === "Failure") throw defectOf(exit.cause);
    this.freeLanes.push(program.lane);
    program.onSuccess(exit.value as never);
  }

  /** The one place where a fiber starts, and so the one that may read Effect's stamp. */
  private newLane(): Lane<R> {
    grantFiberStamp();
    const lane = new Lane(this.runtime);
    revokeFiberStamp();
    return lane;
  }

  private runtimeOf(options: VirtualRuntimeOptions<R>): Runtime.Runtime<R> {
    const services = DefaultServices.liveServices.pipe(
      Context.add(Clock.Clock, this.clock),
      Context.add(Random.Random, refusingRandom),
    );
    const bare = Runtime.make({
      context: options.services,
      runtimeFlags: RuntimeFlags.make(RuntimeFlags.Interruption),
      fiberRefs: Runtime.defaultRuntime.fiberRefs,
    });
    return bare.pipe(
      Runtime.setFiberRef(DefaultServices.currentServices, services),
      Runtime.setFiberRef(FiberRef.currentScheduler, this.scheduler),
      // A span names itself by chance and reads the clock; a rehearsal has its own log instead.
      Runtime.setFiberRef(FiberRef.currentTracerEnabled, false),
    );
  }

  private clockAt(epochMillis: number): Clock.Clock {
    const { simulation } = this;
    const millis = () => epochMillis + Math.floor(simulation.now / MILLISECOND);
    const nanos = () => BigInt(epochMillis) * 1_000_000n + BigInt(simulation.now) * 1_000n;
    return {
      [Clock.ClockTypeId]: Clock.ClockTypeId,
      unsafeCurrentTimeMillis: millis,
      unsafeCurrentTimeNanos: nanos,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanos: Effect.sync(nanos),
      sleep: (duration) => this.sleep(Math.round(Duration.toMillis(duration) * MILLISECOND)),
    };
  }
}

/** What ended a program that may not fail; an assertion of ours keeps its own words. */
function defectOf(cause: Cause.Cause<never>): Error {
  const defect = Cause.squash(cause);
  return defect instanceof Error
    ? defect
    : new BrokenAssumption(`a program of the store died: ${Cause.pretty(cause)}`);
}

const refusedChance = Effect.die(
  new BrokenAssumption("assumption broken: the store drew from Effect's Random, not from the seed"),
);

/** Effect's default Random is seeded by the machine; the store has no business with it. */
const refusingRandom: Random.Random = {
  [Random.RandomTypeId]: Random.RandomTypeId,
  next: refusedChance,
  nextBoolean: refusedChance,
  nextInt: refusedChance,
  nextRange: () => refusedChance,
  nextIntBetween: () => refusedChance,
  shuffle: () => refusedChance,
};
