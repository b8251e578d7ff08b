/** FNV-1a, 32 bits (Fowler, Noll, Vo): a number for a name. Quick, the same everywhere, no defence against a forger. */

/** The offset basis that the algorithm is published with. */
export const FNV_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** From 0 to 2^32 - 1, over the UTF-16 units of the text. Another basis gives another, unrelated lane. */
export function fnv1a(text: string, basis = FNV_BASIS): number {
  let hash = basis;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  }
  return hash >>> 0;
}

/** The finish of MurmurHash3 (A. Appleby, public domain): names that differ in a digit lie apart. */
export function finished(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
