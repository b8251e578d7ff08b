/**
 * Getting an order paid: asks one gateway after the other as the policy allows, settles every lost
 * answer before anybody is asked again, and ends the order with what came out. Time limits are the
 * gateways' own; the pauses here are sleeps on Effect's clock.
 */
import { Effect } from "effect";
import { assert } from "../core/assert.ts";
import type { Unfinished } from "../core/checkout.ts";
import { type CircuitBreaker, mayCall, noteAnswer, noteFailure } from "../core/circuit-breaker.ts";
import type { OrderEvent } from "../core/order.machine.ts";
import type { FinalAnswer, Order } from "../core/order.ts";
import {
  backoffMillis,
  chargeKey,
  gatewayToAsk,
  jitterOf,
  PAYMENT_CALLS_MAX,
} from "../core/payment-policy.ts";
import type {
  Absent,
  Approved,
  ChargeAnswer,
  ChargeRequest,
  Declined,
  PaymentGateway,
} from "../ports/payment-gateway.ts";
import { type OrderSteps, takeStep } from "./order-steps.ts";
import type { Steps } from "./program.ts";
import {
  type Desk,
  endCancelled,
  endDeclined,
  endExpired,
  nowOf,
  paymentRow,
  settleCharge,
} from "./settlement.ts";

/** A desk where payments are taken; `breakers` has one breaker per gateway, in the same order. */
export interface PaymentDesk extends Desk {
  readonly breakers: readonly CircuitBreaker[];
}

/** What one call left: a verdict of the gateway, certainty that nothing was charged, or neither. */
type Outcome = Approved | Declined | Absent | { readonly _tag: "InDoubt" };

const FIRST_CALL: OrderEvent = { type: "ask" };

/** A call that did not reach the gateway is as good as one that it denies. */
const NOT_CHARGED: Absent = { _tag: "Absent" };

/** Pays a placed order whose units are held, whatever that takes within the policy. */
export function* payOrder(desk: PaymentDesk, placed: Order): OrderSteps<FinalAnswer | Unfinished> {
  assert(placed.epoch !== null, "units are held before money is asked for");
  const { payment } = desk.settings;
  const failuresAt = desk.ports.gateways.map(() => 0);
  let order = placed;
  for (let call = 1; call <= PAYMENT_CALLS_MAX; call += 1) {
    const next = choose(desk, failuresAt);
    const holdLive = nowOf(desk) < order.holdUntil;
    if (next === null || !holdLive) return yield* giveUp(desk, order, call === 1, holdLive);
    const gateway = gatewayAt(desk, next);
    order = yield* startCall(desk, order, gateway, call === 1);
    const answer = yield* gateway.charge(chargeRequest(order));
    noteCall(desk, next, answer);
    let outcome: Outcome;
    if (answer._tag === "Undecided") {
      // Up to the cardholder now; nobody waits for them with a request open.
      yield* noteDoubt(desk, order);
      return { _tag: "PaymentInDoubt", order: order.id };
    }
    if (answer._tag === "TimedOut") {
      order = yield* noteDoubt(desk, order);
      outcome = yield* lookUpCharge(desk, order, gateway, payment.lookUpsPerLostAnswer);
    } else outcome = answer._tag === "NetworkError" ? NOT_CHARGED : answer;
    if (outcome._tag === "Approved") {
      const key = chargeKey(order.id, order.attempts);
      const { reference } = outcome;
      return yield* settleCharge(desk, order, { gateway: gateway.name, key, reference });
    }
    if (outcome._tag === "Declined") return yield* endDeclined(desk, order, outcome);
    if (outcome._tag === "InDoubt") return { _tag: "PaymentInDoubt", order: order.id };
    yield* pauseAfter(desk, order, failuresAt, next);
  }
  assert(false, "the policy ends an order before the bound on calls");
}

function gatewayAt(desk: PaymentDesk, index: number): PaymentGateway {
  const gateway = desk.ports.gateways[index];
  assert(gateway !== undefined, "a gateway is chosen from those that are configured");
  return gateway;
}

function choose(desk: PaymentDesk, failuresAt: readonly number[]): number | null {
  const { payment } = desk.settings;
  return gatewayToAsk(payment, failuresAt, (gateway) =>
    mayCall(breakerAt(desk, gateway), payment.breaker, nowOf(desk)),
  );
}

