/**
 * How orders end: a charge becomes sold units or goes back, and an order without a charge gives
 * its hold up. Checkout and reconciliation end orders through the same programs, so what a crash
 * left half done ends as it would have ended.
 */
import { type Clock, Effect } from "effect";
import { assert } from "../core/assert.ts";
import type { RefundPending } from "../core/checkout.ts";
import type { Sold } from "../core/hold.ts";
import type { OrderEvent } from "../core/order.machine.ts";
import type { Charge, Declined, FinalAnswer, Order, PaymentRow } from "../core/order.ts";
import { backoffMillis, jitterOf, refundKey } from "../core/payment-policy.ts";
import type { SaleEvent } from "../core/sale-event.ts";
import type * as Gateway from "../ports/payment-gateway.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { logAll, type StepFailure, takeStep } from "./order-steps.ts";
import type { StorePorts, StoreSettings } from "./store-ports.ts";

/** What a program about an order needs besides the order. */
export interface Desk {
  readonly ports: StorePorts;
  readonly settings: StoreSettings;
  readonly clock: Clock.Clock;
}

export function nowOf(desk: Desk): number {
  return desk.clock.unsafeCurrentTimeMillis();
}

export function paymentRow(
  order: Order,
  kind: PaymentRow["kind"],
  row: Pick<PaymentRow, "gateway" | "key" | "reference" | "at">,
): PaymentRow {
  return {
    kind,
    order: order.id,
    gateway: row.gateway,
    key: row.key,
    amount: order.total,
    currency: order.currency,
    reference: row.reference,
    at: row.at,
  };
}

/** The charge is captured: writes that down, then sells the units or sends the money back. */
export function settleCharge(
  desk: Desk,
  order: Order,
  charge: Charge,
): Effect.Effect<FinalAnswer | RefundPending, StepFailure> {
  const at = nowOf(desk);
  const captured = takeStep(
    desk.ports,
    order,
    { type: "approve" },
    {
      at,
      charge,
      payment: paymentRow(order, "capture", { ...charge, at }),
      events: [
        {
          kind: "OrderPaid",
          at,
          order: order.id,
          shopper: order.shopper,
          gateway: charge.gateway,
          reference: charge.reference,
          total: order.total,
          currency: order.currency,
        },
      ],
    },
  );
  return Effect.flatMap(captured, (paid) => sellOrReturn(desk, paid));
}

/** An order that is paid gets its units, even if its hold has lapsed and there are any; else its money. */
export function sellOrReturn(
  desk: Desk,
  order: Order,
): Effect.Effect<FinalAnswer | RefundPending, StepFailure> {
  assert(order.state === "authorised", "only a paid order is sold its units");
  assert(order.epoch !== null, "no order is charged before its units were held");
  const request = { hold: order.hold, epoch: order.epoch, order: order.id, honour: true };
  const sale = desk.ports.stock.sell({ ...request, now: nowOf(desk) });
  return Effect.flatMap(sale, (answer) =>
    answer._tag === "Sold" ? confirm(desk, order, answer) : startRefund(desk, order),
  );
}

function soldEvents(order: Order, sold: Sold, at: number): readonly SaleEvent[] {
  const { hold, lines, serials } = sold;
  const of = { at, hold, shopper: order.shopper, order: order.id, lines };
  const events: SaleEvent[] = sold.honoured ? [{ kind: "HoldHonoured", ...of }] : [];
  events.push({ kind: "HoldSold", ...of, serials });
  return events;
}

function confirm(desk: Desk, order: Order, sold: Sold): Effect.Effect<FinalAnswer, StepFailure> {
  const at = nowOf(desk);
  const { id, shopper, total, currency } = order;
  const answer: FinalAnswer = { _tag: "Confirmed", order: id, total, currency };
  const step = takeStep(
    desk.ports,
    order,
    { type: "settle", unitsSold: true },
    {
      at,
      answer,
      events: [
        ...soldEvents(order, sold, at),
        { kind: "OrderConfirmed", at, order: id, shopper, total, currency },
      ],
    },
  );
  return Effect.as(step, answer);
}

function startRefund(
  desk: Desk,
  order: Order,
): Effect.Effect<FinalAnswer | RefundPending, StepFailure> {
  const { id, shopper, total, currency } = order;
  const at = nowOf(desk);
  const step = takeStep(
    desk.ports,
    order,
    { type: "settle", unitsSold: false },
    {
      at,
      events: [{ kind: "OrderRefunding", at, order: id, shopper, total, currency }],
    },
  );
  return Effect.flatMap(step, (refunding) => returnCharge(desk, refunding));
}

