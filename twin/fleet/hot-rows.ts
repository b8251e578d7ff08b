/**
 * The stock rows of the articles as the database locks them: a commit that changes a row has it for
 * itself, first come first served, so all orders of one article go one after the other however many
 * servers there are. A row that many want is slower for each: every waiting connection is woken,
 * looks and sleeps again. Both figures are fitted to one measurement of PostgreSQL 15, an update of
 * one row with an insert of an order: 3,676/s with 8 connections and 2,157/s with 32.
 */
import { assert } from "../../engine/assert.ts";
import type { Ticks } from "../../engine/time.ts";
import type { DatabaseSpec } from "../scenario/scenario.ts";
import { lengthened } from "./rows.ts";

const ROWS_AT_FIRST = 64;

export class HotRows {
  readonly #lock: Ticks;
  readonly #perContender: Ticks;
  /** When the row's last commit so far lets go of it. */
  #freeAt = new Float64Array(ROWS_AT_FIRST);
  /** Connections that have the row or wait for it. */
  #contenders = new Int32Array(ROWS_AT_FIRST);

  constructor(spec: DatabaseSpec["row"]) {
    assert(spec.lock >= 0 && spec.perContender >= 0, "a lock is held for a time");
    this.#lock = spec.lock;
    this.#perContender = spec.perContender;
  }

  /**
   * A commit that changes these rows begins now: when it has all of them, and when it lets go of
   * them. It takes them in one step, once the last of them is free.
   */
  begin(rows: readonly number[], now: Ticks): { readonly from: Ticks; readonly until: Ticks } {
    let from = now;
    let contenders = 0;
    for (const row of rows) {
      this.#makeRoom(row);
      this.#contenders[row] += 1;
      from = Math.max(from, this.#freeAt[row]);
      contenders = Math.max(contenders, this.#contenders[row]);
    }
    const until = from + this.#lock + this.#perContender * contenders;
    for (const row of rows) this.#freeAt[row] = until;
    return { from, until };
  }

  /** The commit is over, or the connection that waited for it is gone. */
  end(rows: readonly number[]): void {
    for (const row of rows) {
      this.#contenders[row] -= 1;
      assert(this.#contenders[row] >= 0, "a commit ends once");
    }
  }

  #makeRoom(row: number): void {
    assert(Number.isSafeInteger(row) && row >= 0, "a row has a number");
    if (row < this.#freeAt.length) return;
    const length = Math.max(row + 1, this.#freeAt.length * 2);
    this.#freeAt = lengthened(this.#freeAt, length);
    this.#contenders = lengthened(this.#contenders, length);
  }
}
