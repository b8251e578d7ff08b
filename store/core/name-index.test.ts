import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NameIndex } from "./name-index.ts";

const ROWS = 64;

describe("an index of names", () => {
  it("finds what a Map finds under any key, whatever comes and goes and however often it grows", () => {
    const word = fc.integer();
    const step = fc.record({ name: fc.nat(90), takes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), fc.tuple(word, word), (steps, key) => {
        const names: string[] = [];
        const index = new NameIndex(names, key);
        const map = new Map<string, number>();
        let rows = 4;
        index.grow(rows);
        for (const { name: number, takes } of steps) {
          const name = `shopper-${number}`;
          const known = map.get(name);
          expect(index.of(name)).toBe(known ?? -1);
          if (takes && known === undefined && map.size < ROWS) {
            const taken = new Set(map.values());
            const row = Array.from({ length: ROWS }, (_, one) => one).find(
              (one) => !taken.has(one),
            );
            while (row !== undefined && row >= rows) {
              rows *= 2;
              index.grow(rows);
            }
            names[row as number] = name;
            index.add(row as number);
            map.set(name, row as number);
          } else if (!takes && known !== undefined) {
            index.remove(known);
            map.delete(name);
          }
          expect(index.size).toBe(map.size);
        }
        for (const [name, row] of map) expect(index.of(name)).toBe(row);
      }),
      { numRuns: 200 },
    );
  });

  it("refuses to take out a name that it does not have", () => {
    const index = new NameIndex(["ann"], [1, 2]);
    index.grow(4);
    expect(() => index.remove(0)).toThrow("in the index");
  });
});
