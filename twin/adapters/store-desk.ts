/**
 * The store as the shoppers of a rehearsal meet it: the real services over the memory adapters, on
 * the kernel's clock, with payment networks that the twin models. Shoppers come with numbers and
 * get one of a few answers; everything between is what the live store does.
 */
import { Context, Effect } from "effect";
import { assert } from "../../engine/assert.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import { HOUR, MILLISECOND, type Ticks } from "../../engine/time.ts";
import { totalOf } from "../../store/core/money.ts";
import { PortUnavailable } from "../../store/ports/port-unavailable.ts";
import { type Carts, makeCarts } from "../../store/service/cart.ts";
import { type Checkout, makeCheckout } from "../../store/service/checkout.ts";
import { type HoldSweep, makeHoldSweep } from "../../store/service/expire-holds.ts";
import { makeReconciliation, type Reconciliation } from "../../store/service/reconcile.ts";
import type { WorldSpec } from "../scenario/scenario.ts";
import {
  ACCEPTED,
  DECLINED,
  HOLD_EXPIRED,
  IN_DOUBT,
  LIMIT_REACHED,
  PAYMENT_UNAVAILABLE,
  SALE_CLOSED,
  type SaleAnswer,
  type SaleAnswers,
  type SaleDesk,
  type SaleRequest,
  SOLD_OUT,
  UNAVAILABLE,
} from "../shoppers/sale-desk.ts";
import { paymentTokenOf } from "./gateways.ts";
import { type StoreInMemory, SWEEP_EVERY } from "./store-in-memory.ts";
import { VirtualRuntime } from "./virtual-effect.ts";

/** Carts that nobody has touched for this long are forgotten; sessions are far shorter. */
const CART_KEPT: Ticks = 6 * HOUR;
const CARTS_FORGOTTEN_AT_ONCE = 100_000;

/** What the desk remembers of a session: whose it is, its cart and its hold. */
interface Visit {
  readonly shopper: number;
  /** What the store calls the shopper. */
  readonly name: string;
  cart: string | null;
  hold: string | null;
  /** Orders placed: each has an idempotency key of its own. */
  orders: number;
}

export interface StoreDeskOptions {
  readonly simulation: Simulation;
  readonly world: WorldSpec;
  readonly store: StoreInMemory;
  readonly runtime: VirtualRuntime<never>;
  /** Who asks; bound late, because the shoppers need the desk first. */
  readonly answers: () => SaleAnswers;
}

export class StoreDesk implements SaleDesk {
  private readonly simulation: Simulation;
  private readonly world: WorldSpec;
  private readonly store: StoreInMemory;
  private readonly runtime: VirtualRuntime<never>;
  private readonly answers: () => SaleAnswers;
  private readonly carts: Carts;
  private readonly checkout: Checkout;
  private readonly holdSweep: HoldSweep["sweep"];
  private readonly reconciliation: Reconciliation;
  private readonly visits: Visit[] = [];
  private readonly sweepEvent: EventKind;
  private readonly reconcileEvent: EventKind;
  private readonly forgetEvent: EventKind;
  private reconciling = false;

  constructor(options: StoreDeskOptions) {
    const { simulation, world, store } = options;
    this.simulation = simulation;
    this.world = world;
    this.store = store;
    this.runtime = options.runtime;
    this.answers = options.answers;
    this.carts = makeCarts(store.ports, store.settings);
    this.checkout = makeCheckout(store.ports, store.settings);
    this.holdSweep = makeHoldSweep(store.ports).sweep;
    this.reconciliation = makeReconciliation(store.ports, store.settings);
    this.sweepEvent = simulation.defineEvent("store.sweep", () => this.sweep());
    this.reconcileEvent = simulation.defineEvent("store.reconcile", () => this.reconcile());
    this.forgetEvent = simulation.defineEvent("store.forget-carts", () => this.forgetCarts());
    simulation.scheduleAfter(SWEEP_EVERY, this.sweepEvent, 0);
    simulation.scheduleAfter(world.payments.policy.reconcileEvery, this.reconcileEvent, 0);
    simulation.scheduleAfter(CART_KEPT, this.forgetEvent, 0);
  }

  /** Nothing is held, no order is open and no program sleeps. */
  get atRest(): boolean {
    return this.runtime.unfinished === 0 && this.store.isSettled;
  }

  addToCart(request: SaleRequest, item: number, units: number): void {
    const visit = this.visitOf(request);
    const add = this.carts.add({
      shopper: visit.name,
      cart: visit.cart,
      sku: this.store.items[item]?.sku ?? "",
      units,
      invited: request.invited,
    });
    this.runtime.ask(add, (answer) => {
      if (answer._tag === "CartChanged") {
        visit.cart = answer.cart.cart;
        this.answers().onCart(request.session, ACCEPTED, totalOf(answer.cart.lines));
      } else {
        this.answers().onCart(request.session, answerOf(answer._tag), 0);
      }
    });
  }

