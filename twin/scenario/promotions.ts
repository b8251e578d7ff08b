/** The promotions of a scenario as the twin sees them; `scenario.ts` hands the types on. */
import type { Ticks } from "../../engine/time.ts";
import type { Discount, Segment, Trigger } from "../../store/core/promotion.ts";

export interface PromotionsSpec {
  /** In the file's order, which is the order in which they are tried. */
  readonly offers: readonly OfferSpec[];
  /** Product pages from which on a shopper means to buy. */
  readonly highIntentViews: number;
  /** Wrong codes after which a shopper's codes are looked at no more, for how long. */
  readonly wrongCodes: { readonly max: number; readonly within: Ticks };
  /** Share of shoppers on their way to the checkout who are taken for leaving. */
  readonly falseAlarm: number;
}

export interface OfferSpec {
  readonly name: string;
  readonly segment: Segment;
  readonly trigger: Trigger;
  readonly discount: Discount;
  /** `money` in minor units. */
  readonly budget: {
    readonly codes: number;
    readonly redemptions: number;
    readonly money: number;
  };
  readonly validFor: Ticks;
  /** The least an order with its code may cost, minor units. */
  readonly floor: number;
  readonly stacks: boolean;
  /** Share of shoppers whom it turns round: who stay, or come back. */
  readonly uptake: number;
  /** From leaving a cart to the mail about it. */
  readonly after: Ticks;
}
