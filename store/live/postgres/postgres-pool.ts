/**
 * Connections to PostgreSQL, as many as are allowed and no more, and a time limit on everything
 * that is asked over them: a server that is gone or hangs is a {@link PostgresFailure} in time.
 */
import pg from "pg";
import { assert } from "../../core/assert.ts";

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, and `?schema=name` where it is not the default. */
  readonly url: string;
  /** The schema of the tables: two sales in one database have two. Small letters, digits and `_`. */
  readonly schema?: string;
  /** Connections of this node; those of all nodes stay below the server's `max_connections`. */
  readonly connectionsMax?: number;
  /** The longest that one question, the wait for a connection included, may take. */
  readonly answerMillisMax?: number;
  /**
   * False where an answer need not wait for the disk: a crash of the server then forgets up to
   * some 0.6 seconds of it (three times its `wal_writer_delay`), in the order of writing.
   */
  readonly isDurable?: boolean;
}

/** Its text is prepared once for each connection, under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export type Row = Readonly<Record<string, unknown>>;

/** Asks within one transaction. */
export type Query = (statement: Statement, values?: readonly unknown[]) => Promise<readonly Row[]>;

/** Writes of a node go in groups, so a few connections carry them. */
const CONNECTIONS_MAX = 10;
const ANSWER_MILLIS_MAX = 5_000;
const MILLIS_PER_SECOND = 1_000;
/** What stands between forgets a connection over which nothing went for some five minutes. */
const KEEP_ALIVE_MILLIS = 30_000;
/** How much later than the server the client gives up by itself. */
const GRACE_MILLIS = 500;

export const DEFAULT_SCHEMA = "rehearse";

/**
 * Rows are found by their keys. Left to itself the server plans by what it knows of a table: of an
 * empty one, that it is quickest read whole, which it then does for each order of a rush until it
 * looks at the table again, minutes later. Only where no index serves is a table read whole now;
 * that is priced so high that the server would compile such a statement each time, if it might.
 */
const BY_KEY = { enable_seqscan: "off", jit: "off" };

/** The server refused, or did not answer in time; what was asked may or may not have been done. */
export class PostgresFailure extends Error {
  /** The server's five characters, empty where it did not answer. */
  readonly code: string;

  constructor(reason: string, code: string) {
    super(reason);
    this.code = code;
  }

  /** Two transactions waited for each other; nothing was done, and again it may well be. */
  get mayRetry(): boolean {
    return this.code === "40P01" || this.code === "40001";
  }

  /** A constraint of the tables said no; nothing was done. */
  get isConstraint(): boolean {
    return this.code.startsWith("23");
  }
}

/** What a connection is opened with. */
function settingsText(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
}

function schemaIn(url: string): string {
  return (URL.canParse(url) ? new URL(url).searchParams.get("schema") : null) ?? DEFAULT_SCHEMA;
}

export class PostgresPool {
  readonly schema: string;
  readonly #pool: pg.Pool;
  /** When each connection that is in use was taken, by `performance.now()`. */
  readonly #takenAt = new WeakMap<pg.PoolClient, number>();
  #isClosed = false;
  /** Hears for how many seconds each connection was in use. */
  onHeld: (seconds: number) => void = () => {};

  constructor(options: PostgresOptions) {
    const { url, connectionsMax = CONNECTIONS_MAX } = options;
    const schema = options.schema ?? schemaIn(url);
    const millis = options.answerMillisMax ?? ANSWER_MILLIS_MAX;
    assert(/^[a-z_][a-z0-9_]{0,62}$/.test(schema), `${schema} can be the name of a schema`);
    assert(connectionsMax > 0 && millis > 0, "a pool has a connection and time to use it");
    this.schema = schema;
    this.#pool = new pg.Pool({
      connectionString: url,
      max: connectionsMax,
      connectionTimeoutMillis: millis,
      // A rush after a quiet hour finds them open, with its statements prepared.
      idleTimeoutMillis: 0,
      statement_timeout: millis,
      lock_timeout: millis,
      idle_in_transaction_session_timeout: millis,
      query_timeout: millis + GRACE_MILLIS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MILLIS,
      application_name: "rehearse",
      options: settingsText({
        ...BY_KEY,
        search_path: schema,
        synchronous_commit: options.isDurable === false ? "off" : "on",
      }),
      types: { getTypeParser: parserOf },
    });
    // A connection that breaks while nobody uses it is replaced when somebody does.
    this.#pool.on("error", () => {});
    this.#pool.on("acquire", (client) => this.#takenAt.set(client, performance.now()));
    this.#pool.on("release", (_problem, client) => {
      const takenAt = this.#takenAt.get(client);
      if (takenAt !== undefined) this.onHeld((performance.now() - takenAt) / MILLIS_PER_SECOND);
    });
  }

  /** One question, which is a transaction of its own. */
  async query(statement: Statement, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return failing(
      async () => (await this.#pool.query({ ...statement, values: [...values] })).rows,
    );
  }

  /** Everything that `steps` asks, or nothing. A connection that met with a failure is given up. */
  async transaction<Answer>(
    steps: (query: Query) => Promise<Answer>,
    begin = "BEGIN",
  ): Promise<Answer> {
    const client = await failing(() => this.#pool.connect());
    client.on("error", ignore);
    try {
      await failing(() => client.query(begin));
      const answer = await steps((statement, values = []) =>
        failing(async () => (await client.query({ ...statement, values: [...values] })).rows),
      );
      await failing(() => client.query("COMMIT"));
      client.off("error", ignore);
      client.release();
      return answer;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /** Lines of SQL without values, several at once. */
  async script(text: string): Promise<void> {
    await failing(() => this.#pool.query(text));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#pool.end();
  }
}

/** Why the server did not do it, in plain words. */
async function failing<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw failureOf(error);
  }
}

function failureOf(error: unknown): PostgresFailure {
  const { code, message } = error as { code?: unknown; message?: string };
  if (error instanceof pg.DatabaseError) {
    const { constraint } = error;
    const where = constraint === undefined ? "" : ` (${constraint})`;
    return new PostgresFailure(`PostgreSQL says: ${error.message}${where}`, `${code}`);
  }
  if (code === "ECONNREFUSED") return new PostgresFailure("nobody listens there", "");
  if (typeof code === "string") return new PostgresFailure(`no connection: ${code}`, "");
  const text = message ?? String(error);
  if (/timeout/i.test(text)) return new PostgresFailure("PostgreSQL did not answer in time", "");
  return new PostgresFailure(`the connection was lost: ${text}`, "");
}

const INT8 = 20;

/** Whole numbers come as numbers: none of ours is above 2^53, and times are doubles. */
function parserOf(oid: number, format?: "text" | "binary"): (text: string) => unknown {
  if (oid === INT8) return Number;
  return pg.types.getTypeParser(oid, format as "text");
}

function ignore(): void {}
