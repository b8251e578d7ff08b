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
import type { StoreSettings } from "../../store/service/store-ports.ts";
import { Whereabouts } from "../bots/whereabouts.ts";
import type { WorldSpec } from "../scenario/scenario.ts";
import {
  ACCEPTED,
  CODE_GUESSED,
  CODE_REFUSED,
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
import { type CartKeeper, PromotionDesk } from "./promotion-desk.ts";
import { type StoreInMemory, SWEEP_EVERY } from "./store-in-memory.ts";
import { VirtualRuntime } from "./virtual-effect.ts";

/** Carts that nobody has touched for this long are forgotten; sessions are far shorter. */
const CART_KEPT: Ticks = 6 * HOUR;
const CARTS_FORGOTTEN_AT_ONCE = 100_000;

/** What the desk remembers of a session: whose it is, its cart and its hold. */
interface Visit {
  /** Where the session comes from, and the marks of who is behind it, in a world that asks. */
  readonly whence: Whence | null;
  readonly shopper: number;
  /** What the store calls the shopper. */
  readonly name: string;
  cart: string | null;
  /** The items in it, by their places in the store's list. */
  readonly articles: number[];
  hold: string | null;
  /** Orders placed: each has an idempotency key of its own. */
  orders: number;
}

interface Services {
  readonly carts: Carts;
  readonly checkout: Checkout;
}

function servicesOf({ ports }: StoreInMemory, settings: StoreSettings): Services {
  return { carts: makeCarts(ports, settings), checkout: makeCheckout(ports, settings) };
}

interface Whence {
  readonly network: string;
  readonly person: readonly string[];
}

export interface StoreDeskOptions {
  readonly simulation: Simulation;
  readonly world: WorldSpec;
  readonly store: StoreInMemory;
  readonly runtime: VirtualRuntime<never>;
  /** What the store calls a shopper. */
  readonly nameOf: (shopper: number) => string;
  /** Who asks; bound late, because the shoppers need the desk first. */
  readonly answers: () => SaleAnswers;
}

export class StoreDesk implements SaleDesk, CartKeeper {
  /** Null in a world without offers. */
  readonly promotions: PromotionDesk | null;
  private readonly simulation: Simulation;
  private readonly world: WorldSpec;
  private readonly store: StoreInMemory;
  private readonly runtime: VirtualRuntime<never>;
  private readonly answers: () => SaleAnswers;
  private readonly nameOf: (shopper: number) => string;
  /** What bots ask; shoppers too, but where limits spare them. */
  private readonly services: Services;
  private readonly servicesOfShoppers: Services;
  private readonly spared: boolean;
  private readonly holdSweep: HoldSweep["sweep"];
  private readonly reconciliation: Reconciliation;
  private readonly visits: Visit[] = [];
  /** By shopper, visits that ended at a cart which may be taken up again. */
  private readonly kept = new Map<number, Visit>();
  private readonly cartKept: Ticks;
  /** Of the programs of bots, whose rows are counted from 0 as those of sessions are. */
  private readonly guised: Visit[] = [];
  /** Null in a world without bots and limits, where nobody asks where shoppers come from. */
  private readonly whereabouts: Whereabouts | null;
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
    this.nameOf = options.nameOf;
    this.services = servicesOf(store, store.settings);
    this.spared = world.limits.spareShoppers === true;
    this.servicesOfShoppers = this.spared
      ? servicesOf(store, { ...store.settings, limits: null })
      : this.services;
    this.holdSweep = makeHoldSweep(store.ports).sweep;
    this.reconciliation = makeReconciliation(store.ports, store.settings);
    const { offers } = world.promotions;
    this.promotions =
      offers.length === 0
        ? null
        : new PromotionDesk({ offers, store, runtime: this.runtime, carts: this });
    this.cartKept = Math.max(CART_KEPT, ...offers.map(({ after, validFor }) => after + validFor));
    this.whereabouts = asksWho(world)
      ? new Whereabouts(simulation, world.shoppers.whereabouts)
      : null;
    this.sweepEvent = simulation.defineEvent("store.sweep", () => this.sweep());
    this.reconcileEvent = simulation.defineEvent("store.reconcile", () => this.reconcile());
    this.forgetEvent = simulation.defineEvent("store.forget-carts", () => this.forgetCarts());
    simulation.scheduleAfter(SWEEP_EVERY, this.sweepEvent, 0);
    simulation.scheduleAfter(world.payments.policy.reconcileEvery, this.reconcileEvent, 0);
    simulation.scheduleAfter(this.cartKept, this.forgetEvent, 0);
  }

  /** Nothing is held, no order is open and no program sleeps. */
  get atRest(): boolean {
    return this.runtime.unfinished === 0 && this.store.isSettled;
  }

  addToCart(request: SaleRequest, item: number, units: number): void {
    // A program puts each of its wishes into a cart of its own.
    if (request.guise !== undefined) delete this.guised[request.session];
    const visit = this.visitOf(request);
    const add = this.servicesFor(request).carts.add({
      shopper: visit.name,
      ...fromWhere(visit),
      cart: visit.cart,
      sku: this.store.items[item]?.sku ?? "",
      units,
      invited: request.invited,
    });
    this.runtime.ask(add, (answer) => {
      const answers = this.answersTo(request);
      if (answer._tag === "CartChanged") {
        visit.cart = answer.cart.cart;
        if (!visit.articles.includes(item)) visit.articles.push(item);
        answers.onCart(request.session, ACCEPTED, totalOf(answer.cart.lines));
      } else if (answer._tag === "TooManyRequests") {
        answers.onLimited(request.session, answer.retryAfterMillis * MILLISECOND);
      } else {
        answers.onCart(request.session, answerOf(answer._tag), 0);
      }
    });
  }

  startCheckout(request: SaleRequest): void {
    const visit = this.visitOf(request);
    const start = this.servicesFor(request).checkout.startCheckout({
      shopper: visit.name,
      ...fromWhere(visit),
      items: { cart: visit.cart ?? "" },
      invited: request.invited,
      ...this.codesOf(request),
    });
    this.runtime.ask(start, (answer) => {
      if (answer._tag === "CheckoutStarted") visit.hold = answer.hold;
      const answers = this.answersTo(request);
      if (isLimited(answer)) {
        answers.onLimited(request.session, answer.retryAfterMillis * MILLISECOND);
      } else if (answer._tag === "TooManyTries" && request.guise !== undefined) {
        answers.onLimited(request.session, (answer.until - this.nowMillis) * MILLISECOND);
      } else answers.onCheckout(request.session, this.heard(request, answer._tag));
    });
  }

  placeOrder(request: SaleRequest, card: number): void {
    const visit = this.visitOf(request);
    // A hold serves one order: after a decline the units are held anew, in the step of the order.
    const hold = visit.hold === null ? {} : { hold: visit.hold };
    visit.hold = null;
    visit.orders += 1;
    const place = this.servicesFor(request).checkout.placeOrder({
      shopper: visit.name,
      ...fromWhere(visit),
      ...this.whoseOrder(request, visit),
      items: { cart: visit.cart ?? "" },
      invited: request.invited,
      key: `${visit.cart}/${visit.orders}`,
      paymentToken: paymentTokenOf(request.shopper, card),
      ...hold,
      ...this.codesOf(request),
    });
    this.runtime.ask(place, (answer) => {
      const answers = this.answersTo(request);
      if (!isLimited(answer)) answers.onOrder(request.session, this.heard(request, answer._tag));
      else answers.onLimited(request.session, answer.retryAfterMillis * MILLISECOND);
    });
  }

  private servicesFor({ guise }: SaleRequest): Services {
    return guise === undefined ? this.servicesOfShoppers : this.services;
  }

  private answersTo({ guise }: SaleRequest): SaleAnswers {
    return guise?.answers ?? this.answers();
  }

  cartOf(session: number, shopper: number): string | null {
    const visit = this.visits[session];
    return visit?.shopper === shopper ? visit.cart : null;
  }

  keepCart(session: number, shopper: number): string | null {
    const visit = this.visits[session];
    if (visit?.shopper !== shopper || visit.cart === null) return null;
    this.kept.set(shopper, visit);
    return visit.cart;
  }

  giveCart(session: number, shopper: number): void {
    const visit = this.kept.get(shopper);
    if (visit === undefined) return;
    this.kept.delete(shopper);
    this.visits[session] = visit;
  }

  private codesOf({ shopper, guise }: SaleRequest): { readonly codes?: readonly string[] } {
    if (guise?.guess !== undefined) return { codes: [guise.guess] };
    if (this.promotions === null) return {};
    return { codes: this.promotions.codesOf(shopper) };
  }

  /** The store's answer as the shopper takes it; a code that was refused is not named again. */
  private heard({ shopper, guise }: SaleRequest, tag: string): SaleAnswer {
    const answer = answerOf(tag);
    if (guise !== undefined) return tag === "NotYours" ? CODE_GUESSED : answer;
    if (answer === CODE_REFUSED) this.promotions?.drop(shopper);
    return answer;
  }

  articlesOf(request: SaleRequest): readonly number[] {
    return this.visitOf(request).articles;
  }

  private visitOf(request: SaleRequest): Visit {
    const visits = request.guise === undefined ? this.visits : this.guised;
    const known = visits[request.session];
    if (known?.shopper === request.shopper) return known;
    const { shopper } = request;
    const visit: Visit = {
      shopper,
      name: this.nameOf(shopper),
      whence: this.whenceOf(request),
      cart: null,
      articles: [],
      hold: null,
      orders: 0,
    };
    visits[request.session] = visit;
    return visit;
  }

  private whenceOf({ shopper, guise }: SaleRequest): Whence | null {
    if (guise !== undefined) return { network: guise.network, person: [`home-of-${guise.person}`] };
    const { whereabouts } = this;
    if (whereabouts === null || this.spared) return null;
    return { network: whereabouts.networkOf(shopper), person: [whereabouts.addressOf(shopper)] };
  }

  /** The marks of the card and of the address; a card is known however often it is used. */
  private whoseOrder(
    { shopper, guise }: SaleRequest,
    { whence }: Visit,
  ): { readonly person: readonly string[] } | null {
    if (whence === null) return null;
    const card = `card-of-${guise?.person ?? shopper}`;
    return { person: [card, ...whence.person] };
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
    const { orderBook, promotions } = this.store;
    if (this.reconciling || orderBook.unfinishedSize + promotions.openClaims === 0) return;
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
    const before = this.nowMillis - this.cartKept / MILLISECOND;
    const forget = this.store.ports.carts.forget({ before, limit: CARTS_FORGOTTEN_AT_ONCE });
    this.runtime.run(Effect.orDie(forget), () => {});
    this.simulation.scheduleAfter(this.cartKept, this.forgetEvent, 0);
  }
}

