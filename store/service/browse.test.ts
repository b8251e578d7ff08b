import { describe, expect, it } from "vitest";
import {
  answerOf,
  OPENS,
  place,
  request,
  type TrialStore,
  trialStore,
} from "../testing/trial-store.ts";
import { makeBrowse } from "./browse.ts";

const offerOf = (trial: TrialStore, sku: string, invited = false) =>
  answerOf(trial, makeBrowse(trial.ports, trial.settings).offer({ sku, invited }));

describe("browsing", () => {
  it("shows the price of the phase to each shopper: the sale's only to whom it is open", () => {
    const trial = trialStore();
    const priceAt = (now: number, invited: boolean) => {
      trial.time.now = now;
      const offer = offerOf(trial, "TOASTER", invited);
      return "price" in offer ? offer.price : null;
    };
    expect(priceAt(OPENS - 1, false)).toBe(4_000);
    expect(priceAt(OPENS - 1, true)).toBe(2_500);
    expect(priceAt(OPENS, false)).toBe(2_500);
    expect(priceAt(OPENS + 86_400_000, true)).toBe(4_000);
  });

  it("shows how many are left to hold", () => {
    const trial = trialStore({ units: 3 });
    place(trial, request({ items: { lines: [{ sku: "TOASTER", units: 2, unitPrice: 2_500 }] } }));
    expect(offerOf(trial, "TOASTER")).toMatchObject({ available: 1 });
    expect(offerOf(trial, "GHOST")).toEqual({ _tag: "UnknownSku", sku: "GHOST" });
  });

  it("goes through the list page by page and shows every item once", () => {
    const trial = trialStore();
    const browse = makeBrowse(trial.ports, trial.settings);
    const pageAfter = (after: string | null) =>
      answerOf(trial, browse.page({ seller: "hearth", after, limit: 1, invited: false }));
    const first = pageAfter(null);
    const second = pageAfter(first.next);
    const skus = [...first.offers, ...second.offers].map((offer) => offer.listing.sku);
    expect(skus).toEqual(["TOASTER", "KETTLE"]);
    expect(second.next).toBeNull();
  });
});
