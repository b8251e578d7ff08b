/**
 * Rows of one table in memory: those that were looked at lately, and those that the open group has
 * changed and its commit will write, once each however often they were changed. What is here and
 * unchanged is what the file says, for it is forgotten whenever another process writes.
 */
import { assert } from "../../core/assert.ts";
import type { GroupCommit, Image } from "./group-commit.ts";

export interface RowTable<Row> {
  readonly load: (key: string) => Row | null;
  /** Inserts the row or writes it over the one that is there; null deletes it. */
  readonly write: (key: string, row: Row | null) => void;
}

/** Beyond this many rows all that are unchanged are let go: four for each request in work at most. */
const ROWS_KEPT_MAX = 4_000;

export class RowImage<Row> implements Image {
  readonly #group: GroupCommit;
  readonly #table: RowTable<Row>;
  /** Null stands for a row that is known not to be there. */
  readonly #rows = new Map<string, Row | null>();
  readonly #changed = new Map<string, Row | null>();

  constructor(group: GroupCommit, table: RowTable<Row>) {
    this.#group = group;
    this.#table = table;
    group.join(this);
  }

  get(key: string): Row | null {
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const row = this.#table.load(key);
    this.#rows.set(key, row);
    return row;
  }

  /** The row is new or was changed; null takes it away. */
  put(key: string, row: Row | null): void {
    this.#group.wrote();
    this.#rows.set(key, row);
    this.#changed.set(key, row);
  }

  /** The row was written past this image: what is known of it holds no more. */
  forgetOne(key: string): void {
    assert(!this.#changed.has(key), "a row that is changed here is written from here");
    this.#rows.delete(key);
  }

  /** Before a query that goes by more than the key. */
  flush(): void {
    if (this.#changed.size > 0) {
      for (const [key, row] of this.#changed) this.#table.write(key, row);
      this.#changed.clear();
    }
    if (this.#rows.size > ROWS_KEPT_MAX) this.#rows.clear();
  }

  forget(): void {
    this.#rows.clear();
    this.#changed.clear();
  }
}

/** Whole numbers by name, changed in memory and written once a commit. */
export class Counters {
  readonly #rows: RowImage<number>;

  constructor(group: GroupCommit) {
    const { connection } = group;
    const load = connection
      .prepare<[string], number>("SELECT value FROM counters WHERE name = ?")
      .pluck();
    const write = connection.prepare<[string, number]>(
      "INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    );
    this.#rows = new RowImage<number>(group, {
      load: (name) => load.get(name) ?? 0,
      write: (name, value) => write.run(name, value ?? 0),
    });
  }

  get(name: string): number {
    return this.#rows.get(name) ?? 0;
  }

  /** Answers with what it then stands at. */
  add(name: string, by = 1): number {
    const value = this.get(name) + by;
    this.#rows.put(name, value);
    return value;
  }
}
