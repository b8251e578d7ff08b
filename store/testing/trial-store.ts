/**
 * A whole store in memory for tests: its ports, its services, the gateways' own books, a tally of
 * the log, and one question at the end: do all of them agree?
 */
import { type Effect, Exit } from "effect";
import { assert } from "../core/assert.ts";
import type { Finding } from "../core/audit.ts";
import { CART_LIMITS } from "../core/cart.ts";
import type { PlaceOrderAnswer, PlaceOrderRequest } from "../core/checkout.ts";
import type { HoldLimits } from "../core/hold-watch.ts";
import type { FinalAnswer } from "../core/order.ts";
import { type Acknowledged, auditOrders } from "../core/order-audit.ts";
import { auditPayments } from "../core/payment-audit.ts";
import { PAYMENT_POLICY, type PaymentPolicy } from "../core/payment-policy.ts";
import type { Offer } from "../core/promotion.ts";
import { auditPromotions } from "../core/promotion-audit.ts";
import type { TriesLimit } from "../core/promotion-book.ts";
import type { SaleEvent } from "../core/sale-event.ts";
import { SaleTally } from "../core/sale-tally.ts";
import { auditStock } from "../core/stock-audit.ts";
import { MemoryCartStore } from "../memory/cart-store.ts";
import { MemoryCatalogStore } from "../memory/catalog-store.ts";
import { CountedCodeSource } from "../memory/code-source.ts";
import { CountedIdentifiers } from "../memory/identifiers.ts";
import { MemoryOrderLedger, type MemoryOrderLedgerService } from "../memory/order-ledger.ts";
import {
  MemoryPromotionLedger,
  type MemoryPromotionLedgerService,
} from "../memory/promotion-ledger.ts";
import { MemoryRateLimiter } from "../memory/rate-limiter.ts";
import { MemorySaleLog } from "../memory/sale-log.ts";
import { type GatewayScript, ScriptedGateway } from "../memory/scripted-gateway.ts";
import { MemoryStockLedger, type MemoryStockLedgerService } from "../memory/stock-ledger.ts";
import { type Carts, makeCarts } from "../service/cart.ts";
import { type Checkout, makeCheckout } from "../service/checkout.ts";
import { makeHoldSweep } from "../service/expire-holds.ts";
import type { RequestLimits } from "../service/limits.ts";
import { makeReconciliation, type Reconciled } from "../service/reconcile.ts";
import type { StorePorts, StoreSettings } from "../service/store-ports.ts";
import { VirtualTime } from "./virtual-time.ts";

export const OPENS = 1_322_200_000_000;
export const HOLD_FOR = 10 * 60_000;
export const TOASTER = { sku: "TOASTER", salePrice: 2_500 } as const;
export const KETTLE = { sku: "KETTLE", salePrice: 1_999 } as const;

export interface TrialOptions {
  readonly units?: number;
  readonly limitPerShopper?: number | null;
  readonly gateways?: readonly GatewayScript[];
  readonly policy?: Partial<PaymentPolicy>;
  readonly offers?: readonly Offer[];
  readonly tries?: TriesLimit;
  readonly limitPerPerson?: number | null;
  readonly holdLimits?: HoldLimits | null;
  readonly limits?: RequestLimits | null;
  /** The seller of the kettle where it is not the toaster's, and how long each holds. */
  readonly kettleSeller?: string;
  readonly holdForMillisOfSeller?: ReadonlyMap<string, number>;
}

export interface TrialStore {
  readonly time: VirtualTime;
  readonly ports: StorePorts;
  readonly settings: StoreSettings;
  readonly stock: MemoryStockLedgerService;
  readonly orders: MemoryOrderLedgerService;
  readonly promotions: MemoryPromotionLedgerService;
  readonly gateways: readonly ScriptedGateway[];
  readonly log: readonly SaleEvent[];
  /** Final answers that somebody received. */
  readonly acknowledged: Acknowledged[];
}

function catalogOf(kettleSeller: string) {
  const of = { product: "kitchen", seller: "hearth", currency: "USD", price: 4_000 };
  return MemoryCatalogStore.make({
    sellers: [...new Set(["hearth", kettleSeller])].map((seller) => ({ seller, name: seller })),
    products: [
      { product: "kitchen", seller: "hearth", name: "Kitchen", skus: [TOASTER.sku] },
      { product: "boiling", seller: kettleSeller, name: "Boiling", skus: [KETTLE.sku] },
    ],
    listings: [
      { ...of, ...TOASTER, name: "Toaster", floorPrice: FLOOR_PRICE },
      {
        ...of,
        ...KETTLE,
        name: "Kettle",
        floorPrice: FLOOR_PRICE,
        product: "boiling",
        seller: kettleSeller,
      },
    ],
  });
}

/** What the hearth never sells a unit under. */
const FLOOR_PRICE = 1_000;
const floorOf = () => FLOOR_PRICE;

const tallies = new WeakMap<TrialStore, SaleTally>();

