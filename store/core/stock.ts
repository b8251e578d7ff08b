/**
 * The stock of a sale: the one owner of every unit and of every hold on them. Its methods are
 * plain and synchronous, so each is one atomic step wherever one thread owns the object.
 *
 * A hold lives from the step that takes it to the one step that ends it: released, expired or
 * sold. Taking a lapsed hold again starts a new life under a new epoch. Epochs only grow.
 * Sold holds are remembered for good (they are no more than the units that were ever there);
 * of the released and expired ones the newest `endedHoldsMax` are.
 */
import { assert } from "./assert.ts";
import { ExpiryQueue } from "./expiry-queue.ts";
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
  SerialRange,
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
} from "./hold.ts";
import { type HoldRow, holdRecord } from "./hold-row.ts";
import { type HoldLimits, HoldWatch } from "./hold-watch.ts";
import { ItemStock } from "./stock-item.ts";
import { sameUnits, summedPerSku } from "./stock-lines.ts";

export interface StockOptions {
  readonly items: readonly StockItem[];
  /** Released and expired holds that are remembered, newest first to stay. */
  readonly endedHoldsMax?: number;
  /** How many holds a shopper or a network may have, and what lapsed ones cost; null is no limit. */
  readonly holdLimits?: HoldLimits | null;
}

/** Assumed: more than a sale of a few days ends, and a bound on what a long one keeps. */
const ENDED_HOLDS_MAX = 1_000_000;

const NO_SERIALS: readonly SerialRange[] = [];
const NOBODY: readonly string[] = [];
const UNKNOWN_HOLD = { _tag: "UnknownHold" } as const;

export class Stock {
  readonly #items = new Map<string, ItemStock>();
  readonly #holds = new Map<string, HoldRow>();
  readonly #due = new ExpiryQueue<HoldRow>((row) => row.state === "live");
  readonly #lapsed: { row: HoldRow; epoch: number }[] = [];
  #lapsedFirst = 0;
  readonly #endedHoldsMax: number;
  readonly #watch: HoldWatch<HoldRow> | null;
  #epoch = 0;
  #ended = { released: 0, expired: 0, sold: 0, forgotten: 0 };

