/** What the stock ledger knows of people: one person behind many shoppers has one limit. */
import { Effect } from "effect";
import { expect } from "vitest";
import type { Held, HoldAnswer, Person, ReacquireAnswer } from "../core/hold.ts";
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
const held = (
  ledger: StockLedgerService,
  hold: string,
  { units = 1, now = 0, ...whose }: { units?: number; now?: number; person?: Person } = {},
) =>
  Effect.map(
    ledger.hold({
      hold,
      shopper: shopperOf(hold),
      lines: [{ sku: "clock", units }],
      ...whose,
      now,
      expiresAt: now + UNTIL,
    }),
    asHeld,
  );

/** The same hold again, claimed for the person. */
const claim = (ledger: StockLedgerService, { hold, epoch }: Held, person: Person, now = 1) =>
  Effect.map(
    ledger.reacquire({
      hold,
      epoch,
      shopper: shopperOf(hold),
      person,
      now,
      expiresAt: now + UNTIL,
    }),
    (answer) => asHeld(answer).unclaimed ?? null,
  );

const shopperOf = (hold: string) => `shopper of ${hold}`;

function asHeld(answer: HoldAnswer | ReacquireAnswer): Held {
  expect(answer._tag).toBe("Held");
  return answer as Held;
}

const OVER = { _tag: "PersonLimitReached", sku: "clock", limit: 2 } as const;

export const stockPersonCases: readonly ContractCase<StockLedger>[] = [
  personCase("one person behind many shoppers is held units for up to the limit", (ledger) =>
    Effect.gen(function* () {
      const person = [CARD];
      expect((yield* held(ledger, "a", { person })).unclaimed).toBeUndefined();
      expect((yield* held(ledger, "b", { person })).unclaimed).toBeUndefined();
      const third = yield* held(ledger, "c", { person });
      expect(third.unclaimed).toEqual({ ...OVER, counted: 2 });
      expect((yield* ledger.find("a"))?.person).toEqual(person);
      expect((yield* ledger.find("c"))?.person).toEqual([]);
      expect(yield* ledger.level("clock")).toMatchObject({ held: 3, available: 7 });
      expect(yield* claim(ledger, third, ["card of ben"])).toBeNull();
    }),
  ),
  personCase("a hold is claimed when it is taken, when it is asked for again, or later", (ledger) =>
    Effect.gen(function* () {
      const a = yield* held(ledger, "a", { person: [CARD] });
      expect(yield* held(ledger, "a", { person: [CARD] })).toEqual(a);
      yield* held(ledger, "b");
      expect((yield* held(ledger, "b", { person: [CARD] })).unclaimed).toBeUndefined();
      expect((yield* ledger.find("b"))?.person).toEqual([CARD]);
      const c = yield* held(ledger, "c");
      expect(yield* claim(ledger, c, [CARD])).toEqual({ ...OVER, counted: 2 });
    }),
  ),
  personCase("the same card or the same address is the same person", (ledger) =>
    Effect.gen(function* () {
      yield* held(ledger, "a", { units: 2, person: [CARD, HOME] });
      const of = (hold: string, person: Person) =>
        Effect.map(held(ledger, hold, { person }), ({ unclaimed }) => unclaimed?._tag ?? null);
      expect(yield* of("b", ["another card", HOME])).toBe("PersonLimitReached");
      expect(yield* of("c", [CARD, "another home"])).toBe("PersonLimitReached");
      expect(yield* of("d", ["another card", "another home"])).toBeNull();
    }),
  ),
  personCase(
    "a claim counts once however often it is made, and anew for another person",
    (ledger) =>
      Effect.gen(function* () {
        const a = yield* held(ledger, "a", { units: 2, person: [CARD] });
        expect(yield* claim(ledger, a, [CARD])).toBeNull();
        expect(yield* claim(ledger, a, ["card of ben"])).toBeNull();
        expect(yield* claim(ledger, yield* held(ledger, "b", { units: 2 }), [CARD])).toBeNull();
      }),
  ),
  personCase("what is sold counts for good, what is given back no more", (ledger) =>
    Effect.gen(function* () {
      const sold = yield* held(ledger, "sold", { person: [CARD] });
      const left = yield* held(ledger, "left", { person: [CARD] });
      yield* ledger.sell({ ...sold, order: "o", now: 2, honour: false });
      yield* ledger.release({ ...left, now: 2 });
      expect((yield* held(ledger, "c", { person: [CARD] })).unclaimed).toBeUndefined();
      const fourth = yield* held(ledger, "d", { person: [CARD] });
      expect(fourth.unclaimed).toEqual({ ...OVER, counted: 2 });
    }),
  ),
  personCase("a lapsed hold is not taken again beyond the limit of its person", (ledger) =>
    Effect.gen(function* () {
      const a = yield* held(ledger, "a", { units: 2, person: [CARD] });
      yield* ledger.expireDue({ now: UNTIL, limit: 10 });
      const b = yield* held(ledger, "b", { units: 2, now: UNTIL, person: [CARD] });
      expect(b.unclaimed).toBeUndefined();
      const sale = { ...a, order: "o", now: UNTIL, honour: true };
      expect(yield* ledger.sell(sale)).toMatchObject({ _tag: "HoldLapsed", sku: "clock" });
    }),
  ),
  personCase("nobody claims a hold that is over, or is not theirs", (ledger) =>
    Effect.gen(function* () {
      const a = yield* held(ledger, "a");
      const of = { ...a, shopper: shopperOf("a"), person: [CARD], now: 1, expiresAt: UNTIL };
      const stale = yield* ledger.reacquire({ ...of, epoch: a.epoch + 1 });
      expect(stale._tag).toBe("StaleEpoch");
      expect((yield* ledger.reacquire({ ...of, shopper: "eve" }))._tag).toBe("UnknownHold");
      expect((yield* ledger.reacquire({ ...of, hold: "none" }))._tag).toBe("UnknownHold");
      yield* ledger.release({ ...a, now: 1 });
      expect((yield* ledger.reacquire(of))._tag).toBe("AlreadyEnded");
      expect((yield* held(ledger, "b", { units: 2, person: [CARD] })).unclaimed).toBeUndefined();
    }),
  ),
];
