import { Effect, Either } from "effect";
import { describe, expect, it } from "vitest";
import { atOnce, inSteps, Refused, readAtOnce } from "./at-once.ts";

function counter() {
  const state = { count: 0 };
  const add = atOnce((by: number) => {
    state.count += by;
    return state.count;
  });
  return { state, add };
}

const refuse = atOnce((wish: string): string | Refused<string> => new Refused(`not ${wish}`));

describe("a step that is over at once", () => {
  it("is not done before it is run, and again each time it is", () => {
    const { state, add } = counter();
    const step = add(2);
    expect(state.count).toBe(0);
    expect([Effect.runSync(step), Effect.runSync(step)]).toEqual([2, 4]);
  });

  it("is done in its turn by a generator, without yielding", () => {
    const { add } = counter();
    const steps = function* () {
      return [yield* add(1), yield* add(1)];
    };
    expect(steps().next()).toEqual({ done: true, value: [1, 2] });
    expect(Effect.runSync(Effect.gen(steps))).toEqual([3, 4]);
  });

  it("fails with its reason, and the program goes no further", () => {
    const { state, add } = counter();
    const program = Effect.gen(function* () {
      yield* refuse("today");
      yield* add(1);
    });
    expect(Effect.runSync(Effect.either(program))).toEqual(Either.left("not today"));
    expect(Effect.runSync(Effect.flip(refuse("now")))).toBe("not now");
    expect(state.count).toBe(0);
  });

  it("reads anew each time where it takes no request", () => {
    const { state, add } = counter();
    const read = readAtOnce(() => state.count);
    Effect.runSync(add(5));
    expect(Effect.runSync(read)).toBe(5);
  });
});

describe("an effect in steps", () => {
  it("yields only what waits, and answers the same on a fiber", () => {
    const { add } = counter();
    const waits = Effect.yieldNow();
    const call = inSteps(function* (): Effect.fn.Return<number> {
      const count = yield* add(1);
      yield* waits;
      return count;
    });
    const steps = call[Symbol.iterator]();
    expect(steps.next().done).toBe(false);
    expect(steps.next()).toEqual({ done: true, value: 1 });
    return expect(Effect.runPromise(call)).resolves.toBe(2);
  });
});
