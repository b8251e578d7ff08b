/**
 * The rules of the order ledger: a key is claimed together with its order, a hold serves one
 * order, a change applies only to the state and revision that it was made from, an ended order
 * stays as it is, and money moves in the step that says so. One owner mutates it in place.
 */
import { assert } from "./assert.ts";
import { type JournalEntry, journalEntry } from "./journal.ts";
import { isFinal } from "./order.machine.ts";
import { changed, type Order, type OrderChange, type PaymentRow } from "./order.ts";

/** The key was new; the order is in the ledger. */
export interface Placed {
  readonly _tag: "Placed";
  readonly order: Order;
}

/** The same request was ended before; `order.answer` is its answer. */
export interface Replay {
  readonly _tag: "Replay";
  readonly order: Order;
}

/** The same request is being worked on (409). */
export interface InFlight {
  readonly _tag: "InFlight";
  readonly order: Order;
}

/** The shopper used the key for another request (422). */
export interface KeyReused {
  readonly _tag: "KeyReused";
}

/** The hold serves another order already. */
export interface HoldTaken {
  readonly _tag: "HoldTaken";
  /** The identifier of that order. */
  readonly order: string;
}

export type PlaceAnswer = Placed | Replay | InFlight | KeyReused | HoldTaken;

export interface Appended {
  readonly _tag: "Appended";
  /** The order after the change. */
  readonly order: Order;
}

/** The order has ended or is no longer where the change was made from; nothing was written. */
export interface Stale {
  readonly _tag: "Stale";
  /** The order as it stands. */
  readonly order: Order;
}

export interface UnknownOrder {
  readonly _tag: "UnknownOrder";
}

export type AppendAnswer = Appended | Stale | UnknownOrder;

/** One change as it was written; the placing of an order comes from no state. */
export interface OrderStep {
  readonly order: string;
  readonly from: Order["state"] | null;
  readonly to: Order["state"];
  readonly at: number;
}

export interface OrderBookSnapshot {
  /** In the order in which they were placed. */
  readonly orders: readonly Order[];
  /** Per order, in the order in which they were written. */
  readonly payments: readonly PaymentRow[];
  readonly steps: readonly OrderStep[];
  /** The journal of every capture and refund. */
  readonly journal: readonly JournalEntry[];
  /** What each account stands at, kept entry by entry as the journal grew. */
  readonly balances: ReadonlyMap<string, number>;
}

export interface OrderPageRequest {
  /** A place in the order in which orders were placed; the first page comes after 0. */
  readonly after: number;
  readonly limit: number;
  /** Only orders in this state; all where it is null. */
  readonly state: Order["state"] | null;
}

export interface OrderPage {
  /** In the order in which they were placed. */
  readonly orders: readonly Order[];
  /** What the next page comes after; null where this was the last. */
  readonly next: number | null;
}

interface Entry {
  order: Order;
  payments: PaymentRow[];
  states: Order["state"][];
  times: number[];
}

/** Attempts, captures and refunds of one order; the payment policy allows far fewer. */
const PAYMENT_ROWS_MAX = 1_000;

export class OrderBook {
  readonly #entries = new Map<string, Entry>();
  readonly #orderOfKey = new Map<string, string>();
  readonly #orderOfHold = new Map<string, string>();
  /** Orders without an answer, the one changed longest ago first. */
  readonly #unfinished = new Set<Entry>();
  readonly #balances = new Map<string, number>();

  get size(): number {
    return this.#entries.size;
  }

  get unfinishedSize(): number {
    return this.#unfinished.size;
  }

