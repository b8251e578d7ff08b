import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Order } from "../../store/core/order.ts";
import { orderOf } from "../../store/testing/orders.ts";
import { unitsOfPeople } from "./people.ts";

function bought(id: number, person: readonly string[], units = 1, shopper = `s${id}`): Order {
  const lines = [{ sku: "lamp", units, unitPrice: 1 }];
  return orderOf(`o${id}`, { shopper, person, lines, state: "confirmed" });
}

const limitOf = (limit: number) => () => limit;

describe("the units of people", () => {
  it("are all distinct where everybody has a card and an address of their own", () => {
    const orders = [bought(1, ["c1", "a1"]), bought(2, ["c2", "a2"], 2), bought(3, [])];
    expect(unitsOfPeople(orders, limitOf(2))).toEqual({ sold: 4, toPeople: 4, people: 3 });
  });

  it("count once up to the limit for one card or one address behind many shoppers", () => {
    const orders = [
      bought(1, ["card", "a1"]),
      bought(2, ["card", "a2"]),
      // Known by the address of the second, whose card is the first one's.
      bought(3, ["c3", "a2"]),
      bought(4, ["c4", "a4"]),
    ];
    expect(unitsOfPeople(orders, limitOf(1))).toEqual({ sold: 4, toPeople: 2, people: 2 });
    expect(unitsOfPeople(orders, limitOf(3))).toEqual({ sold: 4, toPeople: 4, people: 2 });
  });

  it("leave out orders that were not confirmed", () => {
    const orders = [orderOf("a", { person: ["c"] }), { ...bought(2, ["c"]), state: "refunded" }];
    expect(unitsOfPeople(orders as readonly Order[], limitOf(1)).sold).toBe(0);
  });

  it("do not depend on the order of orders, and never exceed what was sold", () => {
    const marks = fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 })), { maxLength: 30 });
    fc.assert(
      fc.property(marks, fc.integer({ min: 1, max: 3 }), (pairs, limit) => {
        const orders = pairs.map(([card, home], id) => bought(id, [`c${card}`, `a${home}`]));
        const found = unitsOfPeople(orders, limitOf(limit));
        expect(unitsOfPeople([...orders].reverse(), limitOf(limit))).toEqual(found);
        expect(found.toPeople).toBeLessThanOrEqual(Math.min(found.sold, found.people * limit));
        expect(found.toPeople).toBeGreaterThanOrEqual(found.people);
      }),
    );
  });
});
