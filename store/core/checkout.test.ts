import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CART_LIMITS } from "./cart.ts";
import {
  fingerprintOf,
  mergedLines,
  type PlaceOrderRequest,
  repetitionOf,
  standingOf,
  statusOf,
} from "./checkout.ts";
import type { Order } from "./order.ts";

const REQUEST: PlaceOrderRequest = {
  shopper: "ann",
  key: "k",
  items: { lines: [{ sku: "A", units: 1, unitPrice: 5 }] },
  paymentToken: "card",
  person: [],
  invited: false,
};

const ORDER: Order = {
  id: "order-1",
  shopper: "ann",
  key: "k",
  fingerprint: fingerprintOf(REQUEST),
  hold: "hold-1",
  epoch: 1,
  holdUntil: 100,
  lines: [{ sku: "A", units: 1, unitPrice: 5 }],
  total: 5,
  currency: "USD",
  paymentToken: "card",
  person: [],
  placedAt: 0,
  state: "authorising",
  revision: 1,
  changedAt: 0,
  gateway: "first",
  attempts: 1,
  charge: null,
  answer: null,
  discount: null,
};

describe("the fingerprint of a request", () => {
  it("differs with everything that the shopper asks for, and with nothing else", () => {
    const same = fingerprintOf({ ...REQUEST, shopper: "bob", key: "other", invited: true });
    expect(same).toBe(fingerprintOf(REQUEST));
    const others: Partial<PlaceOrderRequest>[] = [
      { paymentToken: "card-2" },
      { hold: "hold-1" },
      { hold: "card" },
      { items: { cart: "A" } },
      { items: { lines: [] } },
      { items: { lines: [{ sku: "A", units: 2, unitPrice: 5 }] } },
      { items: { lines: [{ sku: "A", units: 1, unitPrice: 6 }] } },
      { items: { lines: [{ sku: "B", units: 1, unitPrice: 5 }] } },
    ];
    const all = [REQUEST, ...others.map((over) => ({ ...REQUEST, ...over }))].map(fingerprintOf);
    expect(new Set(all).size).toBe(all.length);
  });

  it("cannot be made the same by names with quotes and commas in them", () => {
    const name = fc.string({ unit: fc.constantFrom('"', ",", "[", "]", "a", "\\", " ") });
    fc.assert(
      fc.property(name, name, name, name, (cart, token, otherCart, otherToken) => {
        const one = fingerprintOf({ ...REQUEST, items: { cart }, paymentToken: token });
        const other = fingerprintOf({
          ...REQUEST,
          items: { cart: otherCart },
          paymentToken: otherToken,
        });
        expect(one === other).toBe(cart === otherCart && token === otherToken);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

describe("the same request again", () => {
  it("hears what the order can say of itself", () => {
    expect(repetitionOf(ORDER, ORDER.fingerprint)).toEqual({ _tag: "InFlight", order: "order-1" });
    expect(standingOf({ ...ORDER, state: "inDoubt" })._tag).toBe("PaymentInDoubt");
    expect(standingOf({ ...ORDER, state: "refunding" })._tag).toBe("RefundPending");
    const answer = { _tag: "HoldExpired", order: "order-1" } as const;
    expect(standingOf({ ...ORDER, state: "expired", answer })).toBe(answer);
  });

  it("hears nothing of an order that was placed by another body", () => {
    const repeated = repetitionOf({ ...ORDER, fingerprint: "other" }, ORDER.fingerprint);
    expect(repeated).toEqual({ _tag: "KeyReused" });
    expect(statusOf(repeated)).toBe(422);
  });
});

describe("lines to buy", () => {
  it("are summed per SKU, in the order in which each was first named", () => {
    const line = fc.record({
      sku: fc.constantFrom("A", "B", "C"),
      units: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 10 }), (named) => {
        const merged = mergedLines(
          named.map((one) => ({ ...one, unitPrice: 5 })),
          CART_LIMITS,
        );
        if ("_tag" in merged) throw new Error(merged.reason);
        expect(merged.map((one) => one.sku)).toEqual([...new Set(named.map((one) => one.sku))]);
        for (const { sku, units } of merged) {
          const asked = named.filter((one) => one.sku === sku);
          expect(units).toBe(asked.reduce((sum, one) => sum + one.units, 0));
        }
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it("are refused with the reason where they make no order", () => {
    const line = { sku: "A", units: 1, unitPrice: 5 };
    const limits = { linesMax: 2, unitsPerLineMax: 3 };
    const refused = [
      [],
      [line, line, line],
      [{ ...line, units: 0 }],
      [{ ...line, units: Number.POSITIVE_INFINITY }],
      [
        { ...line, units: 2 },
        { ...line, units: 2 },
      ],
      [line, { ...line, unitPrice: 6 }],
    ];
    for (const lines of refused) {
      expect(mergedLines(lines, limits)).toMatchObject({ _tag: "ItemsRefused" });
    }
  });
});
