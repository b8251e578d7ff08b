/** The contract of the ledger of codes: whose they are, once each, and never over a budget. */
import { Effect, type Layer } from "effect";
import { expect } from "vitest";
import type { Offer } from "../core/promotion.ts";
import type { TriesLimit } from "../core/promotion-book.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { PromotionLedger, type PromotionLedgerService } from "../ports/promotion-ledger.ts";
import { type ContractCase, contract } from "./contract.ts";
import { atTheSameTime, codeNumbered, offerOf } from "./offers.ts";

/** What an adapter is opened with for the contract. */
export const CONTRACT_OFFERS: readonly Offer[] = [
  offerOf("stay", { budget: { codes: 20, redemptions: 5, money: 1_000 } }),
  offerOf("come-back", { budget: { codes: 3, redemptions: 3, money: 1_000 }, stacks: true }),
];
export const CONTRACT_TRIES: TriesLimit = { max: 3, windowMillis: 1_000 };
const HOUR = 3_600_000;

export function promotionLedgerContract(name: string, layer: Layer.Layer<PromotionLedger>): void {
  contract(`promotion ledger: ${name}`, promotionLedgerCases, layer);
}

type Body = (ledger: PromotionLedgerService) => Effect.Effect<void, PortUnavailable>;

/** A case that ends with a look at every budget. */
function codeCase(sentence: string, body: Body): ContractCase<PromotionLedger> {
  const program = Effect.gen(function* () {
    const ledger = yield* PromotionLedger;
    yield* body(ledger);
    const { offers, codes } = yield* ledger.snapshot;
    for (const { offer, issued, claimed, spent, moneyClaimed, moneySpent } of offers) {
      const { budget } = offer;
      expect(issued).toBe(codes.filter((code) => code.offer === offer.offer).length);
      expect(issued).toBeLessThanOrEqual(budget.codes);
      expect(claimed + spent).toBeLessThanOrEqual(Math.min(issued, budget.redemptions));
      expect(moneyClaimed + moneySpent).toBeLessThanOrEqual(budget.money);
    }
  });
  return { sentence, program };
}

/** Gives the shopper the code of a number. */
const given = (ledger: PromotionLedgerService, number: number, shopper: string, offer = "stay") =>
  Effect.map(ledger.issue({ offer, shopper, code: codeNumbered(number), now: 0 }), (answer) => {
    expect(answer._tag).toBe("Issued");
    return codeNumbered(number);
  });

const claimOf = (order: string, shopper: string, code: string, amount = 100, offer = "stay") => ({
  order,
  shopper,
  codes: [{ code, offer, amount }],
  now: 1,
});

const giving: readonly ContractCase<PromotionLedger>[] = [
  codeCase("a shopper gets one code of an offer, and the same again", (ledger) =>
    Effect.gen(function* () {
      const code = yield* given(ledger, 1, "ann");
      const again = yield* ledger.issue({
        offer: "stay",
        shopper: "ann",
        code: codeNumbered(2),
        now: 5,
      });
      expect(again).toEqual({ _tag: "AlreadyIssued", code, expiresAt: HOUR, state: "given" });
      const valid = { _tag: "CodeValid", code, offer: "stay", expiresAt: HOUR };
      expect(yield* ledger.lookUp({ shopper: "ann", code, now: 1 })).toEqual(valid);
      yield* given(ledger, 3, "ann", "come-back");
    }),
  ),
  codeCase("no more codes are given out than there are, however many ask at once", (ledger) =>
    Effect.gen(function* () {
      const asked = Array.from({ length: 12 }, (_, index) =>
        ledger.issue({
          offer: "come-back",
          shopper: `s${index}`,
          code: codeNumbered(index),
          now: 0,
        }),
      );
      const answers = yield* atTheSameTime(asked);
      expect(answers.filter(({ _tag }) => _tag === "Issued")).toHaveLength(3);
      expect(answers.filter(({ _tag }) => _tag === "BudgetSpent")).toHaveLength(9);
    }),
  ),
  codeCase("a text names one code, whatever offer it is for", (ledger) =>
    Effect.gen(function* () {
      const code = yield* given(ledger, 1, "ann");
      const taken = yield* ledger.issue({ offer: "come-back", shopper: "bob", code, now: 0 });
      expect(taken).toEqual({ _tag: "CodeTaken" });
    }),
  ),
];

