/**
 * Time for tests of the store: Effect's clock and scheduler on a queue of their own. Nothing waits
 * on the wall clock; a sleep ends when everything due before it has run, ties go by order of
 * sleeping, and the same programs interleave the same way every time.
 */
import { Clock, Duration, Effect, type Exit, type Scheduler } from "effect";
import { assert } from "../core/assert.ts";

/** Tasks of one test; a program that needs more never comes to rest. */
const TASKS_MAX = 10_000_000;

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

export class VirtualTime {
  /** Epoch milliseconds. */
  now: number;
  private readonly tasks: (() => void)[] = [];
  private readonly sleepers: Sleeper[] = [];
  private slept = 0;
  private done = 0;
  private readonly scheduler: Scheduler.Scheduler = {
    shouldYield: () => false,
    scheduleTask: (task) => {
      this.tasks.push(task);
    },
  };
  private readonly clock: Clock.Clock;

  constructor(startsAt: number) {
    this.now = startsAt;
    this.clock = {
      [Clock.ClockTypeId]: Clock.ClockTypeId,
      unsafeCurrentTimeMillis: () => this.now,
      unsafeCurrentTimeNanos: () => BigInt(this.now) * 1_000_000n,
      currentTimeMillis: Effect.sync(() => this.now),
      currentTimeNanos: Effect.sync(() => BigInt(this.now) * 1_000_000n),
      sleep: (duration) => this.sleep(Duration.toMillis(duration)),
    };
  }

  /** Runs the program until it ends, moving the time as it sleeps. */
  run<A, E>(program: Effect.Effect<A, E>): Exit.Exit<A, E> {
    const fiber = Effect.runFork(Effect.withClock(this.untraced(program), this.clock), {
      scheduler: this.scheduler,
    });
    const ended: { exit: Exit.Exit<A, E> | null } = { exit: null };
    fiber.addObserver((exit) => {
      ended.exit = exit;
    });
    while (ended.exit === null) {
      this.drain();
      if (ended.exit === null) this.wakeNext();
    }
    return ended.exit;
  }

  private untraced<A, E>(program: Effect.Effect<A, E>): Effect.Effect<A, E> {
    return Effect.withTracerEnabled(program, false);
  }

  private sleep(millis: number): Effect.Effect<void> {
    return Effect.async<void>((resume) => {
      const wake = () => resume(Effect.void);
      const sleeper = { at: this.now + millis, order: this.slept, wake };
      this.slept += 1;
      this.sleepers.push(sleeper);
      this.sleepers.sort((a, b) => a.at - b.at || a.order - b.order);
      return Effect.sync(() => {
        const place = this.sleepers.indexOf(sleeper);
        if (place >= 0) this.sleepers.splice(place, 1);
      });
    });
  }

  private drain(): void {
    for (let task = this.tasks.shift(); task !== undefined; task = this.tasks.shift()) {
      assert(this.done < TASKS_MAX, "a test comes to rest");
      this.done += 1;
      task();
    }
  }

  private wakeNext(): void {
    const next = this.sleepers.shift();
    assert(next !== undefined, "a program that has not ended sleeps on the virtual clock");
    assert(next.at >= this.now, "time does not run backwards");
    this.now = next.at;
    next.wake();
  }
}
