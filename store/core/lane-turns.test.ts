import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LaneTurns } from "./lane-turns.ts";

describe("the turns of the lanes", () => {
  it("gives a lane with three quarters three of four turns, spread out, a tie to the earlier lane", () => {
    const turns = new LaneTurns([0.75, 0.25]);
    const order = Array.from({ length: 8 }, () => turns.next(() => true));
    // Credits: 0.75|0.25, 0.5|0.5 (a tie), 0.25|0.75, 1|0, and again.
    expect(order).toEqual([0, 0, 1, 0, 0, 0, 1, 0]);
  });

  it("gives an empty lane's turns to the others, and nobody a turn where nobody waits", () => {
    const turns = new LaneTurns([0.7, 0.3]);
    expect(Array.from({ length: 3 }, () => turns.next((lane) => lane === 1))).toEqual([1, 1, 1]);
    expect(turns.next(() => false)).toBe(-1);
  });

  it("lets no lane starve: of k turns it waits through it gets its share, less one per lane", () => {
    const shares = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });
    const who = fc.array(fc.nat(), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(shares, who, fc.nat(4), (parts, masks, watched) => {
        const all = parts.reduce((sum, part) => sum + part, 0);
        const turns = new LaneTurns(parts.map((part) => part / all));
        const lane = watched % parts.length;
        let got = 0;
        masks.forEach((mask, index) => {
          const turn = turns.next((one) => one === lane || ((mask >> one) & 1) === 1);
          if (turn === lane) got += 1;
          const due = ((parts[lane] as number) / all) * (index + 1);
          expect(got).toBeGreaterThanOrEqual(due - parts.length);
        });
      }),
    );
  });
});
