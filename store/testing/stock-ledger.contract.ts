/** The contract of the stock ledger, one caller at a time; then the rush of `stock-rush.contract.ts`. */
import { Effect, type Layer } from "effect";
import { expect } from "vitest";
import type { Held, HoldRequest, SellAnswer, Sold, StockItem } from "../core/hold.ts";
import { auditStock } from "../core/stock-audit.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { StockLedger, type StockLedgerService } from "../ports/stock-ledger.ts";
import { type ContractCase, contract } from "./contract.ts";
import { stockPersonCases } from "./stock-persons.contract.ts";
import { stockRushCases } from "./stock-rush.contract.ts";

/** The stock that an adapter under contract starts with. */
export const CONTRACT_ITEMS: readonly StockItem[] = [
  { sku: "lamp", units: 20, limitPerShopper: null },
  { sku: "chair", units: 100, limitPerShopper: null },
  { sku: "rug", units: 10, limitPerShopper: 2 },
  { sku: "vase", units: 0, limitPerShopper: null },
  { sku: "clock", units: 10, limitPerShopper: null, limitPerPerson: 2 },
];

/** Runs every case against fresh ledgers with {@link CONTRACT_ITEMS} in stock. */
export function stockLedgerContract(name: string, layer: Layer.Layer<StockLedger>): void {
  contract(
    `stock ledger: ${name}`,
    [...stockLedgerCases, ...stockPersonCases, ...stockRushCases],
    layer,
  );
}

const UNTIL = 1_000;

function request(hold: string, sku: string, units: number, shopper = "ann"): HoldRequest {
  return { hold, shopper, lines: [{ sku, units }], now: 0, expiresAt: UNTIL };
}

const held = (ledger: StockLedgerService, of: HoldRequest) =>
  Effect.map(ledger.hold(of), (answer): Held => {
    expect(answer._tag).toBe("Held");
    return answer as Held;
  });

function sold(answer: SellAnswer): Sold {
  expect(answer._tag).toBe("Sold");
  return answer as Sold;
}

const available = (ledger: StockLedgerService, sku: string) =>
  Effect.map(ledger.level(sku), (level) => ("available" in level ? level.available : -1));

