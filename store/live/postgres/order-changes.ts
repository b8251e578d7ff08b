/**
 * The changes of one group, applied to the orders that the transaction has locked, or to those
 * that the node remembers: the rules of `core/order-book.ts`, and the rule that a unit is promised
 * to one order. What comes of it is written in one statement.
 */
import { assert } from "../../core/assert.ts";
import type { SoldOut } from "../../core/hold.ts";
import { isFinal, mayFollow } from "../../core/order.machine.ts";
import { changed, type Order, type OrderChange, type OrderState } from "../../core/order.ts";
import type { AppendAnswer } from "../../core/order-book.ts";
import type { StoredOrder, StoredPayment, StoredStep, UnitsMoved } from "./order-rows.ts";
import type { Row } from "./postgres-pool.ts";

interface Entry {
  readonly number: number;
  /** The revision that the order was locked or remembered at. */
  readonly before: number;
  order: Order;
}

type Promised = "held" | "sold";

/** How the units of an order in this state stand in the ledger; null where they are anybody's. */
function promisedIn(state: OrderState): Promised | null {
  switch (state) {
    case "authorising":
    case "inDoubt":
    case "authorised":
      return "held";
    case "confirmed":
      return "sold";
    default:
      return null;
  }
}

export class OrderChanges {
  readonly #entries = new Map<string, Entry>();
  readonly #steps: StoredStep[] = [];
  readonly #payments: StoredPayment[] = [];
  readonly #left = new Map<string, number>();
  readonly #moved: UnitsMoved[] = [];
  /** False where the tables are left to say that there are too few units. */
  readonly #countsUnits: boolean;
  /** Changes in whose place the ledger ended the order. */
  readonly refused = new Set<OrderChange>();

  constructor(stored: readonly StoredOrder[], { countsUnits }: { readonly countsUnits: boolean }) {
    this.#countsUnits = countsUnits;
    for (const { number, order } of stored) {
      this.#entries.set(order.id, { number, order, before: order.revision });
    }
  }

  /** The SKUs whose units the changes may move, in the order in which their rows are locked. */
  skusOf(changes: readonly OrderChange[]): readonly string[] {
    const skus = new Set<string>();
    for (const { order, from, to } of changes) {
      if (promisedIn(from) === promisedIn(to)) continue;
      for (const { sku } of this.#entries.get(order)?.order.lines ?? []) skus.add(sku);
    }
    return [...skus];
  }

  /** The units that are left of the locked SKUs. */
  know(units: readonly Row[]): void {
    for (const { sku, left } of units) this.#left.set(sku as string, left as number);
  }

  append(change: OrderChange): AppendAnswer {
    const entry = this.#entries.get(change.order);
    if (entry === undefined) return { _tag: "UnknownOrder" };
    const { order } = entry;
    const isStale = order.state !== change.from || order.revision !== change.revision;
    if (order.answer !== null || isStale) return { _tag: "Stale", order };
    assert(
      isFinal(change.to) === (change.answer !== undefined),
      "an order is answered in the step that ends it, and in no other",
    );
    const missing = this.#missingFor(order, change.to);
    if (missing !== null) {
      this.#write(entry, refusalOf(order, change, missing));
      this.refused.add(change);
      return { _tag: "Stale", order: entry.order };
    }
    this.#write(entry, change);
    return { _tag: "Appended", order: entry.order };
  }

  /** What the changes leave to be written. */
  written() {
    const orders = [...this.#entries.values()]
      .filter(({ order, before }) => order.revision !== before)
      .map(({ number, before, order }) => ({ number, before, ...order }));
    const skus = new Set(this.#moved.map(({ sku }) => sku));
    return {
      orders,
      steps: this.#steps,
      payments: this.#payments,
      units: this.#moved,
      skus: skus.size,
    };
  }

  #write(entry: Entry, change: OrderChange): void {
    const { number, order } = entry;
    const { payment } = change;
    if (payment !== undefined) {
      assert(payment.order === order.id, "a payment row stands with its own order");
      assert(
        Number.isSafeInteger(payment.amount) && payment.amount > 0,
        "a payment row has a whole amount above zero",
      );
      this.#payments.push({ number, revision: order.revision + 1, ...payment });
    }
    entry.order = changed(order, change);
    const { state, revision } = entry.order;
    assert(revision === order.revision + 1, "every change is counted");
    this.#steps.push({ number, revision, state, at: change.at });
    this.#move(number, order, promisedIn(order.state), promisedIn(state));
  }

  /** The first SKU of which the order would need more than is left, where it needs any. */
  #missingFor(order: Order, to: OrderState): SoldOut | null {
    if (promisedIn(order.state) !== null || promisedIn(to) === null) return null;
    if (!this.#countsUnits) return null;
    for (const { sku, units } of order.lines) {
      const left = this.#left.get(sku) ?? 0;
      if (left < units) return { _tag: "SoldOut", sku, available: Math.max(0, left) };
    }
    return null;
  }

  #move(number: number, { lines }: Order, from: Promised | null, to: Promised | null): void {
    if (from === to) return;
    const change = (promised: Promised) => Number(to === promised) - Number(from === promised);
    const [held, sold] = [change("held"), change("sold")];
    for (const { sku, units } of lines) {
      this.#moved.push({ number, sku, held: held * units, sold: sold * units });
      this.#left.set(sku, (this.#left.get(sku) ?? 0) - (held + sold) * units);
    }
  }
}

/** The order ends here as one that was refused, before anything was asked of a gateway. */
function refusalOf(order: Order, { at, held }: OrderChange, answer: SoldOut): OrderChange {
  const to = "cancelled";
  assert(mayFollow(order.state, to), "only an order that was not sent yet wants for units");
  const { id, state: from, revision } = order;
  const change: OrderChange = { order: id, from, to, revision, at, answer };
  return held === undefined ? change : { ...change, held };
}
