/**
 * The stock in the file: the rules of `core/stock.ts` over rows that are loaded when they are
 * asked for. Every method runs inside a group and decides before it writes, so it changes all or
 * nothing. A test takes one random day through this and through the core's own and finds no
 * answer that differs.
 */
import { assert } from "../../core/assert.ts";
import type {
  AlreadyEnded,
  EndedHold,
  Held,
  HoldAnswer,
  HoldEnd,
  HoldLapsed,
  HoldRecord,
  HoldReference,
  HoldRequest,
  HoldTotals,
  LimitReached,
  Person,
  PersonLimitReached,
  ReacquireAnswer,
  ReacquireRequest,
  ReleaseAnswer,
  SellAnswer,
  SellRequest,
  SkuKnown,
  Sold,
  SoldOut,
  StockItem,
  StockLevel,
  StockLine,
  StockMoved,
  StockOpened,
  StockSnapshot,
  TooFew,
  UnknownSku,
  WriteOffRequest,
} from "../../core/hold.ts";
import { holdRecord } from "../../core/hold-row.ts";
import type { HoldLimits } from "../../core/hold-watch.ts";
import { assertWhole, sameUnits, summedPerSku } from "../../core/stock-lines.ts";
import { StockCounts } from "./stock-counts.ts";
import type { HoldRow, ItemRow, StockTables } from "./stock-tables.ts";

const UNKNOWN_HOLD = { _tag: "UnknownHold" } as const;
const NOBODY: readonly string[] = [];
/** Counters of the ledger file. */
const EPOCH = "holds.taken";
const ENDED: Readonly<Record<HoldEnd, string>> = {
  released: "holds.released",
  expired: "holds.expired",
  sold: "holds.sold",
};
const FORGOTTEN = "holds.forgotten";
/** Rows without a meaning that one sweep clears away. */
const CLEARED_PER_SWEEP = 1_000;

export interface StockRulesOptions {
  readonly endedHoldsMax: number;
  readonly holdLimits: HoldLimits | null;
}

export class StockRules {
  readonly #tables: StockTables;
  readonly #counts: StockCounts;
  readonly #endedHoldsMax: number;

  constructor(tables: StockTables, { endedHoldsMax, holdLimits }: StockRulesOptions) {
    assert(endedHoldsMax >= 0, "the number of remembered holds is not negative");
    this.#tables = tables;
    this.#counts = new StockCounts(tables, holdLimits);
    this.#endedHoldsMax = endedHoldsMax;
  }

  get liveHolds(): number {
    const { taken, released, expired, sold } = this.#totals();
    return taken - released - expired - sold;
  }

  hold(request: HoldRequest): HoldAnswer {
    assert(request.expiresAt > request.now, "a hold ends after it begins");
    const lines = summedPerSku(request.lines);
    const known = this.#tables.holds.get(request.hold);
    if (known !== null) return this.#holdAgain(known, request, lines);
    const { shopper, now } = request;
    const network = request.network ?? null;
    const refused = this.#counts.refusal(shopper, network, now) ?? this.#refusal(shopper, lines);
    if (refused !== null) return refused;
    const row: HoldRow = {
      number: null,
      hold: request.hold,
      shopper,
      network,
      lines,
      person: NOBODY,
      epoch: 0,
      takenAt: 0,
      expiresAt: 0,
      state: "released",
      endedAt: null,
      order: null,
      serials: [],
      honoured: false,
    };
    this.#take(row, now, request.expiresAt);
    return this.#heldFor(row, request.person);
  }

  release(request: HoldReference & { readonly now: number }): ReleaseAnswer {
    const row = this.#tables.holds.get(request.hold);
    if (row === null) return UNKNOWN_HOLD;
    if (row.epoch !== request.epoch) return { _tag: "StaleEpoch", epoch: row.epoch };
    if (row.state !== "live") return alreadyEnded(row.state);
    this.#giveBack(row, "released", request.now);
    const { hold, epoch, shopper, lines } = row;
    return { _tag: "Released", hold, epoch, shopper, lines };
  }

  reacquire(request: ReacquireRequest): ReacquireAnswer {
    assert(request.expiresAt > request.now, "a hold ends after it begins");
    const row = this.#tables.holds.get(request.hold);
    if (row === null || row.shopper !== request.shopper) return UNKNOWN_HOLD;
    if (row.epoch !== request.epoch) return { _tag: "StaleEpoch", epoch: row.epoch };
    if (row.state === "released" || row.state === "sold") return alreadyEnded(row.state);
    const { person, now, expiresAt } = request;
    if (row.state === "live" && now < row.expiresAt) return this.#heldFor(row, person);
    return this.#takeAgain(row, now, expiresAt) ?? this.#heldFor(row, person);
  }

