/** The units of the ledger: moved as in memory, and never more of them promised than there are. */
import { Effect } from "effect";
import { expect, it } from "vitest";
import { MemoryStockLedger } from "../../memory/stock-ledger.ts";
import { describeWithServer } from "../../testing/real-servers.ts";
import { Dice } from "../sqlite/testing/dice.ts";
import type { StockMovements } from "../stock-movements.ts";
import { openPool } from "../testing/postgres-store.ts";
import { addStockItems, postgresStockUnits } from "./stock-units.ts";

const ITEMS = [
  { sku: "lamp", units: 10, limitPerShopper: null },
  { sku: "rug", units: 0, limitPerShopper: 3, limitPerPerson: 2 },
];

/** One random move of units, as a value that two ledgers can take. */
function randomMove(dice: Dice): (units: StockMovements) => Effect.Effect<unknown, unknown> {
  const line = { sku: dice.of(["lamp", "rug", "boat"]), units: 1 + dice.below(4) };
  const from = dice.of(["available", "quarantined"] as const);
  const moves = [
    (units: StockMovements) => units.restock(line),
    (units: StockMovements) => units.quarantine(line),
    (units: StockMovements) => units.readmit(line),
    (units: StockMovements) => units.writeOff({ ...line, from }),
    (units: StockMovements) => units.level(line.sku),
  ];
  return dice.of(moves);
}

await describeWithServer("postgres", "the units on PostgreSQL", ({ url }) => {
  it("are moved as in memory", async () => {
    const pool = await openPool(url);
    await addStockItems(pool, ITEMS);
    const stored = postgresStockUnits(pool);
    const memory = MemoryStockLedger.make({ items: ITEMS });
    const dice = new Dice("moves");
    for (let count = 0; count < 300; count += 1) {
      const move = randomMove(dice);
      const expected = await Effect.runPromise(move(memory));
      expect(await Effect.runPromise(move(stored)), `move ${count}`).toEqual(expected);
    }
    const { levels } = await Effect.runPromise(stored.snapshot);
    expect(levels).toEqual((await Effect.runPromise(memory.snapshot)).levels);
    await pool.close();
  });

  it("stay as they are when the sale is opened again with other numbers", async () => {
    const pool = await openPool(url);
    await addStockItems(pool, ITEMS);
    await addStockItems(pool, [...ITEMS.map((item) => ({ ...item, units: 99 }))]);
    const level = await Effect.runPromise(postgresStockUnits(pool).level("lamp"));
    expect(level).toMatchObject({ initial: 10, available: 10 });
    await pool.close();
  });

  it.each([
    ["sold", "UPDATE stock_units SET sold = 11 WHERE sku = 'lamp'"],
    ["held", "UPDATE stock_units SET held = 6, sold = 5 WHERE sku = 'lamp'"],
    ["written off", `UPDATE stock_units SET sold = 8, "writtenOff" = 3 WHERE sku = 'lamp'`],
    ["quarantined", "UPDATE stock_units SET sold = 8, quarantined = 3 WHERE sku = 'lamp'"],
  ])("cannot be %s beyond those that there are, whoever writes", async (_, text) => {
    const pool = await openPool(url);
    await addStockItems(pool, ITEMS);
    const written = pool.query({ name: "", text });
    await expect(written).rejects.toThrow("never_oversold");
    await pool.close();
  });
});