  /** Claims the key and places the order, both or neither. */
  place(order: Order): PlaceAnswer {
    const key = scopedKey(order.shopper, order.key);
    const known = this.#orderOfKey.get(key);
    if (known !== undefined) return this.#placeAgain(this.#entry(known).order, order);
    const taken = this.#orderOfHold.get(order.hold);
    if (taken !== undefined) return { _tag: "HoldTaken", order: taken };
    assert(!this.#entries.has(order.id), "an order's identifier is new");
    assert(order.revision === 0 && order.answer === null, "a new order is unchanged and open");
    const entry: Entry = {
      order,
      payments: [],
      states: [order.state],
      times: [order.placedAt],
    };
    this.#orderOfKey.set(key, order.id);
    this.#orderOfHold.set(order.hold, order.id);
    this.#entries.set(order.id, entry);
    this.#unfinished.add(entry);
    return { _tag: "Placed", order };
  }

  append(change: OrderChange): AppendAnswer {
    const entry = this.#entries.get(change.order);
    if (entry === undefined) return { _tag: "UnknownOrder" };
    const { order } = entry;
    if (
      order.answer !== null ||
      order.state !== change.from ||
      order.revision !== change.revision
    ) {
      return { _tag: "Stale", order };
    }
    assert(
      isFinal(change.to) === (change.answer !== undefined),
      "an order is answered in the step that ends it, and in no other",
    );
    if (change.payment !== undefined) this.#pay(entry, change.payment);
    entry.order = changed(order, change);
    assert(entry.order.revision === order.revision + 1, "every change is counted");
    entry.states.push(change.to);
    entry.times.push(change.at);
    this.#unfinished.delete(entry);
    if (entry.order.answer === null) this.#unfinished.add(entry);
    else trim(entry);
    return { _tag: "Appended", order: entry.order };
  }

  find(order: string): Order | null {
    return this.#entries.get(order)?.order ?? null;
  }

  findByKey(shopper: string, key: string): Order | null {
    const order = this.#orderOfKey.get(scopedKey(shopper, key));
    return order === undefined ? null : this.#entry(order).order;
  }

  unfinished(changedBefore: number, limit: number): readonly Order[] {
    assert(limit > 0, "a search may find at least one order");
    const found: Order[] = [];
    for (const { order } of this.#unfinished) {
      if (found.length === limit) break;
      if (order.changedAt < changedBefore) found.push(order);
    }
    return found;
  }

  page({ after, limit, state }: OrderPageRequest): OrderPage {
    assert(limit > 0, "a page has room for at least one order");
    const orders: Order[] = [];
    let place = 0;
    let last = after;
    for (const { order } of this.#entries.values()) {
      place += 1;
      if (place <= after || (state !== null && order.state !== state)) continue;
      if (orders.length === limit) return { orders, next: last };
      orders.push(order);
      last = place;
    }
    return { orders, next: null };
  }

  payments(order: string): readonly PaymentRow[] {
    return this.#entries.get(order)?.payments.slice() ?? [];
  }

  snapshot(): OrderBookSnapshot {
    const orders: Order[] = [];
    const payments: PaymentRow[] = [];
    const steps: OrderStep[] = [];
    const journal: JournalEntry[] = [];
    for (const entry of this.#entries.values()) {
      orders.push(entry.order);
      for (const row of entry.payments) {
        payments.push(row);
        const written = journalEntry(row);
        if (written !== null) journal.push(written);
      }
      addSteps(entry, steps);
    }
    return { orders, payments, steps, journal, balances: new Map(this.#balances) };
  }

  #placeAgain(order: Order, again: Order): PlaceAnswer {
    if (order.fingerprint !== again.fingerprint) return { _tag: "KeyReused" };
    return order.answer === null ? { _tag: "InFlight", order } : { _tag: "Replay", order };
  }

  #pay(entry: Entry, row: PaymentRow): void {
    assert(row.order === entry.order.id, "a payment row stands with its own order");
    assert(entry.payments.length < PAYMENT_ROWS_MAX, "an order has few payment rows");
    entry.payments.push(row);
    const written = journalEntry(row);
    if (written === null) return;
    for (const posting of written.postings) {
      const account = `${written.currency} ${posting.account}`;
      this.#balances.set(account, (this.#balances.get(account) ?? 0) + posting.amount);
    }
  }

  #entry(order: string): Entry {
    const entry = this.#entries.get(order);
    assert(entry !== undefined, "a claimed key names an order");
    return entry;
  }
}

/** Gives back the room that lists keep to grow: an ended order is kept for good and grows no more. */
function trim(entry: Entry): void {
  entry.payments = entry.payments.slice();
  entry.states = entry.states.slice();
  entry.times = entry.times.slice();
}

/** A key belongs to its shopper; the length keeps ("ab", "c") apart from ("a", "bc"). */
function scopedKey(shopper: string, key: string): string {
  return `${shopper.length}:${shopper}${key}`;
}

function addSteps({ order: { id: order }, states, times }: Entry, steps: OrderStep[]): void {
  let from: OrderStep["from"] = null;
  for (let index = 0; index < states.length; index += 1) {
    const to = states[index];
    steps.push({ order, from, to, at: times[index] });
    from = to;
  }
}
