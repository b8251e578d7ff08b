/**
 * A cart is a value: a rule makes a new one and the cart store puts it in place of the version
 * it was made from, so two tabs of one shopper cannot silently undo each other. A cart promises
 * nothing about stock; a hold does.
 */
import { assert } from "./assert.ts";

/** Units of one SKU at the price that the shopper saw. */
export interface CartLine {
  readonly sku: string;
  readonly seller: string;
  readonly units: number;
  /** Minor units of the cart's currency. */
  readonly unitPrice: number;
}

export interface Cart {
  readonly cart: string;
  readonly shopper: string;
  readonly currency: string;
  /** Counts the puts; 0 is a cart that was never stored. */
  readonly version: number;
  /** One line per SKU, in the order in which each was first added. */
  readonly lines: readonly CartLine[];
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

export interface CartLimits {
  readonly linesMax: number;
  /** The most units of one line. */
  readonly unitsPerLineMax: number;
}

/** Assumed: far above what a shopper of a flash sale buys, far below what would slow a cart. */
export const CART_LIMITS: CartLimits = { linesMax: 50, unitsPerLineMax: 99 };

export interface CartChanged {
  readonly _tag: "CartChanged";
  readonly cart: Cart;
}
export interface TooManyLines {
  readonly _tag: "TooManyLines";
  readonly limit: number;
}
export interface TooManyUnits {
  readonly _tag: "TooManyUnits";
  readonly sku: string;
  readonly limit: number;
}
export interface NotInCart {
  readonly _tag: "NotInCart";
  readonly sku: string;
}
export type CartAnswer = CartChanged | TooManyLines | TooManyUnits;

export function emptyCart(options: {
  readonly cart: string;
  readonly shopper: string;
  readonly currency: string;
  readonly now: number;
}): Cart {
  return {
    cart: options.cart,
    shopper: options.shopper,
    currency: options.currency,
    version: 0,
    lines: [],
    updatedAt: options.now,
  };
}

/** Adds units to the line of a SKU; the whole line then stands at the price just shown. */
export function addLine(
  cart: Cart,
  line: CartLine,
  options: { readonly limits: CartLimits; readonly now: number },
): CartAnswer {
  assertLine(line);
  const { linesMax, unitsPerLineMax } = options.limits;
  const position = cart.lines.findIndex((other) => other.sku === line.sku);
  const units = line.units + (position < 0 ? 0 : cart.lines[position].units);
  if (units > unitsPerLineMax) {
    return { _tag: "TooManyUnits", sku: line.sku, limit: unitsPerLineMax };
  }
  if (position >= 0) {
    return cartChanged(cart, cart.lines.with(position, { ...line, units }), options.now);
  }
  if (cart.lines.length >= linesMax) return { _tag: "TooManyLines", limit: linesMax };
  return cartChanged(cart, [...cart.lines, line], options.now);
}

/** Sets the units of a line; 0 removes it. */
export function changeUnits(
  cart: Cart,
  change: { readonly sku: string; readonly units: number },
  options: { readonly limits: CartLimits; readonly now: number },
): CartChanged | TooManyUnits | NotInCart {
  assert(Number.isSafeInteger(change.units) && change.units >= 0, "units of a line are whole");
  const position = cart.lines.findIndex((line) => line.sku === change.sku);
  if (position < 0) return { _tag: "NotInCart", sku: change.sku };
  const limit = options.limits.unitsPerLineMax;
  if (change.units > limit) return { _tag: "TooManyUnits", sku: change.sku, limit };
  const lines =
    change.units === 0
      ? cart.lines.toSpliced(position, 1)
      : cart.lines.with(position, { ...cart.lines[position], units: change.units });
  return cartChanged(cart, lines, options.now);
}

/**
 * Puts the lines of another cart into this one, as when a guest turns out to be a known shopper.
 * It takes what the limits allow and says what it had to leave.
 */
export function mergeCarts(
  into: Cart,
  from: Cart,
  options: { readonly limits: CartLimits; readonly now: number },
): { readonly cart: Cart; readonly left: readonly CartLine[] } {
  assert(into.currency === from.currency, "carts of one currency are merged");
  const left: CartLine[] = [];
  let cart = into;
  for (const line of from.lines) {
    const there = cart.lines.find((other) => other.sku === line.sku)?.units ?? 0;
    const units = Math.min(line.units, options.limits.unitsPerLineMax - there);
    const answer = units > 0 ? addLine(cart, { ...line, units }, options) : null;
    const taken = answer?._tag === "CartChanged" ? units : 0;
    if (answer?._tag === "CartChanged") cart = answer.cart;
    if (taken < line.units) left.push({ ...line, units: line.units - taken });
  }
  return { cart, left };
}

function cartChanged(cart: Cart, lines: readonly CartLine[], now: number): CartChanged {
  const { cart: name, shopper, currency, version } = cart;
  return {
    _tag: "CartChanged",
    cart: { cart: name, shopper, currency, version, lines, updatedAt: now },
  };
}

function assertLine(line: CartLine): void {
  assert(Number.isSafeInteger(line.units) && line.units > 0, "units are whole and above zero");
  assert(
    Number.isSafeInteger(line.unitPrice) && line.unitPrice >= 0,
    "a price is whole minor units, not negative",
  );
}