/** A case that ends with an audit of the ledger. */
function stockCase(
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

const holding: readonly ContractCase<StockLedger>[] = [
  stockCase("a hold takes its units off the shelf", (ledger) =>
    Effect.gen(function* () {
      const answer = yield* held(ledger, request("h", "lamp", 3));
      expect(answer.lines).toEqual([{ sku: "lamp", units: 3 }]);
      expect(answer.expiresAt).toBe(UNTIL);
      expect(yield* ledger.level("lamp")).toMatchObject({ available: 17, held: 3, sold: 0 });
      expect(yield* ledger.find("h")).toMatchObject({ state: "live", shopper: "ann" });
    }),
  ),
  stockCase("a hold takes every line or none", (ledger) =>
    Effect.gen(function* () {
      const lines = [
        { sku: "lamp", units: 1 },
        { sku: "vase", units: 1 },
      ];
      const answer = yield* ledger.hold({ ...request("h", "lamp", 1), lines });
      expect(answer).toEqual({ _tag: "SoldOut", sku: "vase", available: 0 });
      expect(yield* available(ledger, "lamp")).toBe(20);
      expect(yield* ledger.find("h")).toBeNull();
    }),
  ),
  stockCase("a SKU named twice is summed before it is checked", (ledger) =>
    Effect.gen(function* () {
      const line = { sku: "lamp", units: 11 };
      const answer = yield* ledger.hold({ ...request("h", "lamp", 1), lines: [line, line] });
      expect(answer).toEqual({ _tag: "SoldOut", sku: "lamp", available: 20 });
      const rug = { sku: "rug", units: 1 };
      const three = { ...request("r", "rug", 1), lines: [rug, rug, rug] };
      expect(yield* ledger.hold(three)).toMatchObject({ _tag: "LimitReached", limit: 2 });
      const both = { ...request("l", "lamp", 1), lines: [{ ...line, units: 2 }, line] };
      expect((yield* held(ledger, both)).lines).toEqual([{ sku: "lamp", units: 13 }]);
    }),
  ),
  stockCase("a SKU that is not in stock is named", (ledger) =>
    Effect.gen(function* () {
      const answer = yield* ledger.hold(request("h", "boat", 1));
      expect(answer).toEqual({ _tag: "UnknownSku", sku: "boat" });
      expect(yield* ledger.level("boat")).toEqual({ _tag: "UnknownSku", sku: "boat" });
    }),
  ),
  stockCase(
    "asked again for a live hold, the answer is the same and nothing more is held",
    (ledger) =>
      Effect.gen(function* () {
        const first = yield* held(ledger, request("h", "lamp", 3));
        expect(yield* ledger.hold({ ...request("h", "lamp", 3), now: 5 })).toEqual(first);
        expect(yield* available(ledger, "lamp")).toBe(17);
      }),
  ),
  stockCase("a hold's name is not used for anything else", (ledger) =>
    Effect.gen(function* () {
      const { epoch } = yield* held(ledger, request("h", "lamp", 3));
      const exists = { _tag: "HoldExists", hold: "h" };
      expect(yield* ledger.hold(request("h", "lamp", 4))).toEqual(exists);
      expect(yield* ledger.hold(request("h", "lamp", 3, "ben"))).toEqual(exists);
      yield* ledger.release({ hold: "h", epoch, now: 1 });
      expect(yield* ledger.hold(request("h", "lamp", 3))).toEqual(exists);
      expect(yield* available(ledger, "lamp")).toBe(20);
    }),
  ),
  stockCase("the limit counts what a shopper holds and has bought, over all sessions", (ledger) =>
    Effect.gen(function* () {
      const { epoch } = yield* held(ledger, request("phone", "rug", 1));
      yield* ledger.sell({ hold: "phone", epoch, order: "o", now: 1, honour: false });
      yield* held(ledger, request("laptop", "rug", 1));
      expect(yield* ledger.hold(request("tablet", "rug", 1))).toEqual({
        _tag: "LimitReached",
        sku: "rug",
        limit: 2,
        counted: 2,
      });
      yield* held(ledger, request("other", "rug", 2, "ben"));
    }),
  ),
  stockCase("a hold that ends without a sale no longer counts towards the limit", (ledger) =>
    Effect.gen(function* () {
      const { epoch } = yield* held(ledger, request("a", "rug", 2));
      yield* ledger.release({ hold: "a", epoch, now: 1 });
      yield* held(ledger, request("b", "rug", 2));
      yield* ledger.expireDue({ now: UNTIL, limit: 10 });
      yield* held(ledger, { ...request("c", "rug", 2), now: UNTIL, expiresAt: 2 * UNTIL });
    }),
  ),
];

const ending: readonly ContractCase<StockLedger>[] = [
  stockCase("a hold is released once", (ledger) =>
    Effect.gen(function* () {
      const { epoch } = yield* held(ledger, request("h", "lamp", 3));
      const release = ledger.release({ hold: "h", epoch, now: 1 });
      expect(yield* release).toMatchObject({ _tag: "Released", lines: [{ units: 3 }] });
      expect(yield* release).toEqual({ _tag: "AlreadyEnded", end: "released" });
      expect(yield* available(ledger, "lamp")).toBe(20);
      const unknown = yield* ledger.release({ hold: "nobody's", epoch, now: 1 });
      expect(unknown._tag).toBe("UnknownHold");
    }),
  ),
  stockCase("a hold expires at its time, not before, and the one due first goes first", (ledger) =>
    Effect.gen(function* () {
      yield* held(ledger, { ...request("late", "lamp", 1), expiresAt: 900 });
      yield* held(ledger, { ...request("soon", "lamp", 2), expiresAt: 300 });
      yield* held(ledger, { ...request("then", "lamp", 4), expiresAt: 600 });
      expect(yield* ledger.nextExpiry).toBe(300);
      expect(yield* ledger.expireDue({ now: 299, limit: 10 })).toEqual({
        expired: [],
        more: false,
      });
      const first = yield* ledger.expireDue({ now: 600, limit: 1 });
      expect(first.expired.map((hold) => hold.hold)).toEqual(["soon"]);
      expect(first.more).toBe(true);
      const second = yield* ledger.expireDue({ now: 600, limit: 1 });
      expect(second.expired.map((hold) => hold.hold)).toEqual(["then"]);
      expect(second.more).toBe(false);
      expect(yield* available(ledger, "lamp")).toBe(19);
      expect(yield* ledger.nextExpiry).toBe(900);
    }),
  ),
  stockCase("a sweep that runs twice gives units back once", (ledger) =>
    Effect.gen(function* () {
      const { epoch } = yield* held(ledger, request("h", "lamp", 3));
      const sweep = ledger.expireDue({ now: UNTIL, limit: 10 });
      expect((yield* sweep).expired).toMatchObject([{ hold: "h", epoch, shopper: "ann" }]);
      expect((yield* sweep).expired).toEqual([]);
      const release = yield* ledger.release({ hold: "h", epoch, now: UNTIL });
      expect(release).toEqual({ _tag: "AlreadyEnded", end: "expired" });
      expect(yield* available(ledger, "lamp")).toBe(20);
      expect(yield* ledger.nextExpiry).toBeNull();
    }),
  ),
  stockCase("a released hold does not expire, a sold one neither", (ledger) =>
    Effect.gen(function* () {
      const a = yield* held(ledger, request("a", "lamp", 3));
      const b = yield* held(ledger, request("b", "lamp", 3));
      yield* ledger.release({ hold: "a", epoch: a.epoch, now: 1 });
      yield* ledger.sell({ hold: "b", epoch: b.epoch, order: "o", now: 1, honour: false });
      expect((yield* ledger.expireDue({ now: 9_999, limit: 10 })).expired).toEqual([]);
      expect(yield* ledger.level("lamp")).toMatchObject({ available: 17, held: 0, sold: 3 });
    }),
  ),
];

const taking: readonly ContractCase<StockLedger>[] = [
  stockCase(
    "a lapsed hold is taken again under a larger epoch, and the old one is fenced off",
    (ledger) =>
      Effect.gen(function* () {
        const first = yield* held(ledger, request("h", "lamp", 3));
        const again = { hold: "h", epoch: first.epoch, shopper: "ann", now: 500, expiresAt: 5_000 };
        expect(yield* ledger.reacquire(again)).toEqual(first);
        yield* ledger.expireDue({ now: UNTIL, limit: 10 });
        const second = yield* ledger.reacquire({ ...again, now: UNTIL });
        expect(second).toMatchObject({ _tag: "Held", expiresAt: 5_000 });
        const epoch = second._tag === "Held" ? second.epoch : 0;
        expect(epoch).toBeGreaterThan(first.epoch);
        const stale = { _tag: "StaleEpoch", epoch };
        const old = { hold: "h", epoch: first.epoch, now: UNTIL };
        expect(yield* ledger.release(old)).toEqual(stale);
        expect(yield* ledger.reacquire({ ...again, now: UNTIL })).toEqual(stale);
        expect(yield* ledger.sell({ ...old, order: "o", honour: true })).toEqual(stale);
        expect(yield* available(ledger, "lamp")).toBe(17);
      }),
  ),
  stockCase("a due hold is taken again before a sweep has found it", (ledger) =>
    Effect.gen(function* () {
      const { epoch } = yield* held(ledger, request("h", "lamp", 20));
      const again = { hold: "h", epoch, shopper: "ann", now: UNTIL, expiresAt: 5_000 };
      expect(yield* ledger.reacquire(again)).toMatchObject({ _tag: "Held", expiresAt: 5_000 });
      expect((yield* ledger.expireDue({ now: UNTIL, limit: 10 })).expired).toEqual([]);
    }),
  ),
  stockCase("a hold is taken again only by its shopper, and only if its units are left", (ledger) =>
    Effect.gen(function* () {
      const { epoch } = yield* held(ledger, request("h", "lamp", 3));
      yield* ledger.expireDue({ now: UNTIL, limit: 10 });
      const later = { hold: "h", epoch, now: UNTIL, expiresAt: 5_000 };
      const stranger = yield* ledger.reacquire({ ...later, shopper: "eve" });
      expect(stranger._tag).toBe("UnknownHold");
      yield* held(ledger, { ...request("ben's", "lamp", 18, "ben"), now: UNTIL, expiresAt: 9_000 });
      const owner = yield* ledger.reacquire({ ...later, shopper: "ann" });
      expect(owner).toEqual({ _tag: "SoldOut", sku: "lamp", available: 2 });
    }),
  ),
];

const selling: readonly ContractCase<StockLedger>[] = [
  stockCase("a hold is sold to one order, which may ask again", (ledger) =>
    Effect.gen(function* () {
      const { epoch } = yield* held(ledger, request("h", "lamp", 3));
      const sale = { hold: "h", epoch, order: "o-1", now: 1, honour: false };
      const first = sold(yield* ledger.sell(sale));
      expect(first).toMatchObject({ order: "o-1", honoured: false, repeated: false });
      expect(yield* ledger.sell({ ...sale, now: 9_999 })).toEqual({ ...first, repeated: true });
      const other = yield* ledger.sell({ ...sale, order: "o-2" });
      expect(other).toEqual({ _tag: "SoldToOther", order: "o-1" });
      const release = yield* ledger.release({ hold: "h", epoch, now: 2 });
      expect(release).toEqual({ _tag: "AlreadyEnded", end: "sold" });
      expect(yield* ledger.level("lamp")).toMatchObject({ available: 17, held: 0, sold: 3 });
    }),
  ),
  stockCase("every sold unit has a serial number of its own", (ledger) =>
    Effect.gen(function* () {
      const numbers: string[] = [];
      for (let index = 0; index < 6; index++) {
        const sku = index % 2 === 0 ? "lamp" : "chair";
        const { epoch } = yield* held(ledger, request(`h${index}`, sku, 1 + index));
        const sale = { hold: `h${index}`, epoch, order: `o${index}`, now: 1, honour: false };
        for (const range of sold(yield* ledger.sell(sale)).serials) {
          for (let unit = 0; unit < range.units; unit++) {
            numbers.push(`${range.sku} ${range.first + unit}`);
          }
        }
      }
      expect(numbers).toHaveLength(21);
      expect(new Set(numbers).size).toBe(21);
    }),
  ),
  stockCase("a hold that lapsed is not sold unless it is honoured", (ledger) =>
    Effect.gen(function* () {
      const { epoch } = yield* held(ledger, request("h", "lamp", 3));
      const sale = { hold: "h", epoch, order: "o", now: UNTIL, honour: false };
      const lapsed = { _tag: "HoldLapsed", end: "expired", sku: null };
      expect(yield* ledger.sell(sale)).toEqual(lapsed);
      expect(yield* ledger.find("h")).toMatchObject({ state: "live" });
      yield* ledger.expireDue({ now: UNTIL, limit: 10 });
      expect(yield* ledger.sell(sale)).toEqual(lapsed);
      const honoured = sold(yield* ledger.sell({ ...sale, honour: true }));
      expect(honoured.honoured).toBe(true);
      expect(honoured.epoch).toBeGreaterThan(epoch);
      const repeated = sold(yield* ledger.sell({ ...sale, honour: true }));
      expect(repeated).toEqual({ ...honoured, repeated: true });
      expect(yield* ledger.level("lamp")).toMatchObject({ available: 17, held: 0, sold: 3 });
    }),
  ),
  stockCase("a hold is not honoured where its units have gone", (ledger) =>
    Effect.gen(function* () {
      const { epoch } = yield* held(ledger, request("h", "lamp", 3));
      yield* ledger.expireDue({ now: UNTIL, limit: 10 });
      yield* held(ledger, { ...request("b", "lamp", 18, "ben"), now: UNTIL, expiresAt: 9_000 });
      const answer = yield* ledger.sell({ hold: "h", epoch, order: "o", now: UNTIL, honour: true });
      expect(answer).toEqual({ _tag: "HoldLapsed", end: "expired", sku: "lamp" });
      expect(yield* ledger.level("lamp")).toMatchObject({ available: 2, held: 18, sold: 0 });
    }),
  ),
  stockCase("a hold is not honoured beyond the shopper's limit", (ledger) =>
    Effect.gen(function* () {
      const { epoch } = yield* held(ledger, request("h", "rug", 2));
      yield* ledger.expireDue({ now: UNTIL, limit: 10 });
      yield* held(ledger, { ...request("b", "rug", 1), now: UNTIL, expiresAt: 9_000 });
      const answer = yield* ledger.sell({ hold: "h", epoch, order: "o", now: UNTIL, honour: true });
      expect(answer).toEqual({ _tag: "HoldLapsed", end: "expired", sku: "rug" });
    }),
  ),
];

const moving: readonly ContractCase<StockLedger>[] = [
  stockCase("units are restocked, set aside, put back and written off", (ledger) =>
    Effect.gen(function* () {
      expect(yield* ledger.restock({ sku: "vase", units: 5 })).toMatchObject({ available: 5 });
      const aside = yield* ledger.quarantine({ sku: "vase", units: 3 });
      expect(aside).toEqual({ _tag: "StockMoved", available: 2, quarantined: 3 });
      expect(yield* ledger.readmit({ sku: "vase", units: 1 })).toMatchObject({ available: 3 });
      yield* ledger.writeOff({ sku: "vase", units: 2, from: "quarantined" });
      yield* ledger.writeOff({ sku: "vase", units: 1, from: "available" });
      expect(yield* ledger.level("vase")).toMatchObject({
        initial: 0,
        restocked: 5,
        writtenOff: 3,
        available: 2,
        quarantined: 0,
      });
    }),
  ),
  stockCase("a new SKU is held, limited and sold as any other", (ledger) =>
    Effect.gen(function* () {
      const item = { sku: "boat", units: 5, limitPerShopper: 3, limitPerPerson: 4 };
      const { units, ...of } = item;
      const none = { restocked: 0, writtenOff: 0, held: 0, sold: 0, quarantined: 0 };
      const level = { ...of, ...none, initial: units, available: units };
      expect(yield* ledger.level("boat")).toEqual({ _tag: "UnknownSku", sku: "boat" });
      expect(yield* ledger.open(item)).toEqual({ _tag: "StockOpened", level });
      const many = yield* ledger.hold(request("many", "boat", 4));
      expect(many).toEqual({ _tag: "LimitReached", sku: "boat", limit: 3, counted: 0 });
      const { epoch } = yield* held(ledger, request("h", "boat", 3));
      yield* ledger.sell({ hold: "h", epoch, order: "o", now: 1, honour: false });
      const again = yield* ledger.open({ ...item, units: 50, limitPerShopper: null });
      expect(again).toEqual({ _tag: "SkuKnown", level: { ...level, available: 2, sold: 3 } });
      const { levels } = yield* ledger.snapshot;
      expect(levels.at(-1)?.sku).toBe("boat");
    }),
  ),
  stockCase("no more units are moved than are there", (ledger) =>
    Effect.gen(function* () {
      yield* held(ledger, request("h", "lamp", 15));
      const few = { _tag: "TooFew", there: 5 };
      expect(yield* ledger.quarantine({ sku: "lamp", units: 6 })).toEqual(few);
      const writeOff = { sku: "lamp", units: 6, from: "available" } as const;
      expect(yield* ledger.writeOff(writeOff)).toEqual(few);
      const none = yield* ledger.readmit({ sku: "lamp", units: 1 });
      expect(none).toEqual({ _tag: "TooFew", there: 0 });
      expect((yield* ledger.restock({ sku: "boat", units: 1 }))._tag).toBe("UnknownSku");
    }),
  ),
];

export const stockLedgerCases: readonly ContractCase<StockLedger>[] = [
  ...holding,
  ...ending,
  ...taking,
  ...selling,
  ...moving,
];
