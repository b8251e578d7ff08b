import { Effect } from "effect";
import { describe, expect, it } from "vitest";
import { CONTRACT_ITEMS, stockLedgerContract } from "../testing/stock-ledger.contract.ts";
import { MemoryStockLedger } from "./stock-ledger.ts";

stockLedgerContract("memory", MemoryStockLedger.layer({ items: CONTRACT_ITEMS }));

describe("the memory stock ledger", () => {
  const line = [{ sku: "chair", units: 1 }];
  const request = (hold: string) => ({ hold, shopper: "ann", lines: line, now: 0, expiresAt: 10 });

  it("refuses a hold beyond its limit of live ones, and has room again when one ends", () => {
    const ledger = MemoryStockLedger.make({ items: CONTRACT_ITEMS, liveHoldsMax: 2 });
    Effect.runSync(ledger.hold(request("a")));
    Effect.runSync(ledger.hold(request("b")));
    const error = Effect.runSync(Effect.flip(ledger.hold(request("c"))));
    expect(error._tag).toBe("PortUnavailable");
    expect(error.message).toBe("store/StockLedger cannot answer: too many live holds");
    Effect.runSync(ledger.release({ hold: "a", epoch: 1, now: 1 }));
    expect(Effect.runSync(ledger.hold(request("c")))._tag).toBe("Held");
  });

  it("shows the availability that the last step left, without an effect", () => {
    const ledger = MemoryStockLedger.make({ items: CONTRACT_ITEMS });
    Effect.runSync(ledger.hold(request("a")));
    expect(ledger.stock.available("chair")).toBe(99);
    expect(ledger.stock.available("boat")).toBe(0);
  });
});
