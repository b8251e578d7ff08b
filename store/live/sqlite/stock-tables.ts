/** The stock in the file: items, holds, and what is counted for shoppers, networks and persons. */
import { assert } from "../../core/assert.ts";
import type { StockItem } from "../../core/hold.ts";
import type { HoldRow as HoldLives } from "../../core/hold-row.ts";
import { ItemStock } from "../../core/stock-item.ts";
import type { GroupCommit } from "./group-commit.ts";
import { settingUp } from "./ledger-file.ts";
import { type Counters, RowImage } from "./row-image.ts";

export interface ItemRow {
  readonly sku: string;
  readonly initial: number;
  restocked: number;
  writtenOff: number;
  available: number;
  held: number;
  sold: number;
  quarantined: number;
  readonly limitPerShopper: number | null;
  readonly limitPerPerson: number | null;
}

/** A hold as the stock keeps it, with its place in the file. */
export interface HoldRow extends HoldLives {
  /** Its place in the order in which holds were first taken; null until it is in the file. */
  number: number | null;
}

export interface CountRow {
  /** In the order in which they were taken: those that are live, and some that have ended. */
  readonly holds: readonly string[];
  /** Units held and bought per SKU that has a limit. */
  readonly units: Map<string, number>;
  /** The wait after the last hold that lapsed unpaid, and its end; 0 where none did. */
  readonly lapseWait: number;
  readonly lapseUntil: number;
}

const NO_LIST = "[]";

export class StockTables {
  readonly counters: Counters;
  readonly items: RowImage<ItemRow>;
  readonly holds: RowImage<HoldRow>;
  readonly counts: RowImage<CountRow>;
  readonly #group: GroupCommit;
  readonly #statements;

  constructor(group: GroupCommit, counters: Counters) {
    this.#group = group;
    this.counters = counters;
    this.#statements = prepare(group);
    this.items = itemRows(group);
    this.holds = holdRows(group);
    this.counts = countRows(group);
  }

  /** Puts items into the stock that it does not know; those it knows stay as they are. */
  stock(items: readonly StockItem[]): void {
    const named = new Set(items.map(({ sku }) => sku));
    assert(named.size === items.length, "a SKU is in the stock once");
    const known = new Set(this.itemList().map(({ sku }) => sku));
    const unknown = items.filter(({ sku }) => !known.has(sku));
    if (unknown.length === 0) return;
    settingUp(this.#group.connection, () => {
      for (const { sku, units, limitPerShopper, limitPerPerson } of unknown) {
        this.#statements.addItem.run(sku, units, units, limitPerShopper, limitPerPerson ?? null);
      }
    });
  }

  /** Takes in an item that the stock does not know. */
  open(item: StockItem): void {
    const { sku, initial, limitPerShopper, limitPerPerson } = new ItemStock(item);
    this.#group.wrote();
    this.#statements.addItem.run(sku, initial, initial, limitPerShopper, limitPerPerson);
    this.items.forgetOne(sku);
  }

  /** The live hold that is due first, or null. */
  firstDue(): HoldRow | null {
    this.holds.flush();
    const hold = this.#statements.firstDue.get();
    return hold === undefined ? null : this.holds.get(hold);
  }

  /** Notes that a life ended without a sale. */
  lapsed(row: HoldRow): void {
    this.#group.wrote();
    this.#statements.addLapsed.run(row.hold, row.epoch);
  }

  /** Forgets the life that ended first without a sale. */
  forgetOldestLapsed(): void {
    const oldest = this.#statements.oldestLapsed.get();
    assert(oldest !== undefined, "a life is forgotten that was remembered");
    this.#group.wrote();
    this.#statements.dropLapsed.run(oldest.number);
    // A hold that was taken again has a later life, which stands further on in the list.
    if (this.holds.get(oldest.hold)?.epoch !== oldest.epoch) return;
    this.holds.put(oldest.hold, null);
    // At once: the name may be given to another hold before the commit.
    this.holds.flush();
  }

  /** Lets go who waits no more after holds that lapsed and has nothing else to be counted. */
  dropOverLapses(before: number, limit: number): void {
    this.#group.wrote();
    this.#statements.dropOverLapses.run(before, limit);
  }

  itemList(): readonly ItemRow[] {
    this.items.flush();
    return this.#statements.allItems.all().map(itemOf);
  }

  holdList(): readonly HoldRow[] {
    this.holds.flush();
    return this.#statements.allHolds.all().map(holdOf);
  }
}

