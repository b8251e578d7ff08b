/** The orders in the file, found by identifier, by a shopper's key, and by hold. */
import type { Order, OrderState, PaymentRow } from "../../core/order.ts";
import type { OrderPage, OrderPageRequest } from "../../core/order-book.ts";
import {
  ORDERS_PER_PAGE,
  type OrdersPage,
  type OrderWithUnits,
  ordersPage,
  STATES_WITH_UNITS,
} from "../orders-with-units.ts";
import type { GroupCommit, Image } from "./group-commit.ts";

export interface OrderEntry {
  /** Its place in the order in which orders were placed. */
  readonly number: number;
  order: Order;
  /** The states that the order came to, and when. */
  readonly steps: [OrderState, number][];
  /** Grows with every change of any order: the one changed longest ago has the least. */
  touched: number;
  /** False until the commit after it was placed. */
  isInFile: boolean;
}

/**
 * Beyond this many entries in memory all are let go that are in the file as they are: twice as many
 * as requests are in work at once, some 2 KB each.
 */
const ENTRIES_KEPT_MAX = 2_000;

export class OrderTable implements Image {
  readonly #group: GroupCommit;
  readonly #statements;
  readonly #entries = new Map<string, OrderEntry>();
  readonly #byKey = new Map<string, OrderEntry>();
  readonly #byHold = new Map<string, OrderEntry>();
  readonly #changed = new Set<OrderEntry>();
  /** The key that was last looked for and is not there: a shopper's first request asks twice. */
  #absentKey: string | null = null;

  constructor(group: GroupCommit) {
    this.#group = group;
    this.#statements = prepare(group);
    group.join(this);
  }

  find(id: string): OrderEntry | null {
    return this.#entries.get(id) ?? this.#loaded(this.#statements.byId.get(id));
  }

  findByKey(shopper: string, key: string): OrderEntry | null {
    const name = scopedKey(shopper, key);
    const known = this.#byKey.get(name);
    if (known !== undefined) return known;
    if (this.#absentKey === name) return null;
    const found = this.#loaded(this.#statements.byKey.get(shopper, key));
    if (found === null) this.#absentKey = name;
    return found;
  }

  findByHold(hold: string): OrderEntry | null {
    return this.#byHold.get(hold) ?? this.#loaded(this.#statements.byHold.get(hold));
  }

  add(entry: OrderEntry): void {
    this.#absentKey = null;
    this.#keep(entry);
    this.changed(entry);
  }

  /** The entry is to be written with the commit. */
  changed(entry: OrderEntry): void {
    this.#group.wrote();
    this.#changed.add(entry);
  }

  pay(entry: OrderEntry, row: PaymentRow): void {
    this.#group.wrote();
    const { kind, order, gateway, key, amount, currency, reference, at } = row;
    const place = [entry.number, entry.order.revision];
    this.#statements.pay.run(
      ...place,
      ...[kind, order, gateway, key, amount, currency, reference, at],
    );
  }

  /** Orders without an answer that were last changed before a time, the oldest change first. */
  unfinished(changedBefore: number, limit: number): readonly Order[] {
    this.flush();
    const found = this.#statements.unfinished.all(changedBefore, limit);
    return found.map(
      (stored) => (this.#entries.get(stored.id) ?? this.#loaded(stored))?.order as Order,
    );
  }

  page({ after, limit, state }: OrderPageRequest): OrderPage {
    this.flush();
    // One more than is asked for tells whether there is a next page.
    const found = this.#statements.page.all(after, state, state, limit + 1);
    const rows = found.slice(0, limit);
    const next = found.length > limit ? (rows.at(-1)?.number ?? null) : null;
    return { orders: rows.map((stored) => entryOf(stored).order), next };
  }

  /** The orders that have units, after a place among all. */
  withUnits(after: number): OrdersPage {
    this.flush();
    return ordersPage(this.#statements.withUnits.all(after, ORDERS_PER_PAGE), withUnitsOf);
  }

  payments(entry: OrderEntry): readonly PaymentRow[] {
    return this.#statements.payments.all(entry.number);
  }

  all(): readonly OrderEntry[] {
    this.flush();
    return this.#statements.all.all().map(entryOf);
  }

  flush(): void {
    for (const entry of this.#changed) {
      this.#write(entry);
      // An order that has its answer is hardly asked for again, and then the file has it.
      if (entry.order.answer !== null) this.#drop(entry);
    }
    this.#changed.clear();
    if (this.#entries.size > ENTRIES_KEPT_MAX) this.#clear();
  }

  forget(): void {
    this.#changed.clear();
    this.#clear();
  }

  #clear(): void {
    this.#entries.clear();
    this.#byKey.clear();
    this.#byHold.clear();
    this.#absentKey = null;
  }

  #loaded(stored: StoredOrder | undefined): OrderEntry | null {
    if (stored === undefined) return null;
    const known = this.#entries.get(stored.id);
    if (known !== undefined) return known;
    const entry = entryOf(stored);
    this.#keep(entry);
    return entry;
  }

  #keep(entry: OrderEntry): void {
    const { id, shopper, key, hold } = entry.order;
    this.#entries.set(id, entry);
    this.#byKey.set(scopedKey(shopper, key), entry);
    this.#byHold.set(hold, entry);
  }

