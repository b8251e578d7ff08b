import { Effect } from "effect";
import { describe, expect, it } from "vitest";
import { codeNumbered, offerOf } from "../testing/offers.ts";
import {
  CONTRACT_OFFERS,
  CONTRACT_TRIES,
  promotionLedgerContract,
} from "../testing/promotion-ledger.contract.ts";
import { MemoryPromotionLedger } from "./promotion-ledger.ts";

promotionLedgerContract(
  "memory",
  MemoryPromotionLedger.layer({ offers: CONTRACT_OFFERS, tries: CONTRACT_TRIES }),
);

describe("the memory ledger of codes", () => {
  it("refuses a code beyond its limit instead of forgetting one", () => {
    const ledger = MemoryPromotionLedger.make({ offers: [offerOf("stay")], codesMax: 1 });
    const ask = (shopper: string, number: number) =>
      ledger.issue({ offer: "stay", shopper, code: codeNumbered(number), now: 0 });
    Effect.runSync(ask("ann", 1));
    const error = Effect.runSync(Effect.flip(ask("bob", 2)));
    expect(error._tag).toBe("PortUnavailable");
    expect(ledger.book.snapshot().codes).toHaveLength(1);
  });
});
