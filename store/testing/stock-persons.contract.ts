/** What the stock ledger knows of people: one person behind many shoppers has one limit. */
import { Effect } from "effect";
import { expect } from "vitest";
import type { Held } from "../core/hold.ts";
import { auditStock } from "../core/stock-audit.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { StockLedger, type StockLedgerService } from "../ports/stock-ledger.ts";
import type { ContractCase } from "./contract.ts";

const UNTIL = 1_000;
const CARD = "card of eve";
const HOME = "home of eve";

function personCase(
  sentence: string,
  body: (ledger: StockLedgerService) => Effect.Effect<void, PortUnavailable>,
): ContractCase<StockLedger> {
  const program = Effect.gen(function* () {
    const ledger = yield* StockLedger;
    yield* body(ledger);
    expect(auditStock(yield* ledger.snapshot)).toEqual([]);
  });
  return { sentence, program };
}

/** A hold on clocks, of which a person may have two. */
const held = (ledger: StockLedgerService, hold: string, units = 1, now = 0) =>
  Effect.map(
    ledger.hold({
      hold,
      shopper: `shopper of ${hold}`,
      lines: [{ sku: "clock", units }],
      now,
      expiresAt: now + UNTIL,
    }),
    (answer): Held => {
      expect(answer._tag).toBe("Held");
      return answer as Held;
    },
  );

const claim = (ledger: StockLedgerService, { hold, epoch }: Held, person: readonly string[]) =>
  ledger.claim({ hold, epoch, person, now: 1 });

export const stockPersonCases: readonly ContractCase<StockLedger>[] = [
  personCase("one person behind many shoppers claims no more than the limit", (ledger) =>
    Effect.gen(function* () {
      const [a, b, c] = [
        yield* held(ledger, "a"),
        yield* held(ledger, "b"),
        yield* held(ledger, "c"),
      ];
      expect((yield* claim(ledger, a, [CARD]))._tag).toBe("Claimed");
      expect((yield* claim(ledger, b, [CARD]))._tag).toBe("Claimed");
      expect(yield* claim(ledger, c, [CARD])).toEqual({
        _tag: "PersonLimitReached",
        sku: "clock",
        limit: 2,
        counted: 2,
      });
      expect(yield* ledger.level("clock")).toMatchObject({ held: 3, available: 7 });
      expect((yield* claim(ledger, c, ["card of ben"]))._tag).toBe("Claimed");
    }),
  ),
  personCase("the same card or the same address is the same person", (ledger) =>
    Effect.gen(function* () {
      yield* claim(ledger, yield* held(ledger, "a", 2), [CARD, HOME]);
      const otherCard = yield* claim(ledger, yield* held(ledger, "b"), ["another card", HOME]);
      expect(otherCard._tag).toBe("PersonLimitReached");
      const otherHome = yield* claim(ledger, yield* held(ledger, "c"), [CARD, "another home"]);
      expect(otherHome._tag).toBe("PersonLimitReached");
      const other = yield* claim(ledger, yield* held(ledger, "d"), [
        "another card",
        "another home",
      ]);
      expect(other._tag).toBe("Claimed");
    }),
  ),
  personCase(
    "a claim counts once however often it is made, and anew for another person",
    (ledger) =>
      Effect.gen(function* () {
        const a = yield* held(ledger, "a", 2);
        yield* claim(ledger, a, [CARD]);
        expect((yield* claim(ledger, a, [CARD]))._tag).toBe("Claimed");
        expect((yield* claim(ledger, a, ["card of ben"]))._tag).toBe("Claimed");
        expect((yield* claim(ledger, yield* held(ledger, "b", 2), [CARD]))._tag).toBe("Claimed");
      }),
  ),
  personCase("what is sold counts for good, what is given back no more", (ledger) =>
    Effect.gen(function* () {
      const sold = yield* held(ledger, "sold");
      const left = yield* held(ledger, "left");
      yield* claim(ledger, sold, [CARD]);
      yield* claim(ledger, left, [CARD]);
      yield* ledger.sell({ ...sold, order: "o", now: 2, honour: false });
      yield* ledger.release({ ...left, now: 2 });
      expect((yield* claim(ledger, yield* held(ledger, "c"), [CARD]))._tag).toBe("Claimed");
      const fourth = yield* claim(ledger, yield* held(ledger, "d"), [CARD]);
      expect(fourth._tag).toBe("PersonLimitReached");
    }),
  ),
  personCase("a lapsed hold is not taken again beyond the limit of its person", (ledger) =>
    Effect.gen(function* () {
      const a = yield* held(ledger, "a", 2);
      yield* claim(ledger, a, [CARD]);
      yield* ledger.expireDue({ now: UNTIL, limit: 10 });
      const b = yield* held(ledger, "b", 2, UNTIL);
      const claimed = yield* ledger.claim({ ...b, person: [CARD], now: UNTIL });
      expect(claimed._tag).toBe("Claimed");
      const sale = { ...a, order: "o", now: UNTIL, honour: true };
      expect(yield* ledger.sell(sale)).toMatchObject({ _tag: "HoldLapsed", sku: "clock" });
    }),
  ),
  personCase("only a live hold is claimed, at its present epoch", (ledger) =>
    Effect.gen(function* () {
      const a = yield* held(ledger, "a");
      const person = [CARD];
      const late = yield* ledger.claim({ ...a, person, now: UNTIL });
      expect(late).toMatchObject({ _tag: "HoldLapsed", end: "expired" });
      const stale = yield* ledger.claim({ ...a, epoch: a.epoch + 1, person, now: 1 });
      expect(stale._tag).toBe("StaleEpoch");
      yield* ledger.release({ ...a, now: 1 });
      expect((yield* ledger.claim({ ...a, person, now: 2 }))._tag).toBe("AlreadyEnded");
      const nobody = yield* ledger.claim({ hold: "none", epoch: 1, person, now: 2 });
      expect(nobody._tag).toBe("UnknownHold");
    }),
  ),
];
