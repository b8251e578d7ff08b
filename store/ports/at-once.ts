/**
 * Effects that need no fiber where a program comes to them with `yield*`: the generator goes
 * through them in place. To a program they cannot be told from any other Effect: nothing is done
 * before a program comes to them, and a fiber runs them as often as it is told to.
 *
 * What they save is the way through a fiber's run loop, which took most of the time of a short
 * program. An adapter whose answer comes from a disk or another machine has no use for them.
 */
import { Effect, Effectable, Utils } from "effect";

/** A step's way to fail: what it answers instead, for a reason that its port names. */
export class Refused<Reason> {
  readonly reason: Reason;

  constructor(reason: Reason) {
    this.reason = reason;
  }
}

type Step<Request, A, E> = (request: Request) => A | Refused<E>;

class AtOnce<Request, A, E> extends Effectable.Class<A, E> {
  readonly #step: Step<Request, A, E>;
  readonly #request: Request;

  constructor(step: Step<Request, A, E>, request: Request) {
    super();
    this.#step = step;
    this.#request = request;
  }

  /** How a fiber does the step. */
  override commit(): Effect.Effect<A, E> {
    const answer = this.#step(this.#request);
    return answer instanceof Refused ? Effect.fail(answer.reason) : Effect.succeed(answer);
  }

  /** How a generator does it: an iterator without state, which ends at once with the answer. */
  override [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Utils.YieldWrap<Effect.Effect<A, E>>, A> {
    const answer = this.#step(this.#request);
    if (answer instanceof Refused) {
      return { done: false, value: new Utils.YieldWrap(Effect.fail(answer.reason)) };
    }
    return { done: true, value: answer };
  }
}

/** The method of a port whose step waits for nothing; the step answers, or is `Refused`. */
export function atOnce<Request, A, E = never>(
  step: Step<Request, A, E>,
): (request: Request) => Effect.Effect<A, E> {
  return (request) => new AtOnce(step, request);
}

/** The same of a port's effect that takes no request. */
export function readAtOnce<A>(read: () => A): Effect.Effect<A> {
  return new AtOnce<undefined, A, never>(read, undefined);
}

class InSteps<A, E> extends Effectable.Class<A, E> {
  readonly #begin: () => Effect.fn.Return<A, E>;

  constructor(begin: () => Effect.fn.Return<A, E>) {
    super();
    this.#begin = begin;
  }

  override commit(): Effect.Effect<A, E> {
    return Effect.gen(this.#begin);
  }

  override [Symbol.iterator](): Effect.fn.Return<A, E> {
    return this.#begin();
  }
}

/** As `Effect.gen`, but a generator that comes to it with `yield*` goes through the steps itself. */
export function inSteps<A, E>(begin: () => Effect.fn.Return<A, E>): Effect.Effect<A, E> {
  return new InSteps(begin);
}
