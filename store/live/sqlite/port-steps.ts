/**
 * The methods of a port as steps of a {@link GroupCommit}: over at once where the group is open or
 * can be opened, as they are in memory, and on a fiber that waits where another process is writing.
 * What the file refuses is `PortUnavailable` with its reason in plain words.
 */
import { Effect, Effectable, Utils } from "effect";
import { Refused } from "../../ports/at-once.ts";
import { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { GroupCommit } from "./group-commit.ts";
import { isSqliteError, plainReason } from "./ledger-file.ts";

type Step<Request, Answer> = (request: Request) => Answer | Refused<PortUnavailable>;
type Yielded<Answer> = IteratorResult<
  Utils.YieldWrap<Effect.Effect<Answer, PortUnavailable>>,
  Answer
>;

class GroupStep<Request, Answer> extends Effectable.Class<Answer, PortUnavailable> {
  readonly #steps: PortSteps;
  readonly #step: Step<Request, Answer>;
  readonly #request: Request;

  constructor(steps: PortSteps, step: Step<Request, Answer>, request: Request) {
    super();
    this.#steps = steps;
    this.#step = step;
    this.#request = request;
  }

  /** How a fiber does the step. */
  override commit(): Effect.Effect<Answer, PortUnavailable> {
    const answer = this.#steps.attempt(this.#step, this.#request);
    if (answer === null) return this.#steps.later(this.#step, this.#request);
    if (answer.done instanceof Refused) return Effect.fail(answer.done.reason);
    return Effect.succeed(answer.done);
  }

  /** How a generator does it: at once, or after one wait. */
  override [Symbol.iterator](): Iterator<
    Utils.YieldWrap<Effect.Effect<Answer, PortUnavailable>>,
    Answer
  > {
    let waited = false;
    return {
      next: (waitedFor?: unknown): Yielded<Answer> => {
        if (waited) return { done: true, value: waitedFor as Answer };
        const answer = this.#steps.attempt(this.#step, this.#request);
        if (answer !== null && !(answer.done instanceof Refused)) {
          return { done: true, value: answer.done };
        }
        waited = true;
        const rest =
          answer === null
            ? this.#steps.later(this.#step, this.#request)
            : Effect.fail((answer.done as Refused<PortUnavailable>).reason);
        return { done: false, value: new Utils.YieldWrap(rest) };
      },
    };
  }
}

class Look<Answer> extends Effectable.Class<Answer, PortUnavailable> {
  readonly #look: () => Answer | Refused<PortUnavailable>;

  constructor(look: () => Answer | Refused<PortUnavailable>) {
    super();
    this.#look = look;
  }

  override commit(): Effect.Effect<Answer, PortUnavailable> {
    const answer = this.#look();
    return answer instanceof Refused ? Effect.fail(answer.reason) : Effect.succeed(answer);
  }

  override [Symbol.iterator](): this {
    return this;
  }

  next(): Yielded<Answer> {
    const answer = this.#look();
    if (!(answer instanceof Refused)) return { done: true, value: answer };
    return { done: false, value: new Utils.YieldWrap(Effect.fail(answer.reason)) };
  }
}

/** What the steps of one port have in common. */
export class PortSteps {
  readonly #group: GroupCommit;
  readonly #port: string;

  constructor(group: GroupCommit, port: string) {
    this.#group = group;
    this.#port = port;
  }

  /** A method that may write. */
  write<Request, Answer>(
    step: Step<Request, Answer>,
  ): (request: Request) => Effect.Effect<Answer, PortUnavailable> {
    return (request) => new GroupStep(this, step, request);
  }

  /** A method that only looks. */
  read<Request, Answer>(
    look: (request: Request) => Answer,
  ): (request: Request) => Effect.Effect<Answer, PortUnavailable> {
    return (request) => new Look(() => this.#heeding(() => this.#group.look(() => look(request))));
  }

  /** The same of an effect that takes no request. */
  readNow<Answer>(look: () => Answer): Effect.Effect<Answer, PortUnavailable> {
    return new Look(() => this.#heeding(() => this.#group.look(look)));
  }

  /** Everything at one moment: a look that no other process can write between. */
  snapshot<Answer>(look: () => Answer): Effect.Effect<Answer, PortUnavailable> {
    return new GroupStep<undefined, Answer>(this, look, undefined);
  }

  refused(reason: string): Refused<PortUnavailable> {
    return new Refused(new PortUnavailable({ port: this.#port, reason }));
  }

  /** The answer, or null where another process is writing. */
  attempt<Request, Answer>(
    step: Step<Request, Answer>,
    request: Request,
  ): { readonly done: Answer | Refused<PortUnavailable> } | null {
    const { problem } = this.#group;
    if (problem !== null) return { done: this.refused(problem) };
    let entered = true;
    const done = this.#heeding(() => {
      entered = this.#group.enter();
      return entered ? this.#group.step(() => step(request)) : this.refused("");
    });
    return entered ? { done } : null;
  }

  /** The same step, once the group is open. */
  later<Request, Answer>(
    step: Step<Request, Answer>,
    request: Request,
  ): Effect.Effect<Answer, PortUnavailable> {
    return Effect.async((resume) => {
      this.#group.whenOpen((problem) => {
        const answer =
          problem === null
            ? this.#heeding(() => this.#group.step(() => step(request)))
            : this.refused(problem);
        resume(answer instanceof Refused ? Effect.fail(answer.reason) : Effect.succeed(answer));
      });
    });
  }

  /** What the file says is an answer; a broken assumption is not. */
  #heeding<Answer>(run: () => Answer): Answer | Refused<PortUnavailable> {
    try {
      return run();
    } catch (error) {
      if (isSqliteError(error)) return this.refused(plainReason(error));
      throw error;
    }
  }
}