function breakerAt(desk: PaymentDesk, index: number): CircuitBreaker {
  const breaker = desk.breakers[index];
  assert(breaker !== undefined, "every gateway has a breaker");
  return breaker;
}

/** Waits before the same gateway is asked again; the next gateway is asked at once. */
function pauseAfter(
  desk: PaymentDesk,
  order: Order,
  failuresAt: number[],
  gateway: number,
): Effect.Effect<void> {
  const { payment } = desk.settings;
  const failures = (failuresAt[gateway] ?? 0) + 1;
  failuresAt[gateway] = failures;
  if (failures >= payment.attemptsPerGateway) return Effect.void;
  return Effect.sleep(backoffMillis(payment, failures, jitterOf(order.id, order.attempts)));
}

/** Writes down that the gateway is about to be asked; only then may it be asked. */
function startCall(
  desk: PaymentDesk,
  order: Order,
  gateway: PaymentGateway,
  first: boolean,
): OrderSteps<Order> {
  const at = nowOf(desk);
  const key = chargeKey(order.id, order.attempts + 1);
  const event: OrderEvent = first
    ? FIRST_CALL
    : { type: "findNothing", mayAskAgain: true, holdLive: true };
  return takeStep(desk.ports, order, event, {
    at,
    gateway: gateway.name,
    payment: paymentRow(order, "attempt", { gateway: gateway.name, key, reference: "" }, at),
    events: [
      {
        kind: "OrderAuthorising",
        at,
        order: order.id,
        shopper: order.shopper,
        gateway: gateway.name,
      },
    ],
  });
}

function chargeRequest(order: Order): ChargeRequest {
  const { id, total: amount, currency, paymentToken } = order;
  return { key: chargeKey(id, order.attempts), order: id, amount, currency, paymentToken };
}

/** Any answer of the gateway itself shows that it works, a decline as well. */
function noteCall(desk: PaymentDesk, gateway: number, answer: ChargeAnswer): void {
  const breaker = breakerAt(desk, gateway);
  const answered = answer._tag !== "NetworkError" && answer._tag !== "TimedOut";
  if (answered) noteAnswer(breaker);
  else noteFailure(breaker, desk.settings.payment.breaker, nowOf(desk));
}

/** Writes down that nobody knows whether the last call charged. */
export function noteDoubt(desk: Desk, order: Order): OrderSteps<Order> {
  assert(order.gateway !== null, "only an order that was sent to a gateway can be in doubt");
  const { id, shopper, gateway } = order;
  const at = nowOf(desk);
  return takeStep(
    desk.ports,
    order,
    { type: "loseAnswer" },
    {
      at,
      events: [{ kind: "OrderInDoubt", at, order: id, shopper, gateway }],
    },
  );
}

/** Asks the gateway of the last call what became of it, `times` times at most. */
export function* lookUpCharge(
  desk: Desk,
  order: Order,
  gateway: PaymentGateway,
  times: number,
): Steps<Outcome, never> {
  assert(order.state === "inDoubt", "only a doubt is looked up");
  const key = chargeKey(order.id, order.attempts);
  for (let call = 1; call <= times; call += 1) {
    const answer = yield* gateway.lookUp(key);
    if (answer._tag === "Undecided") break;
    if (answer._tag !== "NetworkError" && answer._tag !== "TimedOut") return answer;
    if (call < times) {
      const jitter = jitterOf(order.id, order.attempts + call);
      yield* Effect.sleep(backoffMillis(desk.settings.payment, call, jitter));
    }
  }
  return { _tag: "InDoubt" };
}

/** No gateway is left to ask, or the hold is over: nothing was charged, so the order just ends. */
export function giveUp(
  desk: Desk,
  order: Order,
  beforeFirstCall: boolean,
  holdLive: boolean,
): OrderSteps<FinalAnswer> {
  if (!holdLive) {
    const lapse: OrderEvent = beforeFirstCall
      ? { type: "lapse" }
      : { type: "findNothing", mayAskAgain: true, holdLive: false };
    return endExpired(desk, order, lapse);
  }
  const event: OrderEvent = beforeFirstCall
    ? { type: "refuse" }
    : { type: "findNothing", mayAskAgain: false, holdLive: true };
  return endCancelled(desk, order, event, { _tag: "PaymentUnavailable", order: order.id });
}
