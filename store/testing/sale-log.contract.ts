/** The contract of the sale log. */
import { Effect, type Layer } from "effect";
import { expect } from "vitest";
import type { SaleEvent } from "../core/sale-event.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { SaleLog, type SaleLogService } from "../ports/sale-log.ts";
import { type ContractCase, contract } from "./contract.ts";

export function saleLogContract(name: string, layer: Layer.Layer<SaleLog>): void {
  contract(`sale log: ${name}`, saleLogCases, layer);
}

/** An event that can be told from its neighbours. */
export function restockOf(units: number): SaleEvent {
  return { kind: "StockAdded", sku: "lamp", units, at: 1_000 };
}

function logCase(
  sentence: string,
  body: (log: SaleLogService) => Effect.Effect<void, PortUnavailable>,
): ContractCase<SaleLog> {
  return { sentence, program: Effect.flatMap(SaleLog, body) };
}

const saleLogCases: readonly ContractCase<SaleLog>[] = [
  logCase("events are read in the order in which they were appended", (log) =>
    Effect.gen(function* () {
      expect(yield* log.length).toBe(0);
      for (const units of [5, 3, 4]) yield* log.append(restockOf(units));
      const events = yield* log.read({ after: 0, limit: 10 });
      expect(events).toEqual([
        { sequence: 1, event: restockOf(5) },
        { sequence: 2, event: restockOf(3) },
        { sequence: 3, event: restockOf(4) },
      ]);
      expect(yield* log.length).toBe(3);
    }),
  ),
  logCase("a reader goes on where it stopped", (log) =>
    Effect.gen(function* () {
      for (let units = 1; units <= 5; units++) yield* log.append(restockOf(units));
      const first = yield* log.read({ after: 0, limit: 2 });
      const second = yield* log.read({ after: first[1].sequence, limit: 2 });
      expect(second.map((entry) => entry.sequence)).toEqual([3, 4]);
      expect(yield* log.read({ after: 5, limit: 2 })).toEqual([]);
    }),
  ),
  logCase("sequence numbers have no gap and no double under many writers", (log) =>
    Effect.gen(function* () {
      const writes = Array.from({ length: 50 }, (_, index) =>
        Effect.zipRight(Effect.yieldNow(), log.append(restockOf(index + 1))),
      );
      const numbers = yield* Effect.all(writes, { concurrency: "unbounded" });
      const expected = Array.from({ length: 50 }, (_, index) => index + 1);
      expect([...numbers].sort((a, b) => a - b)).toEqual(expected);
      const events = yield* log.read({ after: 0, limit: 100 });
      for (const [index, { event, sequence }] of events.entries()) {
        expect(sequence).toBe(index + 1);
        const writer = numbers.indexOf(sequence);
        expect(event).toEqual(restockOf(writer + 1));
      }
    }),
  ),
];
