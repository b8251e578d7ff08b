/**
 * The promotions of a scenario file: offers with their budgets, and how shoppers meet them. What
 * an offer is where the file does not say stands in `defaults.ts`, by its trigger.
 */
import { Schema } from "effect";
import type { Discount } from "../../store/core/promotion.ts";
import {
  Count,
  CountFromOne,
  Duration,
  key,
  Money,
  optionalKey,
  PositiveDuration,
  quantity,
  Share,
} from "./quantity.ts";
import { type Amount, parseMoney, parseShare, type Reading } from "./units.ts";

/** A percentage of what the order costs, or an amount of money. */
export type DiscountForm =
  | Extract<Discount, { readonly kind: "percent" }>
  | { readonly kind: "amount"; readonly amount: Amount };

const INSTEAD = "write it like 10% or $5";
const BASIS = 10_000;

function parseDiscount(written: string | number): Reading<DiscountForm> {
  if (typeof written === "number" || !written.trim().endsWith("%")) {
    const amount = parseMoney(written);
    if (!amount.ok) return { ok: false, why: "not a discount", instead: INSTEAD };
    return { ok: true, value: { kind: "amount", amount: amount.value } };
  }
  const share = parseShare(written);
  if (!share.ok) return share;
  const basisPoints = Math.round(share.value * BASIS);
  return { ok: true, value: { kind: "percent", basisPoints } };
}

const DiscountQuantity = quantity<DiscountForm>(
  {
    what: "a discount",
    example: "10% or $5",
    pattern: "^([$€£¥] ?)?[0-9][0-9_]*(\\.[0-9]+)?( ?%|[kMB]?( ?[A-Z]{3})?)$",
    bare: true,
  },
  parseDiscount,
);

const Budget = Schema.Struct({
  codes: key(CountFromOne, "Codes that may be given out, one a shopper."),
  redemptions: optionalKey(
    CountFromOne,
    "Orders that may be made cheaper. Default: as many as codes.",
  ),
  money: key(Money, "What may be given away in all."),
});

const Offer = Schema.Struct({
  name: key(
    Schema.String.pipe(Schema.pattern(/^[A-Za-z][A-Za-z0-9._-]{0,63}$/u)),
    "The offer's name, one in the whole scenario.",
  ),
  trigger: key(
    Schema.Literal("exit-intent", "abandoned-cart", "mailed"),
    "When it is made: as the shopper turns to leave, in a mail about the cart they left, or in the mailing.",
  ),
  segment: key(
    Schema.Literal("everyone", "loyal", "vip", "cart-abandoner", "high-intent"),
    "Whom it is for.",
  ),
  discount: key(
    DiscountQuantity,
    "Off the order: a percentage, rounded down to the minor unit, or an amount.",
  ),
  budget: key(Budget, "What may be given away; the store never goes beyond it."),
  "valid-for": key(PositiveDuration, "How long the code can be used, from when it is given."),
  floor: key(Money, "No order costs less than this by the offer's code."),
  stacks: key(Schema.Boolean, "Whether the code may stand beside another that stacks as well."),
  uptake: key(
    Share,
    "Share whom it turns round: of those who turn to leave, or for abandoned-cart of those who read the mail in time.",
  ),
  after: optionalKey(
    Duration,
    "abandoned-cart: from leaving to the mail; they come back as audience.click-delay says. Default: 1h.",
  ),
});

export const Promotions = Schema.Struct({
  offers: key(Schema.Array(Offer), "Tried in this order; the first that fits is made."),
  "high-intent-views": key(Count, "From this many product pages on a shopper has high intent."),
  "wrong-codes": key(
    Schema.Struct({
      max: key(CountFromOne, "Wrong codes that a shopper may name."),
      within: key(PositiveDuration, "In this time; until it is over no code of theirs is heard."),
    }),
    "Against those who try codes out.",
  ),
  "false-alarm": key(
    Share,
    "exit-intent: share of shoppers on their way to the checkout who are shown the offer as well, and take it.",
  ),
});

export type PromotionsForm = typeof Promotions.Type;
export type OfferForm = typeof Offer.Type;
