/**
 * Checking out. The request is claimed by its key before anything else happens, so a second click
 * costs no unit and a repeated request hears what the first one heard. Then the units are held,
 * the money is asked for, and the units are sold; every step is in the order ledger before
 * anything outside is touched, and `reconcile` ends what a crash leaves.
 */
import type { Clock, Effect } from "effect";
import { assert } from "../core/assert.ts";
import type { Cart } from "../core/cart.ts";
import {
  type CheckoutStarted,
  type DiscountRefusal,
  fingerprintOf,
  type HoldMismatch,
  type PlaceOrderAnswer,
  type PlaceOrderRequest,
  repetitionOf,
  type StartCheckoutAnswer,
  type StartCheckoutRequest,
  standingOf,
} from "../core/checkout.ts";
import { closedBreaker } from "../core/circuit-breaker.ts";
import type { Held, HoldAnswer, HoldExists, Person } from "../core/hold.ts";
import { isFinal } from "../core/order.machine.ts";
import type { Confirmed, FinalAnswer, HoldExpired, Order, OrderLine } from "../core/order.ts";
import { policyProblem } from "../core/payment-policy.ts";
import type { OrderDiscount } from "../core/promotion.ts";
import { sameUnits } from "../core/stock-lines.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { discountBy } from "./discount.ts";
import { limitOf } from "./limits.ts";
import { claimCodes } from "./order-codes.ts";
import { untilMoved } from "./order-steps.ts";
import { type PaymentDesk, payOrder } from "./payment.ts";
import { type Priced, price } from "./pricing.ts";
import { ignoringFailure, Program, type Steps } from "./program.ts";
import { endCancelled, endExpired, giveUpCodes, giveUpHold, nowOf } from "./settlement.ts";
import type { StorePorts, StoreSettings } from "./store-ports.ts";

const NOBODY: readonly string[] = [];

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
  const limits = desk.settings.limits;
  const limited =
    limits === null ? null : yield* limitOf(desk.ports, limits, request, { step: "checkout", now });
  if (limited !== null) return limited;
  const priced = yield* price(desk, request, now);
  if (priced._tag !== "Priced") return priced;
  const discount = yield* discountOn(desk, request, priced);
  if (isRefusal(discount)) return discount;
  const { lines, currency, holdForMillis } = priced;
  const hold = desk.ports.identifiers.next("hold");
  const answer = yield* holdUnits(desk, { hold, asking: request, lines, now, holdForMillis });
  if (answer._tag !== "Held") return answer;
  const { expiresAt } = answer;
  const started: CheckoutStarted = {
    _tag: "CheckoutStarted",
    hold,
    expiresAt,
    lines,
    total: priced.total - (discount?.amount ?? 0),
    discount: discount?.amount ?? 0,
    currency,
  };
  return started;
}

function* placeOrder(
  desk: PaymentDesk,
  request: PlaceOrderRequest,
): Steps<PlaceOrderAnswer, PortUnavailable> {
  const { orders } = desk.ports;
  const now = nowOf(desk);
  const limits = desk.settings.limits;
  const limited =
    limits === null ? null : yield* limitOf(desk.ports, limits, request, { step: "order", now });
  if (limited !== null) return limited;
  const fingerprint = fingerprintOf(request);
  const earlier = yield* repeated(desk, request, fingerprint);
  if (earlier !== null) return earlier;
  const priced = yield* price(desk, request, now);
  // A copy of this request may have taken the cart meanwhile.
  if (priced._tag !== "Priced") return (yield* repeated(desk, request, fingerprint)) ?? priced;
  const discount = yield* discountOn(desk, request, priced);
  if (isRefusal(discount)) return (yield* repeated(desk, request, fingerprint)) ?? discount;
  const named = request.hold === undefined ? null : yield* namedHold(desk, request, priced.lines);
  if (named?._tag === "HoldMismatch") return named;
  const wanted = { priced, discount, fingerprint, now };
  const placed = yield* orders.place(newOrder(desk, request, wanted));
  switch (placed._tag) {
    case "KeyReused":
      return placed;
    case "HoldTaken":
      return { _tag: "HoldMismatch", hold: request.hold ?? "" } satisfies HoldMismatch;
    case "Replay":
    case "InFlight":
      return standingOf(placed.order);
    case "Placed": {
      request.placed?.(placed.order.id);
      const { cart, holdForMillis } = priced;
      const holding = { network: request.network, holdForMillis };
      return yield* fulfilCart(
        desk,
        placed.order,
        cart,
        fulfil(desk, placed.order, named, holding),
      );
    }
  }
}