function prepare({ connection }: GroupCommit) {
  return {
    addItem: connection.prepare<[string, number, number, number | null, number | null]>(
      `INSERT INTO stock_items (sku, initial, restocked, written_off, available, held, sold,
         quarantined, limit_per_shopper, limit_per_person)
       VALUES (?, ?, 0, 0, ?, 0, 0, 0, ?, ?) ON CONFLICT (sku) DO NOTHING`,
    ),
    allItems: connection.prepare<[], StoredItem>("SELECT * FROM stock_items ORDER BY number"),
    allHolds: connection.prepare<[], StoredHold>("SELECT * FROM holds ORDER BY number"),
    firstDue: connection
      .prepare<[], string>(
        "SELECT hold FROM holds WHERE state = 'live' ORDER BY expires_at, epoch LIMIT 1",
      )
      .pluck(),
    addLapsed: connection.prepare<[string, number]>(
      "INSERT INTO lapsed_holds (hold, epoch) VALUES (?, ?)",
    ),
    oldestLapsed: connection.prepare<[], { number: number; hold: string; epoch: number }>(
      "SELECT number, hold, epoch FROM lapsed_holds ORDER BY number LIMIT 1",
    ),
    dropLapsed: connection.prepare<[number]>("DELETE FROM lapsed_holds WHERE number = ?"),
    dropOverLapses: connection.prepare<[number, number]>(
      `DELETE FROM stock_counts WHERE name IN (SELECT name FROM stock_counts
         WHERE holds = '[]' AND units = '[]' AND lapse_until < ? LIMIT ?)`,
    ),
  };
}

interface StoredItem {
  readonly sku: string;
  readonly initial: number;
  readonly restocked: number;
  readonly written_off: number;
  readonly available: number;
  readonly held: number;
  readonly sold: number;
  readonly quarantined: number;
  readonly limit_per_shopper: number | null;
  readonly limit_per_person: number | null;
}

function itemOf(stored: StoredItem): ItemRow {
  const { sku, initial, restocked, available, held, sold, quarantined } = stored;
  return {
    sku,
    initial,
    restocked,
    writtenOff: stored.written_off,
    available,
    held,
    sold,
    quarantined,
    limitPerShopper: stored.limit_per_shopper,
    limitPerPerson: stored.limit_per_person,
  };
}

function itemRows(group: GroupCommit): RowImage<ItemRow> {
  const { connection } = group;
  const load = connection.prepare<[string], StoredItem>("SELECT * FROM stock_items WHERE sku = ?");
  const write = connection.prepare(
    `UPDATE stock_items SET restocked = ?, written_off = ?, available = ?, held = ?, sold = ?,
       quarantined = ? WHERE sku = ?`,
  );
  return new RowImage<ItemRow>(group, {
    load: (sku) => {
      const stored = load.get(sku);
      return stored === undefined ? null : itemOf(stored);
    },
    write: (sku, row) => {
      assert(row !== null, "an item stays in the stock");
      const { restocked, writtenOff, available, held, sold, quarantined } = row;
      write.run(restocked, writtenOff, available, held, sold, quarantined, sku);
    },
  });
}

interface StoredHold {
  readonly number: number;
  readonly hold: string;
  readonly shopper: string;
  readonly network: string | null;
  readonly lines: string;
  readonly person: string;
  readonly epoch: number;
  readonly taken_at: number;
  readonly expires_at: number;
  readonly state: HoldRow["state"];
  readonly ended_at: number | null;
  readonly order_id: string | null;
  readonly serials: string;
  readonly honoured: number;
}

