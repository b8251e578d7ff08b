/**
 * Making offers: which one fits a shopper at a moment, and the personal code that comes with it. A
 * shopper gets one code of an offer for good, so that leaving again and again brings nothing; and
 * nobody is offered what their cart cannot bear.
 */
import type { Clock } from "effect";
import { assert } from "../core/assert.ts";
import {
  type Discount,
  discountLines,
  isInSegment,
  type Offer,
  type ShopperFacts,
  type Trigger,
} from "../core/promotion.ts";
import { drawCode } from "../core/promotion-code.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { floorsOf } from "./discount.ts";
import { Program, type Steps } from "./program.ts";
import type { StorePorts, StoreSettings } from "./store-ports.ts";

/** Draws before a code is new; with 2^74 codes the second is never needed. */
const DRAWS_MAX = 3;

export interface OfferRequest {
  readonly shopper: string;
  readonly trigger: Trigger;
  readonly facts: ShopperFacts;
  /** The shopper's cart, where there is one: no offer is made that it cannot bear. */
  readonly cart: string | null;
}

export interface OfferMade {
  readonly _tag: "OfferMade";
  readonly offer: string;
  readonly code: string;
  readonly discount: Discount;
  readonly expiresAt: number;
  /** True where the shopper has had this code before and can use it still. */
  readonly again: boolean;
}
/** Nothing fits the shopper now, or what would is spent. */
export interface NoOffer {
  readonly _tag: "NoOffer";
}
export type OfferAnswer = OfferMade | NoOffer;

export interface Promotions {
  /** The first offer that fits, with the shopper's own code for it. */
  readonly offer: (request: OfferRequest) => Program<OfferAnswer, PortUnavailable>;
}

const NO_OFFER: NoOffer = { _tag: "NoOffer" };

export function makePromotions(ports: StorePorts, settings: StoreSettings): Promotions {
  return {
    offer: (request) => new Program((clock) => offer({ ports, settings, clock }, request)),
  };
}

interface OfferDesk {
  readonly ports: StorePorts;
  readonly settings: StoreSettings;
  readonly clock: Clock.Clock;
}

function* offer(desk: OfferDesk, request: OfferRequest): Steps<OfferAnswer, PortUnavailable> {
  const { promotions } = desk.settings;
  for (const candidate of promotions.offers) {
    if (candidate.trigger !== request.trigger) continue;
    if (!isInSegment(candidate.segment, request.facts, promotions)) continue;
    const { cart, shopper } = request;
    if (cart !== null && !(yield* isBorne(desk, candidate, { cart, shopper }))) continue;
    const made = yield* give(desk, candidate, request.shopper);
    if (made !== null) return made;
  }
  return NO_OFFER;
}

/** Whether the shopper's cart as it is can bear the offer; an empty one bears any. */
function* isBorne(
  desk: OfferDesk,
  candidate: Offer,
  { shopper, cart: name }: { readonly shopper: string; readonly cart: string },
): Steps<boolean, PortUnavailable> {
  const cart = yield* desk.ports.carts.get(name);
  if (cart === null || cart.shopper !== shopper || cart.lines.length === 0) return true;
  const floors = yield* floorsOf(desk, cart.lines);
  const codes = [{ code: "", offer: candidate }];
  const answer = discountLines({ lines: cart.lines, floors, codes });
  return answer._tag === "OrderDiscount" && answer.amount > 0;
}

/** The shopper's code of the offer, or null where they get none (any more). */
function* give(
  desk: OfferDesk,
  { offer: name, discount }: Offer,
  shopper: string,
): Steps<OfferMade | null, PortUnavailable> {
  const { promotions, saleLog, codes } = desk.ports;
  const now = desk.clock.unsafeCurrentTimeMillis();
  for (let draw = 1; draw <= DRAWS_MAX; draw += 1) {
    const code = drawCode(codes.below);
    const answer = yield* promotions.issue({ offer: name, shopper, code, now });
    if (answer._tag === "CodeTaken") continue;
    if (answer._tag === "BudgetSpent") return null;
    const { code: given, expiresAt } = answer;
    const again = answer._tag === "AlreadyIssued";
    if (again && (answer.state !== "given" || now >= expiresAt)) return null;
    if (!again) {
      const at = now;
      yield* saleLog.append({
        kind: "OfferMade",
        at,
        code: given,
        offer: name,
        shopper,
        expiresAt,
      });
    }
    return { _tag: "OfferMade", offer: name, code: given, discount, expiresAt, again };
  }
  assert(false, "codes are drawn from a source that does not repeat itself");
}