/** What the request is told where it is not the first under its key, else null. */
function* repeated(
  desk: PaymentDesk,
  { shopper, key }: PlaceOrderRequest,
  fingerprint: string,
): Steps<ReturnType<typeof repetitionOf> | null, PortUnavailable> {
  const earlier = yield* desk.ports.orders.findByKey({ shopper, key });
  return earlier === null ? null : repetitionOf(earlier, fingerprint);
}

/** What the codes of the request take off, why they may not, or null where it names none. */
function* discountOn(
  desk: PaymentDesk,
  { shopper, codes: typed = [] }: StartCheckoutRequest,
  { lines }: Priced,
): Steps<OrderDiscount | DiscountRefusal | null, PortUnavailable> {
  if (typed.length === 0) return null;
  return yield* discountBy(desk, { shopper, lines, typed });
}

function isRefusal(discount: OrderDiscount | DiscountRefusal | null): discount is DiscountRefusal {
  return discount !== null && discount._tag !== "OrderDiscount";
}

/**
 * The order of a cart takes the cart before anything is held or charged, so that a cart that is
 * paid for by several requests at once, each under a key of its own, is bought once. An order that
 * ends without its units gives it back; one whose end is not known keeps it.
 */
function* fulfilCart(
  desk: PaymentDesk,
  order: Order,
  cart: Cart | null,
  fulfilling: Steps<PlaceOrderAnswer, PortUnavailable>,
): Steps<PlaceOrderAnswer, PortUnavailable> {
  yield* logPlaced(desk, order);
  if (cart === null) return yield* fulfilling;
  const { carts } = desk.ports;
  const taken = yield* carts.remove({ cart: cart.cart, version: cart.version });
  if (taken._tag !== "CartRemoved") {
    return yield* endWithout(desk, order, { _tag: "Interrupted", order: order.id });
  }
  const answer = yield* fulfilling;
  // What the shopper has put into a cart of this name meanwhile is left as it is.
  if (isUnsold(answer)) yield* ignoringFailure(carts.put({ ...cart, version: 0 }));
  return answer;
}

function isUnsold({ _tag: tag }: PlaceOrderAnswer): boolean {
  const isOpen = tag === "InFlight" || tag === "PaymentInDoubt" || tag === "RefundPending";
  return tag !== "Confirmed" && !isOpen;
}

function logPlaced(desk: PaymentDesk, order: Order): Effect.Effect<unknown, PortUnavailable> {
  const { id, shopper, hold, lines, total, currency, placedAt: at } = order;
  const of = { at, order: id, shopper, hold, lines, total, currency };
  const off = order.discount === null ? null : { discount: order.discount.amount };
  const whose = order.person.length === 0 ? null : { person: order.person };
  return desk.ports.saleLog.append({ kind: "OrderPlaced", ...of, ...off, ...whose });
}

interface WantedOrder {
  readonly priced: Priced;
  readonly discount: OrderDiscount | null;
  readonly fingerprint: string;
  readonly now: number;
}

