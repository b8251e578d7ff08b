/** The contract of the control of a sale. */
import { Effect, type Layer } from "effect";
import { expect } from "vitest";
import type { SaleTimes } from "../core/sale.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { SaleControl, type SaleControlService } from "../ports/sale-control.ts";
import { type ContractCase, contract } from "./contract.ts";

/** The times that a control under contract begins with. */
export const CONTRACT_TIMES: SaleTimes = { earlyAccessAt: 100, publicAt: 200, closesAt: 300 };

export function saleControlContract(name: string, layer: Layer.Layer<SaleControl>): void {
  contract(`sale control: ${name}`, cases, layer);
}

const entry = (action: string) => ({ at: 1, by: "ops", action, details: "why, and 'what'" });

function controlCase(
  sentence: string,
  body: (control: SaleControlService) => Effect.Effect<void, PortUnavailable>,
): ContractCase<SaleControl> {
  return { sentence, program: Effect.flatMap(SaleControl, body) };
}

const cases: readonly ContractCase<SaleControl>[] = [
  controlCase("a sale begins as it was set up, unchanged and with an empty record", (control) =>
    Effect.gen(function* () {
      expect(yield* control.read).toEqual({ times: CONTRACT_TIMES, revision: 0 });
      expect(yield* control.entries({ after: 0, limit: 10 })).toEqual([]);
    }),
  ),
  controlCase("a change is there for the next reader, with who made it", (control) =>
    Effect.gen(function* () {
      const times = { ...CONTRACT_TIMES, closesAt: 400, paused: true };
      const answer = yield* control.change({ revision: 0, times, entry: entry("sale.pause") });
      expect(answer).toEqual({ _tag: "SaleChanged", times, revision: 1 });
      expect(yield* control.read).toEqual({ times, revision: 1 });
      expect(yield* control.entries({ after: 0, limit: 10 })).toEqual([
        { ...entry("sale.pause"), sequence: 1 },
      ]);
    }),
  ),
  controlCase(
    "of two changes made from one revision the second is refused, and leaves no trace",
    (control) =>
      Effect.gen(function* () {
        const first = { ...CONTRACT_TIMES, closesAt: 400 };
        const second = { ...CONTRACT_TIMES, closesAt: 500 };
        yield* control.change({ revision: 0, times: first, entry: entry("sale.extend") });
        const late = yield* control.change({ revision: 0, times: second, entry: entry("late") });
        expect(late).toEqual({ _tag: "RevisionConflict", times: first, revision: 1 });
        expect(yield* control.entries({ after: 0, limit: 10 })).toHaveLength(1);
      }),
  ),
  controlCase("the record is numbered without gaps and read in parts", (control) =>
    Effect.gen(function* () {
      const sequences = [];
      for (const action of ["a", "b", "c"]) sequences.push(yield* control.note(entry(action)));
      expect(sequences).toEqual([1, 2, 3]);
      const part = yield* control.entries({ after: 1, limit: 1 });
      expect(part).toEqual([{ ...entry("b"), sequence: 2 }]);
      expect(yield* control.read).toEqual({ times: CONTRACT_TIMES, revision: 0 });
    }),
  ),
  controlCase("changes at once are one after the other", (control) =>
    Effect.gen(function* () {
      const wishes = Array.from({ length: 8 }, (_, index) => ({
        revision: 0,
        times: { ...CONTRACT_TIMES, closesAt: 400 + index },
        entry: entry(`wish ${index}`),
      }));
      const answers = yield* Effect.all(wishes.map(control.change), { concurrency: "unbounded" });
      expect(answers.filter(({ _tag }) => _tag === "SaleChanged")).toHaveLength(1);
      expect(yield* control.entries({ after: 0, limit: 10 })).toHaveLength(1);
    }),
  ),
];
