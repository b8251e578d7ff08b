/**
 * A fiber that runs one program after the other. Starting a fiber costs more than most programs
 * of a store do, so a lane is started once and waits between two programs. A program must leave
 * the fiber as it was: a reference that is set for good, instead of for a part of a program, would
 * reach the next one, so the lane looks for that and ends the run.
 */
import { Effect, Exit, type Fiber, FiberRefs, Runtime } from "effect";
import { assert } from "../../engine/assert.ts";

type Program<R> = Effect.Effect<unknown, never, R>;
type Ended = (exit: Exit.Exit<unknown, never>) => void;

/** Reading the references of a fiber copies them, so it is done after one program in so many. */
const PROGRAMS_PER_CHECK = 256;

export class Lane<R> {
  #programs = 0;
  #hand: ((program: Program<R>) => void) | null = null;
  #onEnd: Ended | null = null;
  readonly #fiber: Fiber.RuntimeFiber<void>;
  readonly #unused: FiberRefs.FiberRefs;

  /** Forks the fiber, as far as to where it waits for its first program. */
  constructor(runtime: Runtime.Runtime<R>) {
    const next = Effect.async<unknown, never, R>((resume) => {
      this.#hand = resume;
    });
    const programs = Effect.whileLoop({
      while: () => true,
      body: () => next,
      step: (answer: unknown) => this.#answered(answer),
    });
    this.#fiber = Runtime.runFork(runtime)(programs);
    this.#unused = this.#fiber.getFiberRefs();
    // A lane waits for ever: its fiber ends only with the defect of a program.
    this.#fiber.addObserver((exit) => this.#end(exit));
    assert(this.#hand !== null, "a new lane waits for a program");
  }

  /** Hands the waiting fiber a program, which runs when its scheduler is drained. */
  take(program: Program<R>, onEnd: Ended): void {
    const hand = this.#hand;
    assert(hand !== null && this.#onEnd === null, "a lane runs one program at a time");
    this.#hand = null;
    this.#onEnd = onEnd;
    hand(program);
  }

  #answered(answer: unknown): void {
    // The references of a fiber are one immutable value: the same value, the same fiber as new.
    this.#programs += 1;
    if (this.#programs % PROGRAMS_PER_CHECK === 1) this.#assertUnused();
    this.#end(Exit.succeed(answer));
  }

  #assertUnused(): void {
    for (const [reference, [[, value]]] of this.#fiber.getFiberRefs().locals) {
      const before = FiberRefs.getOrDefault(this.#unused, reference);
      assert(value === before, "a program leaves the references of its fiber as they were");
    }
  }

  #end(exit: Exit.Exit<unknown, never>): void {
    const onEnd = this.#onEnd;
    assert(onEnd !== null, "only a program that runs can end");
    this.#onEnd = null;
    onEnd(exit);
  }
}
