/**
 * One step of an order: ask the machine where the event leads, write that to the ledger, then tell
 * the log. Nothing outside is touched before the ledger has the step. A crash between the ledger
 * and the log loses the line of the log, never the step: the ledger is the truth.
 */
import { Data } from "effect";
import { assert } from "../core/assert.ts";
import { nextOrderState, type OrderEvent } from "../core/order.machine.ts";
import type { Order, OrderChange } from "../core/order.ts";
import type { SaleEvent } from "../core/sale-event.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { failedAsAnswer, type Steps } from "./program.ts";
import type { StorePorts } from "./store-ports.ts";

/** Somebody else has taken the order further; whoever meets this stops acting on it. */
export class OrderMoved extends Data.TaggedError("OrderMoved")<{ readonly order: Order }> {}

export type StepFailure = PortUnavailable | OrderMoved;

/** A part of a program about an order, to be gone through with `yield*`. */
export type OrderSteps<Answer> = Steps<Answer, StepFailure>;

/** Goes through the steps up to where somebody else is found to have taken the order further. */
export function untilMoved<Answer>(
  steps: OrderSteps<Answer>,
): Steps<Answer | OrderMoved, PortUnavailable> {
  return failedAsAnswer(steps, isOrderMoved);
}

function isOrderMoved(step: unknown): step is OrderMoved {
  return step instanceof OrderMoved;
}

export interface OrderStepDetails
  extends Pick<OrderChange, "at" | "gateway" | "charge" | "payment" | "answer"> {
  /** Lines of the log, told in this order once the step is written. */
  readonly events: readonly SaleEvent[];
}

type Writable<Fixed> = { -readonly [Key in keyof Fixed]: Fixed[Key] };

/**
 * The change that the event makes; the machine must have such a way. The hold that the order was
 * given since its last step is written with it.
 */
function changeBy(order: Order, event: OrderEvent, details: OrderStepDetails): OrderChange {
  const to = nextOrderState(order.state, event);
  assert(to !== null, `an order that is ${order.state} knows the event ${event.type}`);
  const change: Writable<OrderChange> = {
    order: order.id,
    from: order.state,
    to,
    revision: order.revision,
    at: details.at,
  };
  if (order.epoch !== null) change.held = { epoch: order.epoch, until: order.holdUntil };
  if (details.gateway !== undefined) change.gateway = details.gateway;
  if (details.charge !== undefined) change.charge = details.charge;
  if (details.payment !== undefined) change.payment = details.payment;
  if (details.answer !== undefined) change.answer = details.answer;
  return change;
}

/**
 * Writes the step and answers with the order after it. A part of the program that takes it: the
 * program goes through its steps with `yield*`, which costs no effect of its own.
 */
export function* takeStep(
  ports: StorePorts,
  order: Order,
  event: OrderEvent,
  details: OrderStepDetails,
): OrderSteps<Order> {
  const answer = yield* ports.orders.append(changeBy(order, event, details));
  assert(answer._tag !== "UnknownOrder", "an order that was placed stays in the ledger");
  if (answer._tag === "Stale") return yield* new OrderMoved({ order: answer.order });
  for (const told of details.events) yield* ports.saleLog.append(told);
  return answer.order;
}
