import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineAges } from "./line-ages.ts";

const step = fc.record({
  waits: fc.integer({ min: 0, max: 600_000 }),
  leaves: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
});

describe("who stands in a line, by age", () => {
  it("counts everybody once, no further from when they joined than half a part", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const ages = new LineAges();
        const standing: number[] = [];
        let now = 1_000_000;
        for (const { waits, leaves } of steps) {
          now += waits;
          ages.join(now);
          standing.push(now);
          for (const share of leaves) {
            const [since] = standing.splice(Math.floor(share * (standing.length - 1)), 1);
            if (since !== undefined) ages.leave(since);
          }
          expect(ages.standing).toBe(standing.length);
          let next = 0;
          for (let part = ages.first; part < ages.end; part += 1)
            for (let one = ages.countOf(part); one > 0; one -= 1) {
              const off = Math.abs((standing[next] ?? Number.NaN) - ages.middleOf(part));
              expect(off).toBeLessThanOrEqual(ages.partMillis / 2);
              next += 1;
            }
          expect(next).toBe(standing.length);
        }
      }),
      { numRuns: 60 },
    );
  });
});
