import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeadlineWheel } from "./deadline-wheel.ts";

function takeAll(wheel: DeadlineWheel, now: number): number[] {
  const due: number[] = [];
  for (let row = wheel.takeDue(now); row !== -1; row = wheel.takeDue(now)) due.push(row);
  return due;
}

describe("the wheel of deadlines", () => {
  it("gives each row once, never before its deadline and at most a bucket after", () => {
    const step = fc.oneof(
      fc.record({ row: fc.nat(40), delay: fc.integer({ min: 1, max: 3_000_000 }) }),
      fc.record({ clear: fc.nat(40) }),
      fc.record({ passes: fc.integer({ min: 1, max: 2_000_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const wheel = new DeadlineWheel();
        wheel.grow(41);
        const expected = new Map<number, number>();
        let now = 5_000_000;
        for (const one of steps) {
          if ("row" in one) {
            wheel.set(one.row, now + one.delay, now);
            expected.set(one.row, now + one.delay);
          } else if ("clear" in one) {
            wheel.clear(one.clear);
            expected.delete(one.clear);
          } else {
            now += one.passes;
            for (const row of takeAll(wheel, now)) {
              expect(expected.get(row)).toBeLessThanOrEqual(now);
              expected.delete(row);
            }
            for (const deadline of expected.values()) expect(deadline).toBeGreaterThan(now - 1_000);
          }
        }
        now += 10_000_000;
        const rest = new Set(takeAll(wheel, now));
        for (let turn = 0; turn < 10; turn += 1) {
          now += 1_000_000;
          for (const row of takeAll(wheel, now)) rest.add(row);
        }
        expect([...rest].sort()).toEqual([...expected.keys()].sort());
      }),
      { numRuns: 100 },
    );
  });
});
