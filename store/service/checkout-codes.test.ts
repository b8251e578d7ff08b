import { describe, expect, it } from "vitest";
import type { PlaceOrderRequest } from "../core/checkout.ts";
import type { Offer } from "../core/promotion.ts";
import { codeNumbered, offerOf } from "../testing/offers.ts";
import {
  answerOf,
  findings,
  HOLD_FOR,
  openCheckout,
  place,
  reconcile,
  request,
  sweep,
  type TrialOptions,
  type TrialStore,
  trialStore,
  unitsOf,
} from "../testing/trial-store.ts";
import { makePromotions } from "./promote.ts";

/** A store with offers, and the code of the first of them for a shopper. */
function storeWith(offers: readonly Offer[], options: TrialOptions = {}) {
  const trial = trialStore({ offers, ...options });
  return { trial, code: codeFor(trial, "ann") };
}

function codeFor(trial: TrialStore, shopper: string): string {
  const { offer } = makePromotions(trial.ports, trial.settings);
  const facts = { tier: "vip", productViews: 9, leavesCart: true } as const;
  const answer = answerOf(trial, offer({ shopper, trigger: "exit-intent", facts, cart: null }));
  expect(answer._tag).toBe("OfferMade");
  return answer._tag === "OfferMade" ? answer.code : "";
}

const standing = (trial: TrialStore) => trial.promotions.book.snapshot().offers[0];
const sold = (trial: TrialStore) => unitsOf(trial).sold;

describe("an order with a code", () => {
  it("is charged what the code leaves, and spends the code", () => {
    const { trial, code } = storeWith([offerOf("stay")]);
    const asked = request({ codes: [code.toLowerCase()] });
    expect(place(trial, asked)).toMatchObject({ _tag: "Confirmed", total: 2_250 });
    expect(trial.gateways[0].charges()).toMatchObject([{ captured: 2_250 }]);
    expect(standing(trial)).toMatchObject({ claimed: 0, spent: 1, moneySpent: 250 });
    expect(place(trial, asked)).toMatchObject({ _tag: "Confirmed", total: 2_250 });
    expect(place(trial, request({ key: "key-2", codes: [code] }))).toEqual({
      _tag: "CodeSpent",
      code,
    });
    expect([sold(trial), findings(trial)]).toEqual([1, []]);
  });

  it("is not looked at beyond what its network may ask, whatever names it is tried under", () => {
    const perNetwork = { tokens: 3, everyMillis: 60_000, burst: 3 };
    const limits = { perShopper: null, perNetwork };
    const { trial, code } = storeWith([offerOf("stay")], { limits });
    const told = ["bob", "cid", "dan", "eve", "fay"].map((shopper) => {
      const guess = { ...request({ shopper, codes: [code] }), network: "block" };
      return answerOf(trial, openCheckout(trial).startCheckout(guess))._tag;
    });
    expect(told).toEqual([...Array(3).fill("NotYours"), ...Array(2).fill("TooManyRequests")]);
  });

  it("is shown its price at the checkout, which claims nothing", () => {
    const { trial, code } = storeWith([offerOf("stay")]);
    const start = openCheckout(trial).startCheckout(request({ codes: [code] }));
    expect(answerOf(trial, start)).toMatchObject({ total: 2_250, discount: 250 });
    expect(standing(trial)).toMatchObject({ claimed: 0, spent: 0 });
  });

  it("is another request than the same order without it, or with another", () => {
    const { trial, code } = storeWith([offerOf("stay")]);
    place(trial, request({ codes: [code] }));
    expect(place(trial, request())._tag).toBe("KeyReused");
    expect(place(trial, request({ codes: [codeNumbered(5)] }))._tag).toBe("KeyReused");
  });

  it("gives the code back where it ends without a sale, and the next order may have it", () => {
    const charge = (call: number) => (call === 1 ? "declineSoft" : "approve");
    const { trial, code } = storeWith([offerOf("stay")], { gateways: [{ name: "first", charge }] });
    expect(place(trial, request({ codes: [code] }))._tag).toBe("Declined");
    expect(standing(trial)).toMatchObject({ claimed: 0, spent: 0, moneyClaimed: 0 });
    const again = place(trial, request({ key: "key-2", codes: [code] }));
    expect(again).toMatchObject({ _tag: "Confirmed", total: 2_250 });
    expect(trial.log.map(({ kind }) => kind).filter((kind) => kind.startsWith("Code"))).toEqual([
      "CodeClaimed",
      "CodeReleased",
      "CodeClaimed",
      "CodeRedeemed",
    ]);
    expect(findings(trial)).toEqual([]);
  });

  it("gives it back where the hold lapses while nobody can say whether it was charged", () => {
    let silent = true;
    const lookUp = () => (silent ? "timeOut" : "answer");
    const charge = () => "timeOutBeforeCapture" as const;
    const { trial, code } = storeWith([offerOf("stay")], {
      gateways: [{ name: "first", charge, lookUp }],
    });
    expect(place(trial, request({ codes: [code] }))._tag).toBe("PaymentInDoubt");
    expect(standing(trial)).toMatchObject({ claimed: 1, moneyClaimed: 250 });
    reconcile(trial);
    expect(standing(trial)).toMatchObject({ claimed: 1 });
    trial.time.now += HOLD_FOR + 1;
    sweep(trial);
    silent = false;
    reconcile(trial);
    expect(standing(trial)).toMatchObject({ claimed: 0, spent: 0, moneyClaimed: 0 });
    expect(findings(trial)).toEqual([]);
  });

  it("stacks codes where both offers allow it", () => {
    const { trial, code } = storeWith([
      offerOf("ten", { stacks: true }),
      offerOf("five", { stacks: true }),
    ]);
    const answer = trial.promotions.book.issue({
      offer: "five",
      shopper: "ann",
      code: codeNumbered(7),
      now: trial.time.now,
    });
    expect(answer._tag).toBe("Issued");
    const codes = [code, codeNumbered(7)];
    expect(place(trial, request({ codes }))).toMatchObject({ total: 2_025 });
    expect(place(trial, request({ key: "b", codes: [...codes, "x"] }))._tag).toBe("CodeSpent");
    expect(findings(trial, { quiescent: true, logWhole: false })).toEqual([]);
  });
});

