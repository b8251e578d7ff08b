import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvLine } from "./csv-line.ts";

/** What a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]/;
const cell = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.string({ unit: fc.constantFrom(..."=+-@\t\r\n\0\"',;a1＝＋－＠ "), maxLength: 12 }),
  fc.constantFrom("=1+1", "+1", "@SUM(A1)", "\uff1d1", '=HYPERLINK("http://x";"y")', "'=1", "a"),
);

describe("a line of an export", () => {
  it("is read back by a parser cell by cell, and no cell of it is a formula", () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), (cells) => {
        const line = csvLine(cells);
        expect(line.endsWith("\r\n")).toBe(true);
        const rows = parse(line, { record_delimiter: "\r\n" }) as string[][];
        expect(rows).toHaveLength(1);
        const read = rows[0] ?? [];
        expect(read.some((text) => FORMULA.test(text))).toBe(false);
        const plain = read.map((text, at) =>
          FORMULA.test(cells[at] ?? "") ? text.slice(1) : text,
        );
        expect(plain).toEqual(cells);
      }),
      { numRuns: 500 },
    );
  });
});
