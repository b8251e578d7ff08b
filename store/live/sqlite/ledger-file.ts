/**
 * Opens the ledger file of a folder and brings its tables up to date. Every commit is on disk
 * before it counts (`synchronous=FULL`), readers do not wait for writers (WAL), and a file that a
 * newer program has changed is left alone.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { Data } from "effect";
import { MIGRATIONS } from "./schema.ts";

export const LEDGER_FILE = "rehearse.sqlite";

/** How long an opening process waits for another one that is bringing the tables up to date. */
const OPENING_WAIT_MILLIS = 10_000;
/** Pages of 4 KiB in the write-ahead log before a commit copies them into the file: some 16 MB. */
const CHECKPOINT_PAGES = 4_000;
/** Memory for pages, KiB. */
const CACHE_KIBIBYTES = 32_768;

/** The folder holds no ledger that this program can use; the message says why and what to do. */
export class LedgerFileRefused extends Data.TaggedError("LedgerFileRefused")<{
  readonly file: string;
  readonly reason: string;
}> {
  override get message(): string {
    return `${this.file}: ${this.reason}`;
  }
}

export type Connection = Database.Database;

/** Creates the folder and the file where they are missing. */
export function openLedgerFile(folder: string): Connection {
  const file = join(folder, LEDGER_FILE);
  let connection: Connection | null = null;
  try {
    mkdirSync(folder, { recursive: true });
    connection = new Database(file, { timeout: OPENING_WAIT_MILLIS });
    connection.pragma("journal_mode = WAL");
    connection.pragma("synchronous = FULL");
    connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    connection.pragma(`cache_size = -${CACHE_KIBIBYTES}`);
    migrate(connection, file);
    return connection;
  } catch (error) {
    connection?.close();
    if (error instanceof LedgerFileRefused) throw error;
    throw new LedgerFileRefused({ file, reason: plainReason(error) });
  }
}

/**
 * Several processes may open one new file at once: the lock lets one of them make the tables. A
 * file that is up to date is opened without the lock, for others may be selling from it.
 */
function migrate(connection: Connection, file: string): void {
  const table = connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'migrations'");
  if (table.get() !== undefined && versionOf(connection) === MIGRATIONS.length) return;
  const bringUpToDate = connection.transaction(() => {
    connection.exec(
      `CREATE TABLE IF NOT EXISTS migrations (
         version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL) STRICT`,
    );
    const version = versionOf(connection);
    if (version > MIGRATIONS.length) {
      const reason =
        `its tables are of version ${version}, and this program knows them up to version ` +
        `${MIGRATIONS.length}: open it with the newer program that wrote it`;
      throw new LedgerFileRefused({ file, reason });
    }
    const applied = connection.prepare(
      "INSERT INTO migrations (version, applied_at) VALUES (?, datetime('now'))",
    );
    for (let next = version; next < MIGRATIONS.length; next += 1) {
      connection.exec(MIGRATIONS[next] as string);
      applied.run(next + 1);
    }
  });
  bringUpToDate.immediate();
}

function versionOf(connection: Connection): number {
  const version = connection.prepare("SELECT max(version) FROM migrations").pluck().get();
  return (version as number | null) ?? 0;
}

/** What tells this ledger from every other; a copy of the file is the same ledger. */
export function identityOf(connection: Connection): string {
  return connection.prepare("SELECT identity FROM ledger_identity").pluck().get() as string;
}

/** Writes what a ledger begins with; waits for another process that is doing so. */
export function settingUp(connection: Connection, write: () => void): void {
  connection.pragma(`busy_timeout = ${OPENING_WAIT_MILLIS}`);
  connection.transaction(write).immediate();
  connection.pragma("busy_timeout = 0");
}

const PLAIN_REASONS: Readonly<Record<string, string>> = {
  SQLITE_FULL: "the disk is full",
  SQLITE_READONLY: "the file or its folder is read-only",
  SQLITE_CANTOPEN: "the file cannot be opened; look at the folder's permissions",
  SQLITE_NOTADB: "the file is no SQLite database; move it aside or choose another folder",
  SQLITE_CORRUPT: "the file is damaged; restore it from a copy",
  SQLITE_BUSY: "another process keeps the file locked",
  SQLITE_IOERR: "the disk does not read or write",
};

/** What went wrong, in words for whoever runs the store. */
export function plainReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const known = Object.keys(PLAIN_REASONS).find((name) => code.startsWith(name));
  return known === undefined ? error.message : `${PLAIN_REASONS[known]} (${code})`;
}

export function isSqliteError(error: unknown): error is InstanceType<typeof Database.SqliteError> {
  return error instanceof Database.SqliteError;
}
