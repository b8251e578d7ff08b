/**
 * The rush: many buyers at once, as fibers that give way between all their steps. What a ledger
 * must show is that exactly the stock is sold: not one unit more, and none left behind a lock.
 */
import { Effect } from "effect";
import { expect } from "vitest";
import type { HoldRequest } from "../core/hold.ts";
import { auditStock } from "../core/stock-audit.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { StockLedger, type StockLedgerService } from "../ports/stock-ledger.ts";
import type { ContractCase } from "./contract.ts";

/** One buyer: looks, holds, pays a while, and buys; true where the units were sold. */
const buy = (ledger: StockLedgerService, request: HoldRequest) =>
  Effect.gen(function* () {
    yield* ledger.level(request.lines[0].sku);
    yield* Effect.yieldNow();
    const answer = yield* ledger.hold(request);
    yield* Effect.yieldNow();
    if (answer._tag !== "Held") return false;
    const { hold, epoch } = answer;
    const order = `order of ${hold}`;
    const sale = yield* ledger.sell({ hold, epoch, order, now: 1, honour: false });
    return sale._tag === "Sold";
  });

/** How many of the buyers got what they asked for, `concurrency` of them at a time. */
const rush = (
  ledger: StockLedgerService,
  requests: readonly HoldRequest[],
  concurrency: number | "unbounded",
) =>
  Effect.gen(function* () {
    const gate = yield* Effect.makeLatch(concurrency !== "unbounded");
    const buyers = Effect.forEach(
      requests,
      (request) => Effect.zipRight(gate.await, buy(ledger, request)),
      { concurrency },
    );
    // All stand at the gate before it opens, where all are let in at once.
    const [served] = yield* Effect.all([buyers, Effect.zipRight(Effect.yieldNow(), gate.open)], {
      concurrency: "unbounded",
    });
    return served.filter((bought) => bought).length;
  });

function buyers(count: number, skus: (buyer: number) => readonly string[]): HoldRequest[] {
  return Array.from({ length: count }, (_, buyer) => ({
    hold: `hold-${buyer}`,
    shopper: `shopper-${buyer}`,
    lines: skus(buyer).map((sku) => ({ sku, units: 1 })),
    now: 0,
    expiresAt: 1_000,
  }));
}

function rushCase(
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

export const stockRushCases: readonly ContractCase<StockLedger>[] = [
  rushCase("of 80 buyers, 16 at a time, exactly 20 get the 20 units", (ledger) =>
    Effect.gen(function* () {
      const requests = buyers(80, () => ["lamp"]);
      expect(yield* rush(ledger, requests, 16)).toBe(20);
      expect(yield* ledger.level("lamp")).toMatchObject({ available: 0, held: 0, sold: 20 });
    }),
  ),
  rushCase("of 200 buyers at once, exactly 100 get the 100 units", (ledger) =>
    Effect.gen(function* () {
      const requests = buyers(200, () => ["chair"]);
      expect(yield* rush(ledger, requests, "unbounded")).toBe(100);
      expect(yield* ledger.level("chair")).toMatchObject({ available: 0, held: 0, sold: 100 });
    }),
  ),
  rushCase(
    "carts that name the same SKUs in opposite orders neither block nor lose units",
    (ledger) =>
      Effect.gen(function* () {
        const opposite = (buyer: number) =>
          buyer % 2 === 0 ? ["lamp", "chair"] : ["chair", "lamp"];
        expect(yield* rush(ledger, buyers(60, opposite), "unbounded")).toBe(20);
        expect(yield* ledger.level("lamp")).toMatchObject({ available: 0, sold: 20 });
        expect(yield* ledger.level("chair")).toMatchObject({ available: 80, held: 0, sold: 20 });
      }),
  ),
  rushCase("one shopper in ten sessions at once gets no more than the limit", (ledger) =>
    Effect.gen(function* () {
      const requests = buyers(10, () => ["rug"]).map((request) => ({ ...request, shopper: "ann" }));
      expect(yield* rush(ledger, requests, "unbounded")).toBe(2);
    }),
  ),
  rushCase("a hold that is sold, released and swept at once ends once", (ledger) =>
    Effect.gen(function* () {
      let ends = 0;
      for (let round = 0; round < 20; round++) {
        const hold = `hold-${round}`;
        const lines = [{ sku: "lamp", units: 1 }];
        const held = yield* ledger.hold({ hold, shopper: "ann", lines, now: 0, expiresAt: 10 });
        const epoch = held._tag === "Held" ? held.epoch : 0;
        const sell = (buyer: string) =>
          ledger.sell({ hold, epoch, order: `${buyer}-${round}`, now: 9, honour: false });
        const steps = [
          Effect.map(sell("o-1"), (answer) => (answer._tag === "Sold" ? 1 : 0)),
          Effect.map(sell("o-2"), (answer) => (answer._tag === "Sold" ? 1 : 0)),
          Effect.map(ledger.release({ hold, epoch, now: 9 }), (answer) =>
            answer._tag === "Released" ? 1 : 0,
          ),
          Effect.map(ledger.release({ hold, epoch, now: 9 }), (answer) =>
            answer._tag === "Released" ? 1 : 0,
          ),
          Effect.map(ledger.expireDue({ now: 10, limit: 10 }), (answer) => answer.expired.length),
        ];
        const turned = steps.map((_, index) => steps[(index + round) % steps.length]);
        const counts = yield* Effect.all(
          turned.map((step) => Effect.zipRight(Effect.yieldNow(), step)),
          { concurrency: "unbounded" },
        );
        const ended = counts.reduce((sum: number, count) => sum + count, 0);
        expect(ended).toBe(1);
        ends += ended;
      }
      expect(ends).toBe(20);
    }),
  ),
];
