import { describe, expect, it } from "vitest";
import { orderOf, paymentOf } from "../testing/orders.ts";
import { balances, journalEntry } from "./journal.ts";

const order = orderOf("o-1");

describe("the journal", () => {
  it("books a capture from the gateway to the sales, and a refund back", () => {
    const capture = journalEntry(paymentOf(order, "capture"));
    expect(capture?.postings).toEqual([
      { account: "gateway:first", amount: 2_500 },
      { account: "sales", amount: -2_500 },
    ]);
    const refund = journalEntry(paymentOf(order, "refund"));
    expect(refund?.postings.map((posting) => posting.amount)).toEqual([-2_500, 2_500]);
    expect(journalEntry(paymentOf(order, "attempt"))).toBeNull();
  });

  it("keeps the accounts of each currency apart", () => {
    const rows = [
      paymentOf(order, "capture"),
      { ...paymentOf(order, "capture"), currency: "EUR", amount: 700 },
    ];
    const entries = rows.map(journalEntry).filter((entry) => entry !== null);
    expect([...balances(entries)]).toEqual([
      ["USD gateway:first", 2_500],
      ["USD sales", -2_500],
      ["EUR gateway:first", 700],
      ["EUR sales", -700],
    ]);
  });

  it("crashes on an amount that is not whole or not above zero", () => {
    for (const amount of [0, -1, 0.5, Number.NaN]) {
      expect(() => journalEntry({ ...paymentOf(order, "capture"), amount })).toThrow(
        "whole amount",
      );
    }
  });
});
