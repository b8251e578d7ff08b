import { Clock, Context, Duration, Effect, Random } from "effect";
import { describe, expect, it } from "vitest";
import { BrokenAssumption } from "../../engine/assert.ts";
import { Simulation } from "../../engine/simulation.ts";
import { HOUR, MILLISECOND, SECOND } from "../../engine/time.ts";
import { Program, type Steps } from "../../store/service/program.ts";
import { sealed } from "./sealed-globals.ts";
import { VirtualRuntime } from "./virtual-effect.ts";

const EPOCH = 1_322_218_800_000;

function world() {
  const simulation = new Simulation({ seed: "virtual" });
  const runtime = new VirtualRuntime({ simulation, epochMillis: EPOCH, services: Context.empty() });
  return { simulation, runtime };
}

function steps<A, E>(effect: Effect.Effect<A, E>) {
  return function* (): Steps<A, E> {
    return yield* effect;
  };
}

describe("the virtual runtime", () => {
  it("ends a program without sleep within the event that starts it", () => {
    const { simulation, runtime } = world();
    const answers: number[] = [];
    sealed(() =>
      runtime.run(
        Effect.map(Effect.succeed(20), (n) => n + 1),
        (n) => answers.push(n),
      ),
    );
    expect(answers).toEqual([21]);
    expect(simulation.pending).toBe(0);
    expect(runtime.unfinished).toBe(0);
  });

  it("sleeps on the kernel's clock and wakes at the very tick", () => {
    const { simulation, runtime } = world();
    const seen: unknown[] = [];
    const program = Effect.gen(function* () {
      yield* Effect.sleep(Duration.millis(1_500));
      const millis = yield* Clock.currentTimeMillis;
      yield* Effect.sleep("2 hours");
      return millis;
    });
    sealed(() => {
      runtime.run(program, (millis) => seen.push(millis, simulation.now));
      expect(runtime.unfinished).toBe(1);
      simulation.run();
    });
    expect(seen).toEqual([EPOCH + 1_500, 1_500 * MILLISECOND + 2 * HOUR]);
    expect(runtime.unfinished).toBe(0);
  });

  it("interleaves programs in the order of their wake-ups", () => {
    const { simulation, runtime } = world();
    const log: string[] = [];
    const program = (name: string, first: number, then: number) =>
      Effect.gen(function* () {
        yield* runtime.sleep(first);
        log.push(name);
        yield* runtime.sleep(then);
        log.push(name);
      });
    sealed(() => {
      runtime.run(program("a", 3 * SECOND, 3 * SECOND), () => log.push("a ends"));
      runtime.run(program("b", SECOND, 3 * SECOND), () => log.push("b ends"));
      simulation.run();
    });
    expect(log).toEqual(["b", "a", "b", "b ends", "a", "a ends"]);
  });

  it("waits no longer for an interrupted sleep", () => {
    const { simulation, runtime } = world();
    const ends: number[] = [];
    const program = Effect.gen(function* () {
      const exit = yield* Effect.exit(Effect.interrupt);
      expect(exit._tag).toBe("Failure");
      yield* runtime.sleep(SECOND);
    });
    sealed(() => {
      runtime.run(program, () => ends.push(simulation.now));
      simulation.run();
    });
    expect(ends).toEqual([SECOND]);
  });

  it("goes through a program of the store by itself, and gives the rest to a fiber", () => {
    const { simulation, runtime } = world();
    const seen: unknown[] = [];
    const program = new Program(function* (clock): Steps<number, string> {
      yield* runtime.sleep(SECOND);
      seen.push(clock.unsafeCurrentTimeMillis() - EPOCH, simulation.now);
      yield* Effect.sleep(Duration.seconds(2));
      yield* runtime.sleep(SECOND);
      return clock.unsafeCurrentTimeMillis() - EPOCH;
    });
    const refused = new Program(function* (): Steps<number, string> {
      yield* runtime.sleep(SECOND);
      return yield* Effect.fail("sold out");
    });
    sealed(() => {
      runtime.ask(program, (answer) => seen.push(answer));
      runtime.ask(refused, (answer) => seen.push(answer));
      expect(runtime.unfinished).toBe(2);
      simulation.run();
    });
    expect(seen).toEqual([1_000, SECOND, "sold out", 4_000]);
    expect(runtime.unfinished).toBe(0);
  });

  it("answers a program of the store within the event, also one that fails", () => {
    const { simulation, runtime } = world();
    const answers: unknown[] = [];
    sealed(() => {
      runtime.ask(new Program(steps(Effect.succeed(1))), (answer) => answers.push(answer));
      runtime.ask(new Program(steps(Effect.fail("full"))), (answer) => answers.push(answer));
    });
    expect(answers).toEqual([1, "full"]);
    expect(simulation.pending).toBe(0);
  });

  it("ends the rehearsal with what a step of a program breaks", () => {
    const { runtime } = world();
    const breaks = Effect.die(new BrokenAssumption("the till was open"));
    expect(() => runtime.ask(new Program(steps(breaks)), () => {})).toThrow("the till was open");
    const throws = new Program(() => {
      throw new BrokenAssumption("the drawer was open");
    });
    expect(() => world().runtime.ask(throws, () => {})).toThrow("the drawer was open");
  });

  it("refuses a program that waits on real time", () => {
    const { runtime } = world();
    const waits = Effect.async<void>(() => {});
    expect(() => sealed(() => runtime.run(waits, () => {}))).toThrow(/real time/);
    const promised = Effect.promise(() => Promise.resolve(1));
    expect(() => sealed(() => world().runtime.run(promised, () => {}))).toThrow(/real time/);
  });

  it("ends the rehearsal with the defect of a program", () => {
    const { runtime } = world();
    const program = Effect.die(new BrokenAssumption("the till was open"));
    expect(() => runtime.run(program, () => {})).toThrow("the till was open");
  });

  it("refuses Effect's own chance, the machine's clock and its timers", () => {
    const planted: Effect.Effect<unknown>[] = [
      Random.next,
      Effect.sync(() => Math.random()),
      Effect.sync(() => Date.now()),
      Effect.sync(() => new Date()),
      Effect.sync(() => performance.now()),
      Effect.sync(() => setTimeout(() => {}, 1)),
      Effect.sync(() => crypto.randomUUID()),
      Effect.fork(Effect.void),
    ];
    for (const program of planted) {
      expect(() => sealed(() => world().runtime.run(program, () => {}))).toThrow(BrokenAssumption);
    }
  });

  it("puts clocks and chance back afterwards, also after a defect", () => {
    const before = [Date, Date.now, Math.random, setTimeout, performance.now, crypto.randomUUID];
    expect(() => sealed(() => Math.random())).toThrow(BrokenAssumption);
    sealed(() => new Date(0).getTime());
    expect([Date, Date.now, Math.random, setTimeout, performance.now, crypto.randomUUID]).toEqual(
      before,
    );
    expect(Date.now()).toBeGreaterThan(EPOCH);
    expect(crypto.randomUUID()).toHaveLength(36);
  });
});
