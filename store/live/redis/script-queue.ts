/**
 * What a node asks of Redis within one turn of its event loop, and the one script that answers it:
 * under load a round trip is shared by all that came meanwhile, and who asks alone waits for nobody.
 */
import type { Reply } from "./redis-connection.ts";

export interface ScriptQueueOptions<Asked> {
  /** Runs the script for all of these; it answers each, in their order. */
  readonly send: (asked: readonly Asked[]) => Promise<readonly Reply[]>;
  /** What one script is asked at most: below a millisecond in which the server does nothing else. */
  readonly askedMax: number;
  /** The weight of one script at most; whoever asks says what a request weighs. */
  readonly weightMax?: number;
}

interface Waiting<Asked> {
  readonly asked: Asked;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (failure: unknown) => void;
}

export class ScriptQueue<Asked> {
  readonly #options: Required<ScriptQueueOptions<Asked>>;
  #waiting: Waiting<Asked>[] = [];
  #weight = 0;

  constructor(options: ScriptQueueOptions<Asked>) {
    this.#options = { weightMax: Number.POSITIVE_INFINITY, ...options };
  }

  ask(asked: Asked, weight = 0): Promise<Reply> {
    const { askedMax, weightMax } = this.#options;
    return new Promise((resolve, reject) => {
      if (this.#weight + weight > weightMax) this.#send();
      if (this.#waiting.length === 0) setImmediate(() => this.#send());
      this.#waiting.push({ asked, resolve, reject });
      this.#weight += weight;
      if (this.#waiting.length >= askedMax) this.#send();
    });
  }

  #send(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    this.#weight = 0;
    const asked = waiting.map((one) => one.asked);
    this.#options.send(asked).then(
      (replies) => {
        for (const [at, { resolve }] of waiting.entries()) resolve(replies[at] as Reply);
      },
      (failure: unknown) => {
        for (const { reject } of waiting) reject(failure);
      },
    );
  }
}
