/**
 * One random stream of steps on the memory adapters and on two stores that share one SQLite file:
 * each step is taken by one of the two, which is also closed and opened again in between. Every
 * answer and the whole state in the end are those of the memory.
 */
import { Effect, Exit } from "effect";
import { describe, expect, it } from "vitest";
import { MemoryStockLedger } from "../../memory/stock-ledger.ts";
import { memoryParts } from "../memory-parts.ts";
import type { LiveParts } from "../parts.ts";
import { openSqlite } from "./sqlite-parts.ts";
import { sqliteStockLedger } from "./stock-ledger.ts";
import { Dice } from "./testing/dice.ts";
import { RANDOM_SALE } from "./testing/random-sale.ts";
import { RandomSteps } from "./testing/random-steps.ts";
import { openIn, removeFolder, temporaryFolder } from "./testing/temporary-ledger.ts";

const STEPS = 1_500;

/** What a step came to: its answer, or why it broke off. */
async function outcomeOf(effect: Effect.Effect<unknown, unknown>): Promise<unknown> {
  const exit = await Effect.runPromiseExit(effect);
  return Exit.isSuccess(exit) ? exit.value : `breaks off: ${exit.cause.toString().split("\n")[0]}`;
}

async function stateOf(parts: LiveParts): Promise<unknown> {
  const { stock, orders, saleLog, promotions, feedback, tickets, control, catalog } = parts;
  return {
    stock: await outcomeOf(stock.snapshot),
    orders: await outcomeOf(orders.snapshot),
    log: await outcomeOf(saleLog.read({ after: 0, limit: STEPS })),
    promotions: await outcomeOf(promotions.snapshot),
    feedback: await outcomeOf(feedback.snapshot),
    room: tickets === null ? null : await outcomeOf(tickets.snapshot),
    control: await outcomeOf(control.entries({ after: 0, limit: 1_000 })),
    catalog: await outcomeOf(catalog.page({ seller: null, after: null, limit: 10 })),
  };
}

describe("one stream of steps", () => {
  it.each(["one", "two", "three", "four"])("is answered as in memory: %s", async (seed) => {
    const dice = new Dice(`processes ${seed}`);
    const steps = new RandomSteps(new Dice(`steps ${seed}`));
    const folder = temporaryFolder();
    const open = () => openSqlite({ folder, setup: RANDOM_SALE });
    const memory = memoryParts(RANDOM_SALE);
    const stores = [open(), open()];
    const answered = new Set<string>();
    let turn = 0;
    try {
      for (let count = 1; count <= STEPS; count += 1) {
        const { name, take } = steps.next();
        if (dice.percent(5)) {
          await stores[turn]?.durable();
          turn = 1 - turn;
        }
        if (dice.percent(1)) {
          await stores[turn]?.close();
          stores[turn] = open();
        }
        const expected = await outcomeOf(take(memory));
        const answer = await outcomeOf(take(stores[turn] as LiveParts));
        expect(answer, `step ${count}, ${name}`).toEqual(expected);
        if (dice.percent(30)) await stores[turn]?.durable();
        answered.add(`${name} ${(expected as { _tag?: string } | null)?._tag ?? ""}`);
      }
      await stores[turn]?.durable();
      const expected = await stateOf(memory);
      expect(await stateOf(stores[1 - turn] as LiveParts)).toEqual(expected);
      expect(await stateOf(stores[turn] as LiveParts)).toEqual(expected);
      expect(answered.size).toBeGreaterThan(70);
    } finally {
      for (const store of stores) await store.close();
      removeFolder(folder);
    }
  });

  it("forgets ended holds as the memory does, the one that ended first before the others", async () => {
    const steps = new RandomSteps(new Dice("forgetting"));
    const folder = temporaryFolder();
    const { group, counters } = openIn(folder);
    const { stock: items, holdLimits } = RANDOM_SALE;
    const options = { items, holdLimits, endedHoldsMax: 4 };
    const memory = { ...memoryParts(RANDOM_SALE), stock: MemoryStockLedger.make(options) };
    const stored = { ...memory, stock: sqliteStockLedger(group, counters, options) };
    try {
      for (let count = 1; count <= STEPS; count += 1) {
        const { name, take } = steps.next();
        if (!isOfStock(name)) continue;
        const expected = await outcomeOf(take(memory));
        expect(await outcomeOf(take(stored)), `step ${count}, ${name}`).toEqual(expected);
        if (count % 7 === 0) await group.durable();
      }
      const { totals, holds } = memory.stock.stock.snapshot();
      expect(totals.forgotten).toBeGreaterThan(10);
      expect(await outcomeOf(stored.stock.snapshot)).toMatchObject({ totals, holds });
    } finally {
      group.close();
      removeFolder(folder);
    }
  });
});

const STOCK_STEPS = new Set(["hold", "release", "reacquire", "sell", "expireDue", "find"]);

function isOfStock(name: string): boolean {
  return STOCK_STEPS.has(name);
}
