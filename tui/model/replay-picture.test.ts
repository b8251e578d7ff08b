import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReplayResult } from "../../twin/replay/replay-result.ts";
import { blockRow, furthestApart, intervalTime } from "./replay-picture.ts";

const agreement = { mape: 0, wape: 0, wapeOfChance: 0, bias: 0, distance: 0, mark: 1 };

function resultOf(recorded: readonly number[], simulated: readonly number[]): ReplayResult {
  const series = { orders: { recorded, simulated, changed: null, agreement } };
  const from = "2024-03-01T17:00:00.000Z";
  return { series, from, every: 30_000, lasts: 3_600_000 } as unknown as ReplayResult;
}

describe("where two courses are furthest apart", () => {
  it("is in rising order, with nothing left out that is further", () => {
    const counts = fc.array(fc.nat(50), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(counts, counts, (one, other) => {
        const recorded = one.slice(0, other.length);
        const places = furthestApart(resultOf(recorded, other));
        expect(places).toEqual([...places].sort((a, b) => a - b));
        const apart = recorded.map((value, place) => Math.abs(value - (other[place] ?? 0)));
        const least = Math.min(...places.map((place) => apart[place] ?? 0));
        const left = apart.filter((_, place) => !places.includes(place));
        expect(Math.max(0, ...left)).toBeLessThanOrEqual(places.length === 0 ? 0 : least);
      }),
    );
  });
});

describe("a row of blocks", () => {
  it("has its cells, the highest where the largest value is, and a sign for each that is not 0", () => {
    expect(blockRow([0, 1, 8, 4], { cells: 4, ascii: false })).toBe(" ▁█▄");
    expect(blockRow([0, 1, 8, 4], { cells: 4, ascii: true })).toBe(" .@=");
    expect(blockRow([0, 0], { cells: 3, ascii: false })).toBe("   ");
    expect(blockRow([1, 0, 0, 9, 0, 0], { cells: 2, ascii: false })).toBe("▁█");
    expect(blockRow([2], { cells: 3, ascii: false })).toBe("███");
  });
});

it("an interval is told by its time of day, and its day where there are several", () => {
  const result = resultOf([1, 2], [1, 2]);
  expect(intervalTime(result, 3)).toBe("17:01:30");
  expect(intervalTime({ ...result, every: 60_000 }, 3)).toBe("17:03");
  expect(intervalTime({ ...result, every: 3_600_000, lasts: 9e8 }, 25)).toBe("03-02 18:00");
});
