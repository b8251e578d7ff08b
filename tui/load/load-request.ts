/** What an open loop sends, and what it hears. */
/// <reference types="node" />

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** A request as it goes out. */
export interface Asking {
  readonly method: Method;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes out as JSON. */
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  /** Empty where nobody asked to be told. */
  readonly text: string;
  readonly retryAfterSeconds: number | null;
}

/** What is asked, and who hears the answer. */
export interface Exchange {
  /** Its figures are counted under this name, as in `POST /api/orders`. */
  readonly route: string;
  /**
   * What is asked, put together when it goes out, for it may name what earlier answers told. Null
   * where they leave nothing to ask: it is counted as skipped.
   */
  readonly asking: () => Asking | null;
  /** Told of the answer before the session's next request goes out; null where there was none. */
  readonly onAnswer?: (answer: Answer | null) => void;
  /** What is to come before that, as another look at the waiting room; null where nothing is. */
  readonly followUp?: (answer: Answer | null) => FollowUp | null;
}

/** Another exchange of the session, due so long after the answer; what was due meanwhile is then. */
export interface FollowUp extends Exchange {
  readonly afterMillis: number;
}

/** A request that is due at a time, whatever became of the ones before it. */
export interface LoadRequest extends Exchange {
  /** Milliseconds since the start of the load. */
  readonly due: number;
  /** Whose it is: the requests of a session go out one after the other, in the order given. */
  readonly session: number;
}

/** Requests in the order of their times. Whoever sends asks for one at a time. */
export type LoadSource = Iterable<LoadRequest> | AsyncIterable<LoadRequest>;
