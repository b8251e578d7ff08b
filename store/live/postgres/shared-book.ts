/**
 * A book of rules that every node keeps in memory, and one journal for all of them: a request is
 * asked of a node's copy only at its place in the journal, after everything that others wrote
 * before it. So the rules stand once, in the program, and all copies answer alike.
 *
 * Requests that come at the same time take one turn: one transaction, however many they are. Who
 * only looks takes a turn as well, and sees everything that was answered before it asked. Who may
 * be told what was so a moment ago glances: at the node's copy as it is, while that is known to be
 * no older than that moment, and never at what a transaction has not brought to an end.
 */
import { Effect, Either } from "effect";
import { assert } from "../../core/assert.ts";
import { fnv1a } from "../../core/fnv.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import { Batches } from "./batches.ts";
import { answered } from "./port-answer.ts";
import { PostgresFailure, type PostgresPool, type Query, type Row } from "./postgres-pool.ts";

type Answers<Answer> = Effect.Effect<Answer, PortUnavailable>;
// biome-ignore lint/suspicious/noExplicitAny: a request is what the method of its name takes.
type Method = (request: any) => Answers<unknown>;

/** The names of the methods that take a request and may change the book. */
export type MethodOf<Service> = {
  [Name in keyof Service]: Service[Name] extends Method ? Name : never;
}[keyof Service] &
  string;

export interface SharedBookOptions<Service> {
  /** Its name in the journal. */
  readonly book: string;
  /** The port's name in its Tag. */
  readonly port: string;
  /** An empty copy, whose every method answers at once. */
  readonly make: () => Service;
  /** How old what a glance sees may be. */
  readonly glanceMillis?: number;
}

type Turn<Service> =
  | { readonly method: MethodOf<Service>; readonly request: unknown }
  | { readonly look: (copy: Service) => Answers<unknown> };

type Outcome = Either.Either<unknown, PortUnavailable>;

const OPEN = {
  name: "book-open",
  text: "INSERT INTO books VALUES ($1, 0) ON CONFLICT DO NOTHING",
};
const LOCK = { name: "book-lock", text: "SELECT length FROM books WHERE book = $1 FOR UPDATE" };
const READ = {
  name: "book-read",
  text: `
    SELECT sequence, method, request::text AS request, digest FROM book_journal
     WHERE book = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`,
};
/** $2: the new length, $3: what was asked, as JSON. */
const WRITE = {
  name: "book-write",
  text: `
    WITH counted AS (UPDATE books SET length = $2 WHERE book = $1)
    INSERT INTO book_journal (book, sequence, method, request, digest)
    SELECT $1, asked.* FROM json_to_recordset($3::json)
      AS asked (sequence bigint, method text, request json, digest bigint)`,
};

/** Ten looks at the journal a second and node, however many glance. */
const GLANCE_MILLIS = 100;
/** Requests that one look at the journal takes into memory. */
const READ_AT_ONCE = 5_000;

export class SharedBook<Service extends object> {
  readonly #pool: PostgresPool;
  readonly #options: SharedBookOptions<Service>;
  readonly #turns: Batches<Turn<Service>, Outcome>;
  #copy: Service;
  /** When the copy was last known to have all of the journal. */
  #knownAt = Number.NEGATIVE_INFINITY;
  /** When this node last had the journal for itself. */
  #lockedAt = Number.NEGATIVE_INFINITY;
  /** Requests of the journal that the copy was asked. */
  #length = 0;
  /** True while the copy was asked what the journal may not come to have. */
  #isAhead = false;

  constructor(pool: PostgresPool, options: SharedBookOptions<Service>) {
    this.#pool = pool;
    this.#options = options;
    this.#copy = options.make();
    this.#turns = new Batches((turns) => this.#take(turns));
  }

  /** Opens the book and takes what is in its journal, so that no shopper waits for that. */
  async open(): Promise<void> {
    await this.#pool.query(OPEN, [this.#options.book]);
    await this.#turns.ask({ look: () => Effect.void });
  }

  /** The port's method, asked at its place in the journal. */
  method<Name extends MethodOf<Service>>(name: Name): Service[Name] {
    const ask = (request: unknown) => this.#asked({ method: name, request });
    return ask as Service[Name];
  }

  /** An answer that changes nothing. */
  look<Answer>(look: (copy: Service) => Answers<Answer>): Answers<Answer> {
    return this.#asked({ look }) as Answers<Answer>;
  }

