import { describe, expect, it } from "vitest";
import type { Offer, ShopperFacts } from "../core/promotion.ts";
import { offerOf } from "../testing/offers.ts";
import { answerOf, findings, openCarts, trialStore } from "../testing/trial-store.ts";
import { makePromotions, type OfferRequest } from "./promote.ts";

const FACTS: ShopperFacts = { tier: "regular", productViews: 1, leavesCart: true };

function desk(...offers: Offer[]) {
  const trial = trialStore({ offers });
  const promotions = makePromotions(trial.ports, trial.settings);
  const ask = (over: Partial<OfferRequest> = {}) =>
    answerOf(
      trial,
      promotions.offer({
        shopper: "ann",
        trigger: "exit-intent",
        facts: FACTS,
        cart: null,
        ...over,
      }),
    );
  return { trial, ask };
}

describe("making an offer", () => {
  it("takes the first that fits who the shopper is, what they do and when", () => {
    const { ask } = desk(
      offerOf("vips", { segment: "vip" }),
      offerOf("later", { trigger: "abandoned-cart" }),
      offerOf("stay", { segment: "cart-abandoner" }),
    );
    expect(ask()).toMatchObject({ _tag: "OfferMade", offer: "stay", again: false });
    const vip = { ...FACTS, tier: "vip" } as const;
    expect(ask({ shopper: "bob", facts: vip })).toMatchObject({ offer: "vips" });
    expect(ask({ shopper: "cy", trigger: "abandoned-cart" })).toMatchObject({ offer: "later" });
    expect(ask({ shopper: "di", facts: { ...FACTS, leavesCart: false } })._tag).toBe("NoOffer");
    expect(ask({ shopper: "di", trigger: "mailed" })._tag).toBe("NoOffer");
  });

  it("gives a shopper who leaves again the code that they have, and no new one", () => {
    const { trial, ask } = desk(offerOf("stay"));
    const first = ask();
    expect(ask()).toEqual({ ...first, again: true });
    expect(trial.log.filter(({ kind }) => kind === "OfferMade")).toHaveLength(1);
    trial.time.now += 3_600_000;
    expect(ask()._tag).toBe("NoOffer");
  });

  it("ends with the budget, and goes on with the next offer", () => {
    const small = { codes: 1, redemptions: 1, money: 1_000 };
    const { trial, ask } = desk(offerOf("small", { budget: small }), offerOf("next"));
    expect(ask({ shopper: "ann" })).toMatchObject({ offer: "small" });
    expect(ask({ shopper: "bob" })).toMatchObject({ offer: "next" });
    expect(findings(trial)).toEqual([]);
  });

  it("offers nothing that the cart cannot bear", () => {
    const { trial, ask } = desk(offerOf("stay", { floor: 2_251 }));
    const added = answerOf(
      trial,
      openCarts(trial).add({
        shopper: "ann",
        cart: null,
        sku: "TOASTER",
        units: 1,
        invited: false,
      }),
    );
    const cart = added._tag === "CartChanged" ? added.cart.cart : "";
    expect(ask({ cart })._tag).toBe("NoOffer");
    // Another shopper's cart says nothing about this one.
    expect(ask({ cart, shopper: "bob" })._tag).toBe("OfferMade");
  });
});
