/**
 * The text of a discount code: fifteen symbols drawn at random and one that checks them, in four
 * groups. 31^15 is above 2^74, so a guess that names a live code is not to be hoped for; by the
 * check a page can tell a slip of the keyboard before it asks the store. Each symbol has a weight
 * of its own modulo the prime 31: any one symbol that is wrong, and any two that are swapped, show.
 */
import { assert } from "./assert.ts";

/** No I, O or U, no 0 or 1: nothing that is read for something else. */
const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ";
export const CODE_SYMBOLS = ALPHABET.length;
/** Symbols that are drawn; the check comes on top. */
export const CODE_LENGTH = 15;
const GROUP = 4;
const TYPED_MAX = 64;

/** A new code; `below` draws a whole number from 0 and below its argument. */
export function drawCode(below: (limit: number) => number): string {
  let text = "";
  let weight = 0;
  for (let place = 0; place < CODE_LENGTH; place += 1) {
    const symbol = below(CODE_SYMBOLS);
    assert(symbol >= 0 && symbol < CODE_SYMBOLS, "a symbol of a code is one of its alphabet");
    weight += (place + 1) * symbol;
    text += ALPHABET[symbol];
    if (place % GROUP === GROUP - 1) text += "-";
  }
  // The check's own weight is 16, and 16 times 2 is 1 modulo 31.
  return text + ALPHABET[(2 * (CODE_SYMBOLS - (weight % CODE_SYMBOLS))) % CODE_SYMBOLS];
}

/** The code as the store writes it, however the shopper typed it; null where it can be none. */
export function readCode(typed: string): string | null {
  if (typed.length > TYPED_MAX) return null;
  const symbols = typed.toUpperCase().replace(/[\s-]/g, "");
  if (symbols.length !== CODE_LENGTH + 1) return null;
  let text = "";
  let weight = 0;
  for (let place = 0; place <= CODE_LENGTH; place += 1) {
    const symbol = ALPHABET.indexOf(symbols.charAt(place));
    if (symbol < 0) return null;
    weight += (place + 1) * symbol;
    text += symbols.charAt(place);
    if (place % GROUP === GROUP - 1 && place < CODE_LENGTH) text += "-";
  }
  return weight % CODE_SYMBOLS === 0 ? text : null;
}
