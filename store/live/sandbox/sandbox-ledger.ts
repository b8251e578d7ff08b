/**
 * The books of the sandbox gateway, in one SQLite file: what was captured, declined and closed
 * under each key, and what went back. A key has one fate for good. Requests of one turn of the
 * event loop share one commit; nobody is told of a fate before `durable` says that it is on disk.
 */
import Database from "better-sqlite3";
import { assert } from "../../core/assert.ts";

export interface SandboxCharge {
  readonly key: string;
  readonly order: string;
  /** Minor units, above zero. */
  readonly amount: number;
  readonly currency: string;
}

/** What stands under a key. */
export type KeyFate =
  | { readonly state: "captured"; readonly charge: SandboxCharge; readonly reference: string }
  | {
      readonly state: "declined";
      readonly charge: SandboxCharge;
      readonly kind: "soft" | "hard";
      readonly reason: string;
    }
  /** Somebody was told that nothing was captured; nothing ever will be. */
  | { readonly state: "closed" };

export interface SandboxRefund {
  readonly key: string;
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
}

export type RefundFate =
  | { readonly state: "refunded"; readonly reference: string }
  | { readonly state: "refused"; readonly reason: string };

/** A capture as an audit reads it. */
export interface BookedCharge {
  /** Counts the keys from 1, in the order in which they got their fate. */
  readonly number: number;
  readonly key: string;
  readonly order: string;
  readonly reference: string;
  readonly currency: string;
  readonly captured: number;
  readonly refunded: number;
}

export interface SandboxSummary {
  readonly captures: number;
  readonly captured: number;
  readonly refunded: number;
  readonly declines: number;
  readonly closed: number;
}

const SCHEMA_VERSION = 1;

/** How long a sandbox waits for the one before it to let go of the file. */
const LOCK_MILLIS_MAX = 1_000;

const SCHEMA = `
  CREATE TABLE keys (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('captured', 'declined', 'closed')),
    order_name TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0 OR state = 'closed'),
    currency TEXT NOT NULL,
    refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND amount),
    kind TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT ''
  ) STRICT;
  CREATE INDEX keys_by_state ON keys (state, number);
  CREATE TABLE refunds (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    charge INTEGER NOT NULL REFERENCES keys (number),
    amount INTEGER NOT NULL CHECK (amount > 0)
  ) STRICT;
`;

interface KeyRow {
  readonly number: number;
  readonly key: string;
  readonly state: KeyFate["state"];
  readonly order_name: string;
  readonly amount: number;
  readonly currency: string;
  readonly refunded: number;
  readonly kind: string;
  readonly reason: string;
}

const REFERENCE = /^sandbox-charge-([1-9]\d{0,15})$/;

export class SandboxLedger {
  readonly #db: Database.Database;
  readonly #statements: ReturnType<typeof statementsOf>;
  /** The commit that the open transaction waits for, null where none is open. */
  #commit: Promise<void> | null = null;

