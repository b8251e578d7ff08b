/** Orders in memory; one thread owns the {@link OrderBook}, so every call is one atomic step. */
import { Layer } from "effect";
import { assert } from "../core/assert.ts";
import type { Order, OrderChange } from "../core/order.ts";
import { OrderBook, type OrderPageRequest } from "../core/order-book.ts";
import { atOnce, Refused, readAtOnce } from "../ports/at-once.ts";
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

const FULL = new Refused(
  new PortUnavailable({ port: "store/OrderLedger", reason: "the ledger is full" }),
);

type Key = Parameters<OrderLedgerService["findByKey"]>[0];
type Quiet = Parameters<OrderLedgerService["unfinished"]>[0];

function make(options: MemoryOrderLedgerOptions = {}): MemoryOrderLedgerService {
  const book = new OrderBook();
  const ordersMax = options.ordersMax ?? ORDERS_MAX;
  assert(ordersMax > 0, "an order ledger has room for an order");
  return {
    book,
    place: atOnce((order: Order) => {
      const full = book.size >= ordersMax && book.findByKey(order.shopper, order.key) === null;
      return full ? FULL : book.place(order);
    }),
    append: atOnce((change: OrderChange) => book.append(change)),
    find: atOnce((order: string) => book.find(order)),
    findByKey: atOnce((request: Key) => book.findByKey(request.shopper, request.key)),
    unfinished: atOnce((request: Quiet) => book.unfinished(request.changedBefore, request.limit)),
    page: atOnce((request: OrderPageRequest) => book.page(request)),
    payments: atOnce((order: string) => book.payments(order)),
    snapshot: readAtOnce(() => book.snapshot()),
  };
}

export const MemoryOrderLedger = {
  make,
  layer: (options: MemoryOrderLedgerOptions = {}) => Layer.sync(OrderLedger, () => make(options)),
} as const;