  constructor(options: StockOptions) {
    this.#endedHoldsMax = options.endedHoldsMax ?? ENDED_HOLDS_MAX;
    assert(this.#endedHoldsMax >= 0, "the number of remembered holds is not negative");
    const limits = options.holdLimits ?? null;
    this.#watch = limits === null ? null : new HoldWatch(limits);
    for (const item of options.items) {
      assert(!this.#items.has(item.sku), `the SKU ${item.sku} is in the stock once`);
      this.#items.set(item.sku, new ItemStock(item));
    }
  }

  /** Holds every line or nothing. */
  hold(request: HoldRequest): HoldAnswer {
    assert(request.expiresAt > request.now, "a hold ends after it begins");
    const lines = summedPerSku(request.lines);
    const known = this.#holds.get(request.hold);
    if (known !== undefined) return this.#holdAgain(known, request, lines);
    const network = request.network ?? null;
    const tooMany = this.#watch?.refusal(request.shopper, network, request.now) ?? null;
    if (tooMany !== null) return tooMany;
    for (const line of lines) {
      const item = this.#items.get(line.sku);
      if (item === undefined) return { _tag: "UnknownSku", sku: line.sku };
      const refusal = item.refusal(request.shopper, line.units);
      if (refusal !== null) return refusal;
    }
    const row: HoldRow = {
      hold: request.hold,
      shopper: request.shopper,
      network,
      lines,
      person: NOBODY,
      epoch: 0,
      takenAt: 0,
      expiresAt: 0,
      state: "released",
      endedAt: null,
      order: null,
      serials: NO_SERIALS,
      honoured: false,
    };
    this.#holds.set(row.hold, row);
    this.#take(row, request.now, request.expiresAt);
    return this.#heldFor(row, request.person);
  }

  release(request: HoldReference & { readonly now: number }): ReleaseAnswer {
    const row = this.#holds.get(request.hold);
    if (row === undefined) return UNKNOWN_HOLD;
    if (row.epoch !== request.epoch) return { _tag: "StaleEpoch", epoch: row.epoch };
    if (row.state !== "live") return alreadyEnded(row.state);
    this.#giveBack(row, "released", request.now);
    const { hold, epoch, shopper, lines } = row;
    return { _tag: "Released", hold, epoch, shopper, lines };
  }

  /** Takes a hold that lapsed (or is due) again, if its units are still to be had. */
  reacquire(request: ReacquireRequest): ReacquireAnswer {
    assert(request.expiresAt > request.now, "a hold ends after it begins");
    const row = this.#holds.get(request.hold);
    if (row === undefined || row.shopper !== request.shopper) return UNKNOWN_HOLD;
    if (row.epoch !== request.epoch) return { _tag: "StaleEpoch", epoch: row.epoch };
    if (row.state === "released" || row.state === "sold") return alreadyEnded(row.state);
    const { person, now, expiresAt } = request;
    if (row.state === "live" && now < row.expiresAt) return this.#heldFor(row, person);
    return this.#takeAgain(row, now, expiresAt) ?? this.#heldFor(row, person);
  }

  sell(request: SellRequest): SellAnswer {
    const row = this.#holds.get(request.hold);
    if (row === undefined) return UNKNOWN_HOLD;
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
    const row = this.#due.first();
    if (row === null || row.expiresAt > now) return null;
    this.#giveBack(row, "expired", now);
    const { hold, epoch, shopper, lines } = row;
    return { hold, epoch, shopper, lines };
  }

  /** When the next hold is due, or null where none is live. */
  nextExpiry(): number | null {
    return this.#due.first()?.expiresAt ?? null;
  }

  /** Takes a SKU into the stock that it does not know. */
  open(item: StockItem): StockOpened | SkuKnown {
    const known = this.#items.get(item.sku);
    if (known !== undefined) return { _tag: "SkuKnown", level: known.level() };
    const opened = new ItemStock(item);
    this.#items.set(item.sku, opened);
    return { _tag: "StockOpened", level: opened.level() };
  }

  restock(line: StockLine): StockMoved | UnknownSku {
    const item = this.#items.get(line.sku);
    if (item === undefined) return { _tag: "UnknownSku", sku: line.sku };
    item.restock(line.units);
    return stockMoved(item);
  }

  quarantine(line: StockLine): StockMoved | TooFew | UnknownSku {
    return this.#move(line.sku, "available", (item) => item.move("available", line.units));
  }

  readmit(line: StockLine): StockMoved | TooFew | UnknownSku {
    return this.#move(line.sku, "quarantined", (item) => item.move("quarantined", line.units));
  }

  writeOff(request: WriteOffRequest): StockMoved | TooFew | UnknownSku {
    const { sku, from, units } = request;
    return this.#move(sku, from, (item) => item.writeOff(from, units));
  }

  /** Units on sale now; 0 for a SKU that the stock does not know. */
  available(sku: string): number {
    return this.#items.get(sku)?.available ?? 0;
  }

  level(sku: string): StockLevel | UnknownSku {
    return this.#items.get(sku)?.level() ?? { _tag: "UnknownSku", sku };
  }

  find(hold: string): HoldRecord | null {
    const row = this.#holds.get(hold);
    return row === undefined ? null : holdRecord(row);
  }

  get liveHolds(): number {
    return this.#epoch - this.#ended.released - this.#ended.expired - this.#ended.sold;
  }

  totals(): HoldTotals {
    assert(this.liveHolds >= 0, "no more holds end than were taken");
    return { taken: this.#epoch, ...this.#ended, live: this.liveHolds };
  }

  levels(): readonly StockLevel[] {
    return Array.from(this.#items.values(), (item) => item.level());
  }

  snapshot(): StockSnapshot {
    return {
      levels: this.levels(),
      holds: Array.from(this.#holds.values(), holdRecord),
      totals: this.totals(),
    };
  }

  #move(
    sku: string,
    from: "available" | "quarantined",
    move: (item: ItemStock) => boolean,
  ): StockMoved | TooFew | UnknownSku {
    const item = this.#items.get(sku);
    if (item === undefined) return { _tag: "UnknownSku", sku };
    return move(item) ? stockMoved(item) : { _tag: "TooFew", there: item[from] };
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
    this.#countPerson(row, -1);
    row.person = person;
    const unclaimed = this.#personRefusal(row);
    if (unclaimed !== null) row.person = before;
    this.#countPerson(row, 1);
    return unclaimed === null ? held : { ...held, unclaimed };
  }

  /** Starts a life of the hold; the caller has seen that every line can be had. */
  #take(row: HoldRow, now: number, expiresAt: number): void {
    assert(row.state !== "live" && row.state !== "sold", "only a hold that lapsed is taken again");
    for (const line of row.lines) this.#item(line.sku).take(row.shopper, line.units);
    this.#countPerson(row, 1);
    row.epoch = ++this.#epoch;
    row.state = "live";
    row.takenAt = now;
    row.expiresAt = expiresAt;
    row.endedAt = null;
    this.#due.add(row);
    this.#watch?.taken(row);
  }

  /** Ends the life of a due hold if it has not ended, and starts the next one if it can. */
  #takeAgain(
    row: HoldRow,
    now: number,
    expiresAt: number,
  ): SoldOut | LimitReached | PersonLimitReached | null {
    if (row.state === "live") this.#giveBack(row, "expired", now);
    for (const line of row.lines) {
      const refusal = this.#item(line.sku).refusal(row.shopper, line.units);
      if (refusal !== null) return refusal;
    }
    const refusal = this.#personRefusal(row);
    if (refusal !== null) return refusal;
    this.#take(row, now, expiresAt);
    return null;
  }

  #personRefusal({ lines, person }: HoldRow): PersonLimitReached | null {
    if (person.length === 0) return null;
    for (const line of lines) {
      const refusal = this.#item(line.sku).personRefusal(person, line.units);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  #countPerson({ lines, person }: HoldRow, sign: 1 | -1): void {
    if (person.length === 0) return;
    for (const line of lines) this.#item(line.sku).countForPerson(person, sign * line.units);
  }

  #giveBack(row: HoldRow, end: "released" | "expired", now: number): void {
    this.#end(row, end, now);
    for (const line of row.lines) this.#item(line.sku).giveBack(row.shopper, line.units);
    this.#countPerson(row, -1);
    this.#lapsed.push({ row, epoch: row.epoch });
    if (this.#lapsed.length - this.#lapsedFirst > this.#endedHoldsMax) this.#forgetOldest();
  }

  #convert(row: HoldRow, order: string, now: number): void {
    assert(row.order === null, "a hold is sold to one order");
    this.#end(row, "sold", now);
    row.order = order;
    row.serials = row.lines.map((line) => ({
      sku: line.sku,
      first: this.#item(line.sku).sell(line.units),
      units: line.units,
    }));
  }

  /** The only way out of a life, so that each has exactly one end. */
  #end(row: HoldRow, end: HoldEnd, now: number): void {
    assert(row.state === "live", "a hold ends once");
    row.state = end;
    // A wall clock may be set back; a hold still does not end before it began.
    row.endedAt = Math.max(now, row.takenAt);
    this.#ended[end]++;
    this.#due.ended();
    this.#watch?.ended(row, end, row.endedAt);
  }

  #forgetOldest(): void {
    const { row, epoch } = this.#lapsed[this.#lapsedFirst++];
    // A hold that was taken again has a later life, which stands further on in the list.
    if (row.epoch === epoch) this.#holds.delete(row.hold);
    this.#ended.forgotten++;
    if (this.#lapsedFirst > this.#endedHoldsMax) {
      this.#lapsed.splice(0, this.#lapsedFirst);
      this.#lapsedFirst = 0;
    }
  }

  #item(sku: string): ItemStock {
    const item = this.#items.get(sku);
    assert(item !== undefined, "a hold names only SKUs of the stock");
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

function stockMoved(item: ItemStock): StockMoved {
  return { _tag: "StockMoved", available: item.available, quarantined: item.quarantined };
}