  /**
   * An answer that changes nothing and may be as old as `glanceMillis`. Where the copy is older,
   * whoever glances waits for one look at the journal, which serves all who glance meanwhile.
   */
  glance<Request, Answer>(
    glance: (copy: Service, request: Request) => Answer,
  ): (request: Request) => Answers<Answer> {
    const { glanceMillis = GLANCE_MILLIS } = this.#options;
    return (request) =>
      Effect.suspend(() => {
        const isFresh = performance.now() - this.#knownAt < glanceMillis;
        if (isFresh && !this.#isAhead) return Effect.succeed(glance(this.#copy, request));
        return this.look((copy) => Effect.sync(() => glance(copy, request)));
      });
  }

  #asked(turn: Turn<Service>): Answers<unknown> {
    return Effect.flatMap(
      answered(this.#options.port, () => this.#turns.ask(turn)),
      (outcome) => outcome,
    );
  }

  async #take(turns: readonly Turn<Service>[]): Promise<readonly Outcome[]> {
    try {
      if (turns.some((turn) => "method" in turn)) {
        const outcomes = await this.#pool.transaction((query) => this.#write(query, turns));
        this.#isAhead = false;
        this.#knownAt = this.#lockedAt;
        return outcomes;
      }
      const asOf = performance.now();
      await this.#catchUp((statement, values) => this.#pool.query(statement, values));
      this.#knownAt = asOf;
      return turns.map((turn) => this.#answer(turn));
    } catch (error) {
      // What was asked may not have been written: the next turn begins with a new copy.
      if (this.#isAhead) this.#forget();
      throw error;
    }
  }

  async #write(query: Query, turns: readonly Turn<Service>[]): Promise<readonly Outcome[]> {
    const { book } = this.#options;
    const [locked] = await query(LOCK, [book]);
    assert(locked !== undefined, "a book is opened before it is asked");
    // Nobody else writes from here to the end of the transaction.
    this.#lockedAt = performance.now();
    if (locked.length !== this.#length) await this.#catchUp(query);
    const written: object[] = [];
    this.#isAhead = true;
    const outcomes = turns.map((turn) => {
      const outcome = this.#answer(turn);
      if ("method" in turn && Either.isRight(outcome)) {
        this.#length += 1;
        const { method, request } = turn;
        const digest = digestOf(outcome.right);
        written.push({ sequence: this.#length, method, request: plain(request), digest });
      }
      return outcome;
    });
    if (written.length > 0) await query(WRITE, [book, this.#length, JSON.stringify(written)]);
    return outcomes;
  }

  #forget(): void {
    this.#copy = this.#options.make();
    this.#length = 0;
    this.#knownAt = Number.NEGATIVE_INFINITY;
    this.#isAhead = false;
  }

  #answer(turn: Turn<Service>): Outcome {
    const copy = this.#copy;
    const asked = "look" in turn ? turn.look(copy) : this.#method(turn.method)(turn.request);
    return Effect.runSync(Effect.either(asked));
  }

  #method(name: string): Method {
    const method = this.#copy[name as keyof Service];
    assert(typeof method === "function", `${this.#options.port} has a method ${name}`);
    return method as Method;
  }

  /** Asks the copy what others have asked since. */
  async #catchUp(query: Query): Promise<void> {
    for (;;) {
      const rows = await query(READ, [this.#options.book, this.#length, READ_AT_ONCE]);
      for (const row of rows) this.#replay(row);
      if (rows.length < READ_AT_ONCE) return;
    }
  }

  #replay({ sequence, method, request, digest }: Row): void {
    assert(sequence === this.#length + 1, "a journal has no gap");
    const asked = this.#method(method as string)(JSON.parse(request as string, revived));
    if (digestOf(Effect.runSync(asked)) !== digest) {
      const { book } = this.#options;
      this.#forget();
      throw new PostgresFailure(
        `request ${sequence} of ${book} was answered otherwise by the program that wrote it: ` +
          "every node has to run the same version on the same sale",
        "",
      );
    }
    this.#length += 1;
  }
}

/** A number for an answer; equal answers have equal ones. */
function digestOf(answer: unknown): number {
  return fnv1a(JSON.stringify(answer ?? null));
}

const FLOATS = "float64";

/** As JSON can carry it. */
function plain(request: unknown): unknown {
  if (typeof request !== "object" || request === null) return request ?? null;
  const entries = Object.entries(request).map(([key, value]) => [
    key,
    value instanceof Float64Array ? { [FLOATS]: [...value] } : value,
  ]);
  return Object.fromEntries(entries);
}

function revived(_key: string, value: unknown): unknown {
  const floats = (value as { readonly [FLOATS]?: readonly number[] } | null)?.[FLOATS];
  return Array.isArray(floats) ? Float64Array.from(floats) : value;
}
