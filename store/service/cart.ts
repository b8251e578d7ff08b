/**
 * Carts: what a shopper means to buy, at the prices that were shown. A cart holds no stock, is
 * there again after a queue or a restart, and takes lines only while the sale admits the shopper.
 */
import { type Clock, Effect } from "effect";
import {
  addLine,
  type Cart,
  type CartLimits,
  type CartAnswer as CartRuleAnswer,
  changeUnits,
  emptyCart,
  type NotInCart,
} from "../core/cart.ts";
import { unitPrice } from "../core/catalog.ts";
import type { SaleNotOpen, TooManyRequests } from "../core/checkout.ts";
import type { UnknownSku } from "../core/hold.ts";
import { mayBuy, phaseAt, type SalePhase } from "../core/sale.ts";
import type { SaleEvent } from "../core/sale-event.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { limitOf, type RequestLimits } from "./limits.ts";
import { Program, type Steps } from "./program.ts";
import type { StorePorts, StoreSettings } from "./store-ports.ts";

/** Puts of one request before it is told that the cart is busy: tabs of one shopper are few. */
const PUTS_MAX = 8;

interface CartRequest {
  readonly shopper: string;
  /** The block of addresses that the request came from; nothing where it is not known. */
  readonly network?: string;
  readonly cart: string;
  /** True for a shopper with an early-access link. */
  readonly invited: boolean;
  readonly sku: string;
}

export interface AddToCart extends Omit<CartRequest, "cart"> {
  /** Null starts a new cart. */
  readonly cart: string | null;
  readonly units: number;
}

export interface SetUnits extends CartRequest {
  /** 0 removes the line. */
  readonly units: number;
}

/** The cart is not there, or is another shopper's; the two cannot be told apart. */
export interface UnknownCart {
  readonly _tag: "UnknownCart";
}
/** Other requests changed the cart again and again; nothing was done for this one. */
export interface CartBusy {
  readonly _tag: "CartBusy";
}
/** The line could not be read as a wish: units are whole and above zero. */
export interface UnitsRefused {
  readonly _tag: "UnitsRefused";
  readonly units: number;
}

export type CartAnswer =
  | CartRuleAnswer
  | NotInCart
  | SaleNotOpen
  | UnknownSku
  | UnknownCart
  | CartBusy
  | UnitsRefused
  | TooManyRequests;

const STATUS: Readonly<Record<CartAnswer["_tag"], number>> = {
  CartChanged: 200,
  UnitsRefused: 400,
  SaleNotOpen: 403,
  UnknownSku: 404,
  UnknownCart: 404,
  NotInCart: 404,
  CartBusy: 409,
  TooManyRequests: 429,
  TooManyLines: 422,
  TooManyUnits: 422,
};

/** What the answer means in HTTP. */
export function cartStatusOf(answer: CartAnswer): number {
  return STATUS[answer._tag];
}

export interface Carts {
  /** Adds units of a SKU at its present price. */
  readonly add: (request: AddToCart) => Program<CartAnswer, PortUnavailable>;
  readonly setUnits: (request: SetUnits) => Program<CartAnswer, PortUnavailable>;
  readonly read: (request: {
    readonly shopper: string;
    readonly cart: string;
  }) => Effect.Effect<Cart | UnknownCart, PortUnavailable>;
}

const UNKNOWN_CART: UnknownCart = { _tag: "UnknownCart" };

export function makeCarts(ports: StorePorts, settings: StoreSettings): Carts {
  const momentAt = (clock: Clock.Clock): Moment => {
    const now = clock.unsafeCurrentTimeMillis();
    const { cartLimits: limits, limits: asking } = settings;
    return { now, phase: phaseAt(settings.sale, now), limits, asking };
  };
  return {
    add: (request) => new Program((clock) => add(ports, request, momentAt(clock))),
    setUnits: (request) => new Program((clock) => setUnits(ports, request, momentAt(clock))),
    read: (request) =>
      Effect.map(ports.carts.get(request.cart), (cart) =>
        cart === null || cart.shopper !== request.shopper ? UNKNOWN_CART : cart,
      ),
  };
}

type CartSteps = Steps<CartAnswer, PortUnavailable>;

/** The moment of a request, and what the rules of carts ask of it. */
interface Moment {
  readonly now: number;
  readonly phase: SalePhase;
  readonly limits: CartLimits;
  readonly asking: RequestLimits | null;
}

function* add(ports: StorePorts, request: AddToCart, moment: Moment): CartSteps {
  const { sku, units, shopper, invited } = request;
  const { now: at, phase } = moment;
  const { asking } = moment;
  const limited =
    asking === null ? null : yield* limitOf(ports, asking, request, { step: "cart", now: at });
  if (limited !== null) return limited;
  if (!mayBuy(phase, invited)) return { _tag: "SaleNotOpen", phase };
  if (!Number.isSafeInteger(units) || units < 1) return { _tag: "UnitsRefused", units };
  const listing = yield* ports.catalog.listing(sku);
  if (listing === null) return { _tag: "UnknownSku", sku };
  const { seller, currency } = listing;
  const cart = request.cart ?? ports.identifiers.next("cart");
  const fresh = () => emptyCart({ cart, shopper, currency, now: at });
  const line = { sku, seller, units, unitPrice: unitPrice(listing, phase, invited) };
  const change = (before: Cart) => addLine(before, line, moment);
  const told: SaleEvent = { kind: "CartLineAdded", at, shopper, cart, sku, units };
  return yield* putChange(ports, { name: cart, fresh, shopper }, change, told);
}

function* setUnits(ports: StorePorts, request: SetUnits, moment: Moment): CartSteps {
  const { sku, units, shopper, cart } = request;
  const { now: at, phase } = moment;
  const { asking } = moment;
  const limited =
    asking === null ? null : yield* limitOf(ports, asking, request, { step: "cart", now: at });
  if (limited !== null) return limited;
  if (!mayBuy(phase, request.invited)) return { _tag: "SaleNotOpen", phase };
  if (!Number.isSafeInteger(units) || units < 0) return { _tag: "UnitsRefused", units };
  const change = (before: Cart) => changeUnits(before, { sku, units }, moment);
  const kind = units === 0 ? "CartLineRemoved" : "CartLineChanged";
  const told: SaleEvent = { kind, at, shopper, cart, sku, units };
  return yield* putChange(ports, { name: cart, fresh: noCart, shopper }, change, told);
}

/** A change of a line makes no cart. */
const noCart = () => null;

/** Makes the change on the cart as it is stored, again where somebody else was faster. */
function* putChange(
  ports: StorePorts,
  of: { readonly name: string; readonly fresh: () => Cart | null; readonly shopper: string },
  change: (cart: Cart) => CartRuleAnswer | NotInCart,
  told: SaleEvent,
): CartSteps {
  for (let put = 1; put <= PUTS_MAX; put += 1) {
    const cart = (yield* ports.carts.get(of.name)) ?? of.fresh();
    if (cart === null || cart.shopper !== of.shopper) return UNKNOWN_CART;
    const answer = change(cart);
    if (answer._tag !== "CartChanged") return answer;
    const stored = yield* ports.carts.put(answer.cart);
    if (stored._tag === "VersionConflict") continue;
    yield* ports.saleLog.append(told);
    return { _tag: "CartChanged", cart: stored.cart };
  }
  return { _tag: "CartBusy" };
}
