/**
 * A program of the store: steps on the ports, one after the other, as an Effect. A fiber runs it
 * like any Effect; whoever keeps the time itself may also begin it by hand and needs no fiber
 * where the steps are over at once.
 */
import { type Clock, Effect, Effectable, Either, Utils } from "effect";

/** A part of a program, to be gone through with `yield*`. */
export type Steps<Answer, Failure> = Effect.fn.Return<Answer, Failure>;

export class Program<Answer, Failure = never> extends Effectable.Class<Answer, Failure> {
  readonly #steps: (clock: Clock.Clock) => Steps<Answer, Failure>;

  /** `steps` begins the program anew each time; the clock is that of whoever runs it. */
  constructor(steps: (clock: Clock.Clock) => Steps<Answer, Failure>) {
    super();
    this.#steps = steps;
  }

  override commit(): Effect.Effect<Answer, Failure> {
    return Effect.flatMap(Effect.clock, (clock) => Effect.gen(() => this.#steps(clock)));
  }

  /** The program about to begin, for whoever goes through its steps by hand. */
  begin(clock: Clock.Clock): Steps<Answer, Failure> {
    return this.#steps(clock);
  }
}

/** What a program yields: a step that is for its runtime. */
export type Yielded<Failure> = Utils.YieldWrap<Effect.Effect<unknown, Failure>>;

/** A program that was begun by hand and stands at a step, from that step on. It can be run once. */
export function restOf<Answer, Failure>(
  steps: Steps<Answer, Failure>,
  yielded: Yielded<Failure>,
): Effect.Effect<Answer, Failure> {
  return Effect.gen(function* (): Steps<Answer, Failure> {
    let next = steps.next(yield yielded);
    while (next.done !== true) next = steps.next(yield next.value);
    return next.value;
  });
}

/** Runs the effect for what it does; its failure is no answer to anybody. */
export function* ignoringFailure(effect: Effect.Effect<unknown, unknown>): Steps<void, never> {
  const steps = effect[Symbol.iterator]();
  let next = steps.next();
  while (next.done !== true) {
    const answer = yield* Effect.either(Utils.yieldWrapGet(next.value));
    if (Either.isLeft(answer)) return;
    next = steps.next(answer.right);
  }
}

/**
 * Goes through the steps, and makes an answer of the failure with which they end by
 * `yield* new Failed(…)`. Unlike Effect's own `catchTag` it needs no fiber.
 */
export function* failedAsAnswer<Answer, Failure, Caught extends Failure>(
  steps: Steps<Answer, Failure>,
  isCaught: (step: unknown) => step is Caught,
): Steps<Answer | Caught, Exclude<Failure, Caught>> {
  let next = steps.next();
  while (next.done !== true) {
    const step = Utils.yieldWrapGet(next.value);
    if (isCaught(step)) return step;
    next = steps.next(yield next.value as Yielded<Exclude<Failure, Caught>>);
  }
  return next.value;
}
