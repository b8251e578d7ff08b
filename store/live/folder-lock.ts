/**
 * One store at a time in a folder: a second one would end orders that the first is about to pay,
 * because it takes them for what a crash has left. The lock is SQLite's own on a file beside the
 * ledger, so it ends with the process that holds it, however that ends.
 */
import { join } from "node:path";
import Database from "better-sqlite3";
import { FolderProblem } from "./data-folder.ts";

const LOCK_FILE = "serving.lock";

/** Answers with what gives the lock back; throws {@link FolderProblem} where another has it. */
export function lockFolder(path: string): () => void {
  const database = new Database(join(path, LOCK_FILE));
  try {
    database.pragma("busy_timeout = 0");
    database.exec("BEGIN EXCLUSIVE");
  } catch (failure) {
    database.close();
    const { code } = failure as { readonly code?: string };
    if (code?.startsWith("SQLITE_BUSY") !== true) throw failure;
    throw new FolderProblem(
      `another store runs in this folder (${path}). Stop it first, or name another folder with --data.`,
    );
  }
  return () => database.close();
}
