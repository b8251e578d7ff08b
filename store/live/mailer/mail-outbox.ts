/**
 * The mails that are to be sent, in one SQLite file. A mail that was taken is there after a crash;
 * a mail that is being sent is lent to its sender for a time and comes back if the sender is gone;
 * what a mail said and to whom is erased when it has been sent. Beside them stand the addresses
 * that an order may yet need, until it is known what became of it. Several processes may share a
 * file.
 */

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import type { Mail } from "../../core/mail.ts";
import { GroupCommit } from "../sqlite/group-commit.ts";

export interface OutboxMail {
  readonly number: number;
  readonly name: string;
  readonly mail: Mail;
  readonly takenAt: number;
  /** This one included. */
  readonly attempts: number;
}

/** An address that waits for the end of an order. */
export interface AwaitedOrder {
  readonly order: string;
  readonly address: string;
  /** Since when it waits. */
  readonly since: number;
  /** How often the order was looked at before. */
  readonly looks: number;
}

/** A mail for later: it is not sent before `dueAt`, epoch milliseconds. */
export interface DatedMail {
  readonly name: string;
  readonly mail: Mail;
  readonly dueAt: number;
}

export interface OutboxFigures {
  readonly waiting: number;
  /** Given up, as long as their names are kept. */
  readonly failed: number;
  /** When the first of them could have been sent, or null. */
  readonly waitingSince: number | null;
  /** Addresses that wait for the end of their orders. */
  readonly awaited: number;
}

const SCHEMA_VERSION = 1;
const SCHEMA = `
  CREATE TABLE mails (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    mail TEXT NOT NULL,
    taken_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT ''
  ) STRICT;
  CREATE INDEX mails_due ON mails (due_at) WHERE state = 'waiting';
  CREATE INDEX mails_waiting ON mails (taken_at) WHERE state = 'waiting';
  CREATE INDEX mails_failed ON mails (number) WHERE state = 'failed';
  CREATE INDEX mails_ended ON mails (taken_at) WHERE state <> 'waiting';
  CREATE TABLE awaited (
    order_name TEXT PRIMARY KEY,
    address TEXT NOT NULL,
    since INTEGER NOT NULL,
    look_at INTEGER NOT NULL,
    looks INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX awaited_due ON awaited (look_at);
`;

interface MailRow {
  readonly number: number;
  readonly name: string;
  readonly mail: string;
  readonly taken_at: number;
  readonly attempts: number;
}

/** How long an opening process waits for another that makes the tables. */
const OPENING_MILLIS_MAX = 10_000;
/** Counting takes time in a long outbox; what the limit can be passed by, per process. */
const TAKEN_BETWEEN_COUNTS = 1_000;
/** Old names that one round forgets. */
const FORGET_PER_ROUND = 1_000;

export class MailOutbox {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof statementsOf>;
  readonly #mailsMax: number;
  /** Mails that may be taken before those that wait are counted again. */
  #room = 0;

  /** `:memory:` keeps the mails for this process alone. */
  constructor(file: string, mailsMax: number) {
    if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
    const connection = new Database(file, { timeout: OPENING_MILLIS_MAX });
    connection.pragma("journal_mode = WAL");
    connection.pragma("synchronous = FULL");
    // What was erased is overwritten: who bought what stays in no free page of the file.
    connection.pragma("secure_delete = ON");
    connection.transaction(() => makeTables(connection, file)).immediate();
    this.#statements = statementsOf(connection);
    this.#commit = new GroupCommit(connection);
    this.#mailsMax = mailsMax;
  }

  /** On disk when it answers. */
  take(name: string, mail: Mail, now: number): Promise<"taken" | "taken before" | "full"> {
    return this.#write(() => {
      if (this.#statements.find.get(name) !== undefined) return "taken before";
      if (!this.#hasRoom()) return "full";
      this.#statements.insert.run(name, JSON.stringify(mail), now, now);
      return "taken";
    });
  }

