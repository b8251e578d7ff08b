/**
 * What codes take off items that a shopper wants to buy. Looking is free: nothing is claimed, and
 * a refusal takes nothing; only wrong codes are counted, so that nobody can try them out.
 */
import type { DiscountRefusal } from "../core/checkout.ts";
import type { OrderLine } from "../core/order.ts";
import {
  CODES_PER_ORDER_MAX,
  discountLines,
  type Offer,
  type OrderDiscount,
} from "../core/promotion.ts";
import { readCode } from "../core/promotion-code.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import type { Steps } from "./program.ts";
import { type Desk, nowOf } from "./settlement.ts";

/** Longer texts are cut before they are looked up; no code is as long. */
const TYPED_MAX = 64;

export function* discountBy(
  desk: Desk,
  of: {
    readonly shopper: string;
    readonly lines: readonly OrderLine[];
    readonly typed: readonly string[];
  },
): Steps<OrderDiscount | DiscountRefusal, PortUnavailable> {
  const codes: { code: string; offer: Offer }[] = [];
  for (const [index, typed] of of.typed.entries()) {
    const code = readCode(typed) ?? typed.slice(0, TYPED_MAX);
    if (index >= CODES_PER_ORDER_MAX) return { _tag: "NotStackable", code };
    const found = yield* desk.ports.promotions.lookUp({
      shopper: of.shopper,
      code,
      now: nowOf(desk),
    });
    if (found._tag !== "CodeValid") return found;
    const offer = desk.settings.promotions.offers.find(({ offer }) => offer === found.offer);
    // An offer that was taken out of the settings while its codes are about.
    if (offer === undefined) return { _tag: "CodeExpired", code };
    codes.push({ code, offer });
  }
  const floors = yield* floorsOf(desk, of.lines);
  return discountLines({ lines: of.lines, floors, codes });
}

/** The least that one unit of each line may cost. */
export function* floorsOf(
  desk: Pick<Desk, "ports">,
  lines: readonly { readonly sku: string }[],
): Steps<readonly number[], PortUnavailable> {
  const floors: number[] = [];
  for (const { sku } of lines) {
    const listing = yield* desk.ports.catalog.listing(sku);
    floors.push(listing?.floorPrice ?? 0);
  }
  return floors;
}
