/**
 * One order of steps for all nodes: a Redis Stream. A node appends the steps it is asked for, reads
 * what it has not seen in the same round trip, and does all of it, the others' steps and its own,
 * on the book that it keeps in memory; so every node's book goes through the same states and each
 * node answers from its own (state machine replication, F. Schneider, ACM Computing Surveys 22,
 * 1990). A step is answered only after it stands in the stream.
 */
import { randomUUID } from "node:crypto";
import { Effect, Exit } from "effect";
import { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { APPEND, APPOINT, BEAR, SEED, STAND } from "./shared-steps-scripts.ts";

/** Effects that a book answers at once, by the name of the step. */
export type Steps = Readonly<
  Record<string, (request: never) => Effect.Effect<unknown, PortUnavailable>>
>;

export interface SharedStepsOptions {
  readonly connection: RedisConnection;
  /** The name of the port, for its failures. */
  readonly port: string;
  /** The key of the stream; see `redis-keys.ts`. */
  readonly key: string;
  /** A book that nothing has happened to. */
  readonly open: () => Steps;
  /** What the book was opened with, as text: nodes with other rules would come to other states. */
  readonly rules: string;
  /** Entries of the stream, each the steps of one turn of a node; beyond them steps are refused. */
  readonly entriesMax?: number;
}

/** Some 200 bytes each, in the stream and in every node. */
const ENTRIES_MAX = 1_000_000;
const STEPS_PER_ENTRY = 64;
const ENTRIES_AT_ONCE = 500;
/** How long nodes wait for one another before the one that knows most restores a lost stream. */
const SETTLE_MILLIS = 300;
const RESTORES_MAX = 20;
const FIRST = "0-0";

interface Asked {
  readonly name: string;
  readonly request: unknown;
  /** False for a question, which the stream need not know of. */
  readonly changes: boolean;
  readonly resolve: (exit: Exit.Exit<unknown, PortUnavailable>) => void;
  readonly reject: (failure: unknown) => void;
}

type Entry = readonly [id: string, fields: readonly string[]];

export class SharedSteps {
  readonly #options: SharedStepsOptions;
  readonly #keys: readonly [stream: string, birth: string, candidates: string];
  readonly #node = randomUUID();
  #book: Steps;
  /** The steps of every entry so far, from which a lost stream is restored. */
  #log: string[] = [];
  #last = FIRST;
  #birth: string | null = null;
  #asked: Asked[] = [];
  #busy = false;
  #number = 0;

  constructor(options: SharedStepsOptions) {
    this.#options = options;
    const { key } = options;
    this.#keys = [key, `${key}:birth`, `${key}:candidates`];
    this.#book = options.open();
  }

  /** Entries that this node has done. */
  get entries(): number {
    return this.#log.length;
  }

  /** Does a step on every node's book, and answers from this one's. */
  step<Answer>(name: string, request: unknown): Effect.Effect<Answer, PortUnavailable> {
    return this.#told<Answer>(name, request, true);
  }

  /** Asks this node's book, once it knows of every step that was answered before. */
  ask<Answer>(name: string, request: unknown): Effect.Effect<Answer, PortUnavailable> {
    return this.#told<Answer>(name, request, false);
  }

  #told<Answer>(
    name: string,
    request: unknown,
    changes: boolean,
  ): Effect.Effect<Answer, PortUnavailable> {
    const { connection, port } = this.#options;
    const exit = connection.asStep(port, () => {
      return new Promise<Exit.Exit<unknown, PortUnavailable>>((resolve, reject) => {
        this.#asked.push({ name, request, changes, resolve, reject });
        if (this.#busy) return;
        this.#busy = true;
        setImmediate(() => void this.#work());
      });
    });
    // The book is the adapter's own: what its step answers is what the port's method does.
    return Effect.flatten(exit) as Effect.Effect<Answer, PortUnavailable>;
  }

  /** One round trip at a time: who asks meanwhile shares the next. */
  async #work(): Promise<void> {
    while (this.#asked.length > 0) {
      const asked = this.#asked.splice(0, STEPS_PER_ENTRY);
      try {
        await this.#round(asked);
      } catch (failure) {
        for (const { reject } of asked) reject(failure);
      }
    }
    this.#busy = false;
  }

  async #round(asked: readonly Asked[]): Promise<void> {
    const changes = asked.filter((one) => one.changes);
    const text = JSON.stringify(changes.map(({ name, request }) => [name, request]));
    let steps = changes.length === 0 ? "" : text;
    this.#number += 1;
    for (let turn = 0; turn < RESTORES_MAX; ) {
      this.#birth ??= await this.#join();
      const entries = await this.#exchange(steps);
      if (entries === null) {
        turn += 1;
        this.#birth = null;
        continue;
      }
      steps = "";
      for (const entry of entries) this.#apply(entry, changes);
      if (entries.length < ENTRIES_AT_ONCE) return this.#answer(asked);
    }
    throw this.#unavailable("the shared steps are lost again and again");
  }

  /** Appends the steps, if any, and reads what is new; null where the stream is another one. */
  async #exchange(steps: string): Promise<readonly Entry[] | null> {
    const { connection, entriesMax = ENTRIES_MAX } = this.#options;
    const by = `${this.#node} ${this.#number}`;
    const reply = await connection.run(APPEND, this.#keys, [
      this.#birth ?? "",
      this.#last,
      ENTRIES_AT_ONCE,
      entriesMax,
      by,
      steps,
    ]);
    const [word, entries] = reply as unknown as readonly [string, readonly Entry[]];
    if (word === "Lost") return null;
    if (word === "Full") throw this.#unavailable("the stream of steps is full");
    return entries;
  }

  #apply([id, [, by, , steps]]: Entry, mine: readonly Asked[]): void {
    const own = by === `${this.#node} ${this.#number}`;
    const named = JSON.parse(steps as string) as readonly (readonly [string, never])[];
    for (const [at, [name, request]] of named.entries()) {
      const exit = this.#do(name, request);
      if (own) mine[at]?.resolve(exit);
    }
    this.#log.push(steps as string);
    this.#last = id;
  }

  /** A step that breaks an assumption does so on every node, and fails for whoever asked for it. */
  #do(name: string, request: never): Exit.Exit<unknown, PortUnavailable> {
    const step = this.#book[name];
    if (step === undefined) return Exit.die(new Error(`the book knows no step ${name}`));
    return Effect.runSyncExit(Effect.suspend(() => step(request)));
  }

  #answer(asked: readonly Asked[]): void {
    for (const { name, request, changes, resolve, reject } of asked) {
      if (!changes) resolve(this.#do(name, request as never));
      // Who was answered has been; the others' entry went with a stream that was lost meanwhile.
      else reject(this.#unavailable("the step may have been lost with its stream"));
    }
  }

  /** Finds the stream, or has it restored by the node that knows most of it. */
  async #join(): Promise<string> {
    const { connection, rules } = this.#options;
    for (let turn = 0; turn < RESTORES_MAX; turn += 1) {
      const reply = await connection.run(STAND, this.#keys, [
        this.#node,
        this.#log.length,
        this.#last,
        SETTLE_MILLIS * RESTORES_MAX,
      ]);
      const [word, birth, ofRules] = reply as readonly string[];
      if (word === "Born") return this.#adopt(birth as string, ofRules as string);
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MILLIS));
      const token = randomUUID();
      const appointed = await connection.run(APPOINT, this.#keys, [this.#node, token]);
      if (appointed === 1) return await this.#seed(token, rules);
    }
    throw this.#unavailable("the shared steps are being restored");
  }

  /** A stream that is not the one this node went by is gone through from its beginning. */
  #adopt(birth: string, rules: string): string {
    if (rules !== this.#options.rules) {
      throw this.#unavailable("other nodes go by other rules");
    }
    this.#last = FIRST;
    this.#log = [];
    this.#book = this.#options.open();
    return birth;
  }

  async #seed(token: string, rules: string): Promise<string> {
    const { connection } = this.#options;
    const log = this.#log;
    for (let from = 0; from < log.length; from += ENTRIES_AT_ONCE) {
      const some = log.slice(from, from + ENTRIES_AT_ONCE);
      const reply = await connection.run(SEED, this.#keys, [token, from, ...some]);
      if (reply === "Lost") throw this.#unavailable("the restoring of steps was taken over");
    }
    const born = await connection.run(BEAR, this.#keys, [token, rules]);
    if (born === "Lost") throw this.#unavailable("the restoring of steps was taken over");
    return this.#adopt(token, rules);
  }

  #unavailable(reason: string): PortUnavailable {
    return new PortUnavailable({ port: this.#options.port, reason });
  }
}
