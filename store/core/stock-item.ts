/**
 * The units of one SKU and where they are. Each method moves units from one place to another,
 * so their sum changes only with a restock or a write-off.
 */
import { assert } from "./assert.ts";
import type { LimitReached, PersonLimitReached, SoldOut, StockItem, StockLevel } from "./hold.ts";
import { assertWhole } from "./stock-lines.ts";

export class ItemStock {
  readonly sku: string;
  readonly initial: number;
  readonly limitPerShopper: number | null;
  readonly limitPerPerson: number | null;
  available: number;
  held = 0;
  sold = 0;
  quarantined = 0;
  restocked = 0;
  writtenOff = 0;
  /** Units held and bought per shopper; kept only where there is a limit. */
  readonly #counted = new Map<string, number>();
  /** The same per name that a person is known by. */
  readonly #countedOfPerson = new Map<string, number>();
  #nextSerial = 1;

  constructor(item: StockItem) {
    assert(Number.isSafeInteger(item.units) && item.units >= 0, "initial units are whole");
    assert(
      item.limitPerShopper === null || item.limitPerShopper > 0,
      "a limit per shopper is above zero",
    );
    const limitPerPerson = item.limitPerPerson ?? null;
    assert(limitPerPerson === null || limitPerPerson > 0, "a limit per person is above zero");
    this.sku = item.sku;
    this.initial = item.units;
    this.available = item.units;
    this.limitPerShopper = item.limitPerShopper;
    this.limitPerPerson = limitPerPerson;
  }

  /** Why these units cannot be held for this shopper, or null where they can. */
  refusal(shopper: string, units: number): SoldOut | LimitReached | null {
    if (this.available < units) {
      return { _tag: "SoldOut", sku: this.sku, available: this.available };
    }
    if (this.limitPerShopper === null) return null;
    const counted = this.counted(shopper);
    if (counted + units <= this.limitPerShopper) return null;
    return { _tag: "LimitReached", sku: this.sku, limit: this.limitPerShopper, counted };
  }

  /** Units that a shopper holds or has bought; 0 where no limit makes the stock count them. */
  counted(shopper: string): number {
    return this.#counted.get(shopper) ?? 0;
  }

  take(shopper: string, units: number): void {
    this.available -= units;
    this.held += units;
    if (this.limitPerShopper !== null) {
      this.#counted.set(shopper, this.counted(shopper) + units);
    }
    this.#assertSound();
  }

  giveBack(shopper: string, units: number): void {
    this.held -= units;
    this.available += units;
    if (this.limitPerShopper !== null) {
      const counted = this.counted(shopper) - units;
      assert(counted >= 0, "no shopper gives back more than was counted");
      if (counted === 0) this.#counted.delete(shopper);
      else this.#counted.set(shopper, counted);
    }
    this.#assertSound();
  }

  /** Why these units cannot be a person's, or null where they can. */
  personRefusal(person: readonly string[], units: number): PersonLimitReached | null {
    const limit = this.limitPerPerson;
    if (limit === null) return null;
    for (const name of person) {
      const counted = this.#countedOfPerson.get(name) ?? 0;
      if (counted + units > limit) {
        return { _tag: "PersonLimitReached", sku: this.sku, limit, counted };
      }
    }
    return null;
  }

  /** Counts units for a person, or takes them off again where they are below zero. */
  countForPerson(person: readonly string[], units: number): void {
    if (this.limitPerPerson === null) return;
    for (const name of person) {
      const counted = (this.#countedOfPerson.get(name) ?? 0) + units;
      assert(counted >= 0, "no person gives back more than was counted");
      if (counted === 0) this.#countedOfPerson.delete(name);
      else this.#countedOfPerson.set(name, counted);
    }
  }

  /** Sells held units and answers with the serial number of the first of them. */
  sell(units: number): number {
    this.held -= units;
    this.sold += units;
    const first = this.#nextSerial;
    this.#nextSerial += units;
    this.#assertSound();
    return first;
  }

  restock(units: number): void {
    assertWhole(units);
    this.restocked += units;
    this.available += units;
    this.#assertSound();
  }

  /** Moves units between the shelf and quarantine; false where too few are there. */
  move(from: "available" | "quarantined", units: number): boolean {
    assertWhole(units);
    if (this[from] < units) return false;
    this[from] -= units;
    this[from === "available" ? "quarantined" : "available"] += units;
    this.#assertSound();
    return true;
  }

  writeOff(from: "available" | "quarantined", units: number): boolean {
    assertWhole(units);
    if (this[from] < units) return false;
    this[from] -= units;
    this.writtenOff += units;
    this.#assertSound();
    return true;
  }

  level(): StockLevel {
    return {
      sku: this.sku,
      initial: this.initial,
      restocked: this.restocked,
      writtenOff: this.writtenOff,
      available: this.available,
      held: this.held,
      sold: this.sold,
      quarantined: this.quarantined,
      limitPerShopper: this.limitPerShopper,
      limitPerPerson: this.limitPerPerson,
    };
  }

  #assertSound(): void {
    assert(
      this.available >= 0 && this.held >= 0 && this.sold >= 0 && this.quarantined >= 0,
      "no place holds fewer than zero units",
    );
    assert(
      this.available + this.held + this.sold + this.quarantined ===
        this.initial + this.restocked - this.writtenOff,
      "units neither appear nor vanish",
    );
  }
}
