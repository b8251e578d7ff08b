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
import { endCodes } from "./order-codes.ts";
import { type OrderSteps, takeStep } from "./order-steps.ts";
import type { Steps } from "./program.ts";
import type { StorePorts, StoreSettings } from "./store-ports.ts";

/** What a program about an order needs besides the order. */
export interface Desk {
  readonly ports: StorePorts;
  readonly settings: StoreSettings;
  readonly clock: Clock.Clock;
}

const UNITS_SOLD: OrderEvent = { type: "settle", unitsSold: true };

export function nowOf(desk: Desk): number {
  return desk.clock.unsafeCurrentTimeMillis();
}

export function paymentRow(
  order: Order,
  kind: PaymentRow["kind"],
  row: Pick<PaymentRow, "gateway" | "key" | "reference">,
  at: number,
): PaymentRow {
  return {
    kind,
    order: order.id,
    gateway: row.gateway,
    key: row.key,
    amount: order.total,
    currency: order.currency,
    reference: row.reference,
    at,
  };
}

/** The charge is captured: writes that down, then sells the units or sends the money back. */
export function* settleCharge(
  desk: Desk,
  order: Order,
  charge: Charge,
): OrderSteps<FinalAnswer | RefundPending> {
  const at = nowOf(desk);
  const paid = yield* takeStep(
    desk.ports,
    order,
    { type: "approve" },
    {
      at,
      charge,
      payment: paymentRow(order, "capture", charge, at),
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
  return yield* sellOrReturn(desk, paid);
}

/** An order that is paid gets its units, even if its hold has lapsed and there are any; else its money. */
export function* sellOrReturn(desk: Desk, order: Order): OrderSteps<FinalAnswer | RefundPending> {
  assert(order.state === "authorised", "only a paid order is sold its units");
  assert(order.epoch !== null, "no order is charged before its units were held");
  const { hold, epoch, id } = order;
  const request = { hold, epoch, order: id, honour: true, now: nowOf(desk) };
  const answer = yield* desk.ports.stock.sell(request);
  if (answer._tag === "Sold") return yield* confirm(desk, order, answer);
  return yield* startRefund(desk, order);
}

/** What the log is told of a sale: the units first, then the order. */
function soldEvents(order: Order, sold: Sold, at: number): readonly SaleEvent[] {
  const { hold, lines, serials } = sold;
  const { shopper, id, total, currency } = order;
  const events: SaleEvent[] = [
    { kind: "HoldSold", at, hold, shopper, order: id, lines, serials },
    { kind: "OrderConfirmed", at, order: id, shopper, total, currency },
  ];
  if (sold.honoured) {
    events.unshift({ kind: "HoldHonoured", at, hold, shopper, order: id, lines });
  }
  return events;
}

function* confirm(desk: Desk, order: Order, sold: Sold): OrderSteps<FinalAnswer> {
  const at = nowOf(desk);
  const { id, total, currency } = order;
  const answer: FinalAnswer = { _tag: "Confirmed", order: id, total, currency };
  const events = soldEvents(order, sold, at);
  yield* takeStep(desk.ports, order, UNITS_SOLD, { at, answer, events });
  if (order.discount !== null) yield* endCodes(desk.ports, { order: id, sold: true }, at);
  return answer;
}

function* startRefund(desk: Desk, order: Order): OrderSteps<FinalAnswer | RefundPending> {
  const { id, shopper, total, currency } = order;
  const at = nowOf(desk);
  const events: SaleEvent[] = [{ kind: "OrderRefunding", at, order: id, shopper, total, currency }];
  const event: OrderEvent = { type: "settle", unitsSold: false };
  const refunding = yield* takeStep(desk.ports, order, event, { at, events });
  return yield* returnCharge(desk, refunding);
}

/** Asks the gateway that was paid for the refund, and again where it does not answer. */
export function* returnCharge(desk: Desk, order: Order): OrderSteps<FinalAnswer | RefundPending> {
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
}

function* endRefund(
  desk: Desk,
  order: Order,
  charge: Charge,
  refund: Gateway.Refunded,
): OrderSteps<FinalAnswer> {
  const at = nowOf(desk);
  const { id, shopper, total, currency } = order;
  const answer: FinalAnswer = { _tag: "Refunded", order: id, total, currency };
  const row = { gateway: charge.gateway, key: refundKey(id), reference: refund.reference };
  yield* takeStep(
    desk.ports,
    order,
    { type: "refund" },
    {
      at,
      answer,
      payment: paymentRow(order, "refund", row, at),
      events: [{ kind: "OrderRefunded", at, order: id, shopper, total, currency }],
    },
  );
  yield* giveUpCodes(desk, order);
  return answer;
}

/** The gateway refused the card: ends the order and gives its hold up. */
export function endDeclined(
  desk: Desk,
  order: Order,
  refusal: Gateway.Declined,
): OrderSteps<Declined> {
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
): OrderSteps<Answer> {
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
export function endExpired(desk: Desk, order: Order, event: OrderEvent): OrderSteps<FinalAnswer> {
  const { id, shopper } = order;
  const answer: FinalAnswer = { _tag: "HoldExpired", order: id };
  return endUnpaid(desk, order, event, answer, {
    kind: "OrderExpired",
    at: nowOf(desk),
    order: id,
    shopper,
  });
}

function* endUnpaid<Answer extends FinalAnswer>(
  desk: Desk,
  order: Order,
  event: OrderEvent,
  answer: Answer,
  told: SaleEvent,
): OrderSteps<Answer> {
  const details = { at: told.at, answer, events: [told] };
  const ended = yield* takeStep(desk.ports, order, event, details);
  yield* giveUpHold(desk, ended);
  yield* giveUpCodes(desk, ended);
  return answer;
}

/**
 * Puts the units of an order that ended unpaid back on sale. A crash before this leaves a hold that
 * lapses by itself; a second release changes nothing.
 */
export function* giveUpHold(desk: Desk, order: Order): Steps<void, PortUnavailable> {
  if (order.epoch === null) return;
  const now = nowOf(desk);
  const answer = yield* desk.ports.stock.release({ hold: order.hold, epoch: order.epoch, now });
  if (answer._tag !== "Released") return;
  const { hold, lines } = answer;
  const { shopper } = order;
  yield* desk.ports.saleLog.append({ kind: "HoldReleased", at: now, hold, shopper, lines });
}

/** Gives the codes of an order that ended without a sale back; a second time changes nothing. */
export function* giveUpCodes(desk: Desk, order: Order): Steps<void, PortUnavailable> {
  if (order.discount === null) return;
  yield* endCodes(desk.ports, { order: order.id, sold: false }, nowOf(desk));
}

/** The gateway that an order was sent to; the store keeps every gateway that it has open orders at. */
export function gatewayNamed(desk: Desk, name: string): Gateway.PaymentGateway {
  const gateway = desk.ports.gateways.find((candidate) => candidate.name === name);
  assert(gateway !== undefined, `the gateway ${name} is configured while orders are open at it`);
  return gateway;
}
