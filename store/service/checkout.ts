/**
 * Checking out. The request is claimed by its key before anything else happens, so a second click
 * costs no unit and a repeated request hears what the first one heard. Then the units are held,
 * the money is asked for, and the units are sold; every step is in the order ledger before
 * anything outside is touched, and `reconcile` ends what a crash leaves.
 */
import type { Clock, Effect } from "effect";
import { assert } from "../core/assert.ts";
import {
  type CheckoutStarted,
  fingerprintOf,
  type HoldMismatch,
  type Items,
  type PlaceOrderAnswer,
  type PlaceOrderRequest,
  repetitionOf,
  type StartCheckoutAnswer,
  type StartCheckoutRequest,
  standingOf,
} from "../core/checkout.ts";
import { closedBreaker } from "../core/circuit-breaker.ts";
import type { Held, HoldAnswer, HoldExists } from "../core/hold.ts";
import { isFinal } from "../core/order.machine.ts";
import type { FinalAnswer, HoldExpired, Order, OrderLine } from "../core/order.ts";
import { policyProblem } from "../core/payment-policy.ts";
import { sameUnits } from "../core/stock-lines.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { untilMoved } from "./order-steps.ts";
import { type PaymentDesk, payOrder } from "./payment.ts";
import { type Priced, price } from "./pricing.ts";
import { ignoringFailure, Program, type Steps } from "./program.ts";
import { endCancelled, endExpired, giveUpHold, nowOf } from "./settlement.ts";
import type { StorePorts, StoreSettings } from "./store-ports.ts";

export interface Checkout {
  /** Holds the items while the shopper types; the hold lapses by itself. */
  readonly startCheckout: (
    request: StartCheckoutRequest,
  ) => Program<StartCheckoutAnswer, PortUnavailable>;
  /** Takes the order in one step: same key and body, same answer, however often it is asked. */
  readonly placeOrder: (request: PlaceOrderRequest) => Program<PlaceOrderAnswer, PortUnavailable>;
}

export function makeCheckout(ports: StorePorts, settings: StoreSettings): Checkout {
  const problem = policyProblem(settings.payment, ports.gateways.length);
  assert(problem === null, `the payment policy can be used: ${problem}`);
  const holdTimes = [settings.holdForMillis, ...(settings.holdForMillisOfSeller?.values() ?? [])];
  assert(Math.min(...holdTimes) > 0, "a hold lasts for some time");
  const breakers = ports.gateways.map(closedBreaker);
  const deskAt = (clock: Clock.Clock): PaymentDesk => ({ ports, settings, clock, breakers });
  // These entries draw no span: `Effect.fn` was measured at 25 to 40 microseconds a call even with
  // tracing off. Who runs them (a route, a rehearsal) can draw one around them.
  return {
    startCheckout: (request) => new Program((clock) => startCheckout(deskAt(clock), request)),
    placeOrder: (request) => new Program((clock) => placeOrder(deskAt(clock), request)),
  };
}

function* startCheckout(
  desk: PaymentDesk,
  request: StartCheckoutRequest,
): Steps<StartCheckoutAnswer, PortUnavailable> {
  const now = nowOf(desk);
  const priced = yield* price(desk, request, now);
  if (priced._tag !== "Priced") return priced;
  const { lines, total, currency, holdForMillis } = priced;
  const hold = desk.ports.identifiers.next("hold");
  const answer = yield* desk.ports.stock.hold({
    hold,
    shopper: request.shopper,
    lines,
    now,
    expiresAt: now + holdForMillis,
  });
  assert(answer._tag !== "HoldExists", "an identifier names one hold");
  if (answer._tag !== "Held") return answer;
  yield* logHeld(desk, request.shopper, answer, now);
  const { expiresAt } = answer;
  const started: CheckoutStarted = {
    _tag: "CheckoutStarted",
    hold,
    expiresAt,
    lines,
    total,
    currency,
  };
  return started;
}

function* placeOrder(
  desk: PaymentDesk,
  request: PlaceOrderRequest,
): Steps<PlaceOrderAnswer, PortUnavailable> {
  const { orders } = desk.ports;
  const fingerprint = fingerprintOf(request);
  const earlier = yield* orders.findByKey({ shopper: request.shopper, key: request.key });
  if (earlier !== null) return repetitionOf(earlier, fingerprint);
  const now = nowOf(desk);
  const priced = yield* price(desk, request, now);
  if (priced._tag !== "Priced") return priced;
  const named = request.hold === undefined ? null : yield* namedHold(desk, request, priced.lines);
  if (named?._tag === "HoldMismatch") return named;
  const placed = yield* orders.place(newOrder(desk, request, priced, fingerprint, now));
  switch (placed._tag) {
    case "KeyReused":
      return placed;
    case "HoldTaken":
      return { _tag: "HoldMismatch", hold: request.hold ?? "" } satisfies HoldMismatch;
    case "Replay":
    case "InFlight":
      return standingOf(placed.order);
    case "Placed": {
      const answer = yield* fulfil(desk, placed.order, named, priced.holdForMillis);
      if (answer._tag === "Confirmed") yield* emptyCart(desk, request.items, priced.cartVersion);
      return answer;
    }
  }
}

