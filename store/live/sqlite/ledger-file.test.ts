import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LEDGER_FILE, openLedgerFile } from "./ledger-file.ts";
import { MIGRATIONS } from "./schema.ts";
import { removeFolder, temporaryFolder } from "./testing/temporary-ledger.ts";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

describe("a ledger file", () => {
  it("is made with its folder, durable to the disk, and opened again as it was", () => {
    const deep = join(folder, "a", "b");
    const first = openLedgerFile(deep);
    expect(first.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(first.pragma("synchronous", { simple: true })).toBe(2);
    first.exec("INSERT INTO counters (name, value) VALUES ('kept', 7)");
    first.close();
    const again = openLedgerFile(deep);
    expect(again.prepare("SELECT value FROM counters WHERE name = 'kept'").pluck().get()).toBe(7);
    const versions = again.prepare("SELECT version FROM migrations").pluck().all();
    expect(versions).toEqual(MIGRATIONS.map((_, index) => index + 1));
    again.close();
  });

  it("is left alone where a newer program has changed it", () => {
    const connection = openLedgerFile(folder);
    const next = MIGRATIONS.length + 1;
    connection.exec(`INSERT INTO migrations (version, applied_at) VALUES (${next}, 'later')`);
    connection.close();
    expect(() => openLedgerFile(folder)).toThrow(
      `its tables are of version ${next}, and this program knows them up to version ${next - 1}`,
    );
  });

  it("is refused in plain words where it is none", () => {
    writeFileSync(join(folder, LEDGER_FILE), "this is a letter, and a rather long one ".repeat(99));
    expect(() => openLedgerFile(folder)).toThrow("the file is no SQLite database");
    const taken = join(folder, "taken");
    mkdirSync(join(taken, LEDGER_FILE), { recursive: true });
    expect(() => openLedgerFile(taken)).toThrow("the file cannot be opened");
  });

  it("lets no unit be held or sold that is not there", () => {
    const connection = openLedgerFile(folder);
    connection.exec(
      `INSERT INTO stock_items (sku, initial, restocked, written_off, available, held, sold,
         quarantined) VALUES ('lamp', 1, 0, 0, 1, 0, 0, 0)`,
    );
    const change = (set: string) => () => connection.exec(`UPDATE stock_items SET ${set}`);
    expect(change("available = -1, sold = 2")).toThrow("CHECK constraint failed");
    expect(change("sold = 1")).toThrow("CHECK constraint failed");
    expect(change("available = 0, sold = 1")).not.toThrow();
    connection.close();
  });
});
