/**
 * Ends the orders that nobody works on any more: after a crash, after a lost answer, after a
 * gateway's outage. It looks up, sells, refunds and releases, and never charges: whoever finds
 * money out of place puts it right, and a new charge needs a shopper who asks for it.
 */
import { Effect } from "effect";
import { standingOf, type Unfinished } from "../core/checkout.ts";
import { dutyOf, isFinal } from "../core/order.machine.ts";
import type { FinalAnswer, Order } from "../core/order.ts";
import { chargeKey } from "../core/payment-policy.ts";
import type { PaymentGateway } from "../ports/payment-gateway.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { endCodes } from "./order-codes.ts";
import { type OrderSteps, untilMoved } from "./order-steps.ts";
import { giveUp, lookUpCharge, noteDoubt } from "./payment.ts";
import { Program, type Steps } from "./program.ts";
import {
  type Desk,
  endCancelled,
  endDeclined,
  gatewayNamed,
  nowOf,
  returnCharge,
  sellOrReturn,
  settleCharge,
} from "./settlement.ts";
import type { StorePorts, StoreSettings } from "./store-ports.ts";

/** Orders that one round takes up. */
const ORDERS_PER_ROUND = 1_000;

export interface Reconciled {
  /** Orders that were found without an end. */
  readonly found: number;
  /** Those that this round ended. */
  readonly ended: number;
  /** Those that are left to a later round, because a gateway does not answer. */
  readonly left: number;
}

export interface Reconciliation {
  /**
   * One round over the orders whose last change is `quietForMillis` old or older. It must be longer
   * than a request may take while it is alive (time limit and pauses); 0 is for a store that has
   * just started and knows that no request is.
   */
  readonly reconcile: (quietForMillis: number) => Program<Reconciled, PortUnavailable>;
  /**
   * Ends one order whose charge or refund was left open, because its gateway has told of it: at
   * once, whoever may still wait for it. Null where there is nothing to end: no such order, one
   * that has ended, or one whose request is still being answered.
   */
  readonly settle: (order: string) => Program<FinalAnswer | Unfinished | null, PortUnavailable>;
  /**
   * Ends one order at once, wherever it stands, for whoever placed it and knows that the request
   * has failed half way. Null where there is nothing to end.
   */
  readonly end: (order: string) => Program<FinalAnswer | Unfinished | null, PortUnavailable>;
}

export function makeReconciliation(ports: StorePorts, settings: StoreSettings): Reconciliation {
  return {
    reconcile: (quietForMillis) =>
      new Program((clock) => reconcile({ ports, settings, clock }, quietForMillis)),
    settle: (order) =>
      new Program((clock) => endOne({ ports, settings, clock }, order, isLeftOpen)),
    end: (order) => new Program((clock) => endOne({ ports, settings, clock }, order, isUnfinished)),
  };
}

/** States that nobody but a reconciliation takes an order out of, once its request has ended. */
const LEFT_OPEN: ReadonlySet<Order["state"]> = new Set<Order["state"]>(["inDoubt", "refunding"]);

function isLeftOpen({ state }: Order): boolean {
  return LEFT_OPEN.has(state);
}

function isUnfinished({ state }: Order): boolean {
  return !isFinal(state);
}

function* endOne(
  desk: Desk,
  name: string,
  isMine: (order: Order) => boolean,
): Steps<FinalAnswer | Unfinished | null, PortUnavailable> {
  const order = yield* desk.ports.orders.find(name);
  if (order === null || !isMine(order)) return null;
  const answer = yield* untilMoved(dischargeDuty(desk, order));
  return answer._tag === "OrderMoved" ? standingOf(answer.order) : answer;
}

function* reconcile(desk: Desk, quietForMillis: number): Steps<Reconciled, PortUnavailable> {
  const changedBefore = nowOf(desk) - quietForMillis + 1;
  const { orders: ledger } = desk.ports;
  const orders = yield* ledger.unfinished({ changedBefore, limit: ORDERS_PER_ROUND });
  /** Gateways that left a question unanswered in this round; nobody waits for them again. */
  const silent = new Set<string>();
  const gateways = desk.ports.gateways.map((gateway) => noting(gateway, silent));
  const round = { ...desk, ports: { ...desk.ports, gateways } };
  let ended = 0;
  for (const order of orders) {
    if (order.gateway !== null && silent.has(order.gateway)) continue;
    const answer = yield* untilMoved(dischargeDuty(round, order));
    // Where somebody else has taken the order further, it is theirs to end.
    if (answer._tag === "OrderMoved" || isFinalAnswer(answer)) ended += 1;
  }
  yield* endOldClaims(desk, changedBefore);
  return { found: orders.length, ended, left: orders.length - ended };
}

