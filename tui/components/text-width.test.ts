import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { alignLeft, alignRight, spread, widthOf, wrapped } from "./text-width.ts";

const text = fc.string({ unit: "grapheme", maxLength: 30 });

describe("text in cells", () => {
  it("is as wide as the Unicode standard says, for every character below U+3000", () => {
    const characters = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code));
    const wrong = characters.filter((one) => widthOf(one) !== stringWidth(one));
    expect(wrong).toEqual([]);
  });

  it("is as wide as the Unicode standard says in any mixture, colours taking no room", () => {
    fc.assert(
      fc.property(text, (words) => {
        expect(widthOf(words)).toBe(stringWidth(words));
        expect(widthOf(`\u001b[1;32m${words}\u001b[0m`)).toBe(stringWidth(words));
      }),
    );
  });

  it("fills exactly the cells it is given", () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 40 }), (one, other, width) => {
        for (const line of [alignLeft(one, width), alignRight(one, width)]) {
          expect(widthOf(line)).toBe(width);
        }
        if (widthOf(other) < width - 2) expect(widthOf(spread(one, other, width))).toBe(width);
        for (const line of wrapped(one, width)) expect(widthOf(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
