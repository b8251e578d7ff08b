/**
 * One random stream of steps on the memory adapters and on two nodes that share one database: each
 * step is taken by one of the two, which is also closed and connected again in between. Every
 * answer, and the whole state in the end, are those of the memory.
 */
import { Effect, Exit } from "effect";
import { expect, it } from "vitest";
import type { OrderLedgerService } from "../../ports/order-ledger.ts";
import { describeWithServer } from "../../testing/real-servers.ts";
import { memoryParts } from "../memory-parts.ts";
import type { LiveParts } from "../parts.ts";
import { Dice } from "../sqlite/testing/dice.ts";
import { RANDOM_SALE } from "../sqlite/testing/random-sale.ts";
import { RandomSteps } from "../sqlite/testing/random-steps.ts";
import { ownSchema } from "../testing/postgres-store.ts";
import { connectPostgres } from "./postgres-parts.ts";

const STEPS = 1_000;
/** Signs of life go to the room with a node's next sweep, so no place may hang on one of them. */
const ROOM = RANDOM_SALE.room;
const KEPT = { keptMillis: 1_000_000_000, sessionMillis: 1_000_000_000 };
/** More units than the steps can promise: where the ledger refuses a unit is another test's. */
const SALE = {
  ...RANDOM_SALE,
  room: ROOM === null ? null : { ...ROOM, limits: { ...ROOM.limits, ...KEPT } },
  stock: RANDOM_SALE.stock.map((item) => ({ ...item, units: 10_000 })),
};

/** What a step came to: its answer, or why it broke off. */
async function outcomeOf(effect: Effect.Effect<unknown, unknown>): Promise<unknown> {
  const exit = await Effect.runPromiseExit(effect);
  return Exit.isSuccess(exit) ? exit.value : `breaks off: ${exit.cause.toString().split("\n")[0]}`;
}

async function stateOf(parts: LiveParts): Promise<unknown> {
  const { orders, saleLog, promotions, feedback, tickets, control, catalog } = parts;
  return {
    orders: await outcomeOf(orders.snapshot),
    log: await outcomeOf(saleLog.read({ after: 0, limit: STEPS })),
    promotions: await outcomeOf(promotions.snapshot),
    feedback: await outcomeOf(feedback.snapshot),
    room: tickets === null ? null : await outcomeOf(tickets.snapshot),
    control: await outcomeOf(control.entries({ after: 0, limit: 1_000 })),
    catalog: await outcomeOf(catalog.page({ seller: null, after: null, limit: 10 })),
  };
}

/** The tables refuse a second capture or refund of an order: the stream leaves those rows out. */
function paidOnce(orders: OrderLedgerService): OrderLedgerService {
  const append: OrderLedgerService["append"] = (change) =>
    Effect.flatMap(orders.payments(change.order), (rows) => {
      const { payment, ...rest } = change;
      if (payment === undefined) return orders.append(change);
      const isSecond = rows.some(({ kind }) => kind === payment.kind && kind !== "attempt");
      const key = `charge of ${change.order}`;
      return orders.append(isSecond ? rest : { ...rest, payment: { ...payment, key } });
    });
  return { ...orders, append };
}

await describeWithServer("postgres", "one stream of steps on PostgreSQL", ({ url }) => {
  it.each(["one", "two", "three"])("is answered as in memory: %s", async (seed) => {
    const dice = new Dice(`nodes ${seed}`);
    const steps = new RandomSteps(new Dice(`steps ${seed}`));
    const schema = ownSchema();
    const memory = memoryParts(SALE);
    // Holds and carts are Redis's; here both nodes keep them in one memory.
    const { stock, carts, rateLimiter } = memoryParts(SALE);
    const connect = async (): Promise<LiveParts> => {
      const catalogOptions = { freshMillis: 0 };
      const of = { url, schema, setup: SALE, connectionsMax: 3, catalogOptions, glanceMillis: 0 };
      const parts = { stock, carts, rateLimiter, ...(await connectPostgres(of)) };
      return { ...parts, orders: paidOnce(parts.orders) };
    };
    const expected = { ...memory, orders: paidOnce(memory.orders) };
    const nodes = [await connect(), await connect()];
    const answered = new Set<string>();
    let turn = 0;
    try {
      for (let count = 1; count <= STEPS; count += 1) {
        const { name, take } = steps.next();
        if (dice.percent(20)) turn = 1 - turn;
        if (dice.percent(1)) {
          await nodes[turn].close();
          nodes[turn] = await connect();
        }
        const answer = await outcomeOf(take(nodes[turn]));
        const wanted = await outcomeOf(take(expected));
        expect(answer, `step ${count}, ${name}`).toEqual(wanted);
        answered.add(`${name} ${(wanted as { _tag?: string } | null)?._tag ?? ""}`);
      }
      const state = await stateOf(expected);
      for (const node of nodes) expect(await stateOf(node)).toEqual(state);
      expect(answered.size).toBeGreaterThan(70);
    } finally {
      for (const node of nodes) await node.close();
    }
  });
});
