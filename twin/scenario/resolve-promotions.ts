/** From promotions as a file says them, every default filled in, to the twin's own shape. */
import { HOUR } from "../../engine/time.ts";
import type { Discount } from "../../store/core/promotion.ts";
import type { OfferSpec, PromotionsSpec } from "./promotions.ts";
import type { DiscountForm, OfferForm, PromotionsForm } from "./schema-promotions.ts";
import { toMinor } from "./units.ts";

const AFTER_DEFAULT = HOUR;

export function toPromotions(form: PromotionsForm, currency: string): PromotionsSpec {
  return {
    offers: form.offers.map((offer) => toOffer(offer, currency)),
    highIntentViews: form["high-intent-views"],
    wrongCodes: form["wrong-codes"],
    falseAlarm: form["false-alarm"],
  };
}

function toOffer(form: OfferForm, currency: string): OfferSpec {
  const { codes, redemptions, money } = form.budget;
  return {
    name: form.name,
    segment: form.segment,
    trigger: form.trigger,
    discount: toDiscount(form.discount, currency),
    budget: { codes, redemptions: redemptions ?? codes, money: toMinor(money, currency) },
    validFor: form["valid-for"],
    floor: toMinor(form.floor, currency),
    stacks: form.stacks,
    uptake: form.uptake,
    after: form.after ?? AFTER_DEFAULT,
  };
}

export function toDiscount(form: DiscountForm, currency: string): Discount {
  if (form.kind === "percent") return form;
  return { kind: "amount", minor: toMinor(form.amount, currency) };
}
