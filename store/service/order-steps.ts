/**
 * One step of an order: ask the machine where the event leads, write that to the ledger, then tell
 * the log. Nothing outside is touched before the ledger has the step. A crash between the ledger
 * and the log loses the line of the log, never the step: the ledger is the truth.
 */
import { Data, Effect } from "effect";
import { assert } from "../core/assert.ts";
import { nextOrderState, type OrderEvent } from "../core/order.machine.ts";
import type { Order, OrderChange } from "../core/order.ts";
import type { SaleEvent } from "../core/sale-event.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import type { StorePorts } from "./store-ports.ts";

/** Somebody else has taken the order further; whoever meets this stops acting on it. */
export class OrderMoved extends Data.TaggedError("OrderMoved")<{ readonly order: Order }> {}

export type StepFailure = PortUnavailable | OrderMoved;

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

/** Appends the lines to the sale log, one after the other. */
export function logAll(
  ports: StorePorts,
  events: readonly SaleEvent[],
): Effect.Effect<void, PortUnavailable> {
  let all: Effect.Effect<unknown, PortUnavailable> = Effect.void;
  for (const event of events) {
    const append = ports.saleLog.append(event);
    all = all === Effect.void ? append : Effect.zipRight(all, append);
  }
  return all as Effect.Effect<void, PortUnavailable>;
}

/** Writes the step and answers with the order after it. */
export function takeStep(
  ports: StorePorts,
  order: Order,
  event: OrderEvent,
  details: OrderStepDetails,
): Effect.Effect<Order, StepFailure> {
  const change = changeBy(order, event, details);
  return Effect.flatMap(
    ports.orders.append(change),
    (answer): Effect.Effect<Order, StepFailure> => {
      assert(answer._tag !== "UnknownOrder", "an order that was placed stays in the ledger");
      if (answer._tag === "Stale") return new OrderMoved({ order: answer.order });
      if (details.events.length === 0) return Effect.succeed(answer.order);
      return Effect.as(logAll(ports, details.events), answer.order);
    },
  );
}