function holdOf(stored: StoredHold): HoldRow {
  const { number, hold, shopper, network, epoch, state } = stored;
  return {
    number,
    hold,
    shopper,
    network,
    lines: JSON.parse(stored.lines),
    person: JSON.parse(stored.person),
    epoch,
    takenAt: stored.taken_at,
    expiresAt: stored.expires_at,
    state,
    endedAt: stored.ended_at,
    order: stored.order_id,
    serials: JSON.parse(stored.serials),
    honoured: stored.honoured === 1,
  };
}

function holdRows(group: GroupCommit): RowImage<HoldRow> {
  const { connection } = group;
  const load = connection.prepare<[string], StoredHold>("SELECT * FROM holds WHERE hold = ?");
  const insert = connection.prepare(
    `INSERT INTO holds (person, epoch, taken_at, expires_at, state, ended_at, order_id, serials,
       honoured, hold, shopper, network, lines) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = connection.prepare(
    `UPDATE holds SET person = ?, epoch = ?, taken_at = ?, expires_at = ?, state = ?,
       ended_at = ?, order_id = ?, serials = ?, honoured = ? WHERE number = ?`,
  );
  const remove = connection.prepare<[string]>("DELETE FROM holds WHERE hold = ?");
  return new RowImage<HoldRow>(group, {
    load: (hold) => {
      const stored = load.get(hold);
      return stored === undefined ? null : holdOf(stored);
    },
    write: (hold, row) => {
      if (row === null) {
        remove.run(hold);
        return;
      }
      const { number, epoch, takenAt, expiresAt, state, endedAt, order } = row;
      const honoured = row.honoured ? 1 : 0;
      const person = listText(row.person);
      const serials = listText(row.serials);
      if (number !== null) {
        update.run(
          ...[person, epoch, takenAt, expiresAt, state, endedAt, order, serials, honoured],
          number,
        );
        return;
      }
      const { lastInsertRowid } = insert.run(
        ...[person, epoch, takenAt, expiresAt, state, endedAt, order, serials, honoured],
        ...[hold, row.shopper, row.network, JSON.stringify(row.lines)],
      );
      row.number = Number(lastInsertRowid);
    },
  });
}

interface StoredCount {
  readonly holds: string;
  readonly units: string;
  readonly lapse_wait: number;
  readonly lapse_until: number;
}

function countRows(group: GroupCommit): RowImage<CountRow> {
  const { connection } = group;
  const load = connection.prepare<[string], StoredCount>(
    "SELECT holds, units, lapse_wait, lapse_until FROM stock_counts WHERE name = ?",
  );
  const write = connection.prepare(
    `INSERT INTO stock_counts (name, holds, units, lapse_wait, lapse_until) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET holds = excluded.holds, units = excluded.units,
         lapse_wait = excluded.lapse_wait, lapse_until = excluded.lapse_until`,
  );
  const remove = connection.prepare<[string]>("DELETE FROM stock_counts WHERE name = ?");
  return new RowImage<CountRow>(group, {
    load: (name) => {
      const stored = load.get(name);
      if (stored === undefined) return null;
      return {
        holds: JSON.parse(stored.holds),
        units: new Map(JSON.parse(stored.units)),
        lapseWait: stored.lapse_wait,
        lapseUntil: stored.lapse_until,
      };
    },
    write: (name, row) => {
      if (row === null) {
        remove.run(name);
        return;
      }
      const units = row.units.size === 0 ? NO_LIST : JSON.stringify([...row.units]);
      write.run(name, listText(row.holds), units, row.lapseWait, row.lapseUntil);
    },
  });
}

function listText(list: readonly unknown[]): string {
  return list.length === 0 ? NO_LIST : JSON.stringify(list);
}