describe("a code that is not valid", () => {
  const refused = (trial: TrialStore, over: Partial<PlaceOrderRequest>) => {
    const answer = place(trial, request(over));
    expect(unitsOf(trial).sold + unitsOf(trial).held).toBe(0);
    expect(trial.orders.book.size).toBe(0);
    expect(trial.gateways[0].charges()).toEqual([]);
    expect(findings(trial)).toEqual([]);
    return answer;
  };

  it("says why, and takes nothing", () => {
    const { trial, code } = storeWith([offerOf("stay")]);
    const unknown = codeNumbered(77);
    expect(refused(trial, { codes: [unknown] })).toEqual({ _tag: "CodeUnknown", code: unknown });
    expect(refused(trial, { codes: ["SUMMER"] })).toEqual({ _tag: "CodeUnknown", code: "SUMMER" });
    const theirs = { _tag: "NotYours", code };
    expect(refused(trial, { shopper: "bob", codes: [code] })).toEqual(theirs);
    const alone = { _tag: "NotStackable", code };
    expect(refused(trial, { codes: [code, code] })).toEqual(alone);
    trial.time.now += 3_600_000;
    expect(refused(trial, { codes: [code] })).toEqual({ _tag: "CodeExpired", code });
  });

  it("does not go under the floor of the order, nor of the seller", () => {
    const high = storeWith([offerOf("high", { floor: 2_251 })]);
    expect(refused(high.trial, { codes: [high.code] })).toEqual({
      _tag: "BelowFloor",
      code: high.code,
      sku: null,
      floor: 2_251,
    });
    // The hearth sells no toaster under $10, and this one would cost $9.99.
    const discount = { kind: "amount", minor: 1_501 } as const;
    const deep = storeWith([offerOf("deep", { discount })]);
    expect(refused(deep.trial, { codes: [deep.code] })).toEqual({
      _tag: "BelowFloor",
      code: deep.code,
      sku: "TOASTER",
      floor: 1_000,
    });
  });

  it("is not to be found by trying: after ten wrong ones nothing is looked at for an hour", () => {
    const { trial, code } = storeWith([offerOf("stay", { validForMillis: 9_000_000 })]);
    const bobs = codeFor(trial, "bob");
    for (let number = 1; number <= 10; number += 1) {
      expect(refused(trial, { codes: [codeNumbered(number)] })._tag).toBe("CodeUnknown");
    }
    const closed = { _tag: "TooManyTries", until: trial.time.now + 3_600_000 };
    expect(refused(trial, { codes: [code] })).toEqual(closed);
    // Another shopper is not held to account, and after the hour nobody is.
    expect(place(trial, request({ shopper: "bob", codes: [bobs] }))._tag).toBe("Confirmed");
    trial.time.now += 3_600_000;
    expect(place(trial, request({ codes: [code] }))._tag).toBe("Confirmed");
  });

  it("can be spent by others between looking and claiming: the order ends, and nothing is taken", () => {
    const money = { codes: 9, redemptions: 9, money: 300 };
    const { trial, code } = storeWith([offerOf("stay", { budget: money })]);
    const bobs = codeFor(trial, "bob");
    expect(place(trial, request({ codes: [code] }))._tag).toBe("Confirmed");
    const answer = place(trial, request({ shopper: "bob", codes: [bobs] }));
    expect(answer).toEqual({ _tag: "BudgetSpent", offer: "stay" });
    expect(place(trial, request({ shopper: "bob", codes: [bobs] }))).toEqual(answer);
    expect([sold(trial), unitsOf(trial).held]).toEqual([1, 0]);
    expect(standing(trial)).toMatchObject({ claimed: 0, spent: 1, moneySpent: 250 });
    expect(findings(trial)).toEqual([]);
  });
});