export function trialStore(options: TrialOptions = {}): TrialStore {
  const { units = 10, limitPerShopper = null, gateways: scripts = [{ name: "first" }] } = options;
  const { limitPerPerson = null, holdLimits = null } = options;
  const limit = { limitPerShopper, limitPerPerson };
  const stock = MemoryStockLedger.make({
    items: [TOASTER, KETTLE].map(({ sku }) => ({ sku, units, ...limit })),
    holdLimits,
  });
  const orders = MemoryOrderLedger.make();
  const { offers = [], tries } = options;
  const promotions = MemoryPromotionLedger.make(
    tries === undefined ? { offers } : { offers, tries },
  );
  const gateways = scripts.map((script) => ScriptedGateway.make(script));
  const tally = new SaleTally();
  const log: SaleEvent[] = [];
  const observe = (event: SaleEvent) => {
    log.push(event);
    tally.observe(event);
  };
  const ports: StorePorts = {
    catalog: catalogOf(options.kettleSeller ?? "hearth"),
    stock,
    carts: MemoryCartStore.make(),
    orders,
    gateways,
    saleLog: MemorySaleLog.make({ observe }),
    rateLimiter: MemoryRateLimiter.make(),
    identifiers: CountedIdentifiers.make(),
    promotions,
    codes: CountedCodeSource.make(),
  };
  const day = 86_400_000;
  const settings: StoreSettings = {
    sale: { earlyAccessAt: OPENS - day, publicAt: OPENS, closesAt: OPENS + day },
    holdForMillis: HOLD_FOR,
    ...(options.holdForMillisOfSeller && { holdForMillisOfSeller: options.holdForMillisOfSeller }),
    cartLimits: CART_LIMITS,
    payment: { ...PAYMENT_POLICY, ...options.policy },
    promotions: { offers, highIntentViews: 3 },
    limits: options.limits ?? null,
  };
  const time = new VirtualTime(OPENS);
  const ledgers = { stock, orders, promotions };
  const trial = { time, ports, settings, ...ledgers, gateways, log, acknowledged: [] };
  tallies.set(trial, tally);
  return trial;
}

/** A new instance of the store over the ports as they are: what a restart leaves. */
export function openCheckout(trial: TrialStore, ports: StorePorts = trial.ports): Checkout {
  return makeCheckout(ports, trial.settings);
}

export function openCarts(trial: TrialStore): Carts {
  return makeCarts(trial.ports, trial.settings);
}

export function request(over: Partial<PlaceOrderRequest> = {}): PlaceOrderRequest {
  const line = { sku: TOASTER.sku, units: 1, unitPrice: TOASTER.salePrice };
  return {
    shopper: "ann",
    key: "key-1",
    items: { lines: [line] },
    paymentToken: "card-1",
    invited: false,
    ...over,
  };
}

/** Runs the program to its answer; a failure or a defect of it fails the test. */
export function answerOf<A, E>(trial: TrialStore, program: Effect.Effect<A, E>): A {
  const exit = trial.time.run(program);
  assert(Exit.isSuccess(exit), `the program answers: ${Exit.isFailure(exit) ? exit.cause : ""}`);
  return exit.value;
}

const UNKEPT: ReadonlySet<PlaceOrderAnswer["_tag"]> = new Set([
  "SaleNotOpen",
  "PriceChanged",
  "ItemsRefused",
  "HoldMismatch",
  "TooManyRequests",
  "InFlight",
  "PaymentInDoubt",
  "RefundPending",
  "KeyReused",
  // Told before there is an order as a rule; where there is one, it keeps them.
  "CodeUnknown",
  "NotYours",
  "CodeSpent",
  "CodeExpired",
  "BudgetSpent",
  "TooManyTries",
  "BelowFloor",
  "NotStackable",
]);

/** Remembers a final answer as something that a shopper was told. */
export function acknowledge(
  trial: TrialStore,
  asked: PlaceOrderRequest,
  answer: PlaceOrderAnswer,
): void {
  if (UNKEPT.has(answer._tag)) return;
  const { shopper, key } = asked;
  trial.acknowledged.push({ shopper, key, answer: answer as FinalAnswer });
}

/** Places the order in a store that has just been opened. */
export function place(trial: TrialStore, asked = request(), checkout = openCheckout(trial)) {
  const answer = answerOf(trial, checkout.placeOrder(asked));
  acknowledge(trial, asked, answer);
  return answer;
}

export function reconcile(trial: TrialStore, quietForMillis = 0): Reconciled {
  return answerOf(trial, makeReconciliation(trial.ports, trial.settings).reconcile(quietForMillis));
}

export function sweep(trial: TrialStore): number {
  return answerOf(trial, makeHoldSweep(trial.ports).sweep);
}

export interface AuditOptions {
  /** True where nothing is under way any more. */
  readonly quiescent: boolean;
  /** False where a crash may have kept a line from the log. */
  readonly logWhole: boolean;
}

/** Everything that does not hold, by every witness; empty in a sound store. */
export function findings(
  trial: TrialStore,
  { quiescent, logWhole }: AuditOptions = { quiescent: true, logWhole: true },
): readonly Finding[] {
  const stock = trial.stock.stock.snapshot();
  const orders = trial.orders.book.snapshot();
  const promotions = trial.promotions.book.snapshot();
  const charges = trial.gateways.flatMap((gateway) => gateway.charges());
  const { acknowledged, time } = trial;
  const tally = tallies.get(trial);
  assert(tally !== undefined, "a trial store has a tally");
  return [
    ...auditStock(stock, quiescent ? { now: time.now } : {}),
    ...auditOrders({
      orders,
      holds: stock.holds,
      levels: stock.levels,
      acknowledged,
      quiescent,
    }),
    ...auditPayments({ orders, charges, quiescent }),
    ...auditPromotions({ promotions, orders: orders.orders, floorOf, quiescent }),
    ...(logWhole ? tally.audit(stock, orders, promotions) : []),
  ];
}

export function unitsOf(trial: TrialStore, sku: string = TOASTER.sku) {
  const level = trial.stock.stock.level(sku);
  assert("sold" in level, "the trial sells this SKU");
  const { available, held, sold } = level;
  return { available, held, sold };
}