  startCheckout(request: SaleRequest): void {
    const visit = this.visitOf(request);
    const start = this.checkout.startCheckout({
      shopper: visit.name,
      items: { cart: visit.cart ?? "" },
      invited: request.invited,
    });
    this.runtime.ask(start, (answer) => {
      if (answer._tag === "CheckoutStarted") visit.hold = answer.hold;
      this.answers().onCheckout(request.session, answerOf(answer._tag));
    });
  }

  placeOrder(request: SaleRequest, card: number): void {
    const visit = this.visitOf(request);
    // A hold serves one order: after a decline the units are held anew, in the step of the order.
    const hold = visit.hold === null ? {} : { hold: visit.hold };
    visit.hold = null;
    visit.orders += 1;
    const place = this.checkout.placeOrder({
      shopper: visit.name,
      items: { cart: visit.cart ?? "" },
      invited: request.invited,
      key: `${visit.cart}/${visit.orders}`,
      paymentToken: paymentTokenOf(request.shopper, card),
      ...hold,
    });
    this.runtime.ask(place, (answer) =>
      this.answers().onOrder(request.session, answerOf(answer._tag)),
    );
  }

  private visitOf(request: SaleRequest): Visit {
    const known = this.visits[request.session];
    if (known?.shopper === request.shopper) return known;
    const { shopper } = request;
    const visit: Visit = {
      shopper,
      name: `${SHOPPER_PREFIX}${shopper}`,
      cart: null,
      hold: null,
      orders: 0,
    };
    this.visits[request.session] = visit;
    return visit;
  }

  /** A sweep that finds nothing due changes nothing, so it is not even begun. */
  private sweep(): void {
    const due = this.store.stock.nextExpiry();
    if (due !== null && due <= this.nowMillis) this.runtime.ask(this.holdSweep, assertDone);
    this.simulation.scheduleAfter(SWEEP_EVERY, this.sweepEvent, 0);
  }

  /** One round at a time: a round that waits for a gateway is not overtaken by the next. */
  private reconcile(): void {
    const every = this.world.payments.policy.reconcileEvery;
    this.simulation.scheduleAfter(every, this.reconcileEvent, 0);
    if (this.reconciling || this.store.orderBook.unfinishedSize === 0) return;
    this.reconciling = true;
    const quiet = this.store.quietForMillis;
    this.runtime.ask(this.reconciliation.reconcile(quiet), (round) => {
      assertDone(round);
      this.reconciling = false;
    });
  }

  /** What the store's clock shows. */
  private get nowMillis(): number {
    return this.world.starts.epochMillis + Math.floor(this.simulation.now / MILLISECOND);
  }

  private forgetCarts(): void {
    const before = this.nowMillis - CART_KEPT / MILLISECOND;
    const forget = this.store.ports.carts.forget({ before, limit: CARTS_FORGOTTEN_AT_ONCE });
    this.runtime.run(Effect.orDie(forget), () => {});
    this.simulation.scheduleAfter(CART_KEPT, this.forgetEvent, 0);
  }
}

const SHOPPER_PREFIX = "shopper-";

/** The number of a shopper whom the sale log names. */
export function shopperNumberOf(name: string): number {
  const number = Number(name.slice(SHOPPER_PREFIX.length));
  assert(name.startsWith(SHOPPER_PREFIX) && Number.isSafeInteger(number), "a shopper has a number");
  return number;
}

/** The virtual runtime of a rehearsal's store: the services take their ports by value. */
export function storeRuntime(simulation: Simulation, world: WorldSpec): VirtualRuntime<never> {
  const { epochMillis } = world.starts;
  return new VirtualRuntime({ simulation, epochMillis, services: Context.empty() });
}

/** The ports of a rehearsal are in memory: housekeeping never meets one that cannot answer. */
function assertDone(answer: unknown): void {
  assert(!(answer instanceof PortUnavailable), "a port in memory answers");
}

/** What the shopper makes of an answer of the store. */
const ANSWERS: Readonly<Record<string, SaleAnswer>> = {
  CartChanged: ACCEPTED,
  CheckoutStarted: ACCEPTED,
  Confirmed: ACCEPTED,
  PaymentInDoubt: IN_DOUBT,
  InFlight: IN_DOUBT,
  Declined: DECLINED,
  SoldOut: SOLD_OUT,
  Refunded: SOLD_OUT,
  RefundPending: SOLD_OUT,
  HoldExpired: HOLD_EXPIRED,
  LimitReached: LIMIT_REACHED,
  TooManyLines: LIMIT_REACHED,
  TooManyUnits: LIMIT_REACHED,
  SaleNotOpen: SALE_CLOSED,
  PaymentUnavailable: PAYMENT_UNAVAILABLE,
};

function answerOf(tag: string): SaleAnswer {
  return ANSWERS[tag] ?? UNAVAILABLE;
}