/**
 * A cart that was bought is put away, unless the shopper has changed it meanwhile. The order stands
 * whether this works or not: at worst the shopper finds the cart as it was.
 */
function* emptyCart(
  desk: PaymentDesk,
  items: Items,
  version: number | null,
): Steps<void, PortUnavailable> {
  if (!("cart" in items) || version === null) return;
  yield* ignoringFailure(desk.ports.carts.remove({ cart: items.cart, version }));
}

function newOrder(
  desk: PaymentDesk,
  request: PlaceOrderRequest,
  priced: Priced,
  fingerprint: string,
  now: number,
): Order {
  const { identifiers } = desk.ports;
  return {
    id: identifiers.next("order"),
    shopper: request.shopper,
    key: request.key,
    fingerprint,
    hold: request.hold ?? identifiers.next("hold"),
    epoch: null,
    holdUntil: 0,
    lines: priced.lines,
    total: priced.total,
    currency: priced.currency,
    paymentToken: request.paymentToken,
    placedAt: now,
    state: "placed",
    revision: 0,
    changedAt: now,
    gateway: null,
    attempts: 0,
    charge: null,
    answer: null,
  };
}

/** A placed order to its end, as far as that can be reached now. */
function* fulfil(
  desk: PaymentDesk,
  order: Order,
  named: NamedHold | null,
  holdForMillis: number,
): Steps<PlaceOrderAnswer, PortUnavailable> {
  const { id, shopper, hold, lines, total, currency, placedAt: at } = order;
  const of = { at, order: id, shopper, hold, lines, total, currency };
  yield* desk.ports.saleLog.append({ kind: "OrderPlaced", ...of });
  const answer = yield* named === null
    ? takeHold(desk, order, holdForMillis)
    : keepHold(desk, order, named, holdForMillis);
  if (answer._tag === "Held") {
    return yield* payHeld(desk, { ...order, epoch: answer.epoch, holdUntil: answer.expiresAt });
  }
  const ended = yield* untilMoved<FinalAnswer>(
    answer._tag === "HoldExpired"
      ? endExpired(desk, order, { type: "lapse" })
      : endCancelled(desk, order, { type: "refuse" }, answer),
  );
  return ended._tag === "OrderMoved" ? standingOf(ended.order) : ended;
}

/**
 * Pays the order. Where a reconciliation ended it meanwhile without knowing of the hold, the hold
 * is given up here; the ledger refuses that for a hold that was sold.
 */
function* payHeld(desk: PaymentDesk, order: Order): Steps<PlaceOrderAnswer, PortUnavailable> {
  const paid = yield* untilMoved(payOrder(desk, order));
  if (paid._tag !== "OrderMoved") return paid;
  const moved = paid.order;
  const mine = isFinal(moved.state) && moved.state !== "confirmed";
  if (mine) yield* giveUpHold(desk, order);
  return standingOf(moved);
}

type HoldForOrder = Exclude<HoldAnswer, HoldExists> | HoldExpired;

/** Holds the units of the order under the name that the order was placed with. */
function* takeHold(
  desk: PaymentDesk,
  order: Order,
  holdForMillis: number,
): Steps<HoldForOrder, PortUnavailable> {
  const { hold, shopper, lines } = order;
  const now = nowOf(desk);
  const expiresAt = now + holdForMillis;
  const answer = yield* desk.ports.stock.hold({ hold, shopper, lines, now, expiresAt });
  assert(answer._tag !== "HoldExists", "an identifier names one hold");
  if (answer._tag === "Held") yield* logHeld(desk, shopper, answer, now);
  return answer;
}

interface NamedHold {
  readonly _tag: "NamedHold";
  readonly epoch: number;
}

/** The hold that the shopper named, if it is the shopper's and keeps these very units. */
function* namedHold(
  desk: PaymentDesk,
  request: PlaceOrderRequest,
  lines: readonly OrderLine[],
): Steps<NamedHold | HoldMismatch, PortUnavailable> {
  const hold = request.hold ?? "";
  const known = yield* desk.ports.stock.find(hold);
  if (known === null || known.shopper !== request.shopper || !sameUnits(known.lines, lines)) {
    return { _tag: "HoldMismatch", hold } satisfies HoldMismatch;
  }
  return { _tag: "NamedHold", epoch: known.epoch } satisfies NamedHold;
}

/** The hold stays as it is while it lives; one that lapsed is taken again if its units are there. */
function* keepHold(
  desk: PaymentDesk,
  order: Order,
  named: NamedHold,
  holdForMillis: number,
): Steps<HoldForOrder, PortUnavailable> {
  const now = nowOf(desk);
  const expiresAt = now + holdForMillis;
  const { hold, shopper } = order;
  const { epoch } = named;
  const answer = yield* desk.ports.stock.reacquire({ hold, epoch, shopper, now, expiresAt });
  if (answer._tag !== "Held") return { _tag: "HoldExpired", order: order.id } satisfies HoldExpired;
  if (answer.epoch !== epoch) yield* logHeld(desk, order.shopper, answer, now);
  return answer;
}

function logHeld(
  desk: PaymentDesk,
  shopper: string,
  held: Held,
  at: number,
): Effect.Effect<unknown, PortUnavailable> {
  const { hold, lines } = held;
  return desk.ports.saleLog.append({ kind: "HoldPlaced", at, hold, shopper, lines });
}
