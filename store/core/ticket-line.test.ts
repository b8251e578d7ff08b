import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TicketLine } from "./ticket-line.ts";

/** The same line, told in the plainest way. */
class PlainLine {
  readonly rows: number[] = [];
  join(row: number): void {
    this.rows.push(row);
  }
  leave(row: number): void {
    this.rows.splice(this.rows.indexOf(row), 1);
  }
}

function lineWithSlots(): { line: TicketLine; slots: Map<number, number> } {
  const slots = new Map<number, number>();
  return { line: new TicketLine((row, slot) => slots.set(row, slot)), slots };
}

describe("a line of tickets", () => {
  it("agrees with a plain list on order, length and places, however people come and go", () => {
    const step = fc.record({ joins: fc.boolean(), who: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 1_500 }), (steps) => {
        const { line, slots } = lineWithSlots();
        const plain = new PlainLine();
        let next = 0;
        for (const { joins, who } of steps) {
          if (joins || plain.rows.length === 0) {
            slots.set(next, line.join(next));
            plain.join(next);
            next += 1;
          } else {
            const row = plain.rows[who % plain.rows.length] as number;
            line.leave(slots.get(row) as number);
            plain.leave(row);
          }
          expect(line.first()).toBe(plain.rows[0] ?? -1);
          expect(line.length).toBe(plain.rows.length);
        }
        expect([...line.rows()]).toEqual(plain.rows);
        expect(plain.rows.map((row) => line.aheadOf(slots.get(row) as number))).toEqual(
          plain.rows.map((_, index) => index),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("does not grow with those who have gone", () => {
    const { line, slots } = lineWithSlots();
    for (let row = 0; row < 100_000; row += 1) {
      slots.set(row, line.join(row));
      if (row >= 50) line.leave(slots.get(row - 50) as number);
    }
    expect(line.length).toBe(50);
    expect(line.size).toBeLessThan(1_000);
  });

  it("carries a million tickets, with places asked and left in a logarithm of that", () => {
    const { line, slots } = lineWithSlots();
    const million = 1_000_000;
    for (let row = 0; row < million; row += 1) slots.set(row, line.join(row));
    expect(line.aheadOf(slots.get(million - 1) as number)).toBe(million - 1);
    for (let row = 0; row < million; row += 2) line.leave(slots.get(row) as number);
    expect(line.aheadOf(slots.get(million - 1) as number)).toBe(million / 2 - 1);
    expect(line.first()).toBe(1);
  });
});
