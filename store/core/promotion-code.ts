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
const LETTERS = Uint8Array.from(ALPHABET, (symbol) => symbol.charCodeAt(0));
/** Symbols that are drawn; the check comes on top. */
export const CODE_LENGTH = 15;
const GROUP = 4;
const TYPED_MAX = 64;
/** Symbols of one draw: as many as a source of 32-bit numbers gives at once. */
export const SYMBOLS_PER_DRAW = 5;
const DRAWN_BELOW = CODE_SYMBOLS * CODE_SYMBOLS * CODE_SYMBOLS * CODE_SYMBOLS * CODE_SYMBOLS;

/** A new code; `below` draws a whole number from 0 and below its argument. */
export function drawCode(below: (limit: number) => number): string {
  let drawn = 0;
  let weight = 0;
  for (let place = 0; place < CODE_LENGTH; place += 1) {
    if (place % SYMBOLS_PER_DRAW === 0) {
      drawn = below(DRAWN_BELOW);
      assert(drawn >= 0 && drawn < DRAWN_BELOW, "the symbols of a code are of its alphabet");
    }
    const symbol = drawn % CODE_SYMBOLS;
    drawn = (drawn - symbol) / CODE_SYMBOLS;
    weight += (place + 1) * symbol;
    letters[place] = LETTERS[symbol];
  }
  // The check's own weight is 16, and 16 times 2 is 1 modulo 31.
  letters[CODE_LENGTH] = LETTERS[(2 * (CODE_SYMBOLS - (weight % CODE_SYMBOLS))) % CODE_SYMBOLS];
  return written(letters);
}

/** The letters of the code that is being drawn. */
const letters = new Uint8Array(CODE_LENGTH + 1);
const DASH = "-".charCodeAt(0);

/** Made in one piece: a text joined from sixteen would be taken apart again wherever it is a key. */
function written(of: Uint8Array): string {
  // biome-ignore format: one group of the code a line
  return String.fromCharCode(
    of[0], of[1], of[2], of[3], DASH,
    of[4], of[5], of[6], of[7], DASH,
    of[8], of[9], of[10], of[11], DASH,
    of[12], of[13], of[14], of[15],
  );
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
