import { describe, expect, it } from "vitest";
import {
  answerOf,
  findings,
  HOLD_FOR,
  KETTLE,
  OPENS,
  openCheckout,
  place,
  request,
  sweep,
  TOASTER,
  type TrialStore,
  trialStore,
  unitsOf,
} from "../testing/trial-store.ts";

const MINUTE = 60_000;

/** The toaster's seller holds for the store's ten minutes, the kettle's for two. */
function twoSellers(): TrialStore {
  return trialStore({
    units: 1,
    kettleSeller: "spout",
    holdForMillisOfSeller: new Map([["spout", 2 * MINUTE]]),
  });
}

const lineOf = ({ sku, salePrice }: typeof TOASTER | typeof KETTLE) => ({
  sku,
  units: 1,
  unitPrice: salePrice,
});

function heldFor(trial: TrialStore, ...articles: readonly (typeof TOASTER | typeof KETTLE)[]) {
  const items = { lines: articles.map(lineOf) };
  const answer = answerOf(trial, openCheckout(trial).startCheckout(request({ items })));
  if (answer._tag !== "CheckoutStarted") throw new Error(`expected a hold, got ${answer._tag}`);
  return { hold: answer.hold, items, time: answer.expiresAt - OPENS };
}

describe("how long a hold lasts", () => {
  it("is the seller's own time, the store's where the seller has none", () => {
    expect(heldFor(twoSellers(), TOASTER).time).toBe(HOLD_FOR);
    expect(heldFor(twoSellers(), KETTLE).time).toBe(2 * MINUTE);
  });

  it("is the shortest time among the sellers of a cart, whatever the order of its lines", () => {
    expect(heldFor(twoSellers(), TOASTER, KETTLE).time).toBe(2 * MINUTE);
    expect(heldFor(twoSellers(), KETTLE, TOASTER).time).toBe(2 * MINUTE);
  });

  it("lets every unit of a mixed cart go at once, and holds it as long when it is taken again", () => {
    const trial = twoSellers();
    const { hold, items } = heldFor(trial, TOASTER, KETTLE);
    trial.time.now += 2 * MINUTE - 1;
    expect(sweep(trial)).toBe(0);
    trial.time.now += 1;
    expect(sweep(trial)).toBe(1);
    expect(unitsOf(trial)).toEqual({ available: 1, held: 0, sold: 0 });
    expect(place(trial, request({ items, hold }))._tag).toBe("Confirmed");
    expect(findings(trial)).toEqual([]);
  });
});