const using: readonly ContractCase<PromotionLedger>[] = [
  codeCase("a code serves one order, of fifty that claim it at once", (ledger) =>
    Effect.gen(function* () {
      const code = yield* given(ledger, 1, "ann");
      const claims = Array.from({ length: 50 }, (_, index) =>
        ledger.claim(claimOf(`o-${index}`, "ann", code)),
      );
      const answers = yield* atTheSameTime(claims);
      expect(answers.filter(({ _tag }) => _tag === "Claimed")).toHaveLength(1);
      expect(answers.filter(({ _tag }) => _tag === "CodeSpent")).toHaveLength(49);
    }),
  ),
  codeCase("the same order may claim again, and is sold its codes once", (ledger) =>
    Effect.gen(function* () {
      const code = yield* given(ledger, 1, "ann");
      const claim = claimOf("o-1", "ann", code, 250);
      expect(yield* ledger.claim(claim)).toEqual({ _tag: "Claimed" });
      expect(yield* ledger.claim(claim)).toEqual({ _tag: "Claimed" });
      const ended = yield* ledger.redeem("o-1");
      expect(ended).toEqual({ _tag: "ClaimEnded", shopper: "ann", codes: claim.codes });
      expect(yield* ledger.redeem("o-1")).toEqual({ _tag: "NoClaim" });
      expect(yield* ledger.release("o-1")).toEqual({ _tag: "NoClaim" });
      expect(yield* ledger.lookUp({ shopper: "ann", code, now: 2 })).toEqual({
        _tag: "CodeSpent",
        code,
      });
    }),
  ),
  codeCase("what an order gives back can be used again, once, and only in its time", (ledger) =>
    Effect.gen(function* () {
      const code = yield* given(ledger, 1, "ann");
      yield* ledger.claim(claimOf("o-1", "ann", code, 1_000));
      expect((yield* ledger.release("o-1"))._tag).toBe("ClaimEnded");
      expect(yield* ledger.release("o-1")).toEqual({ _tag: "NoClaim" });
      expect(yield* ledger.claim(claimOf("o-2", "ann", code, 1_000))).toEqual({ _tag: "Claimed" });
      yield* ledger.release("o-2");
      const late = yield* ledger.lookUp({ shopper: "ann", code, now: HOUR });
      expect(late).toEqual({ _tag: "CodeExpired", code });
    }),
  ),
  codeCase("all codes of an order are claimed, or none", (ledger) =>
    Effect.gen(function* () {
      const mine = yield* given(ledger, 1, "ann");
      const other = yield* given(ledger, 2, "bob", "come-back");
      const codes = [
        { code: mine, offer: "stay", amount: 10 },
        { code: other, offer: "come-back", amount: 10 },
      ];
      const answer = yield* ledger.claim({ order: "o-1", shopper: "ann", codes, now: 1 });
      expect(answer).toEqual({ _tag: "NotYours", code: other });
      expect(yield* ledger.claimsBefore({ claimedBefore: 9, limit: 9 })).toEqual([]);
      expect(yield* ledger.claim(claimOf("o-2", "ann", mine))).toEqual({ _tag: "Claimed" });
    }),
  ),
];

const limits: readonly ContractCase<PromotionLedger>[] = [
  codeCase("redemptions stay within the budget, in number, among many at once", (ledger) =>
    Effect.gen(function* () {
      for (let index = 0; index < 20; index += 1) yield* given(ledger, index, `s${index}`);
      const claims = Array.from({ length: 20 }, (_, index) =>
        ledger.claim(claimOf(`o-${index}`, `s${index}`, codeNumbered(index), 10)),
      );
      const answers = yield* atTheSameTime(claims);
      expect(answers.filter(({ _tag }) => _tag === "Claimed")).toHaveLength(5);
      expect(answers.filter(({ _tag }) => _tag === "BudgetSpent")).toHaveLength(15);
      const spent = yield* ledger.lookUp({ shopper: "s19", code: codeNumbered(19), now: 2 });
      expect(spent).toEqual({ _tag: "BudgetSpent", offer: "stay" });
    }),
  ),
  codeCase("and in money, to the last minor unit; what is released counts no more", (ledger) =>
    Effect.gen(function* () {
      const [one, two, three] = [1, 2, 3].map((number) => given(ledger, number, `s${number}`));
      const codes = [yield* one, yield* two, yield* three];
      yield* ledger.claim(claimOf("o-1", "s1", codes[0], 400));
      const over = yield* ledger.claim(claimOf("o-2", "s2", codes[1], 601));
      expect(over).toEqual({ _tag: "BudgetSpent", offer: "stay" });
      expect((yield* ledger.claim(claimOf("o-2", "s2", codes[1], 600)))._tag).toBe("Claimed");
      expect((yield* ledger.claim(claimOf("o-3", "s3", codes[2], 1)))._tag).toBe("BudgetSpent");
      yield* ledger.release("o-1");
      expect((yield* ledger.claim(claimOf("o-3", "s3", codes[2], 400)))._tag).toBe("Claimed");
    }),
  ),
  codeCase("after so many wrong codes a shopper is heard no more for a while", (ledger) =>
    Effect.gen(function* () {
      const own = yield* given(ledger, 1, "ann");
      const bobs = yield* given(ledger, 2, "bob");
      const ask = (code: string, now: number) => ledger.lookUp({ shopper: "ann", code, now });
      expect(yield* ask(codeNumbered(99), 10)).toMatchObject({ _tag: "CodeUnknown" });
      expect(yield* ask(bobs, 500)).toEqual({ _tag: "NotYours", code: bobs });
      expect((yield* ask(own, 600))._tag).toBe("CodeValid");
      expect((yield* ask("", 700))._tag).toBe("CodeUnknown");
      const closed = { _tag: "TooManyTries", until: 1_010 };
      expect(yield* ask(own, 800)).toEqual(closed);
      expect(yield* ledger.claim({ ...claimOf("o-1", "ann", own), now: 900 })).toEqual(closed);
      expect((yield* ledger.lookUp({ shopper: "bob", code: bobs, now: 900 }))._tag).toBe(
        "CodeValid",
      );
      expect((yield* ask(own, 1_010))._tag).toBe("CodeValid");
    }),
  ),
  codeCase("claims that nobody ended are found, the oldest first", (ledger) =>
    Effect.gen(function* () {
      for (const number of [1, 2, 3]) {
        const code = yield* given(ledger, number, `s${number}`);
        yield* ledger.claim({ ...claimOf(`o-${number}`, `s${number}`, code), now: number * 10 });
      }
      yield* ledger.redeem("o-2");
      const open = yield* ledger.claimsBefore({ claimedBefore: 31, limit: 10 });
      expect(open).toEqual([
        { order: "o-1", claimedAt: 10 },
        { order: "o-3", claimedAt: 30 },
      ]);
      expect(yield* ledger.claimsBefore({ claimedBefore: 30, limit: 10 })).toHaveLength(1);
      expect(yield* ledger.claimsBefore({ claimedBefore: 31, limit: 1 })).toHaveLength(1);
    }),
  ),
];

export const promotionLedgerCases = [...giving, ...using, ...limits];
