import { Effect } from "effect";
import { describe, expect, it } from "vitest";
import { orderLedgerContract } from "../testing/order-ledger.contract.ts";
import { changeOf, confirmedAnswer, orderOf } from "../testing/orders.ts";
import { MemoryOrderLedger } from "./order-ledger.ts";

orderLedgerContract("memory", MemoryOrderLedger.layer());

describe("the memory order ledger", () => {
  it("refuses an order beyond its limit instead of forgetting one", () => {
    const ledger = MemoryOrderLedger.make({ ordersMax: 1 });
    Effect.runSync(ledger.place(orderOf("o-1")));
    const error = Effect.runSync(Effect.flip(ledger.place(orderOf("o-2"))));
    expect(error._tag).toBe("PortUnavailable");
    expect(ledger.book.find("o-1")).not.toBeNull();
  });

  it("still recognises a known key when it is full", () => {
    const ledger = MemoryOrderLedger.make({ ordersMax: 1 });
    const order = orderOf("o-1");
    Effect.runSync(ledger.place(order));
    const again = Effect.runSync(ledger.place(orderOf("o-2", { key: order.key })));
    expect(again._tag).toBe("InFlight");
  });

  it("refuses to end an order without its answer, or to answer one that goes on", () => {
    const ledger = MemoryOrderLedger.make();
    const order = orderOf("o-1");
    Effect.runSync(ledger.place(order));
    const sentence = /answered in the step that ends it/;
    expect(() => ledger.book.append(changeOf(order, "cancelled"))).toThrow(sentence);
    const early = changeOf(order, "authorising", { answer: confirmedAnswer(order) });
    expect(() => ledger.book.append(early)).toThrow(sentence);
  });
});
