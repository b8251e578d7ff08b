import { Clock, Data, Effect, Either } from "effect";
import { describe, expect, it } from "vitest";
import { atOnce, Refused } from "../ports/at-once.ts";
import { failedAsAnswer, ignoringFailure, Program, restOf, type Steps } from "./program.ts";

class Moved extends Data.TaggedError("Moved")<{ readonly to: string }> {}

const isMoved = (step: unknown): step is Moved => step instanceof Moved;
const clock = Effect.runSync(Effect.clock);
const refuse = atOnce((): number | Refused<string> => new Refused("full"));
const later = Effect.as(Effect.yieldNow(), 20);

const sum = new Program(function* (): Steps<number, never> {
  const first = yield* Effect.succeed(1);
  return first + (yield* later);
});

describe("a program of the store", () => {
  it("is an effect: a fiber runs it, anew each time, on its own clock", async () => {
    await expect(Effect.runPromise(Effect.zip(sum, sum))).resolves.toEqual([21, 21]);
    const now = new Program(function* (used): Steps<boolean, never> {
      return used === (yield* Effect.clock);
    });
    expect(Effect.runSync(Effect.withClock(now, Clock.make()))).toBe(true);
  });

  it("goes on from where it was begun by hand", async () => {
    const steps = sum.begin(clock);
    const first = steps.next();
    if (first.done === true) throw new Error("the program has a step for a fiber");
    await expect(Effect.runPromise(restOf(steps, first.value))).resolves.toBe(21);
  });

  it("makes an answer of the failure that is caught, and lets another one through", () => {
    const moving = function* (): Steps<number, Moved> {
      return yield* new Moved({ to: "elsewhere" });
    };
    const caught = Effect.gen(() => failedAsAnswer(moving(), isMoved));
    expect(Effect.runSync(caught)).toMatchObject({ _tag: "Moved", to: "elsewhere" });
    const full = Effect.gen(() => failedAsAnswer<number, string | Moved, Moved>(never(), isMoved));
    expect(Effect.runSync(Effect.either(full))).toEqual(Either.left("full"));
  });

  it("runs an effect for what it does, whether it fails or not", () => {
    let done = 0;
    const counts = Effect.sync(() => {
      done += 1;
    });
    const program = Effect.gen(function* () {
      yield* ignoringFailure(counts);
      yield* ignoringFailure(refuse(undefined));
      yield* ignoringFailure(Effect.fail("no"));
      yield* ignoringFailure(counts);
    });
    Effect.runSync(program);
    expect(done).toBe(2);
  });
});

function* never(): Steps<number, string | Moved> {
  return yield* refuse(undefined);
}