  /** Keeps the address until `settle` says what the order has come to. On disk when it answers. */
  expect(order: string, address: string, now: number): Promise<void> {
    return this.#write(() => {
      this.#statements.expect.run(order, address, now, now);
    });
  }

  /** The addresses whose orders are to be looked at now; each is next due as `pause` says. */
  awaited(
    now: number,
    pauseMillis: (looks: number) => number,
    limit: number,
  ): Promise<readonly AwaitedOrder[]> {
    return this.#write(() => {
      const rows = this.#statements.awaited.all(now, limit) as AwaitedOrder[];
      for (const { order, looks } of rows) {
        this.#statements.lookedAt.run(now + pauseMillis(looks), order);
      }
      return rows;
    });
  }

  /** Takes the mails of the order, each once, and erases its address, in one step. */
  settle(order: string, mails: readonly DatedMail[]): Promise<void> {
    return this.#write(() => {
      if (this.#statements.forgetAddress.run(order).changes === 0) return;
      for (const { name, mail, dueAt } of mails) {
        if (this.#statements.find.get(name) !== undefined) continue;
        this.#statements.insert.run(name, JSON.stringify(mail), dueAt, dueAt);
      }
    });
  }

  /** Lends the mails that are due, the one due longest first, until `lentUntil`. */
  lend(now: number, lentUntil: number, limit: number): Promise<readonly OutboxMail[]> {
    return this.#write(() => {
      const rows = this.#statements.lend.all(lentUntil, now, limit) as MailRow[];
      return rows.map((row) => ({
        number: row.number,
        name: row.name,
        mail: JSON.parse(row.mail) as Mail,
        takenAt: row.taken_at,
        attempts: row.attempts,
      }));
    });
  }

  /** Ends the mail and erases what it said, unless it was lent to somebody else meanwhile. */
  end({ number, attempts }: OutboxMail, state: "sent" | "failed", reason: string): Promise<void> {
    return this.#write(() => {
      this.#statements.end.run(state, reason, number, attempts);
    });
  }

  /** Keeps the mail for another try, unless it was lent to somebody else meanwhile. */
  postpone({ number, attempts }: OutboxMail, dueAt: number, reason: string): Promise<void> {
    return this.#write(() => {
      this.#statements.postpone.run(dueAt, reason, number, attempts);
    });
  }

  /** Forgets the names of mails that ended and were taken before a time. */
  forget(takenBefore: number): Promise<void> {
    return this.#write(() => {
      this.#statements.forget.run(takenBefore, FORGET_PER_ROUND);
    });
  }

  figures(): OutboxFigures {
    return this.#commit.look(() => this.#statements.figures.get() as OutboxFigures);
  }

  close(): void {
    this.#commit.close();
  }

  #hasRoom(): boolean {
    if (this.#room === 0) {
      const { waiting } = this.#statements.waiting.get() as { waiting: number };
      this.#room = Math.min(TAKEN_BETWEEN_COUNTS, Math.max(0, this.#mailsMax - waiting));
    }
    if (this.#room === 0) return false;
    this.#room -= 1;
    return true;
  }

  /** Runs the step in the group of this turn and answers when the group is on disk. */
  #write<Answer>(step: () => Answer): Promise<Answer> {
    const commit = this.#commit;
    const answered = new Promise<Answer>((resolve, reject) => {
      const run = (problem: string | null) => {
        try {
          if (problem !== null) throw new Error(problem);
          const answer = commit.step(() => {
            const stepped = step();
            commit.wrote();
            return stepped;
          });
          commit.durable().then(() => resolve(answer), reject);
        } catch (error) {
          reject(error);
        }
      };
      if (commit.problem !== null) run(commit.problem);
      else if (commit.enter()) run(null);
      else commit.whenOpen(run);
    });
    return answered;
  }
}

function makeTables(connection: Database.Database, file: string): void {
  const version = connection.pragma("user_version", { simple: true });
  if (version === SCHEMA_VERSION) return;
  if (version !== 0) {
    throw new Error(`${file}: an outbox of version ${version}, this store reads ${SCHEMA_VERSION}`);
  }
  connection.exec(SCHEMA);
  connection.pragma(`user_version = ${SCHEMA_VERSION}`);
}

function statementsOf(connection: Database.Database) {
  return {
    expect: connection.prepare(
      `INSERT INTO awaited (order_name, address, since, look_at) VALUES (?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    ),
    awaited: connection.prepare(
      `SELECT order_name AS "order", address, since, looks FROM awaited
       WHERE look_at <= ? ORDER BY look_at LIMIT ?`,
    ),
    lookedAt: connection.prepare(
      "UPDATE awaited SET look_at = ?, looks = looks + 1 WHERE order_name = ?",
    ),
    forgetAddress: connection.prepare("DELETE FROM awaited WHERE order_name = ?"),
    find: connection.prepare("SELECT 1 FROM mails WHERE name = ?"),
    waiting: connection.prepare("SELECT count(*) AS waiting FROM mails WHERE state = 'waiting'"),
    insert: connection.prepare(
      "INSERT INTO mails (name, mail, taken_at, due_at) VALUES (?, ?, ?, ?)",
    ),
    lend: connection.prepare(
      `UPDATE mails SET due_at = ?, attempts = attempts + 1
       WHERE number IN (SELECT number FROM mails WHERE state = 'waiting' AND due_at <= ?
                        ORDER BY due_at, number LIMIT ?)
       RETURNING number, name, mail, taken_at, attempts`,
    ),
    end: connection.prepare(
      `UPDATE mails SET state = ?, mail = '', reason = ?
       WHERE number = ? AND attempts = ? AND state = 'waiting'`,
    ),
    postpone: connection.prepare(
      `UPDATE mails SET due_at = ?, reason = ?
       WHERE number = ? AND attempts = ? AND state = 'waiting'`,
    ),
    forget: connection.prepare(
      `DELETE FROM mails WHERE number IN (SELECT number FROM mails
         WHERE state <> 'waiting' AND taken_at < ? ORDER BY taken_at LIMIT ?)`,
    ),
    figures: connection.prepare(
      `SELECT (SELECT count(*) FROM mails WHERE state = 'waiting') AS waiting,
         (SELECT count(*) FROM mails WHERE state = 'failed') AS failed,
         (SELECT min(taken_at) FROM mails WHERE state = 'waiting') AS waitingSince,
         (SELECT count(*) FROM awaited) AS awaited`,
    ),
  };
}
