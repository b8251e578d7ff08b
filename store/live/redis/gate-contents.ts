/**
 * What the gate of the stock has to hold, worked out from the truth: the units of the sale, and
 * the orders of the ledger, page by page. A confirmed order has its units for good, and so has a paid one, for
 * nothing but its units can come of it; an order that is being paid keeps its hold until its end.
 */
import type { StockItem, StockLevel } from "../../core/hold.ts";
import type { OrderWithUnits } from "../orders-with-units.ts";
import { type HoldRow, recordText } from "./hold-record.ts";
import { sized } from "./redis-keys.ts";

/** Units that came and went since the sale was set up, per SKU. */
export type UnitsMoved = ReadonlyMap<
  string,
  Pick<StockLevel, "restocked" | "writtenOff" | "quarantined">
>;

export interface GateSource {
  readonly items: readonly StockItem[];
  readonly movements: UnitsMoved;
  /** Epochs go on above this, and above every epoch that the ledger knows. */
  readonly epochsAbove: number;
  /** Whether live holds are counted per shopper. */
  readonly watchShoppers: boolean;
}

/** What some orders bring into the gate. */
export interface GatePart {
  readonly holds: readonly (readonly [string, string])[];
  readonly due: readonly (readonly [number, string])[];
  readonly watched: readonly (readonly [number, string])[];
  /** Units to count, on top of those that stand in the fields already. */
  readonly counts: readonly (readonly [string, number])[];
}

const NO_MOVEMENT = { restocked: 0, writtenOff: 0, quarantined: 0 };

export class GateContents {
  readonly #stock: UnitsOfGate;
  readonly #watchShoppers: boolean;
  #live = 0;
  #sold = 0;
  #epoch: number;

  constructor(source: GateSource) {
    this.#stock = new UnitsOfGate(source);
    this.#watchShoppers = source.watchShoppers;
    this.#epoch = source.epochsAbove;
  }

  /** Takes orders that come after all that were taken before. */
  add(orders: readonly OrderWithUnits[]): GatePart {
    const holds: [string, string][] = [];
    const due: [number, string][] = [];
    const watched: [number, string][] = [];
    for (const order of orders) {
      const standing = standingOf(order);
      if (standing === null || order.epoch === null) continue;
      this.#epoch = Math.max(this.#epoch, order.epoch);
      const row = this.#stock.take(order, standing, order.epoch);
      holds.push([row.hold, recordText(row)]);
      if (standing === "sold") this.#sold += 1;
      else {
        this.#live += 1;
        due.push([row.expiresAt, padded(row.epoch) + row.hold]);
        const ends = padded(row.epoch) + padded(row.expiresAt);
        if (this.#watchShoppers) watched.push([0, `s${sized(row.shopper)}|${ends}`]);
      }
    }
    return { holds, due, watched, counts: this.#stock.takeCounts() };
  }

  /** The numbers of the stock, once every order was taken. */
  fields(): readonly (readonly [string, string | number])[] {
    return [
      ...this.#stock.fields(),
      ["epoch", this.#epoch],
      ["live", this.#live],
      ["ended:released", 0],
      ["ended:expired", 0],
      ["ended:sold", this.#sold],
      ["forgotten", 0],
    ];
  }
}

/** Whether the units of the order are sold, held, or anybody's. */
function standingOf({ state }: OrderWithUnits): "sold" | "live" | null {
  switch (state) {
    case "confirmed":
    case "authorised":
      return "sold";
    case "authorising":
    case "inDoubt":
      return "live";
    default:
      return null;
  }
}

interface Item extends StockItem {
  sold: number;
  held: number;
}

/** Counts the units of a stock as orders take them, in the order in which they were placed. */
class UnitsOfGate {
  readonly #items = new Map<string, Item>();
  readonly #movements: UnitsMoved;
  #counted = new Map<string, number>();

  constructor({ items, movements }: GateSource) {
    this.#movements = movements;
    for (const item of items) this.#items.set(item.sku, { ...item, sold: 0, held: 0 });
  }

  take(order: OrderWithUnits, state: "sold" | "live", epoch: number): HoldRow {
    const lines = order.lines.map(({ sku, units }) => ({ sku, units }));
    const serials = lines.map(({ sku, units }) => {
      const item = this.#item(sku);
      if (item.limitPerShopper !== null)
        this.#count(`counted:${sized(sku)}${order.shopper}`, units);
      if ((item.limitPerPerson ?? null) !== null) {
        for (const name of order.person) this.#count(`person:${sized(sku)}${name}`, units);
      }
      const first = item.sold + 1;
      item[state === "sold" ? "sold" : "held"] += units;
      return { sku, first, units };
    });
    const sale =
      state === "sold"
        ? { order: order.id, endedAt: order.changedAt, serials }
        : { order: null, endedAt: null, serials: [] };
    const { hold, shopper, person, placedAt: takenAt, holdUntil: expiresAt } = order;
    const life = { epoch, first: epoch, takenAt, expiresAt, honoured: false };
    return { hold, shopper, person, lines, state, ...life, ...sale };
  }

  /** What was counted since this was asked last. */
  takeCounts(): readonly (readonly [string, number])[] {
    const counts = [...this.#counted];
    this.#counted = new Map();
    return counts;
  }

  fields(): (readonly [string, string | number])[] {
    const fields: [string, string | number][] = [["skus", JSON.stringify([...this.#items.keys()])]];
    for (const [sku, item] of this.#items) {
      const { restocked, writtenOff, quarantined } = this.#movements.get(sku) ?? NO_MOVEMENT;
      const there = item.units + restocked - writtenOff;
      const available = there - quarantined - item.sold - item.held;
      fields.push(
        [`initial:${sku}`, item.units],
        [`restocked:${sku}`, restocked],
        [`writtenOff:${sku}`, writtenOff],
        [`quarantined:${sku}`, quarantined],
        [`sold:${sku}`, item.sold],
        // Below zero where the ledger has sold more than there is: nothing more is sold then.
        [`available:${sku}`, available],
      );
      if (item.limitPerShopper !== null) fields.push([`limit:${sku}`, item.limitPerShopper]);
      const { limitPerPerson = null } = item;
      if (limitPerPerson !== null) fields.push([`personLimit:${sku}`, limitPerPerson]);
    }
    return fields;
  }

  /** A SKU that is no longer on sale, but was sold, stays in the books. */
  #item(sku: string): Item {
    const known = this.#items.get(sku);
    if (known !== undefined) return known;
    const item = { sku, units: 0, limitPerShopper: null, sold: 0, held: 0 };
    this.#items.set(sku, item);
    return item;
  }

  #count(field: string, units: number): void {
    this.#counted.set(field, (this.#counted.get(field) ?? 0) + units);
  }
}

function padded(number: number): string {
  return `${number}`.padStart(16, "0");
}
