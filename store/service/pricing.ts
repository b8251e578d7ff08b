/**
 * What the items of a request cost the shopper now. Prices are checked before anything is held or
 * charged: a shopper pays what was shown, or is shown the new price first.
 */
import type { Cart } from "../core/cart.ts";
import { unitPrice } from "../core/catalog.ts";
import {
  type ItemsRefused,
  mergedLines,
  type PriceChanged,
  type SaleNotOpen,
  type StartCheckoutRequest,
} from "../core/checkout.ts";
import type { UnknownSku } from "../core/hold.ts";
import { totalOf } from "../core/money.ts";
import type { OrderLine } from "../core/order.ts";
import { mayBuy, phaseAt } from "../core/sale.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import type { Steps } from "./program.ts";
import type { Desk } from "./settlement.ts";

/** Items that can be bought now, at prices the shopper knows. */
export interface Priced {
  readonly _tag: "Priced";
  /** One line per SKU. */
  readonly lines: readonly OrderLine[];
  readonly total: number;
  readonly currency: string;
  /** How long a hold of these lines lasts: the shortest time among their sellers', milliseconds. */
  readonly holdForMillis: number;
  /** The stored cart that the lines come from; null where they came with the request. */
  readonly cart: Cart | null;
}

const nothingToPay: ItemsRefused = { _tag: "ItemsRefused", reason: "there is nothing to pay" };

/**
 * Whether the shopper may buy these items now, and what they cost. The prices of a cart whose units
 * are held were agreed when the hold began, and stand while it does.
 */
export function* price(
  desk: Desk,
  request: StartCheckoutRequest & { readonly hold?: string },
  now: number,
): Steps<Priced | SaleNotOpen | ItemsRefused | UnknownSku | PriceChanged, PortUnavailable> {
  const phase = phaseAt(desk.settings.sale, now);
  if (!mayBuy(phase, request.invited)) return { _tag: "SaleNotOpen", phase } satisfies SaleNotOpen;
  const { items, invited } = request;
  const cart = "cart" in items ? yield* ownCart(desk, request.shopper, items.cart) : null;
  if (cart !== null && "_tag" in cart) return cart;
  const shown = "lines" in items ? items.lines : (cart?.lines ?? []);
  const lines = mergedLines(shown, desk.settings.cartLimits);
  if ("_tag" in lines) return lines;
  const agreed = cart !== null && request.hold !== undefined;
  let currency = "";
  let holdForMillis = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const listing = yield* desk.ports.catalog.listing(line.sku);
    if (listing === null) return { _tag: "UnknownSku", sku: line.sku } satisfies UnknownSku;
    if (currency !== "" && listing.currency !== currency) return otherCurrency(line.sku);
    currency = listing.currency;
    holdForMillis = Math.min(holdForMillis, holdTimeOf(desk, listing.seller));
    const current = unitPrice(listing, phase, invited);
    if (!agreed && line.unitPrice !== current) return priceChanged(line, current);
  }
  const total = totalOf(lines);
  if (total <= 0) return nothingToPay;
  return { _tag: "Priced", lines, total, currency, holdForMillis, cart } satisfies Priced;
}

function holdTimeOf({ settings }: Desk, seller: string): number {
  return settings.holdForMillisOfSeller?.get(seller) ?? settings.holdForMillis;
}

function otherCurrency(sku: string): ItemsRefused {
  return { _tag: "ItemsRefused", reason: `${sku} is sold in another currency than the rest` };
}

function priceChanged(line: OrderLine, current: number): PriceChanged {
  return { _tag: "PriceChanged", sku: line.sku, shown: line.unitPrice, current };
}

/** The stored cart; another shopper's cannot be told from one that is not there. */
function* ownCart(
  desk: Desk,
  shopper: string,
  name: string,
): Steps<Cart | ItemsRefused, PortUnavailable> {
  const cart = yield* desk.ports.carts.get(name);
  if (cart !== null && cart.shopper === shopper) return cart;
  return { _tag: "ItemsRefused", reason: "this shopper has no such cart" };
}
