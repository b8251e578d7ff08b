/**
 * Writes the changes of one group. A node remembers the orders that it works on, so a group is one
 * statement as a rule: each order is changed if it still is at the revision that is remembered,
 * and the tables refuse units that are not there. What does not go that way is done again on
 * locked rows, where the answer is found out.
 */
import { assert } from "../../core/assert.ts";
import { isFinal } from "../../core/order.machine.ts";
import type { OrderChange } from "../../core/order.ts";
import type { AppendAnswer } from "../../core/order-book.ts";
import { retried } from "./batches.ts";
import { OrderChanges } from "./order-changes.ts";
import * as rows from "./order-rows.ts";
import { PostgresFailure, type PostgresPool, type Query } from "./postgres-pool.ts";

export interface AppendDone {
  readonly answer: AppendAnswer;
  /** True where the ledger ended the order in the place of the change. */
  readonly isRefusal: boolean;
}

/** A change may fail while others of its group are written. */
export type AppendOutcome = AppendDone | { readonly failure: unknown };

/** Orders under way on one node; who is forgotten is looked up. */
const REMEMBERED_MAX = 20_000;

export class OrderAppender {
  readonly #pool: PostgresPool;
  /** As they were when this node last saw them, the one seen longest ago first. */
  readonly #remembered = new Map<string, rows.StoredOrder>();
  /** SKUs that the tables have; none is ever taken away. */
  readonly #skus = new Set<string>();

  constructor(pool: PostgresPool) {
    this.#pool = pool;
  }

  remember(stored: rows.StoredOrder): void {
    const { id, state } = stored.order;
    this.#remembered.delete(id);
    if (isFinal(state)) return;
    this.#remembered.set(id, stored);
    if (this.#remembered.size <= REMEMBERED_MAX) return;
    for (const oldest of this.#remembered.keys()) {
      this.#remembered.delete(oldest);
      return;
    }
  }

  async append(changes: readonly OrderChange[]): Promise<readonly AppendOutcome[]> {
    const done = await this.#appendRemembered(changes);
    const left = changes.filter((change) => !done.has(change));
    if (left.length > 0) await this.#appendLocked(left, done);
    return changes.map((change) => done.get(change) as AppendOutcome);
  }

  /** On locked rows, all at once; where the tables refuse one of them, each alone. */
  async #appendLocked(
    changes: readonly OrderChange[],
    done: Map<OrderChange, AppendOutcome>,
  ): Promise<void> {
    try {
      const found = await retried(() =>
        this.#pool.transaction((query) => this.#onLockedRows(query, changes)),
      );
      for (const [index, change] of changes.entries()) done.set(change, found[index]);
      this.#rememberAll(found);
    } catch (failure) {
      const mayBeOne = failure instanceof PostgresFailure && failure.isConstraint;
      if (!mayBeOne || changes.length === 1) {
        for (const change of changes) done.set(change, { failure });
        return;
      }
      for (const change of changes) await this.#appendLocked([change], done);
    }
  }

  /** The changes that could be written to the orders as they are remembered. */
  async #appendRemembered(
    changes: readonly OrderChange[],
  ): Promise<Map<OrderChange, AppendOutcome>> {
    const done = new Map<OrderChange, AppendOutcome>();
    const known = changes.filter((change) => this.#knows(change));
    const stored = known.map(({ order }) => this.#remembered.get(order) as rows.StoredOrder);
    // Two changes of one order in one group: what the second is made from is not there yet.
    if (known.length === 0 || new Set(stored).size < stored.length) return done;
    const group = new OrderChanges(stored, { countsUnits: false });
    const answers = known.map((change) => group.append(change));
    const numbers = await this.#tried(group);
    for (const [index, change] of known.entries()) {
      const { number } = stored[index];
      const answer = answers[index];
      if (answer._tag !== "Appended" || !numbers.has(number)) {
        this.#remembered.delete(change.order);
        continue;
      }
      this.remember({ number, order: answer.order });
      done.set(change, { answer, isRefusal: false });
    }
    return done;
  }

  /** The numbers of the orders that were changed; none where the tables refused one of them. */
  async #tried(group: OrderChanges): Promise<ReadonlySet<number>> {
    try {
      return await write((statement, values) => this.#pool.query(statement, values), group);
    } catch (failure) {
      const isUndone = failure instanceof PostgresFailure;
      if (isUndone && (failure.isConstraint || failure.mayRetry)) return new Set();
      throw failure;
    }
  }

  #knows({ order, from, revision }: OrderChange): boolean {
    const stored = this.#remembered.get(order)?.order;
    if (stored === undefined || stored.state !== from || stored.revision !== revision) return false;
    return stored.lines.every(({ sku }) => this.#skus.has(sku));
  }

  #rememberAll(found: readonly (AppendDone & { readonly number: number | null })[]): void {
    for (const { answer, number } of found) {
      if (number !== null && "order" in answer) this.remember({ number, order: answer.order });
    }
  }

  async #onLockedRows(query: Query, changes: readonly OrderChange[]) {
    const ids = [...new Set(changes.map(({ order }) => order))];
    const stored = (await query(rows.FIND_TO_CHANGE, [ids])).map(rows.storedOrder);
    const numbers = new Map(stored.map(({ number, order }) => [order.id, number]));
    const group = new OrderChanges(stored, { countsUnits: true });
    const skus = group.skusOf(changes);
    if (skus.length > 0) {
      const units = await query(rows.UNITS_TO_CHANGE, [skus]);
      for (const { sku } of units) this.#skus.add(sku as string);
      group.know(units);
    }
    const outcomes = changes.map((change) => {
      const answer = group.append(change);
      const number = numbers.get(change.order) ?? null;
      return { answer, number, isRefusal: group.refused.has(change) };
    });
    const written = await write(query, group);
    assert(written.size === group.written().orders.length, "a locked order is changed");
    return outcomes;
  }
}

/** Answers with the numbers of the orders that were changed. */
async function write(query: Query, group: OrderChanges): Promise<ReadonlySet<number>> {
  const { orders, steps, payments, units, skus } = group.written();
  if (orders.length === 0) return new Set();
  const changed = await query(
    rows.CHANGE,
    [orders, steps, payments, units].map((list) => JSON.stringify(list)),
  );
  const isWhole = changed.length === orders.length;
  assert(!isWhole || changed[0]?.moved === skus, "units of a known SKU are moved");
  return new Set(changed.map(({ number }) => number as number));
}