  /** Opens the file and makes it where there is none; a second process is refused the file. */
  constructor(file: string) {
    this.#db = new Database(file, { timeout: LOCK_MILLIS_MAX });
    this.#db.pragma("locking_mode = EXCLUSIVE");
    this.#db.pragma("journal_mode = WAL");
    this.#db.pragma("synchronous = FULL");
    const version = this.#db.pragma("user_version", { simple: true });
    if (version === 0) {
      this.#db.transaction(() => {
        this.#db.exec(SCHEMA);
        this.#db.pragma(`user_version = ${SCHEMA_VERSION}`);
      })();
    } else if (version !== SCHEMA_VERSION) {
      this.#db.close();
      throw new Error(`${file}: books of version ${version}, this sandbox reads ${SCHEMA_VERSION}`);
    }
    this.#statements = statementsOf(this.#db);
  }

  find(key: string): KeyFate | null {
    const row = this.#row(key);
    return row === undefined ? null : fateOf(row);
  }

  /** Captures the charge unless the key has its fate already; answers what stands under it. */
  capture(charge: SandboxCharge): KeyFate {
    return this.#decide(charge, { state: "captured", kind: "", reason: "" });
  }

  decline(charge: SandboxCharge, kind: "soft" | "hard", reason: string): KeyFate {
    return this.#decide(charge, { state: "declined", kind, reason });
  }

  /** Closes the key for good unless it has its fate already; answers what stands under it. */
  close(key: string): KeyFate {
    const none = { key, order: "", amount: 0, currency: "" };
    return this.#decide(none, { state: "closed", kind: "", reason: "" });
  }

  refund({ key, reference, amount, currency }: SandboxRefund): RefundFate {
    const before = this.#statements.findRefund.get(key) as { number: number } | undefined;
    if (before !== undefined) return refundedAs(before.number);
    const number = Number(REFERENCE.exec(reference)?.[1] ?? 0);
    const charge = this.#statements.findNumber.get(number) as KeyRow | undefined;
    if (charge?.state !== "captured") return { state: "refused", reason: "no such charge" };
    if (charge.currency !== currency) return { state: "refused", reason: "another currency" };
    if (charge.refunded + amount > charge.amount) {
      return { state: "refused", reason: "more than was charged" };
    }
    this.#begin();
    return refundedAs(this.#returnMoney(key, number, amount));
  }

  /** Resolves when everything written so far is on disk; rejects where it could not be written. */
  durable(): Promise<void> {
    return this.#commit ?? Promise.resolve();
  }

  /** Captures whose number is above `after`, in that order. */
  charges(after: number, limit: number): readonly BookedCharge[] {
    const rows = this.#statements.charges.all(after, limit) as KeyRow[];
    return rows.map((row) => ({
      number: row.number,
      key: row.key,
      order: row.order_name,
      reference: referenceOf(row.number),
      currency: row.currency,
      captured: row.amount,
      refunded: row.refunded,
    }));
  }

  summary(): SandboxSummary {
    return this.#statements.summary.get() as SandboxSummary;
  }

  /** Commits what is open and closes the file. */
  async shut(): Promise<void> {
    await this.durable();
    this.#db.close();
  }

  #row(key: string): KeyRow | undefined {
    return this.#statements.findKey.get(key) as KeyRow | undefined;
  }

  #decide(
    charge: SandboxCharge,
    fate: { readonly state: KeyFate["state"]; readonly kind: string; readonly reason: string },
  ): KeyFate {
    const known = this.#row(charge.key);
    if (known !== undefined) return fateOf(known);
    this.#begin();
    const { key, order, amount, currency } = charge;
    const { state, kind, reason } = fate;
    this.#statements.insertKey.run(key, state, order, amount, currency, kind, reason);
    const row = this.#row(key);
    assert(row !== undefined, "a key that was written is found");
    return fateOf(row);
  }

  /** Both rows of a refund or neither; answers the refund's number. */
  #returnMoney(key: string, charge: number, amount: number): number {
    const both = this.#db.transaction(() => {
      this.#statements.addRefunded.run(amount, charge);
      return Number(this.#statements.insertRefund.run(key, charge, amount).lastInsertRowid);
    });
    return both();
  }

  #begin(): void {
    if (this.#commit !== null) return;
    this.#db.exec("BEGIN IMMEDIATE");
    this.#commit = new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#commit = null;
        try {
          this.#db.exec("COMMIT");
          resolve();
        } catch (error) {
          if (this.#db.inTransaction) this.#db.exec("ROLLBACK");
          reject(error);
        }
      });
    });
    // Whoever asked for it hears of a failure through `durable`.
    this.#commit.catch(() => {});
  }
}

function statementsOf(db: Database.Database) {
  return {
    findKey: db.prepare("SELECT * FROM keys WHERE key = ?"),
    findNumber: db.prepare("SELECT * FROM keys WHERE number = ?"),
    findRefund: db.prepare("SELECT number FROM refunds WHERE key = ?"),
    insertKey: db.prepare(
      `INSERT INTO keys (key, state, order_name, amount, currency, kind, reason)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    addRefunded: db.prepare("UPDATE keys SET refunded = refunded + ? WHERE number = ?"),
    insertRefund: db.prepare("INSERT INTO refunds (key, charge, amount) VALUES (?, ?, ?)"),
    charges: db.prepare(
      "SELECT * FROM keys WHERE state = 'captured' AND number > ? ORDER BY number LIMIT ?",
    ),
    summary: db.prepare(
      `SELECT count(*) FILTER (WHERE state = 'captured') AS captures,
         coalesce(sum(amount) FILTER (WHERE state = 'captured'), 0) AS captured,
         coalesce(sum(refunded), 0) AS refunded,
         count(*) FILTER (WHERE state = 'declined') AS declines,
         count(*) FILTER (WHERE state = 'closed') AS closed
       FROM keys`,
    ),
  };
}

function fateOf(row: KeyRow): KeyFate {
  const { key, order_name: order, amount, currency } = row;
  const charge = { key, order, amount, currency };
  switch (row.state) {
    case "captured":
      return { state: "captured", charge, reference: referenceOf(row.number) };
    case "declined": {
      const kind = row.kind === "soft" ? "soft" : "hard";
      return { state: "declined", charge, kind, reason: row.reason };
    }
    case "closed":
      return { state: "closed" };
  }
}

function referenceOf(number: number): string {
  return `sandbox-charge-${number}`;
}

function refundedAs(number: number): RefundFate {
  return { state: "refunded", reference: `sandbox-refund-${number}` };
}
