/**
 * The rules of promotions: whom an offer is for, what a code takes off an order, and what it may
 * never do. Plain functions. Money is integer minor units; a percentage is rounded down to a whole
 * minor unit, never more than was promised, and what is taken off the order is divided over its
 * lines to the last unit.
 */
import { assert } from "./assert.ts";
import { allocate, totalOf } from "./money.ts";
import type { OrderLine } from "./order.ts";
import type { Tier } from "./tier.ts";

/** Whom an offer is for. The last two are judged by what the shopper did, not by who they are. */
export type Segment = "everyone" | "loyal" | "vip" | "cart-abandoner" | "high-intent";

/** When an offer is made: as the shopper turns to leave, in a mail about a cart, or in the mailing. */
export type Trigger = "exit-intent" | "abandoned-cart" | "mailed";

/** `basisPoints`: hundredths of a per cent of what the order costs. */
export type Discount =
  | { readonly kind: "percent"; readonly basisPoints: number }
  | { readonly kind: "amount"; readonly minor: number };

export interface Offer {
  /** Its name, one in the whole store. */
  readonly offer: string;
  readonly segment: Segment;
  readonly trigger: Trigger;
  readonly discount: Discount;
  readonly budget: {
    /** Codes that may be given out, one a shopper. */
    readonly codes: number;
    /** Orders that may be made cheaper, at most as many as codes. */
    readonly redemptions: number;
    /** What may be given away in all, minor units. */
    readonly money: number;
  };
  /** How long a code can be used after it was given out, milliseconds. */
  readonly validForMillis: number;
  /** No order falls under this by the offer's code, minor units. */
  readonly floor: number;
  /** Whether its code may stand beside another one in an order; both have to allow it. */
  readonly stacks: boolean;
}

export interface PromotionSettings {
  /** In the order in which they are tried. */
  readonly offers: readonly Offer[];
  /** From this many product pages on a shopper means to buy. */
  readonly highIntentViews: number;
}

/** A store without promotions. */
export const NO_PROMOTIONS: PromotionSettings = { offers: [], highIntentViews: 3 };

/** What the shop knows of a visit when it judges whether an offer fits. */
export interface ShopperFacts {
  readonly tier: Tier;
  /** Product pages seen in this visit. */
  readonly productViews: number;
  /** True for a shopper who turns away from a cart with something in it. */
  readonly leavesCart: boolean;
}

/** Codes that one order can carry, where all of them allow it. */
export const CODES_PER_ORDER_MAX = 4;
const BASIS = 10_000;

/** Whether the shopper belongs to the segment; a VIP is a loyal shopper as well. */
export function isInSegment(
  segment: Segment,
  facts: ShopperFacts,
  settings: Pick<PromotionSettings, "highIntentViews">,
): boolean {
  switch (segment) {
    case "everyone":
      return true;
    case "loyal":
      return facts.tier !== "regular";
    case "vip":
      return facts.tier === "vip";
    case "cart-abandoner":
      return facts.leavesCart;
    case "high-intent":
      return facts.productViews >= settings.highIntentViews;
  }
}

/** What the discount takes off an order of this total. */
export function discountOf(discount: Discount, total: number): number {
  assert(Number.isSafeInteger(total) && total >= 0, "a total is whole minor units");
  if (discount.kind === "amount") return discount.minor;
  return Number((BigInt(total) * BigInt(discount.basisPoints)) / BigInt(BASIS));
}

/** With the code the order, or one of its lines, would cost less than may be; nothing is taken. */
export interface BelowFloor {
  readonly _tag: "BelowFloor";
  readonly code: string;
  /** The line that would be too cheap, or null where it is the order. */
  readonly sku: string | null;
  /** The least that the line or the order has to cost, minor units. */
  readonly floor: number;
}
/** The order names more codes than it can carry, or one that stands alone. */
export interface NotStackable {
  readonly _tag: "NotStackable";
  readonly code: string;
}

/** One code's part in what an order costs less. */
export interface CodeDiscount {
  readonly code: string;
  readonly offer: string;
  /** Minor units. */
  readonly amount: number;
}

/** What an order costs less, by code and by line: both add up to `amount`. */
export interface OrderDiscount {
  readonly _tag: "OrderDiscount";
  readonly amount: number;
  readonly codes: readonly CodeDiscount[];
  /** Off each line, in the order of the lines. */
  readonly lines: readonly number[];
}

export interface DiscountRequest {
  /** At least one line, and more than nothing to pay. */
  readonly lines: readonly OrderLine[];
  /** The least that one unit of each line may cost, in the order of the lines. */
  readonly floors: readonly number[];
  /** The codes in the order in which they were named; a percentage is of what is left to pay. */
  readonly codes: readonly { readonly code: string; readonly offer: Offer }[];
}

/** What the codes take off the lines together, or why they may not. */
export function discountLines(request: DiscountRequest): OrderDiscount | BelowFloor | NotStackable {
  const { lines, floors, codes } = request;
  assert(
    codes.length > 0 && floors.length === lines.length,
    "a discount has a code, a line a floor",
  );
  const stacked = stackingProblem(codes);
  if (stacked !== null) return stacked;
  const total = totalOf(lines);
  const taken: CodeDiscount[] = [];
  let left = total;
  for (const { code, offer } of codes) {
    const amount = discountOf(offer.discount, left);
    // An order costs something: a gateway is never asked for nothing.
    const floor = Math.max(offer.floor, 1);
    if (left - amount < floor) return { _tag: "BelowFloor", code, sku: null, floor };
    left -= amount;
    taken.push({ code, offer: offer.offer, amount });
  }
  // A later code may not undo the floor of an earlier one.
  for (const { code, offer } of codes) {
    if (left < offer.floor) return { _tag: "BelowFloor", code, sku: null, floor: offer.floor };
  }
  const amount = total - left;
  const perLine = dividedOver(lines, amount);
  for (const [index, line] of lines.entries()) {
    const least = (floors[index] ?? 0) * line.units;
    if (line.units * line.unitPrice - (perLine[index] ?? 0) < least) {
      return { _tag: "BelowFloor", code: codes[0]?.code ?? "", sku: line.sku, floor: least };
    }
  }
  return { _tag: "OrderDiscount", amount, codes: taken, lines: perLine };
}

function stackingProblem(codes: DiscountRequest["codes"]): NotStackable | null {
  for (const [index, { code, offer }] of codes.entries()) {
    const again = codes.findIndex((other) => other.code === code) < index;
    const alone = codes.length > 1 && !offer.stacks;
    if (again || alone || index >= CODES_PER_ORDER_MAX) return { _tag: "NotStackable", code };
  }
  return null;
}

/** The amount in the ratio of what the lines cost, exactly; no line gives more than it costs. */
function dividedOver(lines: readonly OrderLine[], amount: number): readonly number[] {
  const weights = lines.map(({ units, unitPrice }) => units * unitPrice);
  // The currency of the parts is that of the whole; the rule of division knows none.
  return allocate({ minor: amount, currency: "XXX" }, weights).map(({ minor }) => minor);
}
