/**
 * The order ledger on SQLite: the rules of `core/order-book.ts` over the rows of the file. The
 * tables keep them too: a key, a hold and an identifier are each of one order.
 */
import { assert } from "../../core/assert.ts";
import { balances, type JournalEntry, journalEntry } from "../../core/journal.ts";
import { isFinal } from "../../core/order.machine.ts";
import { changed, type Order, type OrderChange, type PaymentRow } from "../../core/order.ts";
import type {
  AppendAnswer,
  OrderBookSnapshot,
  OrderPageRequest,
  OrderStep,
  PlaceAnswer,
} from "../../core/order-book.ts";
import type { OrderLedgerService } from "../../ports/order-ledger.ts";
import type { GatedLedger } from "../orders-with-units.ts";
import type { GroupCommit } from "./group-commit.ts";
import { type OrderEntry, OrderTable } from "./order-table.ts";
import { PortSteps } from "./port-steps.ts";
import type { Counters } from "./row-image.ts";

export interface SqliteOrderOptions {
  /** An order beyond this many is refused as unavailable: a ledger forgets none to make room. */
  readonly ordersMax?: number;
}

/** Assumed: some 2 KB each, so a file of 100 GB. */
const ORDERS_MAX = 50_000_000;
/** Counters of the ledger file. */
const PLACED = "orders.placed";
const TOUCHES = "orders.touches";

type Key = Parameters<OrderLedgerService["findByKey"]>[0];
type Quiet = Parameters<OrderLedgerService["unfinished"]>[0];

export function sqliteOrderLedger(
  group: GroupCommit,
  counters: Counters,
  { ordersMax = ORDERS_MAX }: SqliteOrderOptions = {},
): OrderLedgerService & Pick<GatedLedger, "ordersWithUnits"> {
  assert(ordersMax > 0, "an order ledger has room for an order");
  const table = new OrderTable(group);
  const rules = new OrderRules(table, counters);
  const steps = new PortSteps(group, "store/OrderLedger");
  const full = steps.refused("the ledger is full");
  return {
    place: steps.write((order: Order) => {
      const isFull = counters.get(PLACED) >= ordersMax;
      return isFull && table.findByKey(order.shopper, order.key) === null
        ? full
        : rules.place(order);
    }),
    append: steps.write((change: OrderChange) => rules.append(change)),
    find: steps.read((order: string) => table.find(order)?.order ?? null),
    findByKey: steps.read(({ shopper, key }: Key) => table.findByKey(shopper, key)?.order ?? null),
    unfinished: steps.read(({ changedBefore, limit }: Quiet) => {
      assert(limit > 0, "a search may find at least one order");
      return table.unfinished(changedBefore, limit);
    }),
    page: steps.read((request: OrderPageRequest) => {
      assert(request.limit > 0, "a page has room for at least one order");
      return table.page(request);
    }),
    ordersWithUnits: steps.read((after: number) => table.withUnits(after)),
    payments: steps.read((order: string) => {
      const entry = table.find(order);
      return entry === null ? [] : table.payments(entry);
    }),
    snapshot: steps.snapshot(() => snapshotOf(table)),
  };
}

class OrderRules {
  readonly #table: OrderTable;
  readonly #counters: Counters;

  constructor(table: OrderTable, counters: Counters) {
    this.#table = table;
    this.#counters = counters;
  }

  /** Claims the key and places the order, both or neither. */
  place(order: Order): PlaceAnswer {
    const known = this.#table.findByKey(order.shopper, order.key);
    if (known !== null) return placeAgain(known.order, order);
    const taken = this.#table.findByHold(order.hold);
    if (taken !== null) return { _tag: "HoldTaken", order: taken.order.id };
    assert(order.revision === 0 && order.answer === null, "a new order is unchanged and open");
    this.#table.add({
      number: this.#counters.add(PLACED),
      order,
      steps: [[order.state, order.placedAt]],
      touched: this.#counters.add(TOUCHES),
      isInFile: false,
    });
    return { _tag: "Placed", order };
  }

  append(change: OrderChange): AppendAnswer {
    const entry = this.#table.find(change.order);
    if (entry === null) return { _tag: "UnknownOrder" };
    const { order } = entry;
    const isStale = order.state !== change.from || order.revision !== change.revision;
    if (order.answer !== null || isStale) return { _tag: "Stale", order };
    assert(
      isFinal(change.to) === (change.answer !== undefined),
      "an order is answered in the step that ends it, and in no other",
    );
    const { payment } = change;
    if (payment !== undefined) {
      assert(payment.order === order.id, "a payment row stands with its own order");
      assert(
        Number.isSafeInteger(payment.amount) && payment.amount > 0,
        "a payment row has a whole amount above zero",
      );
      this.#table.pay(entry, payment);
    }
    entry.order = changed(order, change);
    assert(entry.order.revision === order.revision + 1, "every change is counted");
    entry.steps.push([change.to, change.at]);
    entry.touched = this.#counters.add(TOUCHES);
    this.#table.changed(entry);
    return { _tag: "Appended", order: entry.order };
  }
}

function placeAgain(order: Order, again: Order): PlaceAnswer {
  if (order.fingerprint !== again.fingerprint) return { _tag: "KeyReused" };
  return order.answer === null ? { _tag: "InFlight", order } : { _tag: "Replay", order };
}

function snapshotOf(table: OrderTable): OrderBookSnapshot {
  const orders: Order[] = [];
  const payments: PaymentRow[] = [];
  const steps: OrderStep[] = [];
  const journal: JournalEntry[] = [];
  for (const entry of table.all()) {
    orders.push(entry.order);
    for (const row of table.payments(entry)) {
      payments.push(row);
      const written = journalEntry(row);
      if (written !== null) journal.push(written);
    }
    addSteps(entry, steps);
  }
  return { orders, payments, steps, journal, balances: balances(journal) };
}

function addSteps({ order: { id: order }, steps: states }: OrderEntry, steps: OrderStep[]): void {
  let from: OrderStep["from"] = null;
  for (const [to, at] of states) {
    steps.push({ order, from, to, at });
    from = to;
  }
}