function newOrder(desk: PaymentDesk, request: PlaceOrderRequest, wanted: WantedOrder): Order {
  const { identifiers } = desk.ports;
  const { priced, discount, fingerprint, now } = wanted;
  return {
    id: identifiers.next("order"),
    shopper: request.shopper,
    key: request.key,
    fingerprint,
    hold: request.hold ?? identifiers.next("hold"),
    epoch: null,
    holdUntil: 0,
    lines: priced.lines,
    total: priced.total - (discount?.amount ?? 0),
    discount,
    currency: priced.currency,
    paymentToken: request.paymentToken,
    person: request.person ?? NOBODY,
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
  holding: Holding,
): Steps<PlaceOrderAnswer, PortUnavailable> {
  const claimed = yield* claimCodes(desk.ports, order, nowOf(desk));
  if (claimed._tag !== "Claimed") return yield* endWithout(desk, order, claimed);
  const answer = yield* named === null
    ? takeHold(desk, order, holding)
    : keepHold(desk, order, named, holding.holdForMillis);
  if (answer._tag !== "Held") return yield* endWithout(desk, order, answer);
  const held = { ...order, epoch: answer.epoch, holdUntil: answer.expiresAt };
  // Before anything is charged, and where card and address are known: one person behind many
  // shoppers is found by the step that holds their units.
  if (answer.unclaimed !== undefined) return yield* endWithout(desk, held, answer.unclaimed);
  return yield* payHeld(desk, held);
}

/** Ends an order that nothing was asked for at a gateway. */
function* endWithout(
  desk: PaymentDesk,
  order: Order,
  answer: Exclude<FinalAnswer, Confirmed>,
): Steps<PlaceOrderAnswer, PortUnavailable> {
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
  if (mine) {
    yield* giveUpHold(desk, order);
    yield* giveUpCodes(desk, order);
  }
  return standingOf(moved);
}

type HoldForOrder = Exclude<HoldAnswer, HoldExists> | HoldExpired;

/** How the units of an order are held: from where they were asked for, and for how long. */
interface Holding {
  readonly network: string | undefined;
  readonly holdForMillis: number;
}

interface UnitsWanted {
  readonly hold: string;
  readonly asking: { readonly shopper: string; readonly network?: string };
  readonly lines: readonly OrderLine[];
  readonly person?: Person;
  readonly now: number;
  readonly holdForMillis: number;
}

/** Holds the units, and tells the log that they are held or that somebody holds too many. */
function* holdUnits(
  desk: PaymentDesk,
  { hold, asking, lines, person, now, holdForMillis }: UnitsWanted,
): Steps<Exclude<HoldAnswer, HoldExists>, PortUnavailable> {
  const { shopper, network } = asking;
  const from = network === undefined ? null : { network };
  const expiresAt = now + holdForMillis;
  const whose = person === undefined ? null : { person };
  const wanted = { hold, shopper, ...from, lines, ...whose, now, expiresAt };
  const answer = yield* desk.ports.stock.hold(wanted);
  assert(answer._tag !== "HoldExists", "an identifier names one hold");
  if (answer._tag === "Held") yield* logHeld(desk, shopper, answer, now);
  if (answer._tag === "TooManyHolds") {
    const told = { at: now, shopper, by: answer.by, network: network ?? null };
    yield* desk.ports.saleLog.append({ kind: "HoldRefused", ...told });
  }
  return answer;
}

/** Holds the units of the order under the name that the order was placed with. */
function takeHold(
  desk: PaymentDesk,
  { hold, shopper, lines, person }: Order,
  { network, holdForMillis }: Holding,
): Steps<HoldForOrder, PortUnavailable> {
  const asking = network === undefined ? { shopper } : { shopper, network };
  return holdUnits(desk, { hold, asking, lines, person, now: nowOf(desk), holdForMillis });
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
  const { hold, shopper, person } = order;
  const { epoch } = named;
  const wanted = { hold, epoch, shopper, person, now, expiresAt };
  const answer = yield* desk.ports.stock.reacquire(wanted);
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