  sell(request: SellRequest): SellAnswer {
    const row = this.#tables.holds.get(request.hold);
    if (row === null) return UNKNOWN_HOLD;
    if (row.state === "sold") {
      if (row.order === request.order) return soldAnswer(row, true);
      return { _tag: "SoldToOther", order: row.order ?? "" };
    }
    if (row.epoch !== request.epoch) return { _tag: "StaleEpoch", epoch: row.epoch };
    if (row.state !== "live" || request.now >= row.expiresAt) {
      const end = row.state === "released" ? "released" : "expired";
      if (!request.honour) return holdLapsed(end, null);
      const refusal = this.#takeAgain(row, request.now, request.now + 1);
      if (refusal !== null) return holdLapsed(end, refusal.sku);
      row.honoured = true;
    }
    this.#convert(row, request.order, request.now);
    return soldAnswer(row, false);
  }

  /** Ends the hold that is due first, if one is due: one step of a sweep. */
  expireNext(now: number): EndedHold | null {
    const row = this.#tables.firstDue();
    if (row === null || row.expiresAt > now) return null;
    this.#giveBack(row, "expired", now);
    const { hold, epoch, shopper, lines } = row;
    return { hold, epoch, shopper, lines };
  }

  nextExpiry(): number | null {
    return this.#tables.firstDue()?.expiresAt ?? null;
  }

  /** Clears rows away that no answer depends on any more. */
  clear(now: number): void {
    const before = this.#counts.overBefore(now);
    if (before !== null) this.#tables.dropOverLapses(before, CLEARED_PER_SWEEP);
  }

  open(item: StockItem): StockOpened | SkuKnown {
    const known = this.level(item.sku);
    if (!("_tag" in known)) return { _tag: "SkuKnown", level: known };
    this.#tables.open(item);
    return { _tag: "StockOpened", level: this.level(item.sku) as StockLevel };
  }

