/**
 * HalfSipHash (J.-P. Aumasson, D. Bernstein, "SipHash: a fast short-input PRF", 2012; the variant
 * for 32 bits), one round a word and three at the end, as the Linux kernel hashes what strangers
 * choose. Who does not know the key cannot tell which names will meet: with FNV-1a they can be
 * written down beforehand, and ten thousand of them in one table make every search a walk.
 */

/** 64 bits: from the system's random source where strangers choose the names, fixed in a rehearsal. */
export type HashKey = readonly [low: number, high: number];

const ROUNDS_A_WORD = 1;
const ROUNDS_AT_THE_END = 3;

/** 32 bits with a sign, over the UTF-16 units of the text, two to a word. */
export function keyedHash(
  text: string,
  key: HashKey,
  perWord = ROUNDS_A_WORD,
  atEnd = ROUNDS_AT_THE_END,
): number {
  let v0 = key[0] | 0;
  let v1 = key[1] | 0;
  let v2 = 0x6c796765 ^ v0;
  let v3 = 0x74656462 ^ v1;
  const words = text.length >> 1;
  // Once more than there are words: with the length and an odd unit, and with the rounds at the end.
  for (let word = 0; word <= words + 1; word += 1) {
    const ends = word > words;
    const mixed = ends ? 0 : wordAt(text, word, words);
    if (ends) v2 ^= 0xff;
    v3 ^= mixed;
    for (let round = ends ? atEnd : perWord; round > 0; round -= 1) {
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
    }
    v0 ^= mixed;
  }
  return v1 ^ v3;
}

function wordAt(text: string, word: number, words: number): number {
  const units = text.length;
  const at = word << 1;
  if (word < words) return text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
  // The last one has the length in bytes at its top.
  return (units << 25) | (units & 1 ? text.charCodeAt(at) : 0);
}
