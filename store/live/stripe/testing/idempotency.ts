/**
 * Idempotent requests as Stripe's API reference describes them: the first request under a key
 * binds it to its path and parameters and its answer is kept, also where that is an error 500; one
 * that comes meanwhile is a conflict; what fails before anything is executed binds nothing.
 */

export interface ApiAnswer {
  readonly status: number;
  readonly body: object;
  readonly replayed?: boolean;
}

/** An error that ends a request before its execution begins: the key stays free. */
export class NotExecuted extends Error {
  readonly answer: ApiAnswer;

  constructor(answer: ApiAnswer) {
    super("not executed");
    this.answer = answer;
  }
}

interface Bound {
  readonly request: string;
  answer: ApiAnswer | null;
}

export class IdempotentRequests {
  readonly #bound = new Map<string, Bound>();

  async answer(
    key: string,
    request: string,
    execute: () => Promise<ApiAnswer>,
  ): Promise<ApiAnswer> {
    const known = this.#bound.get(key);
    if (known !== undefined) return replay(known, request);
    const bound: Bound = { request, answer: null };
    this.#bound.set(key, bound);
    try {
      bound.answer = await execute();
      return bound.answer;
    } catch (error) {
      this.#bound.delete(key);
      if (error instanceof NotExecuted) return error.answer;
      throw error;
    }
  }

  /** As Stripe may do with keys that are older than 24 hours. */
  forget(): void {
    this.#bound.clear();
  }
}

function replay({ request: bound, answer }: Bound, request: string): ApiAnswer {
  if (bound !== request) {
    const message = "Keys for idempotent requests can only be used with the same parameters";
    return { status: 400, body: { error: { type: "idempotency_error", message } } };
  }
  if (answer === null) {
    const type = "invalid_request_error";
    const message = "There is currently another in-progress request using this key";
    return { status: 409, body: { error: { type, code: "idempotency_key_in_use", message } } };
  }
  return { ...answer, replayed: true };
}
