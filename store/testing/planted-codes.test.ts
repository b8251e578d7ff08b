/** Faults planted into the memory ledger of codes; a contract that let one pass would be worth nothing. */
import { Effect, Layer } from "effect";
import { describe, expect, it } from "vitest";
import { MemoryPromotionLedger } from "../memory/promotion-ledger.ts";
import { PromotionLedger, type PromotionLedgerService } from "../ports/promotion-ledger.ts";
import { runCase } from "./contract.ts";
import {
  CONTRACT_OFFERS,
  CONTRACT_TRIES,
  promotionLedgerCases,
} from "./promotion-ledger.contract.ts";

/** The sentences of the cases that the ledger does not pass. */
async function failed(make: () => PromotionLedgerService): Promise<readonly string[]> {
  const sentences: string[] = [];
  for (const contractCase of promotionLedgerCases) {
    const run = runCase(contractCase, Layer.sync(PromotionLedger, make));
    await run.catch(() => sentences.push(contractCase.sentence));
  }
  return sentences;
}

const sound = () => MemoryPromotionLedger.make({ offers: CONTRACT_OFFERS, tries: CONTRACT_TRIES });

/** Looks whether the code is free, gives way to others, and takes it without looking again. */
function checksThenTakes(): PromotionLedgerService {
  const ledger = sound();
  return {
    ...ledger,
    claim: (request) =>
      Effect.gen(function* () {
        for (const { code } of request.codes) {
          const seen = yield* ledger.lookUp({ ...request, code });
          if (seen._tag !== "CodeValid") return seen;
        }
        yield* Effect.yieldNow();
        yield* ledger.claim(request);
        return { _tag: "Claimed" as const };
      }),
  };
}

describe("the contract of the ledger of codes", () => {
  it("passes a sound ledger", async () => {
    expect(await failed(sound)).toEqual([]);
  });

  it("finds a ledger that looks first and takes later", async () => {
    expect(await failed(checksThenTakes)).toContain(
      "a code serves one order, of fifty that claim it at once",
    );
  });

  it("finds a budget that is not looked at", async () => {
    const rich = CONTRACT_OFFERS.map((offer) => ({
      ...offer,
      budget: { codes: 1_000, redemptions: 1_000, money: 1_000_000 },
    }));
    const found = await failed(() =>
      MemoryPromotionLedger.make({ offers: rich, tries: CONTRACT_TRIES }),
    );
    expect(found).toContain("redemptions stay within the budget, in number, among many at once");
    expect(found).toContain("no more codes are given out than there are, however many ask at once");
  });

  it("finds codes that never come back, and tries that nobody counts", async () => {
    const keeps = () => ({
      ...sound(),
      release: () => Effect.succeed({ _tag: "NoClaim" as const }),
    });
    expect(await failed(keeps)).toContain(
      "what an order gives back can be used again, once, and only in its time",
    );
    const patient = { max: 1_000_000, windowMillis: 1_000 };
    const counts = () => MemoryPromotionLedger.make({ offers: CONTRACT_OFFERS, tries: patient });
    expect(await failed(counts)).toEqual([
      "after so many wrong codes a shopper is heard no more for a while",
    ]);
  });
});
