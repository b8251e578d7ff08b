import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExpiryQueue } from "./expiry-queue.ts";

interface Row {
  epoch: number;
  expiresAt: number;
  live: boolean;
}

function drain(queue: ExpiryQueue<Row>): Row[] {
  const rows: Row[] = [];
  for (let row = queue.first(); row !== null; row = queue.first()) {
    rows.push(row);
    row.live = false;
    queue.ended();
  }
  return rows;
}

describe("the expiry queue", () => {
  it("gives the live rows by time, and by epoch among equals, whatever ends early", () => {
    const rows = fc.array(fc.record({ at: fc.nat({ max: 50 }), ends: fc.boolean() }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(rows, (made) => {
        const queue = new ExpiryQueue<Row>((row) => row.live);
        const all = made.map(({ at }, index) => ({ epoch: index, expiresAt: at, live: true }));
        for (const row of all) queue.add(row);
        made.forEach(({ ends }, index) => {
          if (!ends) return;
          all[index].live = false;
          queue.ended();
        });
        const expected = all
          .filter((row) => row.live)
          .sort((a, b) => a.expiresAt - b.expiresAt || a.epoch - b.epoch);
        expect(drain(queue)).toEqual(expected);
        expect(queue.first()).toBeNull();
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("gives a row that was taken again at its new time only", () => {
    const queue = new ExpiryQueue<Row>((row) => row.live);
    const row = { epoch: 1, expiresAt: 10, live: true };
    queue.add(row);
    row.live = false;
    queue.ended();
    Object.assign(row, { epoch: 2, expiresAt: 90, live: true });
    queue.add(row);
    const other = { epoch: 3, expiresAt: 50, live: true };
    queue.add(other);
    expect(drain(queue)).toEqual([other, row]);
  });

  it("does not grow with rows that ended long before they were due", () => {
    const queue = new ExpiryQueue<Row>((row) => row.live);
    const kept = { epoch: 0, expiresAt: 5, live: true };
    queue.add(kept);
    for (let epoch = 1; epoch <= 20_000; epoch++) {
      const row = { epoch, expiresAt: 1_000_000, live: true };
      queue.add(row);
      row.live = false;
      queue.ended();
    }
    expect(queue.size).toBeLessThan(2_000);
    expect(queue.first()).toBe(kept);
  });
});
