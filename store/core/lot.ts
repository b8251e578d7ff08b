/**
 * The lot among those who came before the start: a number for a shopper that depends on the seed
 * and the name alone, not on when they came or who else did. The lowest goes first.
 */

import { FNV_BASIS, finished, fnv1a } from "./fnv.ts";

const OTHER_BASIS = 0x9747b28c;
const TWO_TO_21 = 2_097_152;

/** From 0 to 2^53 - 1. */
export function lotOf(seed: string, shopper: string): number {
  const high = finished(absorb(absorb(FNV_BASIS, seed), shopper));
  const low = finished(absorb(absorb(OTHER_BASIS, seed), shopper));
  return high * TWO_TO_21 + (low >>> 11);
}

/** A mark at the end makes ("ab", "c") and ("a", "bc") differ. */
function absorb(hash: number, text: string): number {
  return fnv1a(`${text}\uffff`, hash);
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