  restock({ sku, units }: StockLine): StockMoved | UnknownSku {
    assertWhole(units);
    return this.#move<never>(sku, (item) => {
      item.restocked += units;
      item.available += units;
      return null;
    });
  }

  quarantine({ sku, units }: StockLine): StockMoved | TooFew | UnknownSku {
    assertWhole(units);
    return this.#move(sku, (item) => {
      if (item.available < units) return tooFew(item.available);
      item.available -= units;
      item.quarantined += units;
      return null;
    });
  }

  readmit({ sku, units }: StockLine): StockMoved | TooFew | UnknownSku {
    assertWhole(units);
    return this.#move(sku, (item) => {
      if (item.quarantined < units) return tooFew(item.quarantined);
      item.quarantined -= units;
      item.available += units;
      return null;
    });
  }

  writeOff({ sku, units, from }: WriteOffRequest): StockMoved | TooFew | UnknownSku {
    assertWhole(units);
    return this.#move(sku, (item) => {
      if (item[from] < units) return tooFew(item[from]);
      item[from] -= units;
      item.writtenOff += units;
      return null;
    });
  }

  find(hold: string): HoldRecord | null {
    const row = this.#tables.holds.get(hold);
    return row === null ? null : holdRecord(row);
  }

  level(sku: string): StockLevel | UnknownSku {
    const item = this.#tables.items.get(sku);
    return item === null ? { _tag: "UnknownSku", sku } : { ...item };
  }

  snapshot(): StockSnapshot {
    return {
      levels: this.#tables.itemList(),
      holds: this.#tables.holdList().map(holdRecord),
      totals: { ...this.#totals(), live: this.liveHolds },
    };
  }

  #totals(): Omit<HoldTotals, "live"> {
    const { counters } = this.#tables;
    return {
      taken: counters.get(EPOCH),
      released: counters.get(ENDED.released),
      expired: counters.get(ENDED.expired),
      sold: counters.get(ENDED.sold),
      forgotten: counters.get(FORGOTTEN),
    };
  }

  #move<Refusal extends TooFew>(
    sku: string,
    change: (item: ItemRow) => Refusal | null,
  ): StockMoved | UnknownSku | Refusal {
    const item = this.#tables.items.get(sku);
    if (item === null) return { _tag: "UnknownSku", sku };
    const refusal = change(item);
    if (refusal !== null) return refusal;
    this.#tables.items.put(sku, item);
    return { _tag: "StockMoved", available: item.available, quarantined: item.quarantined };
  }

  /** Why these units cannot be held for this shopper, or null where they can. */
  #refusal(
    shopper: string,
    lines: readonly StockLine[],
  ): SoldOut | LimitReached | UnknownSku | null {
    for (const { sku, units } of lines) {
      const item = this.#tables.items.get(sku);
      if (item === null) return { _tag: "UnknownSku", sku };
      const { available, limitPerShopper: limit } = item;
      if (available < units) return { _tag: "SoldOut", sku, available };
      if (limit === null) continue;
      const counted = this.#counts.unitsOf(shopper, sku);
      if (counted + units > limit) return { _tag: "LimitReached", sku, limit, counted };
    }
    return null;
  }

  #holdAgain(row: HoldRow, request: HoldRequest, lines: readonly StockLine[]): HoldAnswer {
    const same = row.shopper === request.shopper && sameUnits(row.lines, lines);
    if (row.state === "live" && same) return this.#heldFor(row, request.person);
    return { _tag: "HoldExists", hold: row.hold };
  }

  /** The answer of a hold that lives, which is claimed for the person if they may have its units. */
  #heldFor(row: HoldRow, person: Person = NOBODY): Held {
    const { hold, epoch, expiresAt, lines } = row;
    const held: Held = { _tag: "Held", hold, epoch, expiresAt, lines };
    if (person.length === 0) return held;
    const before = row.person;
    this.#counts.countPerson(row, -1);
    row.person = person;
    const unclaimed = this.#counts.personRefusal(row);
    if (unclaimed !== null) row.person = before;
    this.#counts.countPerson(row, 1);
    this.#tables.holds.put(row.hold, row);
    return unclaimed === null ? held : { ...held, unclaimed };
  }

  /** Starts a life of the hold; the caller has seen that every line can be had. */
  #take(row: HoldRow, now: number, expiresAt: number): void {
    assert(row.state !== "live" && row.state !== "sold", "only a hold that lapsed is taken again");
    for (const { sku, units } of row.lines) {
      const item = this.#item(sku);
      item.available -= units;
      item.held += units;
      this.#tables.items.put(sku, item);
      if (item.limitPerShopper !== null) this.#counts.addUnits(row.shopper, sku, units);
    }
    this.#counts.countPerson(row, 1);
    row.epoch = this.#tables.counters.add(EPOCH);
    row.state = "live";
    row.takenAt = now;
    row.expiresAt = expiresAt;
    row.endedAt = null;
    this.#tables.holds.put(row.hold, row);
    this.#counts.taken(row);
  }

  /** Ends the life of a due hold if it has not ended, and starts the next one if it can. */
  #takeAgain(
    row: HoldRow,
    now: number,
    expiresAt: number,
  ): SoldOut | LimitReached | PersonLimitReached | null {
    if (row.state === "live") this.#giveBack(row, "expired", now);
    const refusal = this.#refusal(row.shopper, row.lines) ?? this.#counts.personRefusal(row);
    if (refusal !== null) {
      assert(refusal._tag !== "UnknownSku", "a hold names only SKUs of the stock");
      return refusal;
    }
    this.#take(row, now, expiresAt);
    return null;
  }

  #giveBack(row: HoldRow, end: "released" | "expired", now: number): void {
    this.#end(row, end, now);
    for (const { sku, units } of row.lines) {
      const item = this.#item(sku);
      item.held -= units;
      item.available += units;
      this.#tables.items.put(sku, item);
      if (item.limitPerShopper !== null) this.#counts.addUnits(row.shopper, sku, -units);
    }
    this.#counts.countPerson(row, -1);
    this.#tables.lapsed(row);
    const { released, expired, forgotten } = this.#totals();
    if (released + expired - forgotten <= this.#endedHoldsMax) return;
    this.#tables.counters.add(FORGOTTEN);
    this.#tables.forgetOldestLapsed();
  }

  #convert(row: HoldRow, order: string, now: number): void {
    assert(row.order === null, "a hold is sold to one order");
    row.order = order;
    row.serials = row.lines.map(({ sku, units }) => {
      const item = this.#item(sku);
      const first = item.sold + 1;
      item.held -= units;
      item.sold += units;
      this.#tables.items.put(sku, item);
      return { sku, first, units };
    });
    this.#end(row, "sold", now);
  }

  /** The only way out of a life, so that each has exactly one end. */
  #end(row: HoldRow, end: HoldEnd, now: number): void {
    assert(row.state === "live", "a hold ends once");
    row.state = end;
    // A wall clock may be set back; a hold still does not end before it began.
    row.endedAt = Math.max(now, row.takenAt);
    this.#tables.counters.add(ENDED[end]);
    this.#tables.holds.put(row.hold, row);
    this.#counts.ended(row, end, row.endedAt);
  }

  #item(sku: string): ItemRow {
    const item = this.#tables.items.get(sku);
    assert(item !== null, "a hold names only SKUs of the stock");
    return item;
  }
}

function soldAnswer(row: HoldRow, repeated: boolean): Sold {
  const { hold, epoch, lines, serials, honoured, order } = row;
  assert(order !== null, "a sold hold names its order");
  return { _tag: "Sold", hold, epoch, order, lines, serials, honoured, repeated };
}

function alreadyEnded(end: HoldEnd): AlreadyEnded {
  return { _tag: "AlreadyEnded", end };
}

function holdLapsed(end: "released" | "expired", sku: string | null): HoldLapsed {
  return { _tag: "HoldLapsed", end, sku };
}

function tooFew(there: number): TooFew {
  return { _tag: "TooFew", there };
}
