/**
 * The ledger of orders, their idempotency keys and the money that moved for them. A key is
 * claimed in the step that places its order, and answered in the step that ends it: there is no
 * effect without a record, and no record of a success without its effect.
 */
import { Context, type Effect } from "effect";
import type { Order, OrderChange, PaymentRow } from "../core/order.ts";
import type {
  AppendAnswer,
  OrderBookSnapshot,
  OrderPage,
  OrderPageRequest,
  PlaceAnswer,
} from "../core/order-book.ts";
import type { PortUnavailable } from "./port-unavailable.ts";

export interface OrderLedgerService {
  /** Claims (shopper, key) and places the order, both or neither. */
  readonly place: (order: Order) => Effect.Effect<PlaceAnswer, PortUnavailable>;
  /** Compare-and-set on state and revision; payment row and answer go in the same step. */
  readonly append: (change: OrderChange) => Effect.Effect<AppendAnswer, PortUnavailable>;
  readonly find: (order: string) => Effect.Effect<Order | null, PortUnavailable>;
  /** The order that a shopper placed under a key; keys of other shoppers are other keys. */
  readonly findByKey: (request: {
    readonly shopper: string;
    readonly key: string;
  }) => Effect.Effect<Order | null, PortUnavailable>;
  /** Orders without an answer whose last change is older than a time, oldest change first. */
  readonly unfinished: (request: {
    readonly changedBefore: number;
    readonly limit: number;
  }) => Effect.Effect<readonly Order[], PortUnavailable>;
  /** Some of the orders, for who reads many: what it costs does not grow with the ledger. */
  readonly page: (request: OrderPageRequest) => Effect.Effect<OrderPage, PortUnavailable>;
  /** The payment rows of one order, in the order in which they were written. */
  readonly payments: (order: string) => Effect.Effect<readonly PaymentRow[], PortUnavailable>;
  readonly snapshot: Effect.Effect<OrderBookSnapshot, PortUnavailable>;
}

export class OrderLedger extends Context.Tag("store/OrderLedger")<
  OrderLedger,
  OrderLedgerService
>() {}
