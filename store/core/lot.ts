/**
 * The lot among those who came before the start: a number for a shopper that depends on the seed
 * and the name alone, not on when they came or who else did. The lowest goes first.
 */

const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
const OTHER_BASIS = 0x9747b28c;
const TWO_TO_21 = 2_097_152;

/** From 0 to 2^53 - 1. */
export function lotOf(seed: string, shopper: string): number {
  const high = finished(absorb(absorb(BASIS, seed), shopper));
  const low = finished(absorb(absorb(OTHER_BASIS, seed), shopper));
  return high * TWO_TO_21 + (low >>> 11);
}

/** FNV-1a, with a mark at the end so that ("ab", "c") and ("a", "bc") differ. */
function absorb(hash: number, text: string): number {
  let mixed = hash;
  for (let index = 0; index < text.length; index += 1) {
    mixed = Math.imul(mixed ^ text.charCodeAt(index), PRIME);
  }
  return Math.imul(mixed ^ 0xffff, PRIME);
}

/** The finish of MurmurHash3 (A. Appleby, public domain): names that differ in a digit draw apart. */
function finished(hash: number): number {
  let x = hash;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

interface Named {
  readonly shopper: string;
}

/** Everybody in the order of their lots, and by name where two drew the same. */
export function byLot<Drawn extends Named>(seed: string, all: readonly Drawn[]): readonly Drawn[] {
  const lots = all.map((drawn) => ({ drawn, lot: lotOf(seed, drawn.shopper) }));
  lots.sort((one, other) => {
    if (one.lot !== other.lot) return one.lot - other.lot;
    return one.drawn.shopper < other.drawn.shopper ? -1 : 1;
  });
  return lots.map(({ drawn }) => drawn);
}