  #drop({ order: { id, shopper, key, hold } }: OrderEntry): void {
    this.#entries.delete(id);
    this.#byKey.delete(scopedKey(shopper, key));
    this.#byHold.delete(hold);
  }

  #write(entry: OrderEntry): void {
    const { order, number, touched } = entry;
    const { epoch, holdUntil, state, revision, changedAt, gateway, attempts } = order;
    const charge = order.charge === null ? null : JSON.stringify(order.charge);
    const answer = order.answer === null ? null : JSON.stringify(order.answer);
    const moving = [epoch, holdUntil, state, revision, changedAt, gateway, attempts];
    const steps = JSON.stringify(entry.steps);
    const written = [...moving, charge, answer, steps, touched, number];
    if (entry.isInFile) {
      this.#statements.update.run(...written);
      return;
    }
    const { id, shopper, key, fingerprint, hold, total, currency, paymentToken, placedAt } = order;
    const discount = order.discount === null ? null : JSON.stringify(order.discount);
    this.#statements.insert.run(
      ...written,
      ...[id, shopper, key, fingerprint, hold, JSON.stringify(order.lines), total, discount],
      ...[currency, paymentToken, JSON.stringify(order.person), placedAt],
    );
    entry.isInFile = true;
  }
}

function prepare({ connection }: GroupCommit) {
  const select = "SELECT * FROM orders";
  return {
    byId: connection.prepare<[string], StoredOrder>(`${select} WHERE id = ?`),
    byKey: connection.prepare<[string, string], StoredOrder>(
      `${select} WHERE shopper = ? AND key = ?`,
    ),
    byHold: connection.prepare<[string], StoredOrder>(`${select} WHERE hold = ?`),
    all: connection.prepare<[], StoredOrder>(`${select} ORDER BY number`),
    page: connection.prepare<[number, OrderState | null, OrderState | null, number], StoredOrder>(
      `${select} WHERE number > ? AND (? IS NULL OR state = ?) ORDER BY number LIMIT ?`,
    ),
    withUnits: connection.prepare<[number, number], StoredWithUnits>(
      `SELECT number, id, shopper, hold, epoch, hold_until, lines, person, placed_at, state,
         changed_at FROM orders
       WHERE number > ? AND state IN (${STATES_WITH_UNITS}) ORDER BY number LIMIT ?`,
    ),
    unfinished: connection.prepare<[number, number], StoredOrder>(
      `${select} WHERE answer IS NULL AND changed_at < ? ORDER BY touched LIMIT ?`,
    ),
    insert: connection.prepare(
      `INSERT INTO orders (epoch, hold_until, state, revision, changed_at, gateway, attempts,
         charge, answer, steps, touched, number, id, shopper, key, fingerprint, hold, lines, total,
         discount, currency, payment_token, person, placed_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    update: connection.prepare(
      `UPDATE orders SET epoch = ?, hold_until = ?, state = ?, revision = ?, changed_at = ?,
         gateway = ?, attempts = ?, charge = ?, answer = ?, steps = ?, touched = ?
       WHERE number = ?`,
    ),
    pay: connection.prepare(
      `INSERT INTO payments (order_number, revision, kind, order_id, gateway, key, amount,
         currency, reference, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    payments: connection.prepare<[number], PaymentRow>(
      `SELECT kind, order_id AS "order", gateway, key, amount, currency, reference, at
       FROM payments WHERE order_number = ? ORDER BY revision`,
    ),
  };
}

interface StoredOrder {
  readonly number: number;
  readonly id: string;
  readonly shopper: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly hold: string;
  readonly epoch: number | null;
  readonly hold_until: number;
  readonly lines: string;
  readonly total: number;
  readonly discount: string | null;
  readonly currency: string;
  readonly payment_token: string;
  readonly person: string;
  readonly placed_at: number;
  readonly state: OrderState;
  readonly revision: number;
  readonly changed_at: number;
  readonly gateway: string | null;
  readonly attempts: number;
  readonly charge: string | null;
  readonly answer: string | null;
  readonly steps: string;
  readonly touched: number;
}

type StoredWithUnits = Pick<
  StoredOrder,
  | "number"
  | "id"
  | "shopper"
  | "hold"
  | "epoch"
  | "hold_until"
  | "lines"
  | "person"
  | "placed_at"
  | "state"
  | "changed_at"
>;

function withUnitsOf(stored: StoredWithUnits): OrderWithUnits {
  const { id, shopper, hold, epoch, state } = stored;
  return {
    id,
    shopper,
    person: JSON.parse(stored.person),
    hold,
    epoch,
    holdUntil: stored.hold_until,
    lines: JSON.parse(stored.lines),
    placedAt: stored.placed_at,
    changedAt: stored.changed_at,
    state,
  };
}

function entryOf(stored: StoredOrder): OrderEntry {
  const { number, touched, id, shopper, key, fingerprint, hold, epoch, total, currency } = stored;
  const { state, revision, gateway, attempts } = stored;
  const order: Order = {
    id,
    shopper,
    key,
    fingerprint,
    hold,
    epoch,
    holdUntil: stored.hold_until,
    lines: JSON.parse(stored.lines),
    total,
    discount: parsedOrNull(stored.discount),
    currency,
    paymentToken: stored.payment_token,
    person: JSON.parse(stored.person),
    placedAt: stored.placed_at,
    state,
    revision,
    changedAt: stored.changed_at,
    gateway,
    attempts,
    charge: parsedOrNull(stored.charge),
    answer: parsedOrNull(stored.answer),
  };
  return { number, order, steps: JSON.parse(stored.steps), touched, isInFile: true };
}

function parsedOrNull<Value>(text: string | null): Value | null {
  return text === null ? null : JSON.parse(text);
}

/** A key belongs to its shopper; the length keeps ("ab", "c") apart from ("a", "bc"). */
function scopedKey(shopper: string, key: string): string {
  return `${shopper.length}:${shopper}${key}`;
}
