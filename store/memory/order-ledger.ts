/** Orders in memory; one thread owns the {@link OrderBook}, so every call is one atomic step. */
import { Effect, Layer } from "effect";
import { assert } from "../core/assert.ts";
import { OrderBook } from "../core/order-book.ts";
import { OrderLedger, type OrderLedgerService } from "../ports/order-ledger.ts";
import { PortUnavailable } from "../ports/port-unavailable.ts";

export interface MemoryOrderLedgerOptions {
  /** An order beyond this many is refused as unavailable: a ledger forgets none to make room. */
  readonly ordersMax?: number;
}

export interface MemoryOrderLedgerService extends OrderLedgerService {
  /** The rules themselves, for whoever audits within one event. */
  readonly book: OrderBook;
}

/** Assumed: some 1 KB each, so the bound is on memory before it is on sales. */
const ORDERS_MAX = 2_000_000;

const FULL = Effect.fail(
  new PortUnavailable({ port: "store/OrderLedger", reason: "the ledger is full" }),
);

function make(options: MemoryOrderLedgerOptions = {}): MemoryOrderLedgerService {
  const book = new OrderBook();
  const ordersMax = options.ordersMax ?? ORDERS_MAX;
  assert(ordersMax > 0, "an order ledger has room for an order");
  return {
    book,
    place: (order) =>
      Effect.suspend(() => {
        const full = book.size >= ordersMax && book.findByKey(order.shopper, order.key) === null;
        return full ? FULL : Effect.succeed(book.place(order));
      }),
    append: (change) => Effect.sync(() => book.append(change)),
    find: (order) => Effect.sync(() => book.find(order)),
    findByKey: (request) => Effect.sync(() => book.findByKey(request.shopper, request.key)),
    unfinished: (request) =>
      Effect.sync(() => book.unfinished(request.changedBefore, request.limit)),
    payments: (order) => Effect.sync(() => book.payments(order)),
    snapshot: Effect.sync(() => book.snapshot()),
  };
}

export const MemoryOrderLedger = {
  make,
  layer: (options: MemoryOrderLedgerOptions = {}) => Layer.sync(OrderLedger, () => make(options)),
} as const;
