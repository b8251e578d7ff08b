import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf } from "../testing/offers.ts";
import { CODE_LENGTH, CODE_SYMBOLS, readCode } from "./promotion-code.ts";

const symbols = fc.array(fc.integer({ min: 0, max: CODE_SYMBOLS - 1 }), {
  minLength: CODE_LENGTH,
  maxLength: CODE_LENGTH,
});
const place = fc.integer({ min: 0, max: CODE_LENGTH });
const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ";

describe("the text of a code", () => {
  it("is read back however it is typed, and differs wherever what was drawn does", () => {
    fc.assert(
      fc.property(symbols, symbols, (drawn, other) => {
        const code = codeOf(drawn);
        expect(code).toMatch(/^([2-9A-HJ-NP-TV-Z]{4}-){3}[2-9A-HJ-NP-TV-Z]{4}$/);
        expect(readCode(` ${code.toLowerCase().replaceAll("-", " ")} `)).toBe(code);
        expect(codeOf(other) === code).toBe(drawn.join() === other.join());
      }),
    );
  });

  it("shows any one symbol that is wrong, and any two that are swapped", () => {
    fc.assert(
      fc.property(symbols, place, place, fc.integer({ min: 1, max: 30 }), (drawn, at, to, by) => {
        const text = [...codeOf(drawn).replaceAll("-", "")];
        const wrong = (ALPHABET.indexOf(text[at]) + by) % CODE_SYMBOLS;
        expect(readCode(text.with(at, ALPHABET[wrong]).join(""))).toBeNull();
        const swapped = text.with(at, text[to]).with(to, text[at]);
        const same = text[at] === text[to];
        expect(readCode(swapped.join("")) === null).toBe(!same);
      }),
    );
  });

  it("is nothing where it is too short, too long or in other letters", () => {
    for (const typed of ["", "2222", "0".repeat(16), "Ü".repeat(16), "2".repeat(1_000)]) {
      expect(readCode(typed)).toBeNull();
    }
  });
});
