/** What is looked at of a recording that is too long to keep. */

/** A hash is 53 bits. */
export const HASHES = 9_007_199_254_740_992;

/**
 * A sample of bounded size by the hash of a key: a key is either in it with all that is told of it,
 * or not at all, the same on every machine and in every order (adaptive sampling of Wegman;
 * Flajolet, Computing 34, 1990).
 */
export class HashSample<Kept> {
  readonly #most: number;
  readonly #sizeOf: (kept: Kept) => number;
  readonly #kept = new Map<number, Kept>();
  #size = 0;
  /** Keys with a hash below this are in it: 2^53 at first, halved whenever it is full. */
  #below = HASHES;

  /** `most` of all keys' sizes together. */
  constructor(most: number, sizeOf: (kept: Kept) => number = () => 1) {
    this.#most = most;
    this.#sizeOf = sizeOf;
  }

  /** The part of all keys that is in it: 1, 1/2, 1/4 … */
  get share(): number {
    return this.#below / HASHES;
  }

  get values(): Iterable<Kept> {
    return this.#kept.values();
  }

  /** `hash` is 53 bits; `change` is given what is kept of the key so far. */
  take(hash: number, change: (before: Kept | undefined) => Kept): void {
    if (hash >= this.#below) return;
    const before = this.#kept.get(hash);
    const sizeBefore = before === undefined ? 0 : this.#sizeOf(before);
    const after = change(before);
    this.#kept.set(hash, after);
    this.#size += this.#sizeOf(after) - sizeBefore;
    while (this.#size > this.#most && this.#kept.size > 1) this.#halve();
  }

  #halve(): void {
    this.#below /= 2;
    for (const [key, kept] of this.#kept) {
      if (key < this.#below) continue;
      this.#kept.delete(key);
      this.#size -= this.#sizeOf(kept);
    }
  }
}
