import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BYTE_SHIFT,
  CART_VALUE,
  DECLINES,
  DOUBLE_SHIFT,
  ENTITY,
  FAILURES,
  FLAGS,
  PAGES,
  SessionTable,
  STARTED_AT,
  STEP,
  WORD_SHIFT,
} from "./session-table.ts";

describe("the table of sessions", () => {
  it("gives each session a row of its own and takes rows again once they are given back", () => {
    const actions = fc.array(fc.integer({ min: -3, max: 5_000 }), { maxLength: 6_000 });
    fc.assert(
      fc.property(actions, (steps) => {
        const table = new SessionTable();
        const entityOf = new Map<number, number>();
        for (const [at, step] of steps.entries()) {
          const [oldest] = entityOf.keys();
          if (step < 0 && oldest !== undefined) {
            table.giveBack(oldest);
            entityOf.delete(oldest);
          } else if (step >= 0) {
            const row = table.take(step, at);
            expect(entityOf.has(row)).toBe(false);
            entityOf.set(row, step);
          }
          expect(table.size).toBe(entityOf.size);
        }
        for (const [row, entity] of entityOf) {
          expect(table.words[(row << WORD_SHIFT) + ENTITY]).toBe(entity);
        }
        expect([...table.arrivals()]).toHaveLength(entityOf.size);
      }),
      { seed: 20111125, numRuns: 30 },
    );
  });

  it("starts every session afresh, whoever had the row before", () => {
    const table = new SessionTable();
    const row = table.take(7, 100);
    const bytes = [STEP, FLAGS, FAILURES, DECLINES].map((place) => (row << BYTE_SHIFT) + place);
    for (const place of bytes) table.bytes[place] = 15;
    table.words[(row << WORD_SHIFT) + PAGES] = 30;
    table.doubles[(row << DOUBLE_SHIFT) + CART_VALUE] = 9_900;
    table.giveBack(row);
    expect(table.take(8, 200)).toBe(row);
    expect(bytes.map((place) => table.bytes[place])).toEqual([0, 0, 0, 0]);
    expect(table.words[(row << WORD_SHIFT) + PAGES]).toBe(0);
    expect(table.doubles[(row << DOUBLE_SHIFT) + CART_VALUE]).toBe(0);
    expect(table.words[(row << WORD_SHIFT) + ENTITY]).toBe(8);
    expect(table.doubles[(row << DOUBLE_SHIFT) + STARTED_AT]).toBe(200);
  });
});
