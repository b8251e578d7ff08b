import { Effect } from "effect";
import { describe, expect, it } from "vitest";
import { restockOf, saleLogContract } from "../testing/sale-log.contract.ts";
import { MemorySaleLog } from "./sale-log.ts";

saleLogContract("memory", MemorySaleLog.layer());

describe("the memory sale log", () => {
  it("keeps the newest events and counts all of them", () => {
    const log = MemorySaleLog.make({ keptMax: 3 });
    for (let units = 1; units <= 5; units++) Effect.runSync(log.append(restockOf(units)));
    const kept = Effect.runSync(log.read({ after: 0, limit: 10 }));
    expect(kept.map((entry) => entry.sequence)).toEqual([3, 4, 5]);
    expect(kept.map((entry) => entry.event)).toEqual([3, 4, 5].map(restockOf));
    expect(Effect.runSync(log.length)).toBe(5);
  });

  it("shows its observer every event, also where it keeps none", () => {
    const seen: number[] = [];
    const log = MemorySaleLog.make({ keptMax: 0, observe: (_, sequence) => seen.push(sequence) });
    for (let units = 1; units <= 3; units++) Effect.runSync(log.append(restockOf(units)));
    expect(seen).toEqual([1, 2, 3]);
    expect(Effect.runSync(log.read({ after: 0, limit: 10 }))).toEqual([]);
  });
});
