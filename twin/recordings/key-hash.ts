/** Texts as numbers, the same on every machine. */

/**
 * 53 bits of a text, so that a million texts need tens of megabytes: two of them are taken for one
 * with a chance of 1 in 20,000 a million. Two rounds of multiply and shift of 32 bits, as in
 * MurmurHash3's finaliser (Appleby).
 */
export function keyHash(text: string): number {
  let one = 0x9e3779b9;
  let other = 0x85ebca6b;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 0xcc9e2d51);
    other = Math.imul(other ^ code, 0x1b873593);
  }
  one = Math.imul(one ^ (one >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
  other = Math.imul(other ^ (other >>> 16), 0x85ebca6b) ^ Math.imul(one ^ (one >>> 13), 0xc2b2ae35);
  return (other & 0x1fffff) * 2 ** 32 + (one >>> 0);
}
