/**
 * Questions that come at the same time go to the server together: while one group is being
 * answered the next one gathers, so what a round trip and a commit cost is shared by all in it.
 */
import { assert } from "../../core/assert.ts";
import { PostgresFailure } from "./postgres-pool.ts";

export interface BatchOptions {
  /** Questions of one group. */
  readonly sizeMax?: number;
  /** Questions that may wait; one more fails at once. */
  readonly waitingMax?: number;
}

interface Waiting<Request, Answer> {
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

const SIZE_MAX = 200;
const WAITING_MAX = 20_000;
/** Groups of two nodes that wait for each other: the server ends one of them, which tries again. */
const TRIES_MAX = 5;

export class Batches<Request, Answer> {
  readonly #run: (requests: readonly Request[]) => Promise<readonly Answer[]>;
  readonly #sizeMax: number;
  readonly #waitingMax: number;
  #waiting: Waiting<Request, Answer>[] = [];
  #isBusy = false;

  /** `run` answers every question of a group, in their order, in one transaction. */
  constructor(
    run: (requests: readonly Request[]) => Promise<readonly Answer[]>,
    { sizeMax = SIZE_MAX, waitingMax = WAITING_MAX }: BatchOptions = {},
  ) {
    assert(sizeMax > 0 && waitingMax > 0, "a group has room for a question");
    this.#run = run;
    this.#sizeMax = sizeMax;
    this.#waitingMax = waitingMax;
  }

  ask(request: Request): Promise<Answer> {
    if (this.#waiting.length >= this.#waitingMax) {
      return Promise.reject(new PostgresFailure("too many questions wait for PostgreSQL", ""));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      if (!this.#isBusy) this.#work();
    });
  }

  /** Waits for what else comes in this turn of the event loop, then goes on until nobody waits. */
  async #work(): Promise<void> {
    this.#isBusy = true;
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, this.#sizeMax);
      await this.#answer(group);
    }
    this.#isBusy = false;
  }

  async #answer(group: readonly Waiting<Request, Answer>[]): Promise<void> {
    try {
      const requests = group.map(({ request }) => request);
      const answers = await retried(() => this.#run(requests));
      assert(answers.length === group.length, "every question of a group is answered");
      for (const [index, { resolve }] of group.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      const mayBeOne = error instanceof PostgresFailure && error.isConstraint;
      // The tables refused one of them: each is asked alone, and the others are answered.
      if (mayBeOne && group.length > 1) for (const one of group) await this.#answer([one]);
      else for (const { reject } of group) reject(error);
    }
  }
}

/** Does again what the server gave up because two transactions waited for each other. */
export async function retried<Answer>(run: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      const mayRetry = error instanceof PostgresFailure && error.mayRetry;
      if (!mayRetry || attempt === TRIES_MAX) throw error;
    }
  }
}
