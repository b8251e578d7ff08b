/**
 * What the stock counts for whoever holds and buys: units per shopper and per person up to the
 * limits of an item, live holds per shopper and per network, and the wait after holds that lapsed
 * unpaid. The rules are those of `core/stock-item.ts` and `core/hold-watch.ts`, over rows.
 */
import { assert } from "../../core/assert.ts";
import type { HoldEnd, PersonLimitReached, TooManyHolds } from "../../core/hold.ts";
import type { HoldLimits } from "../../core/hold-watch.ts";
import type { RowImage } from "./row-image.ts";
import type { CountRow, HoldRow, ItemRow, StockTables } from "./stock-tables.ts";

/** A list of holds is cleared of those that have ended when it is this many times its limit. */
const CLEARED_AT_TIMES = 2;

const ofShopper = (shopper: string) => `s:${shopper}`;
const ofNetwork = (network: string) => `n:${network}`;
const ofPerson = (mark: string) => `p:${mark}`;

export class StockCounts {
  readonly #rows: RowImage<CountRow>;
  readonly #items: RowImage<ItemRow>;
  readonly #holds: RowImage<HoldRow>;
  readonly #limits: HoldLimits | null;

  constructor({ counts, items, holds }: StockTables, limits: HoldLimits | null) {
    this.#rows = counts;
    this.#items = items;
    this.#holds = holds;
    this.#limits = limits;
  }

  /** Units of the SKU that the shopper holds or has bought. */
  unitsOf(shopper: string, sku: string): number {
    return this.#rows.get(ofShopper(shopper))?.units.get(sku) ?? 0;
  }

  /** Counts units for the shopper, or takes them off again where they are below zero. */
  addUnits(shopper: string, sku: string, units: number): void {
    this.#addUnits(ofShopper(shopper), sku, units);
  }

  /** Why these units cannot be one person's, or null where they can. */
  personRefusal({ lines, person }: HoldRow): PersonLimitReached | null {
    if (person.length === 0) return null;
    for (const { sku, units } of lines) {
      const limit = this.#items.get(sku)?.limitPerPerson ?? null;
      if (limit === null) continue;
      for (const mark of person) {
        const counted = this.#rows.get(ofPerson(mark))?.units.get(sku) ?? 0;
        if (counted + units > limit) return { _tag: "PersonLimitReached", sku, limit, counted };
      }
    }
    return null;
  }

  /** Counts the hold's units for its person, or takes them off again. */
  countPerson({ lines, person }: HoldRow, sign: 1 | -1): void {
    if (person.length === 0) return;
    for (const { sku, units } of lines) {
      if ((this.#items.get(sku)?.limitPerPerson ?? null) === null) continue;
      for (const mark of person) this.#addUnits(ofPerson(mark), sku, sign * units);
    }
  }

  /** Why this shopper takes no hold now, or null. */
  refusal(shopper: string, network: string | null, now: number): TooManyHolds | null {
    if (this.#limits === null) return null;
    const { perShopper, perNetwork, afterLapse, spares } = this.#limits;
    if (spares?.(shopper) === true) return null;
    const own = this.#rows.get(ofShopper(shopper));
    if (afterLapse !== null && own !== null && own.lapseUntil > now) {
      return tooMany("lapses", own.lapseUntil - now);
    }
    const ownDue = perShopper === null ? null : this.#full(ofShopper(shopper), perShopper, now);
    if (ownDue !== null) return tooMany("shopper", ownDue);
    if (perNetwork === null || network === null) return null;
    const allDue = this.#full(ofNetwork(network), perNetwork, now);
    return allDue === null ? null : tooMany("network", allDue);
  }

  taken(hold: HoldRow): void {
    if (this.#limits === null) return;
    const { perShopper, perNetwork } = this.#limits;
    if (perShopper !== null) this.#addHold(ofShopper(hold.shopper), hold.hold, perShopper);
    if (perNetwork !== null && hold.network !== null) {
      this.#addHold(ofNetwork(hold.network), hold.hold, perNetwork);
    }
  }

  ended(hold: HoldRow, end: HoldEnd, now: number): void {
    if (this.#limits === null) return;
    const name = ofShopper(hold.shopper);
    if (hold.network !== null) this.#dropHold(ofNetwork(hold.network), hold.hold);
    if (end !== "sold") this.#dropHold(name, hold.hold);
    if (end === "expired") this.#lapse(name, now);
    if (end !== "sold") return;
    // A sale leaves the shopper's list of holds as it is: that would be a write for most orders.
    const row = this.#rows.get(name);
    if (row !== null && row.lapseWait > 0)
      this.#keep(name, { ...row, lapseWait: 0, lapseUntil: 0 });
  }

  /** The end of the waits that make no difference any more, or null where there are no waits. */
  overBefore(now: number): number | null {
    const afterLapse = this.#limits?.afterLapse ?? null;
    return afterLapse === null ? null : now - afterLapse.maxMillis;
  }

  /** Whoever kept quiet for the longest wait after the last one begins anew. */
  #lapse(name: string, now: number): void {
    const afterLapse = this.#limits?.afterLapse ?? null;
    if (afterLapse === null) return;
    const { firstMillis, maxMillis } = afterLapse;
    const row = this.#row(name);
    const again = row.lapseWait > 0 && now < row.lapseUntil + maxMillis;
    const lapseWait = again ? Math.min(maxMillis, row.lapseWait * 2) : firstMillis;
    this.#keep(name, { ...row, lapseWait, lapseUntil: now + lapseWait });
  }

  #addHold(name: string, hold: string, most: number): void {
    const row = this.#row(name);
    const others = row.holds.filter((other) => other !== hold);
    const kept = others.length < CLEARED_AT_TIMES * most ? others : this.#liveOf(others);
    this.#keep(name, { ...row, holds: [...kept, hold] });
  }

  #dropHold(name: string, hold: string): void {
    const row = this.#rows.get(name);
    if (row?.holds.includes(hold) !== true) return;
    this.#keep(name, { ...row, holds: row.holds.filter((other) => other !== hold) });
  }

  #liveOf(holds: readonly string[]): readonly string[] {
    return holds.filter((hold) => this.#holds.get(hold)?.state === "live");
  }

  /** How long until the hold that was taken first is due, where there are as many as there may be. */
  #full(name: string, most: number, now: number): number | null {
    const row = this.#rows.get(name);
    if (row === null || row.holds.length < most) return null;
    const live = this.#liveOf(row.holds);
    if (live.length < row.holds.length) this.#keep(name, { ...row, holds: live });
    const [first] = live;
    if (first === undefined || live.length < most) return null;
    const due = this.#holds.get(first)?.expiresAt ?? now;
    return Math.max(1, due - now);
  }

  #addUnits(name: string, sku: string, units: number): void {
    const row = this.#row(name);
    const counted = (row.units.get(sku) ?? 0) + units;
    assert(counted >= 0, "nobody gives back more than was counted");
    if (counted === 0) row.units.delete(sku);
    else row.units.set(sku, counted);
    this.#keep(name, row);
  }

  #row(name: string): CountRow {
    const row = this.#rows.get(name);
    return row ?? { holds: [], units: new Map(), lapseWait: 0, lapseUntil: 0 };
  }

  /** A row with nothing to count is no row. */
  #keep(name: string, row: CountRow): void {
    const empty = row.holds.length === 0 && row.units.size === 0 && row.lapseWait === 0;
    this.#rows.put(name, empty ? null : row);
  }
}

function tooMany(by: TooManyHolds["by"], retryAfterMillis: number): TooManyHolds {
  return { _tag: "TooManyHolds", by, retryAfterMillis };
}
