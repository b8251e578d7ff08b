/** Orders for tests: sound ones, of which a test changes what it is about. */
import type { FinalAnswer, Order, OrderChange, OrderState, PaymentRow } from "../core/order.ts";

/** A placed order of one lamp at 2,500 minor units. */
export function orderOf(id: string, changes: Partial<Order> = {}): Order {
  return {
    id,
    shopper: "ann",
    key: `key of ${id}`,
    fingerprint: "one lamp",
    hold: `hold of ${id}`,
    epoch: null,
    holdUntil: 0,
    lines: [{ sku: "lamp", units: 1, unitPrice: 2_500 }],
    total: 2_500,
    discount: null,
    currency: "USD",
    paymentToken: "card",
    person: [],
    placedAt: 1_000,
    state: "placed",
    revision: 0,
    changedAt: 1_000,
    gateway: null,
    attempts: 0,
    charge: null,
    answer: null,
    ...changes,
  };
}

/** The change of an order as it stands to another state. */
export function changeOf(
  order: Order,
  to: OrderState,
  changes: Partial<OrderChange> = {},
): OrderChange {
  const { id, state, revision, changedAt } = order;
  return { order: id, from: state, to, revision, at: changedAt + 10, ...changes };
}

export function paymentOf(order: Order, kind: PaymentRow["kind"], key = "charge-1"): PaymentRow {
  return {
    kind,
    order: order.id,
    gateway: "first",
    key,
    amount: order.total,
    currency: order.currency,
    reference: kind === "attempt" ? "" : `${kind} of ${order.id}`,
    at: order.changedAt,
  };
}

export function confirmedAnswer(order: Order): FinalAnswer {
  return { _tag: "Confirmed", order: order.id, total: order.total, currency: order.currency };
}