/** Asks the gateway that was paid for the refund, and again where it does not answer. */
export const returnCharge: (
  desk: Desk,
  order: Order,
) => Effect.Effect<FinalAnswer | RefundPending, StepFailure> = Effect.fnUntraced(
  function* (desk, order) {
    const { charge, total: amount, currency } = order;
    assert(order.state === "refunding" && charge !== null, "only a charge that was made goes back");
    const gateway = gatewayNamed(desk, charge.gateway);
    const request = { key: refundKey(order.id), reference: charge.reference, amount, currency };
    const { payment: policy } = desk.settings;
    for (let call = 1; call <= policy.refundAttempts; call += 1) {
      const answer = yield* gateway.refund(request);
      if (answer._tag === "Refunded") return yield* endRefund(desk, order, charge, answer);
      if (answer._tag === "RefundRefused") break;
      if (call < policy.refundAttempts) {
        yield* Effect.sleep(backoffMillis(policy, call, jitterOf(order.id, call)));
      }
    }
    return { _tag: "RefundPending", order: order.id };
  },
);

function endRefund(
  desk: Desk,
  order: Order,
  charge: Charge,
  refund: Gateway.Refunded,
): Effect.Effect<FinalAnswer, StepFailure> {
  const at = nowOf(desk);
  const { id, shopper, total, currency } = order;
  const answer: FinalAnswer = { _tag: "Refunded", order: id, total, currency };
  const row = { gateway: charge.gateway, key: refundKey(id), reference: refund.reference, at };
  const step = takeStep(
    desk.ports,
    order,
    { type: "refund" },
    {
      at,
      answer,
      payment: paymentRow(order, "refund", row),
      events: [{ kind: "OrderRefunded", at, order: id, shopper, total, currency }],
    },
  );
  return Effect.as(step, answer);
}

/** The gateway refused the card: ends the order and gives its hold up. */
export function endDeclined(
  desk: Desk,
  order: Order,
  refusal: Gateway.Declined,
): Effect.Effect<Declined, StepFailure> {
  const { kind, reason } = refusal;
  const answer: Declined = { _tag: "Declined", order: order.id, kind, reason };
  return endUnpaid(desk, order, { type: "decline" }, answer, {
    kind: "OrderDeclined",
    at: nowOf(desk),
    order: order.id,
    shopper: order.shopper,
    decline: kind,
    reason,
  });
}

/** Nothing was charged and nothing will be: ends the order as cancelled and gives its hold up. */
export function endCancelled<Answer extends FinalAnswer>(
  desk: Desk,
  order: Order,
  event: OrderEvent,
  answer: Answer,
): Effect.Effect<Answer, StepFailure> {
  const { id, shopper } = order;
  const at = nowOf(desk);
  const reason = answer._tag;
  return endUnpaid(desk, order, event, answer, {
    kind: "OrderCancelled",
    at,
    order: id,
    shopper,
    reason,
  });
}

/** The hold lapsed before anything was charged. */
export function endExpired(
  desk: Desk,
  order: Order,
  event: OrderEvent,
): Effect.Effect<FinalAnswer, StepFailure> {
  const { id, shopper } = order;
  const answer: FinalAnswer = { _tag: "HoldExpired", order: id };
  return endUnpaid(desk, order, event, answer, {
    kind: "OrderExpired",
    at: nowOf(desk),
    order: id,
    shopper,
  });
}

function endUnpaid<Answer extends FinalAnswer>(
  desk: Desk,
  order: Order,
  event: OrderEvent,
  answer: Answer,
  told: SaleEvent,
): Effect.Effect<Answer, StepFailure> {
  const details = { at: told.at, answer, events: [told] };
  const ended = takeStep(desk.ports, order, event, details);
  return Effect.flatMap(ended, (after) => Effect.as(giveUpHold(desk, after), answer));
}

/**
 * Puts the units of an order that ended unpaid back on sale. A crash before this leaves a hold that
 * lapses by itself; a second release changes nothing.
 */
export function giveUpHold(desk: Desk, order: Order): Effect.Effect<void, PortUnavailable> {
  if (order.epoch === null) return Effect.void;
  const now = nowOf(desk);
  const release = desk.ports.stock.release({ hold: order.hold, epoch: order.epoch, now });
  return Effect.flatMap(release, (answer) => {
    if (answer._tag !== "Released") return Effect.void;
    const { hold, lines } = answer;
    return logAll(desk.ports, [
      { kind: "HoldReleased", at: now, hold, shopper: order.shopper, lines },
    ]);
  });
}

/** The gateway that an order was sent to; the store keeps every gateway that it has open orders at. */
export function gatewayNamed(desk: Desk, name: string): Gateway.PaymentGateway {
  const gateway = desk.ports.gateways.find((candidate) => candidate.name === name);
  assert(gateway !== undefined, `the gateway ${name} is configured while orders are open at it`);
  return gateway;
}