/**
 * The gateway, which is noted where it does not answer. One that answers and cannot end an order,
 * such as a refund that it refuses, holds up no other order behind it.
 */
function noting(gateway: PaymentGateway, silent: Set<string>): PaymentGateway {
  const noted = <Answer extends { readonly _tag: string }>(call: Effect.Effect<Answer>) =>
    Effect.map(call, (answer) => {
      if (answer._tag === "TimedOut" || answer._tag === "NetworkError") silent.add(gateway.name);
      return answer;
    });
  return {
    name: gateway.name,
    charge: (request) => noted(gateway.charge(request)),
    lookUp: (key) => noted(gateway.lookUp(key)),
    refund: (request) => noted(gateway.refund(request)),
  };
}

/** Codes that were claimed by orders which have ended meanwhile: a crash came between the two. */
function* endOldClaims(desk: Desk, claimedBefore: number): Steps<void, PortUnavailable> {
  const { promotions, orders } = desk.ports;
  const claims = yield* promotions.claimsBefore({ claimedBefore, limit: ORDERS_PER_ROUND });
  for (const { order: name } of claims) {
    const order = yield* orders.find(name);
    if (order !== null && !isFinal(order.state)) continue;
    const sold = order?.state === "confirmed";
    yield* endCodes(desk.ports, { order: name, sold }, nowOf(desk));
  }
}

function isFinalAnswer(answer: FinalAnswer | Unfinished): answer is FinalAnswer {
  const { _tag } = answer;
  return _tag !== "InFlight" && _tag !== "PaymentInDoubt" && _tag !== "RefundPending";
}

/** Does what the order's state asks for. */
function* dischargeDuty(desk: Desk, order: Order): OrderSteps<FinalAnswer | Unfinished> {
  const duty = dutyOf(order.state);
  switch (duty) {
    case "takeHold":
      return yield* withdraw(desk, order);
    case "charge":
      return yield* settleDoubt(desk, yield* noteDoubt(desk, order));
    case "lookUpCharge":
      return yield* settleDoubt(desk, order);
    case "sellHold":
      return yield* sellOrReturn(desk, order);
    case "returnCharge":
      return yield* returnCharge(desk, order);
    default:
      return yield* Effect.dieMessage(`an order that is ${order.state} has ended`);
  }
}

/** Nothing was asked of a gateway yet: undoes the order, and the hold if it was taken. */
function* withdraw(desk: Desk, order: Order): OrderSteps<FinalAnswer> {
  const hold = yield* desk.ports.stock.find(order.hold);
  const known = hold?.state === "live" && hold.shopper === order.shopper ? hold : null;
  const held =
    known === null ? order : { ...order, epoch: known.epoch, holdUntil: known.expiresAt };
  return yield* endCancelled(
    desk,
    held,
    { type: "refuse" },
    {
      _tag: "Interrupted",
      order: order.id,
    },
  );
}

function* settleDoubt(desk: Desk, order: Order): OrderSteps<FinalAnswer | Unfinished> {
  const gateway = gatewayNamed(desk, order.gateway ?? "");
  const outcome = yield* lookUpCharge(desk, order, gateway, 1);
  switch (outcome._tag) {
    case "Approved": {
      const key = chargeKey(order.id, order.attempts);
      const charge = { gateway: gateway.name, key, reference: outcome.reference };
      return yield* settleCharge(desk, order, charge);
    }
    case "Declined":
      return yield* endDeclined(desk, order, outcome);
    case "Absent":
      return yield* giveUp(desk, order, false, nowOf(desk) < order.holdUntil);
    case "InDoubt":
      return { _tag: "PaymentInDoubt", order: order.id } satisfies Unfinished;
  }
}