/** Whether anything in the world depends on who is behind a shopper. */
export function asksWho({ bots, limits }: WorldSpec): boolean {
  return bots.length > 0 || Object.values(limits).some((limit) => limit !== null);
}

function fromWhere({ whence }: Visit): { readonly network: string } | null {
  return whence === null ? null : { network: whence.network };
}

interface Limited {
  readonly _tag: "TooManyRequests" | "TooManyHolds";
  readonly retryAfterMillis: number;
}

function isLimited(answer: { readonly _tag: string }): answer is Limited {
  return answer._tag === "TooManyRequests" || answer._tag === "TooManyHolds";
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
  PersonLimitReached: LIMIT_REACHED,
  TooManyLines: LIMIT_REACHED,
  TooManyUnits: LIMIT_REACHED,
  SaleNotOpen: SALE_CLOSED,
  PaymentUnavailable: PAYMENT_UNAVAILABLE,
  CodeUnknown: CODE_REFUSED,
  NotYours: CODE_REFUSED,
  CodeSpent: CODE_REFUSED,
  CodeExpired: CODE_REFUSED,
  BudgetSpent: CODE_REFUSED,
  TooManyTries: CODE_REFUSED,
  BelowFloor: CODE_REFUSED,
  NotStackable: CODE_REFUSED,
};

function answerOf(tag: string): SaleAnswer {
  return ANSWERS[tag] ?? UNAVAILABLE;
}
